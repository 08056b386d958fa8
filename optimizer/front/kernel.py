"""Relaxation-induced neighbourhoods (after Danna, Rothberg and Le Pape 2005; Berthold 2014), one for each zone.

A programme in which the columns are held at their lower limit that no relaxed optimum near the zone uses solves many
times faster and is rarely worse by more than a resolution. It proves nothing; only the search for packages uses it.
"""

from __future__ import annotations

import numpy as np

from .local import Neighbourhood
from .program import Program
from .types import Array, Places

_WHOLE = 1e-6  # distance from the lower limit below which a relaxed value counts as unused
_FEW = 40  # integer columns below which leaving some out saves nothing
_SHARE = 0.6  # of the integer columns that may be free before it is not worth its while
_NEAR = 4  # relaxed optima whose columns are free: with fewer, packages a resolution better were missed
_KEPT = 400  # relaxed optima that are remembered, the newest


class Kernel:
    """Relaxed optima by their objective values, and which integer columns each of them uses."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._integer = np.flatnonzero(program.integer)
        self._low = program.lower[self._integer]
        self._values = np.empty((0, len(program.costs)))
        self._uses = np.empty((0, len(self._integer)), dtype=bool)
        self.useful = len(self._integer) >= _FEW and not Neighbourhood.suits(program)

    def see(self, relaxed: Array) -> None:
        """Take note of a relaxed optimum, (columns,)."""
        if self.useful and np.isfinite(self._low).all():
            self._values = np.vstack([self._values, self._program.values(relaxed)])[-_KEPT:]
            self._uses = np.vstack([self._uses, relaxed[self._integer] > self._low + _WHOLE])[-_KEPT:]

    def fixed(self, row: Array, units: Array) -> tuple[Places, Array] | None:
        """Columns that no optimum near a place uses, with their lower limits; None if holding them would not help.

        row: (objectives,), the place in solver values.  units: (objectives,), what counts as near in each.
        """
        if not len(self._values):
            return None
        distance = (np.abs(self._values - row) / units).sum(axis=1)
        free = self._uses[np.argsort(distance, kind="stable")[:_NEAR]].any(axis=0)
        if free.mean() > _SHARE:
            return None
        return self._integer[~free], self._low[~free]
