"""Small random programmes and their fronts by enumeration: slow, plain, a second opinion on the engine."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

GRID = 41  # places at which a continuous column is looked at, its ends included


@dataclass
class Programme:
    """A PuLP problem with the objective vectors of its feasible packages.

    values: (packages, objectives), user senses; all of them, or with `sampled` those on a grid of the continuous columns.
    unbounded: an objective has no bound, which the engine is to say instead of solving it.
    """

    problem: Any
    objectives: list[Any]
    senses: list[str]
    values: Any
    sampled: bool = False
    unbounded: bool = False

    @property
    def signs(self) -> Any:
        return np.array([1.0 if sense == "min" else -1.0 for sense in self.senses])

    @property
    def front(self) -> Any:
        """The nondominated vectors, sorted by row."""
        return front_by_enumeration(self.values * self.signs) * self.signs


def front_by_enumeration(points: Any) -> Any:
    """Nondominated rows of points, minimised."""
    points = np.unique(points, axis=0)
    keep = [not ((points <= z).all(axis=1) & (points < z).any(axis=1)).any() for z in points]
    return points[keep] if len(points) else points


def sorted_rows(points: Any) -> Any:
    return points[np.lexsort(points.T[::-1])] if len(points) else points


def covers(front: Any, points: Any, resolution: Any) -> bool:
    """Whether every point has one on the front that is no worse by more than the resolution; minimised."""
    return bool((front[None] <= points[:, None] + resolution + 1e-9).all(axis=2).any(axis=1).all())


def binary_programme(seed: int, objectives: int) -> Programme:
    """Few binaries, rows of every sense, costs of both signs, both senses, many ties; sometimes infeasible."""
    rng = np.random.default_rng(seed)
    n, rows = int(rng.integers(2, 8)), int(rng.integers(0, 3))
    problem, x, packages = _binaries(n, "v ")
    kept = np.ones(len(packages), dtype=bool)
    for _ in range(rows):
        weights, limit, sense = rng.integers(-4, 8, n), int(rng.integers(0, 8)), int(rng.integers(0, 3))
        kept &= _add_row(problem, x, weights, limit, sense, packages)
    costs = rng.integers(-5, 6, (objectives, n))
    expressions = [_sum(c, x) + k for k, c in enumerate(costs)]
    senses = _senses(rng, objectives)
    return Programme(problem, expressions, senses, (packages[kept] @ costs.T + np.arange(objectives)).astype(float))


def integer_programme(seed: int, objectives: int) -> Programme:
    """Whole numbers below and above zero, decimal costs, one column without an upper bound but for a row."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    low, width = rng.integers(-3, 2, n), rng.integers(0, 4, n)
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [
        problem.add_variable(f"v{i}", int(a), int(a + w), cat=pulp.LpInteger)
        for i, (a, w) in enumerate(zip(low, width, strict=True))
    ]
    x[0].upBound = None
    problem += x[0] <= int(low[0] + width[0])  # looks unbounded to who reads the columns alone
    packages = np.array(list(itertools.product(*(range(a, a + w + 1) for a, w in zip(low, width, strict=True)))))
    kept = np.ones(len(packages), dtype=bool)
    for _ in range(int(rng.integers(0, 3))):
        weights, limit, sense = rng.integers(-3, 5, n), int(rng.integers(-2, 7)), int(rng.integers(0, 3))
        kept &= _add_row(problem, x, weights, limit, sense, packages)
    costs = rng.integers(-9, 10, (objectives, n)) * rng.choice([1.0, 0.5, 0.25, 0.1], (objectives, 1))
    expressions = [_sum(c, x) for c in costs]
    senses = _senses(rng, objectives)
    return Programme(problem, expressions, senses, np.round(packages[kept] @ costs.T, 9))


def mixed_programme(seed: int, objectives: int) -> Programme:
    """Binaries and one continuous column, without an upper bound of its own, in the rows and the objectives."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [problem.add_variable(f"x{i}", 0, 1, cat=pulp.LpBinary) for i in range(n)]
    y = problem.add_variable("y", 0)
    weights, room, most = rng.integers(0, 4, n), int(rng.integers(1, 6)), int(rng.integers(1, 4))
    problem += _sum(weights, x) + y <= room
    problem += y <= most
    costs, slopes = rng.integers(-5, 6, (objectives, n)), rng.integers(-3, 4, objectives)
    values = []
    for package in itertools.product([0, 1], repeat=n):
        top = min(most, room - int(weights @ np.array(package)))
        if top >= 0:
            values.append(np.outer(np.linspace(0, top, GRID), slopes) + costs @ np.array(package))
    expressions = [_sum(c, x) + int(b) * y for c, b in zip(costs, slopes, strict=True)]
    senses = _senses(rng, objectives)
    return Programme(problem, expressions, senses, np.vstack(values), sampled=True)


def single_point_programme(seed: int, objectives: int) -> Programme:
    """Equality rows that leave one package, or none."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [problem.add_variable(f"v{i}", 0, 3, cat=pulp.LpInteger) for i in range(n)]
    package = rng.integers(0, 5, n)  # 4 is out of bounds: then nothing is feasible
    for v, value in zip(x, package, strict=True):
        problem += 2 * v == int(2 * value)
    costs = rng.integers(-5, 6, (objectives, n))
    expressions = [_sum(c, x) for c in costs]
    feasible = [package] if (package <= 3).all() else []
    senses = _senses(rng, objectives)
    return Programme(problem, expressions, senses, np.array(feasible, dtype=float).reshape(-1, n) @ costs.T)


def tied_programme(seed: int, objectives: int) -> Programme:
    """More binaries whose costs are 0 or 1: few values, each reached by many packages; one row chooses how many."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 10))
    problem, x, packages = _binaries(n, "v")
    kept = _add_row(problem, x, np.ones(n, dtype=int), int(rng.integers(1, n)), int(rng.integers(0, 3)), packages)
    kept &= _add_row(problem, x, rng.integers(0, 2, n), int(rng.integers(1, 3)), 1, packages)
    costs, senses = rng.integers(0, 2, (objectives, n)), _senses(rng, objectives)
    expressions = [_sum(c, x) for c in costs]
    return Programme(problem, expressions, senses, (packages[kept] @ costs.T).astype(float))


def knapsack_programme(seed: int, objectives: int) -> Programme:
    """Nine to eleven binaries under one or two capacities that may end in .5: fronts of dozens of points."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(9, 12))
    problem, x, packages = _binaries(n, "v")
    kept = np.ones(len(packages), dtype=bool)
    for _ in range(int(rng.integers(1, 3))):
        weights = rng.integers(10, 60, n)
        problem += _sum(weights, x) <= float(weights.sum() / 2)
        kept &= packages @ weights <= weights.sum() / 2
    costs = rng.integers(-3, 60, (objectives, n))
    expressions = [_sum(c, x) for c in costs]
    return Programme(problem, expressions, ["max"] * objectives, (packages[kept] @ costs.T).astype(float))


def assignment_programme(seed: int, objectives: int) -> Programme:
    """Equality rows throughout: each of three or four jobs to one person, minimised."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 5))
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [[problem.add_variable(f"v{i}_{j}", 0, 1, cat=pulp.LpBinary) for j in range(n)] for i in range(n)]
    for i in range(n):
        problem += pulp.lpSum(x[i]) == 1
        problem += pulp.lpSum(row[i] for row in x) == 1
    costs = rng.integers(0, 12, (objectives, n, n))
    expressions = [pulp.lpSum(int(c[i, j]) * x[i][j] for i in range(n) for j in range(n)) for c in costs]
    ways = itertools.permutations(range(n))
    values = np.array([[c[range(n), way].sum() for c in costs] for way in ways], dtype=float)
    return Programme(problem, expressions, ["min"] * objectives, values)


def rows_only_programme(seed: int, objectives: int) -> Programme:
    """Whole numbers without any bounds of their own: rows alone keep them, and each objective, in a box."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    low, width = rng.integers(-4, 3, n), rng.integers(0, 4, n)
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [problem.add_variable(f"v{i}", cat=pulp.LpInteger) for i in range(n)]
    for v, a, w in zip(x, low, width, strict=True):
        problem += v + 0 >= int(a)
        problem += v + 0 <= int(a + w)
    packages = np.array(list(itertools.product(*(range(a, a + w + 1) for a, w in zip(low, width, strict=True)))))
    kept = _add_row(problem, x, rng.integers(-3, 4, n), int(rng.integers(-3, 5)), int(rng.integers(0, 3)), packages)
    costs, senses = rng.integers(-6, 7, (objectives, n)), _senses(rng, objectives)
    expressions = [_sum(c, x) for c in costs]
    return Programme(problem, expressions, senses, (packages[kept] @ costs.T).astype(float))


def shared_programme(seed: int, objectives: int) -> Programme:
    """A demand shared by two or three sources: continuous shares that add up to it, each only from an open source.

    Looked at in steps that meet every whole number, so that a lone package is not missed.
    """
    rng = np.random.default_rng(seed)
    n, demand = int(rng.integers(2, 4)), float(rng.integers(1, 4))
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [problem.add_variable(f"open{i}", 0, 1, cat=pulp.LpBinary) for i in range(n)]
    y = [problem.add_variable(f"share{i}", 0) for i in range(n)]
    room = rng.integers(1, 4, n).astype(float)
    problem += pulp.lpSum(y) == demand
    for v, share, most in zip(x, y, room, strict=True):
        problem += share <= float(most) * v
    fixed, slopes = rng.integers(0, 5, (objectives, n)), rng.integers(-3, 4, (objectives, n))
    expressions = [_sum(c, x) + _sum(d, y) for c, d in zip(fixed, slopes, strict=True)]
    grid = np.array(list(itertools.product(np.linspace(0, demand, 43 if n == 2 else 13), repeat=n - 1)))
    shares = np.column_stack([grid, demand - grid.sum(axis=1)])
    values = [np.empty((0, objectives))]
    for package in itertools.product([0, 1], repeat=n):
        kept = ((shares >= -1e-12) & (shares <= room * np.array(package) + 1e-12)).all(axis=1)
        values.append(shares[kept] @ slopes.T + fixed @ np.array(package))
    return Programme(problem, expressions, _senses(rng, objectives), np.vstack(values), sampled=True)


def unbounded_programme(seed: int, objectives: int) -> Programme:
    """One objective can be as good as one likes, unless no package is feasible at all."""
    rng = np.random.default_rng(seed)
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x, y = (
        problem.add_variable("x", 0, 1, cat=pulp.LpBinary),
        problem.add_variable("y", 0, cat=["Continuous", "Integer"][seed % 2]),
    )
    feasible = bool(rng.integers(0, 2))
    problem += 2 * x == (2 if feasible else 1)  # half a package looks feasible to the relaxation
    problem += y >= x
    expressions = [int(a) * x - int(b) * y for a, b in rng.integers(1, 4, (objectives, 2))]
    return Programme(problem, expressions, ["min"] * objectives, np.empty((0, objectives)), unbounded=feasible)


KINDS = {
    "binary": binary_programme,
    "whole numbers": integer_programme,
    "continuous": mixed_programme,
    "single point": single_point_programme,
    "ties": tied_programme,
    "knapsack": knapsack_programme,
    "assignment": assignment_programme,
    "rows only": rows_only_programme,
    "shares": shared_programme,
    "unbounded": unbounded_programme,
}


def _binaries(count: int, prefix: str) -> tuple[Any, list[Any], Any]:
    """A problem with so many binary columns, the columns, and all packages; (packages, columns)."""
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [problem.add_variable(f"{prefix}{i}", 0, 1, cat=pulp.LpBinary) for i in range(count)]
    return problem, x, np.array(list(itertools.product([0, 1], repeat=count)))


def _sum(weights: Any, x: list[Any]) -> Any:
    """weights @ x as an expression."""
    return pulp.lpSum(a * v for a, v in zip(weights.tolist(), x, strict=True))


def _senses(rng: np.random.Generator, objectives: int) -> list[str]:
    return [("min", "max")[i] for i in rng.integers(0, 2, objectives)]


def _add_row(problem: Any, x: list[Any], weights: Any, limit: int, sense: int, packages: Any) -> Any:
    """Add weights @ x <=, >= or == limit; returns which packages keep it."""
    row = _sum(weights, x)
    problem += [row <= limit, row >= limit, row == limit][sense]
    activity = packages @ weights
    return [activity <= limit, activity >= limit, activity == limit][sense]
