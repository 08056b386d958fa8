"""The books of a search: known points, open zones, and what is proved empty. Every claim of any origin enters here.

All in z (user units, less is better) but cuts, which are linear only in the solver's values.
"""

from __future__ import annotations

import math

import numpy as np

from .space import Space
from .types import Array, Mask, Places
from .zones import nondominated, split


class Book:
    """Points, zones and proofs; each method keeps them consistent with one another.

    corners: (zones, objectives), every package more than the slack better than all known ones lies below one.
    floors: (zones, objectives): no package one step inside the zone is better than this in that objective.
    marks: by corner, why a zone is not to be tried now; a child of a marked zone is a new question.
    """

    def __init__(self, space: Space, top: Array) -> None:
        p = len(top)
        self.space = space
        self.corners = top[None, :].copy()
        self.floors = np.full((1, p), -math.inf)
        self.marks: dict[bytes, str] = {}
        self.points = np.empty((0, p))
        self.packages: list[Array] = []
        self.boxes = np.empty((0, p))
        self._cut_tops = np.empty((0, p))
        self._cut_weights = np.empty((0, p))
        self._cut_bounds = np.empty(0)
        self.reach = np.full(p, math.inf)  # the gap, in resolutions; only ever shrinks

    def add_point(self, z: Array, x: Array) -> bool:
        """Take in a feasible package; False if a known one is at least as good."""
        if (self.points <= z).all(axis=1).any():
            return False
        keep: Mask = np.asarray(~(z <= self.points).all(axis=1))
        self.points = np.vstack([self.points[keep], z])
        self.packages = [package for package, kept in zip(self.packages, keep, strict=True) if kept] + [x]
        hit: Mask = np.asarray((z < self.corners).all(axis=1))
        if hit.any():
            self._replace(z, hit)
        return True

    def _replace(self, z: Array, hit: Mask) -> None:
        kept, children = split(self.corners, z)
        self.floors = np.vstack([self.floors[~hit], self._floors(children)])
        self.corners = np.vstack([kept, children])
        self._sweep()

    def free(self) -> Places:
        """Positions of the zones that may be tried; (zones,)."""
        return np.array([i for i, u in enumerate(self.corners) if u.tobytes() not in self.marks], dtype=np.int64)

    def add_box(self, corner: Array) -> None:
        """Nothing feasible lies strictly below the corner."""
        self.boxes = np.vstack([self.boxes, corner])
        empty = self.space.empty_corner(self.corners)
        for k in range(len(corner)):
            reaches = np.delete(corner >= empty, k, axis=1).all(axis=1)
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
        row = self.space.s_of(self.space.row(corners))
        if not len(bounds) or not len(corners):
            return np.full(corners.shape, -math.inf)
        applies = (
            (row[:, None] <= tops[None] + 1e-12 * np.abs(tops[None])).all(axis=2) if np.isfinite(tops).any() else True
        )
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
        empty = self.space.empty_corner(self.corners)
        done = (self.floors >= empty).any(axis=1)
        if not done.any():
            return
        self.boxes = np.vstack([self.boxes, self._proofs(empty[done], self.floors[done])])
        self.corners, self.floors = self.corners[~done], self.floors[~done]

    @staticmethod
    def _proofs(empty: Array, floors: Array) -> Array:
        best = np.argmax(np.where(floors >= empty, floors - empty, -1.0), axis=1)
        proofs = empty.copy()
        rows = np.arange(len(proofs))
        proofs[rows, best] = floors[rows, best]
        return proofs

    def records(self) -> Array:
        """Largest proved-empty corners, those of the open zones' floors included; (records, objectives)."""
        empty = self.space.empty_corner(self.corners)
        partial = []
        for k in range(empty.shape[1]):
            box = empty.copy()
            box[:, k] = self.floors[:, k]
            partial.append(box[np.isfinite(self.floors[:, k])])
        boxes = np.vstack([self.boxes, *partial])
        largest: Array = boxes[nondominated(-boxes)]
        return largest

    def tidy(self) -> None:
        """Forget boxes that lie inside others."""
        self.boxes = self.boxes[nondominated(-self.boxes)]

    def gap(self) -> Array:
        """For every feasible package a known one is no worse by more than this; (objectives,), in resolutions.

        For each open zone the known point that needs least is taken among those within the last gap, so that the
        gap stays valid for all objectives at once and never grows.
        """
        resolutions = self.space.resolutions
        needed = self.space.slack / resolutions
        if not len(self.points) and len(self.corners):
            return self.reach
        for floor in self.floors:
            excess = np.maximum((self.points - floor) / resolutions, 0.0)
            allowed = (excess <= self.reach * (1 + 1e-12) + 1e-12).all(axis=1)
            worst = np.where(allowed, excess.max(axis=1), math.inf)
            best = int(worst.argmin())
            if not math.isfinite(worst[best]):
                return self.reach
            needed = np.maximum(needed, excess[best])
        self.reach = np.minimum(self.reach, needed)
        return self.reach
