"""Small random programmes and their fronts by enumeration: slow, plain, for tests."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp


@dataclass
class Programme:
    """A PuLP problem of binaries with all its feasible objective vectors."""

    problem: Any
    objectives: list[Any]
    senses: list[str]
    values: Any  # (feasible packages, objectives), user senses

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


def binary_programme(seed: int, objectives: int) -> Programme:
    """Few binaries, rows of every sense, costs of both signs, both senses, many ties; sometimes infeasible."""
    rng = np.random.default_rng(seed)
    n, rows = int(rng.integers(2, 8)), int(rng.integers(0, 3))
    problem = pulp.LpProblem("random", pulp.LpMinimize)
    x = [problem.add_variable(f"v {i}", 0, 1, cat=pulp.LpBinary) for i in range(n)]
    packages = np.array(list(itertools.product([0, 1], repeat=n)))
    kept = np.ones(len(packages), dtype=bool)
    for _ in range(rows):
        weights, limit, sense = rng.integers(-4, 8, n), int(rng.integers(0, 8)), int(rng.integers(0, 3))
        row = pulp.lpSum(int(a) * v for a, v in zip(weights, x, strict=True))
        problem += [row <= limit, row >= limit, row == limit][sense]
        activity = packages @ weights
        kept &= [activity <= limit, activity >= limit, activity == limit][sense]
    costs = rng.integers(-5, 6, (objectives, n))
    expressions = [pulp.lpSum(int(a) * v for a, v in zip(c, x, strict=True)) + k for k, c in enumerate(costs)]
    senses = [("min", "max")[i] for i in rng.integers(0, 2, objectives)]
    return Programme(problem, expressions, senses, (packages[kept] @ costs.T + np.arange(objectives)).astype(float))


def covers(front: Any, points: Any, resolution: Any) -> bool:
    """Whether every point has one on the front that is no worse by more than the resolution; minimised."""
    return bool((front[None] <= points[:, None] + resolution + 1e-9).all(axis=2).any(axis=1).all())
