"""A front is proved again by the other solver; a front that is wrong is refuted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.programmes import binary_programme
from optimizer.front import exact_front, verify
from optimizer.front.cbc import executables


@pytest.fixture(scope="module")
def solved():
    programme = next(p for p in (binary_programme(seed, 3) for seed in range(200, 300)) if len(p.front) > 5)
    return programme, exact_front(programme.problem, programme.objectives, senses=programme.senses, solvers=["highs"])


def check(solved, front):
    programme, _ = solved
    again = verify(programme.problem, programme.objectives, front, senses=programme.senses, solvers=["cbc"])
    return again.certificate.verified


@pytest.mark.skipif(not executables(), reason="no CBC here")
class TestVerify:
    def test_a_true_front_is_confirmed(self, solved):
        assert check(solved, solved[1]) is True

    def test_a_front_with_a_hole_is_refuted(self, solved):
        front = solved[1]
        assert check(solved, replace(front, points=front.points[1:], solutions=front.solutions[1:])) is False

    def test_a_point_that_is_too_good_is_refuted(self, solved):
        programme, front = solved
        better = front.points.copy()
        better[0] -= programme.signs
        assert check(solved, replace(front, points=better)) is False

    def test_a_package_that_breaks_a_row_is_refuted(self, solved):
        programme, front = solved
        programme.problem += _cut_off(programme, front)
        assert check(solved, front) is False


def _cut_off(programme, front):
    """A row that the first package of the front does not keep."""
    name, value = next(iter(front.solutions[0].items()))
    variable = next(v for e in programme.objectives for v in e if v.name == name)
    return variable <= value - 1
