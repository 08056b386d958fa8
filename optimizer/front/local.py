"""Pareto local search (Paquete, Chiarandini and Stuetzle 2004): good packages before any solver has been asked.

For programmes of integer columns only. A neighbour moves one column by a step, or two columns in opposite directions.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import numpy as np

from .program import Program
from .types import Array, Mask

_VAIN = 60  # looks around in a row that may find nothing new before the search counts as over
SLICE = 0.03  # seconds after which the search looks up, so that solvers do not wait for work
_CELLS = 4_000_000  # beyond this, rows x columns or rows x pairs would no longer fit the caches or the time


def dense_rows(program: Program) -> Array:
    """The constraint matrix, (rows, columns)."""
    rows = np.zeros((len(program.row_lower), program.columns))
    np.add.at(rows, (program.row, program.col), program.value)
    return rows


class Neighbourhood:
    """The programme in dense form, so that all neighbours of a package are judged in a few array operations."""

    def __init__(self, program: Program, rng: np.random.Generator) -> None:
        self._program = program
        self._rng = rng
        self._rows = dense_rows(program)

    @staticmethod
    def suits(program: Program) -> bool:
        """Whether the programme is of the kind and size this search is for."""
        bounded = np.isfinite(program.lower).all() and np.isfinite(program.upper).all()
        size = (len(program.row_lower) + len(program.costs)) * program.columns
        return bool(program.integer.all() and bounded and program.columns and size <= _CELLS)

    def around(self, x: Array) -> Array:
        """Feasible neighbours of x, (neighbours, columns)."""
        first, second = self._moves(x)
        steps = np.sign((self._program.lower + self._program.upper) / 2 - x - 1e-9)  # a binary flips
        steps = np.where(steps == 0, 1.0, steps)
        change = self._rows * steps
        activity = (self._rows @ x)[:, None] + change[:, first]
        paired = second >= 0
        activity[:, paired] += change[:, second[paired]]
        slack = 1e-9 * (1.0 + np.abs(activity))
        low, high = self._program.row_lower[:, None], self._program.row_upper[:, None]
        kept = np.flatnonzero(((activity >= low - slack) & (activity <= high + slack)).all(axis=0))
        found = np.repeat(x[None], len(kept), axis=0)
        at = np.arange(len(kept))
        found[at, first[kept]] += steps[first[kept]]
        two = paired[kept]
        found[at[two], second[kept][two]] += steps[second[kept][two]]
        return found

    def _moves(self, x: Array) -> tuple[Array, Array]:
        """Columns to step, alone (second is -1) and in pairs of one up and one down."""
        free = np.flatnonzero(self._program.upper > self._program.lower)
        rising = free[x[free] < (self._program.lower + self._program.upper)[free] / 2]
        falling = np.setdiff1d(free, rising)
        pairs = np.array(np.meshgrid(rising, falling)).reshape(2, -1)
        most = max(_CELLS // max(1, len(self._rows)) // 4, 100)
        if pairs.shape[1] > most:
            pairs = pairs[:, self._rng.choice(pairs.shape[1], most, replace=False)]
        return np.concatenate([free, pairs[0]]), np.concatenate([np.full(len(free), -1), pairs[1]])


class Archive:
    """Nondominated packages of a local search, as arrays."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.points = np.empty((0, len(program.costs)))
        self.packages = np.empty((0, program.columns))
        self.explored: Mask = np.empty(0, dtype=bool)

    def add(self, packages: Array) -> None:
        """Take in those of the packages, (n, columns), that nothing in the archive is as good as."""
        values = packages @ self._program.costs.T + self._program.constants
        fresh = self._not_covered(values)
        values, packages = values[fresh], packages[fresh]
        for i in np.lexsort(values.T[::-1]):
            if (self.points <= values[i] + 1e-12).all(axis=1).any():
                continue
            keep = ~(values[i] <= self.points).all(axis=1)
            self.points = np.vstack([self.points[keep], values[i]])
            self.packages = np.vstack([self.packages[keep], packages[i]])
            self.explored = np.append(self.explored[keep], False)

    def _not_covered(self, values: Array) -> Mask:
        covered = np.zeros(len(values), dtype=bool)
        for k in range(0, len(values), 512):  # in pieces, so that the comparison stays in the cache
            piece = values[k : k + 512, None]
            better: Mask = np.asarray((self.points[None] <= piece + 1e-12).all(axis=2))
            covered[k : k + 512] = better.any(axis=1)
        return ~covered


def improve(program: Program, starts: Array, seconds: float, rng: np.random.Generator) -> Iterator[Array]:
    """Nondominated packages reached from the starts, (packages, columns); the starts must be feasible.

    Every package found is explored once, in random order, until none is left or the processor time is up. Gives all
    packages known so far every few hundredths of a second, and at last those known at the end.
    """
    began = paused = time.thread_time()
    neighbourhood, archive = Neighbourhood(program, rng), Archive(program)
    archive.add(starts)
    vain = 0
    while time.thread_time() < began + seconds and vain < _VAIN + len(archive.points):
        left = np.flatnonzero(~archive.explored)
        if len(left):
            chosen = int(rng.choice(left))
            archive.explored[chosen] = True
            archive.add(neighbourhood.around(archive.packages[chosen]))
        elif not len(archive.packages) or not _kick(neighbourhood, archive, rng):
            break
        vain = vain + 1 if archive.explored.all() else 0
        if time.thread_time() > paused + SLICE:
            yield archive.packages
            paused = time.thread_time()
    yield archive.packages


def _kick(neighbourhood: Neighbourhood, archive: Archive, rng: np.random.Generator) -> bool:
    """Look around a neighbour of a package although it is dominated; False if there is none."""
    near = neighbourhood.around(archive.packages[rng.integers(len(archive.packages))])
    if len(near):
        archive.add(neighbourhood.around(near[rng.integers(len(near))]))
    return bool(len(near))


def roundings(program: Program, relaxed: Array, rng: np.random.Generator, most: int = 256) -> Array:
    """Feasible ways to round the fractional columns of a relaxed optimum up or down; (ways, columns)."""
    low = np.floor(relaxed + 1e-7)
    fractional = np.flatnonzero(program.integer & (relaxed - low > 1e-7))
    if 2 ** len(fractional) <= most:
        ways = list(itertools.product([0, 1], repeat=len(fractional)))
        up = np.array(ways, dtype=np.int64).reshape(len(ways), len(fractional))
    else:
        up = rng.integers(0, 2, (most, len(fractional)))
    found = np.repeat(np.where(program.integer, low, relaxed)[None], len(up), axis=0)
    found[:, fractional] += up
    return found[[program.feasible(x) for x in found]]
