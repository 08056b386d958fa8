"""Branch and bound on a live relaxation (Land and Doig 1960): proofs where the relaxation is nearly tight.

A solver of mixed-integer programmes spends seconds on each zone before it branches at all; here every node costs one
warm relaxed solve. A column is tried out on both sides until enough is known of it (strong branching: Applegate and others
1995; reliability: Achterberg, Koch and Martin 2005), then its pseudo-costs speak for it (Benichou and others 1971); columns
that count others come first. From each open node the search goes straight down the better sides, where packages are.
Bounds are recomputed from the duals, and that a node is empty from its ray: neither rests on the solver's word.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .diving import WHOLE, Box, Dive
from .live import Basis, Live
from .program import Program
from .propagation import Propagation
from .solvers import Task
from .types import Array, Places

_HAIR = 1e-4  # resolutions by which a solve must pass what is worth having before it may end early
_LEAST = 1e-6  # least gain that a pseudo-cost counts with, so that a product never vanishes
_SHOWN = 4  # open nodes beside which packages are looked for
_RELIABLE = 2  # solves of a side after which its pseudo-cost is believed
_TRIED = 12  # columns that are tried out at a node, at most
_VAIN = 4  # columns tried out one after another without a better one


@dataclass(order=True)
class _Node:
    """An open part of the programme: its bound, the bounds of its columns, its relaxed optimum."""

    bound: float
    number: int
    box: Box = field(compare=False)
    relaxed: Array = field(compare=False)
    basis: Basis = field(compare=False)


@dataclass
class Tree:
    """The open nodes of a zone, a heap, and a node that is a package already."""

    task: Task
    nodes: list[_Node]
    met: _Node | None = None

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
    """A live relaxation, and what branching on each column has gained so far."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._tiers = tiers(program)
        self._moved = np.concatenate(self._tiers)
        self._dive_tiers = dive_tiers(program)
        self._propagation = Propagation(program)
        self._live: Live | None = None
        self._gain = np.zeros((2, program.columns))
        self._tried = np.zeros((2, program.columns))
        self.solved = 0

    def begin(self, task: Task) -> Tree:
        """Open a zone: its relaxation is the first node."""
        live = self._live = self._live or Live(self._program, task.known)
        live.trim()
        live.costs(task.weights @ self._program.costs)
        live.limits(task.uppers[0])
        root = self._node(task, (self._program.lower, self._program.upper), -math.inf)
        return Tree(task, [] if root is None else [root])

    def dive(self, tree: Tree, over: Callable[[], bool]) -> Array | None:
        """Look for a package beside the lowest node; (columns,) or None."""
        assert self._live is not None
        node = tree.nodes[0]
        self._live.start_from(node.basis)
        if not self._solved(node.box):
            return None
        return Dive(self._live, self._dive_tiers, self._propagation).down(node.box, tree.task.uppers[0], over)

    def grow(self, tree: Tree, until: float, stop: Callable[[], bool]) -> None:
        """Branch until nothing worth having is open, a package is met, or time is up."""

        def over() -> bool:
            return stop() or time.monotonic() >= until

        while tree.worthy and tree.met is None and not over():
            node: _Node | None = heapq.heappop(tree.nodes)
            while node is not None and not over():
                node = self._step(tree, node, over)
            if node is not None:
                heapq.heappush(tree.nodes, node)

    def _step(self, tree: Tree, node: _Node, over: Callable[[], bool]) -> _Node | None:
        """Branch on a node: the worse side goes to the open nodes, the better one is returned."""
        places = self._open(node.relaxed)
        if not len(places):
            heapq.heappush(tree.nodes, node)
            tree.met = node
            return None
        sides = self._best_sides(tree.task, node, places, over)
        kept = sorted(child for child in sides if child is not None)
        if not kept:
            return None
        for child in kept[1:]:
            heapq.heappush(tree.nodes, child)
        return kept[0]

    # --- nodes -------------------------------------------------------------------------------------------------------

    def _node(self, task: Task, box: Box, least: float) -> _Node | None:
        """The relaxation within bounds of the columns; None where it holds nothing worth having."""
        assert self._live is not None
        left = self._propagation.tightened(*box, task.uppers[0])
        if left is None or not self._solved(left, task):
            return None
        live = self._live
        self.solved += 1
        paid = np.where(np.isfinite(task.uppers[0]), live.paid, 0.0)
        spent = float(paid[paid > 0] @ task.uppers[0][paid > 0])
        bound = max(live.bound(task.weights + paid, *left) - spent, least)
        if bound > task.worth:
            return None
        if live.cut_short and not self._solved(left):  # the duals of where it ended were not enough after all
            return None
        return _Node(bound, self.solved, left, live.x, live.basis())

    def _solved(self, box: Box, task: Task | None = None) -> bool:
        """Whether the relaxation within bounds of the columns has an optimum; False: it holds nothing.

        task: the solve may end once nothing worth having to it can be there.
        """
        assert self._live is not None
        self._live.columns(self._moved, box[0][self._moved], box[1][self._moved])
        constant = 0.0 if task is None else float(task.weights @ self._program.constants)
        outcome = self._live.run() if task is None else self._live.run(task.worth - constant + _HAIR)
        if outcome not in ("optimal", "infeasible"):
            raise RuntimeError(f"the relaxation is {outcome}")
        return outcome == "optimal"

    # --- branching ---------------------------------------------------------------------------------------------------

    def _open(self, relaxed: Array) -> Places:
        """Fractional columns of the first tier that has some."""
        for tier in self._tiers:
            values = relaxed[tier]
            open_ = np.abs(values - np.round(values)) > WHOLE
            if open_.any():
                return tier[open_]
        return np.empty(0, dtype=np.int64)

    def _best_sides(
        self, task: Task, node: _Node, places: Places, over: Callable[[], bool]
    ) -> tuple[_Node | None, _Node | None]:
        """Both sides of the column whose sides gain most; None for a side that holds nothing worth having."""
        scores = self._scores(node.relaxed, places)
        best, sides, vain = -math.inf, None, 0
        for place, score in sorted(zip(places.tolist(), scores, strict=True), key=lambda pair: -pair[1])[:_TRIED]:
            known = self._tried[:, place].min() >= _RELIABLE
            if known and score <= best:
                continue
            tried = self._sides(task, node, place)
            if None in tried:
                return tried
            if not known or sides is None:
                gains = [max(child.bound - node.bound, _LEAST) for child in tried if child is not None]
                score = gains[0] * gains[1]
            if score > best:
                best, sides, vain = score, tried, 0
            else:
                vain += 1
            if vain >= _VAIN or over():
                break
        assert sides is not None
        return sides

    def _scores(self, relaxed: Array, places: Places) -> Array:
        """Expected gain of both sides of each column, multiplied; (places,)."""
        values = relaxed[places]
        down = values - np.floor(values)
        usual = self._gain.sum(axis=1) / np.maximum(self._tried.sum(axis=1), 1)
        tried, gain = self._tried[:, places], self._gain[:, places]
        expected = np.where(tried > 0, gain / np.maximum(tried, 1), usual[:, None])
        scores: Array = np.maximum(expected[0] * down, _LEAST * down) * np.maximum(
            expected[1] * (1 - down), _LEAST * (1 - down)
        )
        return scores

    def _sides(self, task: Task, node: _Node, place: int) -> tuple[_Node | None, _Node | None]:
        """Both sides of a column; what was gained is remembered."""
        assert self._live is not None
        value, found = node.relaxed[place], []
        whole = math.floor(value)
        for way, distance in enumerate((value - whole, whole + 1.0 - value)):
            box = node.box[0].copy(), node.box[1].copy()
            box[1 - way][place] = whole + way
            self._live.start_from(node.basis)
            child = self._node(task, box, node.bound)
            gained = (task.worth if child is None else child.bound) - node.bound
            if math.isfinite(gained):
                self._gain[way, place] += gained / max(distance, WHOLE)
                self._tried[way, place] += 1
            found.append(child)
        return found[0], found[1]


def tiers(program: Program) -> list[Places]:
    """Columns to branch on, in groups: those that count integer columns and are 0 or 1, their terms, the rest."""
    of, member = counted(program)
    return _grouped(program, np.unique(of), np.unique(member))


def dive_tiers(program: Program) -> list[Places]:
    """The same for a dive, where only those that count columns of many rows come first: they decide most of the rest."""
    of, member = counted(program)
    if not len(of):
        return tiers(program)
    rows = np.bincount(program.col, minlength=program.columns)[member]
    counts, place = np.unique(of, return_inverse=True)
    share = np.log(np.bincount(place, rows) / np.bincount(place))
    heavy = share >= np.quantile(share, (0.1, 0.9)).mean()
    return _grouped(program, counts[heavy], np.unique(member[heavy[place]]))


def _grouped(program: Program, counts: Places, members: Places) -> list[Places]:
    rest = program.integer.copy()
    rest[members] = False
    return [group for group in (counts, members, np.flatnonzero(rest)) if len(group)]


def counted(program: Program) -> tuple[Places, Places]:
    """Pairs of a column from 0 to 1 that counts integer columns, and one of these; (pairs,) each."""
    rows = len(program.row_lower)
    sums = (program.row_lower == 0) & (program.row_upper == 0)
    whole, result = program.integer[program.col], ~program.integer[program.col]
    result &= (program.lower[program.col] == 0) & (program.upper[program.col] == 1)
    one = np.bincount(program.row, ~whole, rows) == 1  # integer columns and one result, nothing else
    factor, column = np.zeros(rows), np.full(rows, -1)
    factor[program.row[result]], column[program.row[result]] = -program.value[result], program.col[result]
    even = np.bincount(program.row, whole & (program.value != factor[program.row]), rows) == 0
    counting = sums & one & even & (column >= 0) & (np.bincount(program.row, minlength=rows) > 1)
    pairs = counting[program.row] & whole
    return column[program.row[pairs]], program.col[pairs]
