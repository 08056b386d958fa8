"""Repair: any set of columns and joins is turned into one that keeps every hard row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model.reduction import hard_rows
from ..model.rows import Row
from ..model.situation import Situation

Bits = NDArray[np.bool_]
STEPS = 80  # broken rows mended one after another before the repair gives up and falls back
CURE = 0.5  # chance that a broken row is mended by adding what it asks for rather than by dropping what asks


class Repair:
    """The hard rows of a situation, laid out for quick checks."""

    def __init__(self, situation: Situation) -> None:
        from scipy.sparse import csr_matrix

        rows = hard_rows(situation)
        self.size = len(situation.columns) + len(situation.joins)
        self.plain = [row for row in rows if not row.any_of]
        self.others = [row for row in rows if row.any_of]
        places = [(k, i, w) for k, row in enumerate(self.plain) for i, w in row.weights.items()]
        data, left, right = [w for _, _, w in places], [k for k, _, _ in places], [i for _, i, _ in places]
        self.matrix = csr_matrix((data, (left, right)), shape=(len(self.plain), self.size))
        self.limits = np.array([row.limit for row in self.plain])

    def broken(self, bits: Bits) -> list[Row]:
        """The rows that a set breaks."""
        over = self.matrix @ bits - self.limits > 1e-6
        found = [self.plain[k] for k in np.flatnonzero(over)]
        if self.others:
            chosen = frozenset(np.flatnonzero(bits).tolist())
            found += [row for row in self.others if not row.kept(chosen)]
        return found

    def mended(self, bits: Bits, fallback: Bits, rng: np.random.Generator) -> Bits:
        """A set near this one that keeps every row; the fallback (which keeps them) where that fails."""
        bits = bits.copy()
        for _ in range(STEPS):
            broken = self.broken(bits)
            if not broken:
                return bits
            self._mend(bits, broken[int(rng.integers(len(broken)))], rng)
        return fallback.copy()

    def _mend(self, bits: Bits, row: Row, rng: np.random.Generator) -> None:
        """One step on one row: add something that it asks for, or drop something that it counts against."""
        helps = [i for i, w in row.weights.items() if w < 0 and not bits[i]]
        hurts = [i for i, w in row.weights.items() if w > 0 and bits[i]]
        for weight, group in row.any_of:
            (helps if weight < 0 else hurts).extend(i for i in group if bits[i] == (weight > 0))
        if helps and (not hurts or rng.random() < CURE):
            bits[_one(helps, rng)] = True
        elif hurts:
            bits[_one(hurts, rng)] = False
        else:
            bits[:] = False


def _one(places: Sequence[int], rng: np.random.Generator) -> int:
    return int(places[int(rng.integers(len(places)))])
