"""Bounds on every zone from the live linear relaxation, in a millisecond or so, and points to start from.

`toward` is the scalarisation of Pascoletti and Serafini (1984): go from a corner along the resolutions until
something feasible is met. Its dual is a cut of the whole front (Benson 1998). Cuts are recomputed from the duals
alone, so no tolerance of the solver enters them (Neumaier and Shcherbina 2004).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .live import Live
from .program import Program
from .types import Array, Mask


@dataclass(frozen=True)
class Relaxed:
    """What a relaxed solve showed: every feasible package has weights @ s >= bound, and x is a relaxed optimum."""

    status: str
    weights: Array
    bound: float = -math.inf
    x: Array | None = None


class Relaxation:
    """Relaxed solves of a whole programme: with weights, from a corner, or with some columns held."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.live = Live(program)

    def minimise(self, weights: Array) -> Relaxed:
        """Minimise a weighted sum of the objectives without bounds on them."""
        self._set(weights @ self._program.costs, 0.0, np.full(len(weights), math.inf), None)
        return self._solved(weights)

    def toward(self, row: Array, units: Array) -> Relaxed:
        """Smallest t such that something relaxed has s <= row + t * units; the cut is the tightest at that place."""
        if not np.isfinite(row).any():
            return Relaxed("unbounded", np.zeros(len(row)))
        self._set(np.zeros(self._program.columns), 1.0, row, units)
        return self._solved(None)

    def complete(self, x: Array, task_weights: Array, held: Mask) -> Array | None:
        """x with the columns that are not held chosen anew, best for the weights; None if those held allow none."""
        whole = np.flatnonzero(held)
        self._set(task_weights @ self._program.costs, 0.0, np.full(len(task_weights), math.inf), None)
        fixed = np.round(x[whole])
        self.live.columns(whole, fixed, fixed)
        found = self.live.run() == "optimal"
        values = self.live.x if found else None
        self.live.columns(whole, self._program.lower[whole], self._program.upper[whole])
        return values

    def _set(self, costs: Array, cost_of_t: float, most: Array, slopes: Array | None) -> None:
        self.live.costs(costs, cost_of_t)
        self.live.limits(most, slopes)

    def _solved(self, weights: Array | None) -> Relaxed:
        outcome = self.live.run()
        if outcome != "optimal":
            return Relaxed(outcome, np.zeros(len(self._program.costs)))
        weights = self.live.paid if weights is None else weights
        return Relaxed("optimal", weights, self.live.bound(weights), self.live.x)
