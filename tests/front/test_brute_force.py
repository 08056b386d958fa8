"""The front equals enumeration on small random programmes: ties, equality rows, infeasible ones, every sense."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import programmes
from benchmarks.brute_force import WALKS, WAYS, by_branching, faults, judged, refuses, solved
from optimizer.front import hull

KINDS = {kind: make for kind, make in programmes.KINDS.items() if kind != "unbounded"}


def check(programme, solve=solved, **way):
    front = solve(programme, **way)
    assert faults(front, programme) == []
    assert front.certificate.complete
    if not programme.sampled:
        assert all(gap == 0 for gap in front.certificate.gap.values())


@pytest.mark.parametrize("objectives", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_front_equals_enumeration(kind, objectives):
    for seed in range(16):
        check(KINDS[kind](seed, objectives))


@pytest.mark.parametrize("way", range(len(WALKS)))
@pytest.mark.parametrize("kind", KINDS)
def test_the_walk_gives_the_front_of_the_zones(kind, way):
    for seed in range(20, 26):
        check(KINDS[kind](seed, 2), **WALKS[way])


@pytest.mark.parametrize("way", range(len(WAYS)))
@pytest.mark.parametrize("kind", KINDS)
def test_every_solver_and_two_workers(kind, way):
    for seed in range(30, 33):
        check(KINDS[kind](seed, 3), **WAYS[way])


@pytest.mark.parametrize("objectives", [2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_ways_for_large_programmes_give_the_same_front(kind, objectives):
    for seed in range(40, 46):
        check(KINDS[kind](seed, objectives), by_branching)


@pytest.mark.parametrize("objectives", [2, 3])
def test_an_evolutionary_start_changes_nothing_in_the_front(objectives):
    for seed in range(3):
        check(KINDS["binary"](seed, objectives), evolution=0.05)


@pytest.mark.parametrize("objectives", [1, 2, 3])
def test_an_objective_without_bound_is_refused_unless_nothing_is_feasible(objectives):
    for seed in range(12):
        programme = programmes.unbounded_programme(seed, objectives)
        assert refuses(programme) == programme.unbounded


@pytest.mark.parametrize("kind", ["binary", "knapsack"])
def test_a_judge_who_finds_packages_worse_is_covered(kind):
    for seed in range(4):
        assert judged(KINDS[kind](seed, 2))[1] == []


def test_cbc_is_not_believed_where_it_was_wrong():
    """CBC 2.10.3 calls a zone of this programme infeasible that holds packages: it must not be asked about it."""
    check(KINDS["continuous"](166, 2), **WALKS[1])


@pytest.mark.parametrize("objectives", [3, 4])
def test_weighted_sums_leave_the_front_as_it_is(monkeypatch, objectives):
    """Few directions, so that they are asked for in small programmes too."""
    monkeypatch.setattr(hull, "_MOST", objectives)
    for seed in range(50, 58):
        check(KINDS["binary"](seed, objectives))


@pytest.mark.parametrize("objectives", [2, 3, 4, 5])
def test_directions_are_shares_evenly_spread(objectives):
    shares = hull._directions(objectives)
    assert len(np.unique(shares, axis=0)) == len(shares) <= hull._MOST
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
