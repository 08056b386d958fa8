"""Packages beside a relaxed optimum: columns are rounded up, what follows is drawn, and the relaxation is solved again.

Fix, propagate and repair as in the dives of Achterberg, "Constraint Integer Programming" (2007), with columns that count
others first. A dive takes ten to twenty warm solves and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .live import Live
from .propagation import Propagation
from .types import Array, Places

WHOLE = 1e-6  # distance from a whole number that counts as none
_SOLVES = 24  # after so many the dive has lost its way
_SURE = 0.8  # a relaxed value from which a column that is branched on early is rounded up with others
_LIKELY = 0.5  # the same for the many columns of the last tier
_SHARE = 0.1  # of the fractional columns of the last tier that are rounded up at a time at least

Box = tuple[Array, Array]  # lower and upper bounds of all columns


class Dive:
    """Dives on a live relaxation whose costs and bounds on the objectives are set already."""

    def __init__(self, live: Live, tiers: Sequence[Places], propagation: Propagation) -> None:
        self._live, self._tiers, self._propagation = live, tiers, propagation
        self._moved = np.concatenate(tiers) if tiers else np.empty(0, dtype=np.int64)

    def down(self, box: Box, most: Array, over: Callable[[], bool]) -> Array | None:
        """A relaxed optimum without fractions, (columns,), from the one that the relaxation of a box is at; or None.

        box: bounds of the columns, two (columns,).  most: (objectives,) solver values allowed.
        """
        self._solves = 0
        while True:
            tier, places = self._fractional(self._live.x)
            if not len(places):
                return self._live.x
            if self._solves >= _SOLVES or over():
                return None
            found = self._round(box, tier, places, most)
            if found is None:
                return None
            box = found

    def _fractional(self, x: Array) -> tuple[int, Places]:
        """The first tier with fractional columns, and these, the largest first."""
        for k, tier in enumerate(self._tiers):
            values = x[tier]
            open_ = np.abs(values - np.round(values)) > WHOLE
            if open_.any():
                places = tier[open_]
                part = x[places] - np.floor(x[places])
                return k, places[np.argsort(-part, kind="stable")]
        return len(self._tiers), np.empty(0, dtype=np.int64)

    def _round(self, box: Box, tier: int, places: Places, most: Array) -> Box | None:
        """The box with some columns rounded up and solved; fewer, or the first one down, where that holds nothing."""
        x, start = self._live.x, self._live.basis()
        part, last = x[places] - np.floor(x[places]), tier == len(self._tiers) - 1
        count = max(1, int((part >= (_LIKELY if last else _SURE)).sum()), int(_SHARE * len(places)) if last else 0)
        box = self._kept(box, np.concatenate(self._tiers[: tier + 1]), x, most)
        while count:
            raised = self._raised(box, x, places[:count], most)
            if raised is not None and self._solved(raised):
                return raised
            self._live.start_from(start)
            count //= 2
        lowered = self._with(box, int(places[0]), upper=float(np.floor(x[places[0]])), most=most)
        return lowered if lowered is not None and self._solved(lowered) else None

    def _kept(self, box: Box, places: Places, x: Array, most: Array) -> Box:
        """The box with columns that are whole and above their lower bound held there, where rows allow all of them."""
        lower, whole = box[0].copy(), np.round(x[places])
        sure = (np.abs(x[places] - whole) <= WHOLE) & (whole > lower[places])
        lower[places[sure]] = whole[sure]
        return self._propagation.tightened(lower, box[1], most) or box

    def _raised(self, box: Box, x: Array, places: Places, most: Array) -> Box | None:
        """Columns rounded up one after another, each as long as rows allow; None if they allow none."""
        raised = 0
        for place in places.tolist():
            up = float(np.ceil(x[place]))
            if box[1][place] < up:
                continue
            tried = self._with(box, place, lower=up, most=most)
            if tried is not None:
                raised += 1
            else:
                tried = self._with(box, place, upper=up - 1.0, most=most)
            if tried is None:
                return None
            box = tried
        return box if raised else None

    def _with(
        self, box: Box, place: int, most: Array, lower: float | None = None, upper: float | None = None
    ) -> Box | None:
        """The box with one bound moved and what follows; None where nothing is left."""
        low, high = box[0].copy(), box[1].copy()
        low[place], high[place] = low[place] if lower is None else lower, high[place] if upper is None else upper
        return None if low[place] > high[place] else self._propagation.tightened(low, high, most)

    def _solved(self, box: Box) -> bool:
        self._solves += 1
        self._live.columns(self._moved, box[0][self._moved], box[1][self._moved])
        return self._live.run() == "optimal"
