"""Whatever fails, and whenever it stops: never a wrong point, never a false `complete`, a gap that only shrinks."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pulp
import pytest

from benchmarks.brute_force import faults, interrupted, solved
from benchmarks.programmes import KINDS, binary_programme
from optimizer.front import cbc, search
from optimizer.front.crew import Crew
from optimizer.front.program import read
from optimizer.front.solvers import Answer, Task

SEEDS = [(seed, p) for seed in (3, 8, 11, 17) for p in (2, 3)]


@pytest.mark.parametrize("method", ["zones", "walk"])
@pytest.mark.parametrize("kind", ["binary", "whole numbers"])
@pytest.mark.parametrize("seed", [8, 11])
def test_failures_stops_and_limits_at_every_n(kind, seed, method):
    programme = KINDS[kind](seed, 2)
    complete = set()
    for how, front in interrupted(programme, method=method):
        assert faults(front, programme) == [], how
        complete.add((how.split()[0], front.certificate.complete))
        assert front.certificate.complete or front.certificate.open_zones or front.certificate.stopped_by
    assert {("fails", True), ("stopped", True), ("late", True)} <= complete


@pytest.mark.parametrize("kind", ["binary", "continuous"])
def test_interruptions_with_three_objectives(kind):
    programme = KINDS[kind](8, 3)
    for how, front in interrupted(programme):
        assert faults(front, programme) == [], how


def test_a_time_limit_of_zero_claims_nothing():
    programme = binary_programme(3, 2)
    front = solved(programme, time_limit=0)
    assert faults(front, programme) == []
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


def test_no_solver_is_believed_that_denies_a_package_another_one_shows(says):
    programme = binary_programme(3, 2)
    program = read(programme.problem, programme.objectives, np.ones(2), None, ["a", "b"])
    whole = cbc.Cbc(program).solve(Task(np.ones(2), np.full((1, 2), np.inf)), lambda: False)
    package = whole.found[-1]
    for values, believed in ((program.values(package), "stopped"), (program.values(package) - 1, "infeasible")):
        answers = iter([Answer("stopped", found=(package,)), Answer("infeasible", math.inf)])
        crew = Crew(program, [lambda _, answers=answers: says(next(answers))] * 2, 1)
        crew.give(None, Task(np.ones(2), values[None]))
        done = crew.take(20)
        crew.close()
        assert done is not None and done.answer.status == believed


def test_closing_the_generator_is_enough():
    programme = binary_programme(11, 3)
    states = search(programme.problem, programme.objectives, senses=programme.senses)
    first = next(states)
    states.close()
    assert first.front is None


@pytest.mark.parametrize("path", cbc.executables())
def test_no_column_reaches_cbc_with_an_upper_bound_alone(path):
    """CBC 2.935 calls a worse package optimal where columns of a large programme have no lower bound beside an upper one."""
    problem = pulp.LpProblem("m", pulp.LpMinimize)
    below, over = problem.add_variable("below", None, 1.5), problem.add_variable("over", 0)
    step = problem.add_variable("step", 0, 1, pulp.LpInteger)
    problem += over >= 1 - below
    problem += below <= 2 * step - 0.5
    program = read(problem, [over + 0.01 * step, step], np.ones(2), None, ("over", "step"))
    solver = cbc.Cbc(program, path=path)
    answer = solver.solve(Task(np.ones(2), np.full((1, 2), np.inf)), lambda: False)
    written = (Path(solver._folder.name) / "in.mps").read_text(encoding="utf-8")
    solver.close()
    assert answer.bound == pytest.approx(1.01, abs=1e-4) and " MI BND" not in written
