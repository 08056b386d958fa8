"""Branch and bound on a live relaxation (Land and Doig 1960): proofs where the relaxation is nearly tight.

A solver of mixed-integer programmes spends seconds on each zone before it branches at all; here every node costs one
warm relaxed solve. Branching: pseudo-costs (Benichou and others 1971), columns that count others before the others.
The bound of an open node is recomputed from the duals, as in `relaxation`; that a node is empty is HiGHS's word.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from .program import Program
from .relaxation import dual_bound, live_model
from .solvers import FREE, Task, row_scale
from .types import Array, Places

WHOLE = 1e-6  # distance from a whole number that counts as none
_LEAST = 1e-6  # least gain that a pseudo-cost counts with, so that a product never vanishes
_SHOWN = 4  # open nodes beside which packages are looked for


@dataclass(order=True)
class _Node:
    """An open part of the programme: its bound, the columns that were branched on, its relaxed optimum."""

    bound: float
    number: int
    limits: tuple[tuple[int, float, float], ...] = field(compare=False)
    relaxed: Array = field(compare=False)
    basis: Any = field(compare=False)


@dataclass
class Tree:
    """The open nodes of a zone, a heap, and whether the best of them is a package already."""

    task: Task
    nodes: list[_Node]
    met: bool = False

    @property
    def worthy(self) -> bool:
        """Whether something worth having may still be there."""
        return bool(self.nodes) and self.nodes[0].bound <= self.task.worth

    @property
    def bound(self) -> float:
        """No package of the zone has a smaller weighted sum, as far as that matters."""
        return min(self.nodes[0].bound, self.task.worth) if self.nodes else self.task.worth

    @property
    def best(self) -> list[Array]:
        """Relaxed optima of the lowest open nodes; packages are looked for beside them."""
        return [node.relaxed for node in heapq.nsmallest(_SHOWN, self.nodes) if node.bound <= self.task.worth]


class Branching:
    """A live HiGHS model of the relaxation, and what branching on each column has gained so far."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._tiers = tiers(program)
        self._moved = np.concatenate(self._tiers).astype(np.int32)
        self._scale = row_scale(program)
        self._model: Any = live_model(program)
        self._gain = np.zeros((2, program.columns))
        self._tried = np.zeros((2, program.columns))
        self._solved = 0

    def begin(self, task: Task) -> Tree:
        """Open a zone: its relaxation is the first node."""
        limits = np.minimum((task.uppers[0] - self._program.constants) / self._scale, FREE)
        self._prepare(task, limits)
        root = self._node(task, (), -math.inf)
        return Tree(task, [] if root is None else [root])

    def grow(self, tree: Tree, until: float, stop: Callable[[], bool]) -> None:
        """Branch, the lowest bound first, until nothing worth having is open, a package is met, or time is up."""
        while tree.worthy and not tree.met and not stop() and time.monotonic() < until:
            node = heapq.heappop(tree.nodes)
            place = self._choose(node.relaxed)
            if place is None:
                heapq.heappush(tree.nodes, node)
                tree.met = True
                return
            for child in self._children(tree.task, node, place):
                heapq.heappush(tree.nodes, child)

    # --- nodes -------------------------------------------------------------------------------------------------------

    def _prepare(self, task: Task, limits: Array) -> None:
        """Costs, bound rows, and the columns that no package within the bounds can afford."""
        model, program = self._model, self._program
        costs = task.weights @ program.costs
        model.changeColsCost(program.columns, np.arange(program.columns, dtype=np.int32), costs)
        for k, limit in enumerate(limits):
            model.changeRowBounds(len(program.row_lower) + k, -highspy.kHighsInf, float(limit))
        self._lower, self._upper = affordable(program, task.uppers[0])

    def _node(self, task: Task, limits: tuple[tuple[int, float, float], ...], least: float) -> _Node | None:
        """The relaxation under further limits; None where it holds nothing."""
        lower, upper = self._lower.copy(), self._upper.copy()
        for place, low, high in limits:
            lower[place], upper[place] = max(lower[place], low), min(upper[place], high)
        if (lower > upper).any():
            return None
        model, kinds = self._model, highspy.HighsModelStatus
        taken = model.changeColsBounds(len(self._moved), self._moved, lower[self._moved], upper[self._moved])
        if taken != highspy.HighsStatus.kOk:
            raise RuntimeError("the relaxation did not take the bounds of a node")
        model.run()
        status = model.getModelStatus()
        if status not in (kinds.kOptimal, kinds.kInfeasible):
            model.clearSolver()
            model.run()
            status = model.getModelStatus()
        if status == kinds.kInfeasible:
            return None
        if status != kinds.kOptimal:
            raise RuntimeError(f"the relaxation ended with {model.modelStatusToString(status)}")
        solution = model.getSolution()
        self._solved += 1
        bound = self._bound(task, np.array(solution.row_dual), lower, upper)
        return _Node(max(bound, least), self._solved, limits, np.array(solution.col_value), model.getBasis())

    def _bound(self, task: Task, duals: Array, lower: Array, upper: Array) -> float:
        """Least weighted sum, from the duals: what the bound rows pay for is taken off again."""
        rows = len(self._program.row_lower)
        paid = np.maximum(-duals[rows:] / self._scale, 0.0)
        paid = np.where(np.isfinite(task.uppers[0]), paid, 0.0)
        spent = float(paid[paid > 0] @ task.uppers[0][paid > 0])
        return dual_bound(self._program, task.weights + paid, duals[:rows], lower, upper) - spent

    # --- branching ---------------------------------------------------------------------------------------------------

    def _choose(self, relaxed: Array) -> int | None:
        """The column to branch on: of the first tier with a fractional one, that of the largest expected gain."""
        for tier in self._tiers:
            values = relaxed[tier]
            down = values - np.floor(values + WHOLE)
            open_ = np.minimum(down, 1 - down) > WHOLE
            if open_.any():
                usual = self._gain.sum(axis=1) / np.maximum(self._tried.sum(axis=1), 1)
                tried, gain = self._tried[:, tier], self._gain[:, tier]
                expected = np.where(tried > 0, gain / np.maximum(tried, 1), usual[:, None])
                score = np.maximum(expected[0] * down, _LEAST * down) * np.maximum(
                    expected[1] * (1 - down), _LEAST * (1 - down)
                )
                return int(tier[np.argmax(np.where(open_, score, -1.0))])
        return None

    def _children(self, task: Task, node: _Node, place: int) -> list[_Node]:
        """Both sides of a column, those left aside that are not worth having; what was gained is remembered."""
        value, kept = node.relaxed[place], []
        whole = math.floor(value + WHOLE)
        sides = ((-math.inf, float(whole), value - whole), (whole + 1.0, math.inf, whole + 1.0 - value))
        for way, (low, high, distance) in enumerate(sides):
            self._model.setBasis(node.basis)
            child = self._node(task, (*node.limits, (place, low, high)), node.bound)
            if child is None:
                continue
            self._gain[way, place] += (child.bound - node.bound) / max(distance, WHOLE)
            self._tried[way, place] += 1
            if child.bound <= task.worth:
                kept.append(child)
        return kept


def tiers(program: Program) -> list[Places]:
    """Columns to branch on, in groups: those that count integer columns and are 0 or 1, their terms, the rest."""
    counts, members = [], np.zeros(program.columns, dtype=bool)
    sides = np.bincount(program.row, minlength=len(program.row_lower))
    for row in np.flatnonzero((program.row_lower == 0) & (program.row_upper == 0) & (sides > 1)):
        entries = program.row == row
        columns, values = program.col[entries], program.value[entries]
        result = columns[~program.integer[columns]]
        if len(result) == 1 and program.lower[result[0]] == 0 and program.upper[result[0]] == 1:
            factor = -values[columns == result[0]][0]
            rest = columns != result[0]
            if np.all(values[rest] == factor):
                counts.append(int(result[0]))
                members[columns[rest]] = True
    integer = program.integer
    groups = [np.unique(np.array(counts, dtype=np.int64)), np.flatnonzero(members), np.flatnonzero(integer & ~members)]
    return [group for group in groups if len(group)]


def affordable(program: Program, most: Array) -> tuple[Array, Array]:
    """Column bounds, tightened where an integer column alone would break a bound on an objective; (columns,) each."""
    lower, upper = program.lower.copy(), program.upper.copy()
    with np.errstate(invalid="ignore"):
        at_least = np.where(program.costs > 0, program.costs * lower, program.costs * upper)
        at_least = np.where(program.costs == 0, 0.0, at_least)
    for k in np.flatnonzero(np.isfinite(most)):
        room = most[k] - program.constants[k] - at_least[k].sum()
        if not math.isfinite(room):
            continue
        costs, step = program.costs[k], np.abs(program.costs[k])
        dear = program.integer & (step > room * (1 + 1e-9) + 1e-9) & np.isfinite(np.where(costs > 0, lower, upper))
        upper = np.where(dear & (costs > 0), lower, upper)
        lower = np.where(dear & (costs < 0), upper, lower)
    return lower, upper
