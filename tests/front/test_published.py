"""Published fronts, with either solver and with two workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.formats import read
from optimizer.front import exact_front
from optimizer.front.cbc import executables

HERE = Path(__file__).parent / "instances"
SMALL = {
    "2kp50": lambda: read(HERE / "2kp50"),
    "2KP50-50": lambda: read(HERE / "2KP50-50.dat"),
    "sppnw41": lambda: read(HERE / "biosppnw41.txt"),
}
WAYS = [(["highs"], 1), (["cbc"], 1), (["highs", "cbc"], 2)]


@pytest.mark.parametrize(("solvers", "workers"), WAYS)
@pytest.mark.parametrize("name", SMALL)
def test_published_front(name, solvers, workers):
    if "cbc" in solvers and not executables():
        pytest.skip("no CBC here")
    instance = SMALL[name]()
    problem, objectives = instance.problem()
    front = exact_front(problem, objectives, senses=instance.senses, solvers=solvers, workers=workers)
    np.testing.assert_array_equal(front.points, instance.front)
    assert front.certificate.complete
    assert front.certificate.hypervolume_gap == 0
