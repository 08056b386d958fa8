"""Branch and bound on the warm relaxation of one ask (Land and Doig 1960): bounds in milliseconds, proofs in tenths.

A solver of mixed-integer programmes spends a second before it branches at all. Here each node costs one warm solve;
what was gained by branching on a column is remembered from ask to ask (pseudo-costs, Benichou and others 1971).
Columns that count others are decided first.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..front.branching import tiers
from ..front.program import Program
from .live import Array, Live, Stop

WHOLE = 1e-6  # distance from a whole number that counts as none
SOON = 0.03  # seconds before the end at which no further node is opened
LEAST = 1e-9  # gain with which an untried side counts, so that a product never vanishes

Left = Callable[[], float]
Limits = tuple[tuple[int, float], ...]  # columns decided, with their value


class Gains:
    """What branching on each column has gained so far, down and up; (2, columns)."""

    def __init__(self, program: Program) -> None:
        self.tiers = [tier[program.upper[tier] <= 1] for tier in tiers(program)]
        self._sum = np.zeros((2, program.columns))
        self._tried = np.zeros((2, program.columns))

    def learn(self, side: int, column: int, gain: float) -> None:
        self._sum[side, column] += gain
        self._tried[side, column] += 1

    def choose(self, x: Array) -> int | None:
        """The fractional column of the first tier that has one with the largest expected gain on both sides."""
        usual = self._sum.sum() / max(self._tried.sum(), 1.0)
        for tier in self.tiers:
            values = x[tier]
            open_ = np.minimum(values, 1 - values) > WHOLE
            if open_.any():
                tried = self._tried[:, tier]
                expected = np.where(tried > 0, self._sum[:, tier] / np.maximum(tried, 1), usual)
                down, up = np.maximum(expected[0] * values, LEAST), np.maximum(expected[1] * (1 - values), LEAST)
                return int(tier[np.argmax(np.where(open_, down * up, -1.0))])
        return None


@dataclass(order=True)
class _Node:
    bound: float
    number: int
    limits: Limits = field(compare=False)
    x: Array = field(compare=False)
    basis: Any = field(compare=False)


class Tree:
    """The open nodes of one ask; nothing lies below `bound`."""

    def __init__(self, model: Live, lower: Array, upper: Array, gains: Gains) -> None:
        self._model, self._lower, self._upper, self._gains = model, lower, upper, gains
        self._nodes: list[_Node] = []
        self._count = 0
        self._lost = math.inf  # least bound of the nodes that the solver did not settle
        self.x: Array | None = None  # the lowest node, once it is whole

    def grow(self, worth: float, left: Left, stop: Stop, most: float = math.inf) -> None:
        """Branch, the lowest bound first, until nothing below `worth` is open, the lowest is whole, or time is up.

        `most`: nodes of the tree, whatever the time.
        """
        if not self._count:
            self._open((), -math.inf)
        while self._nodes and self.bound < worth and self.x is None and self._count < most:
            if left() < SOON or stop():
                return
            node = self._nodes[0]
            column = self._gains.choose(node.x)
            if column is None:
                self.x = node.x
                return
            heapq.heappop(self._nodes)
            for side in (0, 1):
                self._model.start_from(node.basis)
                self._open((*node.limits, (column, float(side))), node.bound, abs(node.x[column] - side))

    @property
    def bound(self) -> float:
        """No answer is smaller; infinite: there is none."""
        return min(self._nodes[0].bound if self._nodes else math.inf, self._lost)

    def _open(self, limits: Limits, least: float, distance: float = 0.0) -> None:
        lower, upper = self._lower.copy(), self._upper.copy()
        for column, value in limits:
            lower[column], upper[column] = max(lower[column], value), min(upper[column], value)
        if (lower > upper).any():
            return
        self._model.bound_columns(range(len(lower)), lower, upper)
        outcome = self._model.run()
        self._count += 1
        if outcome.status == "infeasible":
            return
        bound = max(outcome.bound, least)
        if outcome.x is None:
            self._lost = min(self._lost, least)
            return
        if limits:
            self._gains.learn(int(limits[-1][1]), limits[-1][0], (bound - least) / max(distance, WHOLE))
        heapq.heappush(self._nodes, _Node(bound, self._count, limits, outcome.x, self._model.basis()))
