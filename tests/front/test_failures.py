"""Whatever fails, and whenever it stops: never a wrong point, never a false `complete`, a gap that only shrinks."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from programmes import binary_programme, covers, sorted_rows

from optimizer.front import entry, exact_front, search
from optimizer.front.highs import Highs
from optimizer.front.solvers import Answer

SEEDS = [(seed, p) for seed in (3, 8, 11, 17) for p in (2, 3)]


class FailingAfter(Highs):
    """A solver that answers n times and then fails as it is told."""

    def __init__(self, program, left, failure):
        super().__init__(program)
        self._left, self._failure = left, failure

    def solve(self, task, stop):
        if next(self._left) >= 0:
            return super().solve(task, stop)
        if isinstance(self._failure, Exception):
            raise self._failure
        return self._failure


def failing(monkeypatch, n, failure):
    countdown = itertools.count(n - 1, -1)
    monkeypatch.setattr(entry, "doors", lambda *_: [lambda program: FailingAfter(program, countdown, failure)])


def check_honest(front, programme):
    """Points are feasible and mutually nondominated; the stated gap covers every feasible package."""
    signs, values = programme.signs, programme.values * programme.signs
    points = front.points * signs
    assert all((values == point).all(axis=1).any() for point in points)
    if front.certificate.complete:
        np.testing.assert_array_equal(front.points, sorted_rows(programme.front))
    else:
        assert front.certificate.open_zones or front.certificate.stopped_by
    gap = np.array(list(front.certificate.gap.values()))
    if np.isfinite(gap).all() and len(values):
        assert covers(points, values, gap * np.array(list(front.certificate.resolutions.values())))
    for record in front.records * signs:
        assert not (values < record).all(axis=1).any()


@pytest.mark.parametrize("failure", [Answer("failed", why="crash"), Answer("stopped"), RuntimeError("gone")], ids=str)
@pytest.mark.parametrize(("seed", "objectives"), SEEDS)
def test_solver_fails_after_every_n(monkeypatch, seed, objectives, failure):
    programme = binary_programme(seed, objectives)
    for n in itertools.count():
        failing(monkeypatch, n, failure)
        # Only a time limit ends retrying solves that were stopped.
        front = exact_front(programme.problem, programme.objectives, senses=programme.senses, time_limit=0.3)
        check_honest(front, programme)
        if front.certificate.complete:
            break
    assert n < 60


@pytest.mark.parametrize(("seed", "objectives"), SEEDS)
def test_stop_at_every_n(seed, objectives):
    programme = binary_programme(seed, objectives)
    for n in itertools.chain(range(12), itertools.count(12, 5)):
        polls = itertools.count()
        front = exact_front(
            programme.problem,
            programme.objectives,
            senses=programme.senses,
            stop=lambda n=n, polls=polls: next(polls) >= n,
        )
        check_honest(front, programme)
        if front.certificate.complete:
            break
        assert front.certificate.stopped_by == "stopped"
    assert n > 0


def test_a_time_limit_of_zero_claims_nothing():
    programme = binary_programme(3, 2)
    front = exact_front(programme.problem, programme.objectives, senses=programme.senses, time_limit=0)
    check_honest(front, programme)
    assert not front.certificate.complete
    assert front.certificate.stopped_by == "time limit"


@pytest.mark.parametrize(("seed", "objectives"), SEEDS)
def test_gaps_only_shrink(seed, objectives):
    programme = binary_programme(seed, objectives)
    gaps, volumes = [], []
    for state in search(programme.problem, programme.objectives, senses=programme.senses):
        gaps.append(list(state.gap.values()))
        volumes.append(state.hypervolume_gap)
    assert (np.diff(np.nan_to_num(gaps, posinf=1e9), axis=0) <= 0).all()
    known = [volume for volume in volumes if not math.isnan(volume)]
    assert (np.diff(known) <= 1e-12).all()


def test_closing_the_generator_is_enough():
    programme = binary_programme(11, 3)
    states = search(programme.problem, programme.objectives, senses=programme.senses)
    first = next(states)
    states.close()
    assert first.front is None
