"""What follows for whole columns from the bounds of the others, row by row, without a solve (Savelsbergh 1994)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .program import Program
from .sparse import matrix_of, sparse, stacked
from .types import Array

_ROUNDS = 4  # passes over all rows; what a longer chain would show is left to the relaxation
_CHAIN = 8  # the same for bounds on columns that are given none
_SLACK = 1e-6  # by how much a row may be missed, in units of its largest coefficient


class Propagation:
    """Rows and bounds on the objectives as 'sum of terms <= limit', laid out for passes over all of them."""

    def __init__(self, program: Program) -> None:
        rows, limits = _at_most(program)
        whole, limits = stacked([program.costs, rows]), np.append(np.zeros(len(program.costs)), limits)
        telling = np.flatnonzero(_telling(whole, program))
        bounded = telling < len(program.costs)  # of the objectives
        self._objectives = telling[bounded]
        self._limits, whole = limits[telling], sparse(whole[telling])
        self._constants = program.constants
        self._col, self._value = whole.indices, whole.data
        self._up, self._size = whole.data > 0, np.abs(whole.data)
        self._starts = whole.indptr[:-1]
        self._row = np.repeat(np.arange(whole.shape[0]), np.diff(whole.indptr))
        self._whole = program.integer[whole.indices]
        self._slack = _SLACK * np.maximum.reduceat(self._size, self._starts) if len(telling) else np.empty(0)

    def tightened(self, lower: Array, upper: Array, most: Array) -> tuple[Array, Array] | None:
        """Bounds (columns,) of what is left of a box in which the objectives are at most `most`; None: nothing is."""
        if not len(self._limits):
            return lower, upper
        limits = self._limits + self._slack
        limits[: len(self._objectives)] += (most - self._constants)[self._objectives]
        for _ in range(_ROUNDS):
            low, high = lower[self._col], upper[self._col]
            room = limits - np.add.reduceat(self._value * np.where(self._up, low, high), self._starts)
            if (room < 0).any():
                return None
            tight = np.flatnonzero(self._whole & (self._size * (high - low) > room[self._row]))
            if not len(tight):
                return lower, upper
            lower, upper = lower.copy(), upper.copy()
            places, rising = self._col[tight], self._up[tight]
            steps = np.floor(room[self._row[tight]] / self._size[tight])
            np.minimum.at(upper, places[rising], (low[tight] + steps)[rising])
            np.maximum.at(lower, places[~rising], (high[tight] - steps)[~rising])
            if (lower > upper).any():
                return None
        return lower, upper


def _at_most(program: Program) -> tuple[Any, Array]:
    """The rows as 'sum of terms <= limit': a matrix of one row for each side that is bounded, and the limits."""
    rows, above, below = matrix_of(program), np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    limits = np.concatenate([program.row_upper[above], -program.row_lower[below]])
    return stacked([rows[above], -rows[below]]), limits


def _telling(rows: Any, program: Program) -> np.ndarray:
    """Rows that can say something about a whole column: no term without bound, and a whole one among them; (rows,)."""
    at = np.where(rows.data > 0, program.lower[rows.indices], program.upper[rows.indices])
    place = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    unbounded = np.bincount(place, ~np.isfinite(at), rows.shape[0]) > 0
    whole = np.bincount(place, program.integer[rows.indices], rows.shape[0]) > 0
    telling: np.ndarray = whole & ~unbounded
    return telling


def implied(program: Program) -> tuple[Array, Array]:
    """Bounds (columns,) that every package keeps, also on columns that are given none: as far as rows show them."""
    whole, limits = _at_most(program)
    col, value, count = whole.indices, whole.data, whole.shape[0]
    row = np.repeat(np.arange(count), np.diff(whole.indptr))
    lower, upper = program.lower.copy(), program.upper.copy()
    for _ in range(_CHAIN):
        least = value * np.where(value > 0, lower[col], upper[col])
        free = np.isinf(least)
        missing = np.bincount(row, free, count)
        sums = np.bincount(row, np.where(free, 0.0, least), count)
        others = missing[row] - free == 0  # all but this column are bounded
        open_ = others & np.where(value > 0, np.isinf(upper[col]), np.isinf(lower[col]))
        if not open_.any():
            break
        room = limits[row] - sums[row] + np.where(free, 0.0, least)
        reach = room[open_] / value[open_]
        reach += np.sign(value[open_]) * _SLACK * np.maximum(1.0, np.abs(reach))  # rows are kept to a tolerance only
        places, rising = col[open_], value[open_] > 0
        np.minimum.at(upper, places[rising], reach[rising])
        np.maximum.at(lower, places[~rising], reach[~rising])
    return lower, upper
