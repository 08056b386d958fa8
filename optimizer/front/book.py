"""The books of a search: known points, open zones, and what is proved empty. Every claim of any origin enters here.

All in z (user units, less is better) but cuts, which are linear only in the solver's values.
"""

from __future__ import annotations

import math

import numpy as np

from .space import Space
from .types import Array, Mask, Places
from .zones import nondominated, split

FREE, BUSY, ALONE, TIRED, GIVEN_UP = range(5)  # states of a zone; ALONE: to be tried, but not joined with others
_LOOKED_AT = 64  # zones whose part in the gap is computed anew at a time
_CELLS = 2_000_000  # comparisons made at a time, so that they stay in memory


class Book:
    """Points, zones and proofs; each method keeps them consistent with one another.

    corners: (zones, objectives), every package more than the slack better than all known ones lies below one.
    floors: (zones, objectives): no package one step inside the zone is better than this in that objective.
    states: (zones,), see above; a child of a zone that was given up is a new question.  reasons: why, by corner.
    tested, searched: (zones,), whether the relaxation was asked about the zone, and a restricted programme.
    excess: (zones, objectives), in resolutions, by which a known point may be worse than a package of the zone; as of the
        last time it was computed, infinite before.  reach: (objectives,), the gap; it only ever shrinks.
    """

    def __init__(self, space: Space, top: Array) -> None:
        p = len(top)
        self.space = space
        self.corners = top[None, :].copy()
        self._empty = space.empty_corner(self.corners)
        self.floors = np.full((1, p), -math.inf)
        self.excess = np.full((1, p), math.inf)
        self.states = np.full(1, FREE, dtype=np.int8)
        self.tested = np.zeros(1, dtype=bool)
        self.searched = np.zeros(1, dtype=bool)
        self.reasons: dict[bytes, str] = {}
        self.points = np.empty((0, p))
        self.packages: list[Array] = []
        self.boxes = np.empty((0, p))
        self.reach = np.full(p, math.inf)
        self.closed = 0
        self._cut_tops = np.empty((0, p))
        self._cut_weights = np.empty((0, p))
        self._cut_bounds = np.empty(0)

    def add_point(self, z: Array, x: Array) -> bool:
        """Take in a feasible package; False if a known one is at least as good."""
        if (self.points <= z).all(axis=1).any():
            return False
        keep: Mask = np.asarray(~(z <= self.points).all(axis=1))
        self.points = np.vstack([self.points[keep], z])
        if not keep.all():
            self.packages = [package for package, kept in zip(self.packages, keep, strict=True) if kept]
        self.packages.append(x)
        hit: Mask = np.asarray((z < self.corners).all(axis=1))
        if hit.any():
            _, children = split(self.corners, z)
            self._keep(~hit)
            self._append(children)
            self._sweep()
        return True

    def _keep(self, kept: Mask) -> None:
        self.corners, self.floors, self.excess = self.corners[kept], self.floors[kept], self.excess[kept]
        self._empty = self._empty[kept]
        self.states, self.tested, self.searched = self.states[kept], self.tested[kept], self.searched[kept]

    def _append(self, children: Array) -> None:
        self.corners = np.vstack([self.corners, children])
        self._empty = np.vstack([self._empty, self.space.empty_corner(children)])
        self.floors = np.vstack([self.floors, self._floors(children)])
        self.excess = np.vstack([self.excess, np.full(children.shape, math.inf)])
        self.states = np.append(self.states, np.full(len(children), FREE, dtype=np.int8))
        self.tested = np.append(self.tested, np.zeros(len(children), dtype=bool))
        self.searched = np.append(self.searched, np.zeros(len(children), dtype=bool))

    def place(self, corner: Array) -> int | None:
        """Position of the zone with that corner, if it is still open."""
        found = np.flatnonzero((self.corners == corner).all(axis=1))
        return int(found[0]) if len(found) else None

    def mark(self, corner: Array, state: int, reason: str = "") -> None:
        """Set the state of a zone that is still open."""
        place = self.place(corner)
        if place is not None:
            self.states[place] = state
            if reason:
                self.reasons[corner.tobytes()] = reason

    def free(self) -> Places:
        """Positions of the zones that may be tried; (zones,)."""
        return np.flatnonzero((self.states == FREE) | (self.states == ALONE))

    def add_box(self, corner: Array) -> None:
        """Nothing feasible lies strictly below the corner."""
        self.boxes = np.vstack([self.boxes, corner])
        for k in range(len(corner)):
            reaches = np.delete(corner >= self._empty, k, axis=1).all(axis=1)
            self.floors[reaches, k] = np.maximum(self.floors[reaches, k], corner[k])
        self._sweep()

    def add_cut(self, top: Array, weights: Array, bound: float) -> None:
        """Every feasible package whose solver values are at most `top` has weights @ s >= bound; weights >= 0."""
        if not math.isfinite(bound) or not (weights > 0).any():
            return
        self._cut_tops = np.vstack([self._cut_tops, top])
        self._cut_weights = np.vstack([self._cut_weights, weights])
        self._cut_bounds = np.append(self._cut_bounds, bound)
        new = slice(len(self._cut_bounds) - 1, None)
        self.floors = np.maximum(self.floors, self._cut_floors(self.corners, new))
        self._sweep()

    def _floors(self, corners: Array) -> Array:
        floors = self._cut_floors(corners, slice(None))
        empty = self.space.empty_corner(corners)
        above = self.boxes[None] >= empty[:, None]  # (zones, boxes, objectives)
        missed = (~above).sum(axis=2)
        for k in range(corners.shape[1]):
            reaches = (missed == 0) | ((missed == 1) & ~above[:, :, k])
            best = np.where(reaches, self.boxes[None, :, k], -math.inf).max(axis=1, initial=-math.inf)
            floors[:, k] = np.maximum(floors[:, k], best)
        return floors

    def _cut_floors(self, corners: Array, which: slice) -> Array:
        """Floors that the chosen cuts give: what is left of a bound when the other objectives are at their most."""
        tops, weights, bounds = self._cut_tops[which], self._cut_weights[which], self._cut_bounds[which]
        if not len(bounds) or not len(corners):
            return np.full(corners.shape, -math.inf)
        row = self.space.s_of(self.space.row(corners))
        applies: Mask = np.asarray((row[:, None] <= tops[None] + 1e-12 * np.abs(tops[None])).all(axis=2))
        of_use: Mask = np.asarray(applies.any(axis=0))  # most cuts were proved inside one zone
        applies, tops, weights, bounds = applies[:, of_use], tops[of_use], weights[of_use], bounds[of_use]
        if not len(bounds):
            return np.full(corners.shape, -math.inf)
        with np.errstate(invalid="ignore"):  # a weight of zero counts nothing, whatever the row
            spent = np.where(weights[None] > 0, weights[None] * row[:, None], 0.0)  # (zones, cuts, objectives)
        floors = np.empty(corners.shape)
        for k in range(corners.shape[1]):
            left = bounds[None] - np.delete(spent, k, axis=2).sum(axis=2)
            with np.errstate(divide="ignore", invalid="ignore"):
                left = np.minimum(left, (tops[:, k] + self.space.lattice[k]) * weights[:, k])  # beyond top: no claim
                value = np.where((weights[None, :, k] > 0) & applies, left / weights[None, :, k], -math.inf)
            floors[:, k] = np.nan_to_num(value, nan=-math.inf, posinf=math.inf, neginf=-math.inf).max(axis=1)
        lowered = floors - 1e-9 * np.maximum(1.0, np.abs(np.where(np.isfinite(floors), floors, 0.0)))
        return self.space.up(self.space.z_of(lowered))

    def _sweep(self) -> None:
        """Drop the zones that the floors prove empty, and keep a box for each as its proof."""
        done: Mask = np.asarray((self.floors >= self._empty).any(axis=1))
        if done.any():
            self.boxes = np.vstack([self.boxes, _proofs(self._empty[done], self.floors[done])])
            self.closed += int(done.sum())
            self._keep(~done)

    def refutes(self, z: Array) -> bool:
        """Whether a feasible package at z contradicts what is thought proved, by more than rounding."""
        slack = 1e-6 * np.maximum(np.maximum(1.0, np.abs(z)), self.space.resolutions)
        s = self.space.s_of(z + slack)
        inside = (s <= self._cut_tops).all(axis=1)
        below = self._cut_weights @ s < self._cut_bounds - 1e-6 * np.maximum(1.0, np.abs(self._cut_bounds))
        return bool((z + slack < self.boxes).all(axis=1).any() or (inside & below).any())

    def records(self) -> Array:
        """Largest proved-empty corners, those of the open zones' floors included; (records, objectives)."""
        self.boxes = self.boxes[nondominated(-self.boxes)]
        partial = []
        for k in range(self._empty.shape[1]):
            box = self._empty.copy()
            box[:, k] = self.floors[:, k]
            partial.append(box[np.isfinite(self.floors[:, k])])
        boxes = np.vstack([self.boxes, *partial])
        largest: Array = boxes[nondominated(-boxes)]
        return largest

    def gap(self) -> Array:
        """For every feasible package a known one is no worse by more than this; (objectives,), in resolutions.

        For each open zone the known point that needs least is taken among those within the last gap, so that the
        gap stays valid for all objectives at once and never grows. Only zones that might set it are looked at anew.
        """
        needed = self.space.slack / self.space.resolutions
        if len(self.corners) and not len(self.points):
            return self.reach
        stale = np.ones(len(self.corners), dtype=bool)
        step = max(1, _CELLS // max(1, self.points.size))
        while len(ahead := np.flatnonzero(stale & (self.excess > needed).any(axis=1))):
            first = ahead[np.argsort(-self.excess[ahead].max(axis=1), kind="stable")[: min(step, _LOOKED_AT)]]
            self.excess[first] = self._least_excess(self.floors[first])
            stale[first] = False
            needed = np.maximum(needed, self.excess[first].max(axis=0))
        self.reach = np.minimum(self.reach, needed)
        return self.reach

    def _least_excess(self, floors: Array) -> Array:
        """By how much the best known point may be worse than a package of each zone; (zones, objectives)."""
        excess = np.maximum((self.points[None] - floors[:, None]) / self.space.resolutions, 0.0)
        allowed = (excess <= self.reach * (1 + 1e-12) + 1e-12).all(axis=2)
        worst = np.where(allowed, excess.max(axis=2), math.inf)
        best = worst.argmin(axis=1)
        chosen = np.arange(len(floors))
        return np.where(np.isfinite(worst[chosen, best])[:, None], excess[chosen, best], math.inf)


def _proofs(empty: Array, floors: Array) -> Array:
    """A proved-empty corner for each closed zone, reaching as far as its best floor; (zones, objectives)."""
    with np.errstate(invalid="ignore"):
        best = np.argmax(np.where(floors >= empty, np.nan_to_num(floors - empty), -1.0), axis=1)
    proofs = empty.copy()
    rows = np.arange(len(proofs))
    proofs[rows, best] = floors[rows, best]
    return proofs
