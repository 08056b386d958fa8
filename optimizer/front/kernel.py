"""Kernel search (Angelelli, Mansini and Speranza 2010): packages from the columns that relaxed optima use.

A programme of which most columns are held solves many times faster and is rarely worse by more than a resolution.
It proves nothing; only the search for packages uses it.
"""

from __future__ import annotations

import numpy as np

from .local import Neighbourhood
from .program import Program
from .types import Array, Places

_WHOLE = 1e-6  # distance from a whole number below which a relaxed value counts as one
_FEW = 40  # integer columns below which leaving some out saves nothing
_SHARE = 0.6  # of the integer columns that a kernel may hold before it is not worth its while


class Kernel:
    """Which integer columns differ between relaxed optima, or are fractional in one."""

    def __init__(self, program: Program) -> None:
        self._integer = np.flatnonzero(program.integer)
        self._low = np.full(len(self._integer), np.inf)
        self._high = np.full(len(self._integer), -np.inf)
        self._useful = len(self._integer) >= _FEW and not Neighbourhood.suits(program)

    def see(self, relaxed: Array) -> None:
        """Take note of a relaxed optimum, (columns,)."""
        values = relaxed[self._integer]
        self._low = np.minimum(self._low, np.floor(values + _WHOLE))
        self._high = np.maximum(self._high, np.ceil(values - _WHOLE))

    def fixed(self) -> tuple[Places, Array] | None:
        """Columns outside the kernel with the value they had in all optima; None if a kernel would not help."""
        held = self._low == self._high
        if not self._useful or (~held).sum() > _SHARE * len(held):
            return None
        return self._integer[held], self._low[held]
