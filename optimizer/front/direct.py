"""Which zone to solve next and how, for exact fronts: the direct form of the search-zone method.

Tamby and Vanderpooten, "Enumeration of the nondominated set of multiobjective discrete optimization problems"
(2021): one solve per zone, minimising one objective under bounds on the others.
"""

from __future__ import annotations

import numpy as np

from .book import Book
from .solvers import Task
from .types import Array


def by_uncertainty(book: Book, reference: Array) -> int | None:
    """The free zone with the largest volume in which something unknown may lie, counted up to the reference."""
    free = book.free()
    if not len(free):
        return None
    high = np.minimum(book.corners[free], reference)
    sides = np.maximum((high - book.floors[free]) / book.space.resolutions, 1e-3)
    return int(free[np.log(sides).sum(axis=1).argmax()])


def one_objective(book: Book, corner: Array, k: int, units: Array, low: Array) -> Task:
    """Minimise objective k with the others bounded; a small share of the others makes the result nondominated.

    The share is so small that one step of k outweighs all others together, so the dual bound still bounds k.
    units: (objectives,), solver units per resolution.  low: (objectives,), solver values no package is below.
    """
    space = book.space
    row = space.s_of(space.row(corner))
    row[k] = np.inf
    ranges = row - low
    usable = np.isfinite(ranges) & (np.arange(len(row)) != k)
    total = float((ranges[usable] / units[usable]).sum())
    weights = np.where(usable, 0.9 / (1.0 + total), 0.0) / units
    weights[k] = 1.0 / units[k]
    return Task(weights=weights, upper=row)


def all_objectives(book: Book, corner: Array, units: Array, prefer: float, gap: float) -> Task:
    """Minimise the sum of all objectives in resolutions, all of them bounded; an empty zone is infeasible."""
    row = book.space.s_of(book.space.row(corner))
    return Task(weights=1.0 / units, upper=row, prefer=prefer, gap=gap)
