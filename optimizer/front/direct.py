"""Which zones to solve next and how: the direct form of the search-zone method, and several zones in one solve.

Direct form: Tamby and Vanderpooten, "Enumeration of the nondominated set of multiobjective discrete optimization
problems" (2021): one solve per zone, minimising one objective under bounds on the others.
Joined zones are ours: a binary per zone selects whose bounds hold, and one infeasibility proof closes them all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .book import ALONE, FREE, Book
from .live import Known
from .solvers import Task
from .space import Space
from .types import Array, Places

COVER_GAP = 0.5  # resolutions by which a found package may miss the best sum: half of what the cover allows
_HAIR = 1e-6  # resolutions by which a bound must clear a zone, or rounding would lose the package on its corner
_FIRST_SHARES = (0.5, 0.03, 0.12)
_NARROW = 2.0  # resolutions up to which the middle of a zone is not told from its whole
_LEAN = 0.01  # of the weight of the objective that is minimised: leaves its bound within a hundredth of a step


@dataclass(frozen=True)
class Job:
    """Zones given to a solver.

    corners: (zones, objectives).  boxes: (zones, objectives), proved empty if the solve is infeasible.
    """

    corners: Array
    boxes: Array
    task: Task
    floors: Array | None = None  # of the zone, as it was when it was given out

    def within(self, seconds: float, known: Known | None = None) -> Job:
        """The same job for a solver that has no more than these seconds, and may start from what a relaxation knows."""
        return replace(self, task=replace(self.task, seconds=seconds, known=known))


def by_uncertainty(book: Book, reference: Array, among: Places) -> int:
    """The zone with the largest volume in which something unknown may lie, counted up to the reference."""
    high = np.minimum(book.corners[among], reference)
    sides = np.maximum((high - book.floors[among]) / book.space.resolutions, 1e-3)
    return int(among[np.log(sides).sum(axis=1).argmax()])


def neighbours(book: Book, first: int, count: int) -> Places:
    """The zone `first` and the free zones nearest to it, at most count; (zones,)."""
    if book.states[first] == ALONE or not np.isfinite(book.corners[first]).all():
        return np.array([first])
    free = np.flatnonzero((book.states == FREE) & np.isfinite(book.corners).all(axis=1))
    away = np.abs((book.corners[free] - book.corners[first]) / book.space.resolutions).sum(axis=1)
    return free[np.argsort(away, kind="stable")[:count]]


def single(book: Book, zone: int, k: int, units: Array, low: Array, coarse: bool, prefers: bool) -> Job:
    """One zone by minimising objective k: exactly where the front is to be exact, else as near as the cover allows."""
    if coarse:
        return mostly_one(book, zone, k, units, float(prefers), COVER_GAP)
    return one_objective(book, zone, k, units, low)


def one_objective(book: Book, zone: int, k: int, units: Array, low: Array) -> Job:
    """Minimise objective k with the others bounded; a small share of the others makes the result nondominated.

    The share is so small that one step of k outweighs all others together, so the dual bound still bounds k.
    units: (objectives,), solver units per resolution.  low: (objectives,), solver values no package is below.
    """
    space, corners = book.space, book.corners[[zone]]
    row = space.s_of(space.row(corners))[0]
    box = space.empty_corner(corners)
    row[k] = box[0, k] = np.inf
    ranges = row - low
    usable = np.isfinite(ranges) & (np.arange(len(row)) != k)
    total = float((ranges[usable] / units[usable]).sum())
    weights = np.where(usable, 0.9 / (1.0 + total), 0.0) / units
    weights[k] = 1.0 / units[k]
    return Job(corners, box, Task(weights, row[None], start=_defining(book, zone, k)))


def _defining(book: Book, zone: int, k: int) -> Array | None:
    """A known package that keeps all bounds of the zone but that on objective k, the best in k: a point to start from."""
    others = np.arange(book.points.shape[1]) != k
    kept = np.flatnonzero((book.points < book.corners[zone])[:, others].all(axis=1))
    return book.packages[kept[book.points[kept, k].argmin()]] if len(kept) else None


def mostly_one(book: Book, zone: int, k: int, units: Array, prefer: float, gap: float) -> Job:
    """Minimise objective k inside a zone, all its bounds kept; a hundredth of the others decides between equals.

    A bound on one objective that reaches the zone's corner closes it, and the bounds on the others prune the tree.
    """
    space, corners = book.space, book.corners[[zone]]
    weights = np.where(np.arange(len(units)) == k, 1.0, _LEAN) / units
    return Job(corners, space.empty_corner(corners), Task(weights, space.s_of(space.row(corners)), prefer, gap=gap))


def branched(book: Book, zone: int, k: int, units: Array) -> Job:
    """Prove a zone empty by branching on relaxed optima: objective k alone, under the bounds on the others."""
    space, corners = book.space, book.corners[[zone]]
    row = space.s_of(space.row(corners))[0]
    weights = np.where(np.arange(len(units)) == k, 1.0, 0.0) / units
    beside = all_objectives(book, np.array([zone]), units, 0.0, 2 * COVER_GAP).task
    worth = float(row[k] / units[k]) + _HAIR
    task = Task(weights, np.where(weights > 0, np.inf, row)[None], worth=worth, beside=beside)
    return Job(corners, space.empty_corner(corners), task)


def dived(book: Book, zone: int, k: int, units: Array, reference: Array) -> Job:
    """Look for a package in the middle of a zone: objective k alone, the others at most half way into the zone."""
    space = book.space
    high = np.minimum(space.row(book.corners[[zone]])[0], reference)
    wide = (high - book.floors[zone]) / space.resolutions > _NARROW
    with np.errstate(invalid="ignore"):
        middle = np.where(wide, (high + book.floors[zone]) / 2, high)
    task, box = _dive(space, k, middle, units)
    return Job(book.corners[[zone]], box, task, book.floors[zone].copy())


def first_dives(space: Space, low: Array, reference: Array, units: Array) -> list[Job]:
    """Dives before there are zones: the first objective, the others at shares of their ranges; the last one first."""
    none = np.empty((0, len(low)))
    tasks = [_dive(space, 0, low + share * (reference - low), units)[0] for share in _FIRST_SHARES]
    return [Job(none, none, task) for task in tasks]


def _dive(space: Space, k: int, most: Array, units: Array) -> tuple[Task, Array]:
    """A dive for objective k with the others at most so much (z), and what is empty if there is nothing there."""
    box = space.up(most)
    row = space.s_of(box - space.lattice)
    row[k] = box[k] = np.inf
    return Task(np.where(np.arange(len(units)) == k, 1.0, 0.0) / units, row[None], dive=True), box[None]


def all_objectives(book: Book, zones: Places, units: Array, prefer: float, gap: float) -> Job:
    """Minimise the sum of all objectives in resolutions within any of the zones; infeasible if all are empty."""
    space, corners = book.space, book.corners[zones]
    rows = space.s_of(space.row(corners))
    return Job(corners, space.empty_corner(corners), Task(1.0 / units, rows, prefer, gap=gap))
