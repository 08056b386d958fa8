"""Instance files are read, or refused with the file and the fault named."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.formats import InstanceError, known, read
from optimizer.front import exact_front


def test_every_instance_of_the_repository_is_read():
    for name, path in known().items():
        instance = read(path)
        assert instance.name == name
        assert instance.costs.shape[1] == instance.rows.shape[1]


def test_assignment_and_integer_programme(tmp_path):
    (tmp_path / "ap.dat").write_text("2\n2\n[[1,9],[9,1]]\n[[9,1],[1,9]]\n")
    (tmp_path / "ilp.dat").write_text("2\n2\n1\n[[3,0],[0,2]]\n[[1,1]]\n[1]\n")
    for name, wanted in {"ap": [[2, 18], [18, 2]], "ilp": [[0, 2], [3, 0]]}.items():
        instance = read(tmp_path / f"{name}.dat")
        problem, objectives = instance.problem()
        front = exact_front(problem, objectives, senses=instance.senses, solvers=["highs"])
        np.testing.assert_array_equal(front.points, wanted)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no known format"),
        ("hello world\n", "no known format"),
        ("2\n3\n10\n[[1,2,3],[4,5]]\n[1,2,3]\n", "not a whole file"),
        ("2\n3\n10\n[[1,2,3],[4,5,6]]\n[1,2]\n", "not a whole file"),
        ("2\n3\n10\n[[1,2,3],[4,5,6]]\n", "1 arrays"),
        ("# N\n3\n# P\n2\n# K\n1\n1\n2\n", "not a whole file"),
        ("3 2\n5 6 1 1\n", "not a whole file"),
        ("2 1\n5 6 1 7\n", "not a whole file"),
    ],
)
def test_a_faulty_file_is_named(tmp_path, text, said):
    (tmp_path / "x.dat").write_text(text)
    with pytest.raises(InstanceError, match=said) as caught:
        read(tmp_path / "x.dat")
    assert "x.dat" in str(caught.value)


def test_a_missing_file_and_a_folder_without_tables(tmp_path):
    with pytest.raises(InstanceError, match="no such file"):
        read(tmp_path / "absent.dat")
    with pytest.raises(InstanceError, match=r"a\.csv"):
        read(tmp_path)
