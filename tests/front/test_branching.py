"""Branching on the live relaxation: against enumeration, alone and as the proof of a whole front."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pulp
import pytest

from optimizer.front import exact_front, highs, live, run
from optimizer.front.book import Book
from optimizer.front.branching import Branching, dive_tiers, tiers
from optimizer.front.direct import branched
from optimizer.front.program import read
from optimizer.front.solvers import Task
from optimizer.front.space import space_of

TANGENTS = np.linspace(0.0, 3.0, 7)
SEEDS = range(40)


class Case:
    """Groups of columns of which one may be chosen, a count for each, and a risk that falls as exp(-gain)."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.problem = pulp.LpProblem("groups", pulp.LpMinimize)
        sizes = rng.integers(1, 4, 4)
        self.x = [self.problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(int(sizes.sum()))]
        n = len(self.x)
        ends = np.cumsum(sizes)
        groups = [range(end - size, end) for size, end in zip(sizes, ends, strict=True)]
        for k, group in enumerate(groups):
            count = self.problem.add_variable(f"count{k}", 0, 1)
            self.problem += pulp.lpSum(self.x[i] for i in group) - count == 0
        gain, self.costs = rng.uniform(0.05, 1.0, n).round(3), rng.integers(1, 30, n).astype(float)
        packages = np.array(list(itertools.product([0, 1], repeat=n)))
        kept = np.all([packages[:, list(group)].sum(axis=1) <= 1 for group in groups], axis=0)
        cause, cure = rng.permutation(n)[:2]
        self.problem += self.x[cause] - self.x[cure] <= 0
        kept &= packages[:, cause] <= packages[:, cure]
        risk = self.problem.add_variable("risk", 0)
        total = pulp.lpSum(float(g) * v for g, v in zip(gain, self.x, strict=True))
        for p in TANGENTS:
            self.problem += risk + math.exp(-p) * total >= math.exp(-p) * (1 + p)
        reach = packages[kept] @ gain
        risks = np.max([np.exp(-p) * (1 + p - reach) for p in TANGENTS], axis=0).clip(0)
        self.values = np.column_stack([risks, packages[kept] @ self.costs])
        self.objectives = [risk, pulp.lpSum(float(c) * v for c, v in zip(self.costs, self.x, strict=True))]
        self.program = read(self.problem, self.objectives, np.ones(2), None, ["risk", "cost"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_zone_is_empty_exactly_where_enumeration_finds_nothing(seed):
    case, rng = Case(seed), np.random.default_rng(seed)
    branching = Branching(case.program)
    for limit in rng.integers(0, 80, 5):
        best = case.values[case.values[:, 1] <= limit, 0].min()
        for worth in (best - 0.01, best + 0.01, math.inf):
            tree = branching.begin(Task(np.eye(2)[0], np.array([[np.inf, limit]]), worth=worth))
            branching.grow(tree, math.inf, lambda: False)
            assert tree.worthy == (worth > best)
            if tree.worthy:
                x = case.program.rounded(tree.met.relaxed)
                assert case.program.feasible(x) and tree.bound <= best + 1e-6
                assert case.program.values(x)[0] <= worth + 1e-6 and case.program.values(x)[1] <= limit + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_holds_whenever_the_branching_is_stopped(seed):
    case = Case(seed)
    limit = float(np.median(case.values[:, 1]))
    best = case.values[case.values[:, 1] <= limit, 0].min()
    for polls in range(6):
        left, branching = iter([False] * polls), Branching(case.program)
        tree = branching.begin(Task(np.eye(2)[0], np.array([[np.inf, limit]])))
        branching.grow(tree, math.inf, lambda left=left: next(left, True))
        assert tree.worthy and tree.bound <= best + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_packages_are_found_beside_open_nodes(seed, monkeypatch):
    monkeypatch.setattr(highs, "_TURN", 0.0)
    case = Case(seed)
    limit = float(np.median(case.values[:, 1]))
    uppers = np.array([[np.inf, limit]])
    answer = highs.Highs(case.program).solve(
        Task(np.eye(2)[0], uppers, beside=Task(np.ones(2), uppers), seconds=20.0), lambda: False
    )
    assert answer.found and all(case.program.feasible(x) for x in answer.found)
    assert answer.bound <= case.values[case.values[:, 1] <= limit, 0].min() + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("resolution", [(0.02, 2.0), (0.2, 1.0)])
@pytest.mark.parametrize("dives", [True, False])
def test_a_front_proved_by_branching_covers_every_package(seed, resolution, dives, monkeypatch):
    monkeypatch.setattr(run, "_MANY", 0)
    monkeypatch.setattr(live, "_FEW", 0)
    if not dives:
        monkeypatch.setattr(Branching, "dive", lambda *_: None)  # packages come from the branching alone
    used = []
    monkeypatch.setattr(Branching, "begin", _counted(Branching.begin, used))
    case = Case(seed)
    front = exact_front(case.problem, case.objectives, resolutions=list(resolution), solvers=("highs",))
    assert front.certificate.complete and (used or front.certificate.solves < 3)
    for risk, cost in front.points:  # a solver need not make the risk of a package as low as it can be
        assert (np.isclose(case.values[:, 1], cost) & (case.values[:, 0] <= risk + 1e-6)).any()
    no_worse = (front.points[None] <= case.values[:, None] + np.array(resolution) + 1e-6).all(axis=2)
    assert no_worse.any(axis=1).all()


def _counted(begin, used):
    def counted(self, task):
        used.append(task)
        return begin(self, task)

    return counted


def test_columns_that_count_others_come_first():
    case = Case(1)
    first, members, *rest = tiers(case.program)
    names = np.array(case.program.names)
    assert all(name.startswith("count") for name in names[first])
    assert set(names[members]) == {v.name for v in case.x} and not rest
    heavy, *others = dive_tiers(case.program)
    assert set(heavy) <= set(first) and set(np.concatenate([heavy, *others])) >= {*members, *heavy}


@pytest.mark.parametrize(("constant", "resolution"), [(3, 10.0), (5, 11.0), (7, 13.0)])
def test_a_package_on_the_corner_of_a_zone_is_not_lost_to_rounding(constant, resolution):
    problem = pulp.LpProblem("corner", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(3)]
    problem += pulp.lpSum(x) <= 2
    program = read(problem, [pulp.lpSum(x) + constant, 5 - pulp.lpSum(x)], np.ones(2), None, ["a", "b"])
    units = np.array([resolution, 1.0])
    book = Book(space_of(program, np.ones(2), units, None, np.ones(2)), np.array([constant + resolution, 6.0]))
    job = branched(book, 0, 0, units)
    nothing = program.values(np.zeros(3))  # costs the constant, which is all that the zone allows
    assert (nothing < job.boxes).all()
    assert Branching(program).begin(job.task).worthy


def test_a_count_of_two_groups_is_branched_on_once():
    problem = pulp.LpProblem("twice", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(4)]
    both = problem.add_variable("both", 0, 1)
    problem += x[0] + x[1] - both == 0
    problem += x[2] + x[3] - both == 0
    program = read(problem, [pulp.lpSum((i + 1) * v for i, v in enumerate(x)), 9 - 3 * both], np.ones(2), None, "ab")
    left = iter([False] * 30)  # HiGHS takes no bounds for columns named twice, so nothing ever closed
    branching = Branching(program)
    tree = branching.begin(Task(np.array([1.0, 0.0]), np.array([[np.inf, 8.5]])))
    branching.grow(tree, math.inf, lambda: next(left, True))
    assert tree.met is not None and tree.bound <= 4.0 + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_a_search_ends_where_every_package_is_worse_than_the_solver_thinks(seed, monkeypatch):
    monkeypatch.setattr(run, "_MANY", 0)
    case, used, polls = Case(seed), [], iter(range(4000))
    monkeypatch.setattr(Branching, "begin", _counted(Branching.begin, used))

    def exact(values):
        x = np.array([values[name] for name in case.program.names])
        return case.program.values(x) + np.array([0.05, 0.0])

    front = exact_front(
        case.problem, case.objectives, resolutions=[0.01, 8.0], exact=exact, solvers=("highs",),
        stop=lambda: len(used) > 300 or next(polls, None) is None,
    )  # fmt: skip
    assert used and not front.certificate.stopped_by
    assert {zone.reason for zone in front.certificate.open_zones} <= {"approximation"}
