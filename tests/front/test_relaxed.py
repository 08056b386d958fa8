"""What the relaxation is made of, against enumeration and against a solve with all rows."""

from __future__ import annotations

import itertools
import math

import highspy
import numpy as np
import pulp
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from optimizer.front import live as live_module
from optimizer.front.branching import dive_tiers
from optimizer.front.diving import Dive
from optimizer.front.live import Live
from optimizer.front.program import read
from optimizer.front.propagation import Propagation, implied

SEEDS = range(40)


class Small:
    """Six columns of 0 to 2, four rows, two objectives, and a free column that is a sum of some of them."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.problem = pulp.LpProblem("small", pulp.LpMinimize)
        self.x = [self.problem.add_variable(f"x{i}", 0, int(rng.integers(1, 3)), cat=pulp.LpInteger) for i in range(6)]
        named = self.problem.add_variable("named", None, None)
        self.weights = rng.integers(-4, 5, 6).astype(float)
        self.problem += pulp.lpSum(float(w) * v for w, v in zip(self.weights, self.x, strict=True)) - named == 0
        self.rows = rng.integers(-3, 6, (4, 6)).astype(float)
        inside = rng.integers(0, 2, 6)
        self.limits = self.rows @ inside + rng.integers(0, 4, 4)
        for row, limit in zip(self.rows, self.limits, strict=True):
            self.problem += pulp.lpSum(float(a) * v for a, v in zip(row, self.x, strict=True)) <= float(limit)
        self.problem += named >= -9
        costs = rng.integers(-5, 9, 6).astype(float)
        objectives = [named, pulp.lpSum(float(c) * v for c, v in zip(costs, self.x, strict=True))]
        self.program = read(self.problem, objectives, np.ones(2), None, ["named", "cost"])
        order = [self.program.names.index(v.name) for v in self.x]
        ranges = [range(int(v.upBound) + 1) for v in self.x]
        packages = np.array(list(itertools.product(*ranges)), dtype=float)
        kept = (packages @ self.rows.T <= self.limits + 1e-9).all(axis=1) & (packages @ self.weights >= -9)
        self.packages = np.zeros((int(kept.sum()), self.program.columns))
        self.packages[:, order] = packages[kept]
        self.packages[:, self.program.names.index("named")] = packages[kept] @ self.weights
        self.values = np.array([self.program.values(x) for x in self.packages])


def _relaxed(case: Small, weights, most):
    """Least weighted sum over the relaxation, by SciPy with all rows at once; None if there is none."""
    p = case.program
    matrix = csr_array((p.value, (p.row, p.col)), shape=(len(p.row_lower), p.columns)).toarray()
    above, below = np.isfinite(p.row_upper), np.isfinite(p.row_lower)
    bounded = np.isfinite(most)
    left = np.vstack([matrix[above], -matrix[below], p.costs[bounded]])
    right = np.concatenate([p.row_upper[above], -p.row_lower[below], (most - p.constants)[bounded]])
    found = linprog(weights @ p.costs, left, right, bounds=list(zip(p.lower, p.upper, strict=True)))
    return found.fun + weights @ p.constants if found.status == 0 else None


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_added_as_they_are_broken_give_the_optimum_of_all(seed, monkeypatch):
    monkeypatch.setattr(live_module, "_FEW", 0)
    case, rng = Small(seed), np.random.default_rng(seed)
    live = Live(case.program)
    for turn in range(8):
        weights, most = rng.dirichlet(np.ones(2)), np.array([math.inf, float(rng.integers(-5, 15))])
        live.costs(weights @ case.program.costs)
        live.limits(most)
        best = _relaxed(case, weights, most)
        outcome = live.run()
        assert outcome == ("infeasible" if best is None else "optimal")
        if best is not None:
            paid = np.where(np.isfinite(most), live.paid, 0.0)
            spent = float(paid[1] * most[1]) if paid[1] else 0.0
            assert live.bound(weights + paid) - spent == pytest.approx(best, abs=1e-6)
        if turn == 3:
            live.trim()
        if turn == 5:
            live = Live(case.program, live.known())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_solve_that_ends_early_still_bounds(seed):
    case = Small(seed)
    live, weights = Live(case.program), np.array([1.0, 0.5])
    live.costs(weights @ case.program.costs)
    best = (case.values @ weights).min()
    for enough in (best - 3.0, best, best + 3.0):
        assert live.run(enough) == "optimal"
        assert live.bound(weights) <= best + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_basis_can_be_gone_back_to_after_rows_were_added(seed, monkeypatch):
    monkeypatch.setattr(live_module, "_FEW", 0)
    case = Small(seed)
    live = Live(case.program)
    live.costs(case.program.costs[1])
    live.limits(np.full(2, math.inf))
    assert live.run() == "optimal"
    first, basis = live.bound(np.eye(2)[1]), live.basis()
    live.costs(case.program.costs[0])
    live.run()
    live.costs(case.program.costs[1])
    live.start_from(basis)
    assert live.run() == "optimal" and live.bound(np.eye(2)[1]) == pytest.approx(first, abs=1e-6)


def test_bounds_that_cannot_be_taken_are_an_error():
    live = Live(Small(0).program)
    with pytest.raises(RuntimeError, match="did not take"):
        live.columns(np.array([0, 0]), np.zeros(2), np.ones(2))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_propagation_leaves_out_holds_no_package(seed):
    case, rng = Small(seed), np.random.default_rng(seed)
    propagation = Propagation(case.program)
    for _ in range(20):
        lower, upper = case.program.lower.copy(), case.program.upper.copy()
        place = int(rng.integers(6))
        lower[place] = upper[place] = float(rng.integers(0, 3))
        most = np.array([math.inf, float(rng.integers(-5, 12))])
        inside = (case.packages >= lower).all(axis=1) & (case.packages <= upper).all(axis=1)
        inside &= (case.values <= most).all(axis=1)
        left = propagation.tightened(lower, upper, most)
        if left is None:
            assert not inside.any()
        else:
            kept = (case.packages >= left[0]).all(axis=1) & (case.packages <= left[1]).all(axis=1)
            assert kept[inside].all() and (left[0] >= lower).all() and (left[1] <= upper).all()


def test_propagation_rules_out_what_nobody_can_afford():
    problem = pulp.LpProblem("dear", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(3)]
    problem += x[2] >= x[1]
    program = read(problem, [-pulp.lpSum(x), 3 * x[0] + 4 * x[1] + 5 * x[2]], np.ones(2), None, ["many", "cost"])
    _, upper = Propagation(program).tightened(program.lower, program.upper, np.array([math.inf, 4.0]))
    assert [upper[program.names.index(f"x{i}")] for i in range(3)] == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_package_keeps_the_bounds_that_rows_imply(seed):
    case = Small(seed)
    lower, upper = implied(case.program)
    assert np.isfinite(lower).all() and np.isfinite(upper).all()
    assert (case.packages >= lower - 1e-9).all() and (case.packages <= upper + 1e-9).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dive_ends_in_a_package_or_says_that_it_found_none(seed):
    case = Small(seed)
    live, propagation = Live(case.program), Propagation(case.program)
    most = np.array([math.inf, float(np.median(case.values[:, 1]))])
    live.costs(case.program.costs[0])
    live.limits(most)
    assert live.run() == "optimal"
    box = case.program.lower, case.program.upper
    x = Dive(live, dive_tiers(case.program), propagation).down(box, most, lambda: False)
    if x is not None:
        x = case.program.rounded(x)
        assert case.program.feasible(x) and (case.program.values(x) <= most + 1e-6).all()


def test_dives_find_packages_nearly_always():
    found = 0
    for seed in SEEDS:
        case = Small(seed)
        live, most = Live(case.program), np.full(2, math.inf)
        live.costs(case.program.costs[1])
        live.limits(most)
        live.run()
        dive = Dive(live, dive_tiers(case.program), Propagation(case.program))
        found += dive.down((case.program.lower, case.program.upper), most, lambda: False) is not None
    assert found > 0.8 * len(SEEDS)


def test_the_options_that_make_it_quick_are_known_to_the_solver():
    model = Live(Small(1).program)._model
    status, value = model.getOptionValue("simplex_dual_edge_weight_strategy")
    assert status == highspy.HighsStatus.kOk and value == live_module._DEVEX


@pytest.mark.parametrize("seed", SEEDS)
def test_emptiness_is_shown_by_our_own_sums(seed, monkeypatch):
    case, seen = Small(seed), []
    shown = Live._refuted
    monkeypatch.setattr(Live, "_refuted", lambda self: seen.append(shown(self)) or seen[-1])
    live = Live(case.program)
    live.costs(case.program.costs[0])
    live.limits(np.array([case.values[:, 0].min() - 30.0, math.inf]))
    assert live.run() == "infeasible" and seen == [True]


def test_emptiness_that_nobody_can_show_is_a_failure(monkeypatch):
    monkeypatch.setattr(Live, "_refuted", lambda _: False)
    case = Small(1)
    live = Live(case.program)
    live.costs(case.program.costs[0])
    live.limits(np.array([case.values[:, 0].min() - 30.0, math.inf]))
    assert live.run() == "failed"


def test_no_contradiction_is_seen_where_there_is_a_package():
    for seed in SEEDS:
        case, rng = Small(seed), np.random.default_rng(seed)
        live = Live(case.program)
        live.limits(np.full(2, math.inf))
        rows = len(case.program.row_lower) + 2
        for _ in range(50):
            ray = rng.normal(size=rows) * (rng.random(rows) < 0.5)
            monkey = type("Ray", (), {"getDualRay": lambda self, ray=ray: (None, True, ray)})()
            live._model, model = monkey, live._model
            assert not live._refuted()
            live._model = model
