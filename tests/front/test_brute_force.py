"""The front equals enumeration on small random programmes: ties, equality rows, infeasible ones, every sense."""

from __future__ import annotations

import numpy as np
import pytest
from programmes import binary_programme, sorted_rows

from optimizer.front import exact_front


@pytest.mark.parametrize("objectives", [1, 2, 3, 4])
@pytest.mark.parametrize("block", range(4))
def test_front_equals_enumeration(objectives, block):
    for seed in range(block * 25, block * 25 + 25):
        programme = binary_programme(seed, objectives)
        front = exact_front(programme.problem, programme.objectives, senses=programme.senses)
        np.testing.assert_array_equal(front.points, sorted_rows(programme.front))
        assert front.certificate.complete
        assert front.infeasible == (len(programme.values) == 0)
        assert all(gap == 0 for gap in front.certificate.gap.values())
