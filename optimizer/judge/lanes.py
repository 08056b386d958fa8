"""One measure laid over the cells: where it is felt, when it runs, how strong it is there.

Arrays are (..., cells); under drawn numbers the scenarios lead, and lie side by side in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .combination import Bools, Floats
from .measures import Timed, effects
from .scene import NEAR, Scene


@dataclass(frozen=True, eq=False)
class Lane:
    """A measure over the cells. `strength` is a x beta without coalition and sequence bonuses; `e` holds the fall in
    each node."""

    scene: Scene
    item: Timed
    felt: Bools  # (cells,)
    share: Floats
    runs: Bools
    strength: Floats
    e: Sequence[Any]
    _near: dict[tuple[float, float], Bools] = field(default_factory=dict)
    _raised: dict[object, Floats] = field(default_factory=dict)

    @cached_property
    def protects_from(self) -> Any:
        """First period limit at or after the day on which it comes into force; the horizon if that is later."""
        limits = self.scene.limits
        place = np.searchsorted(limits, self.item.in_force - NEAR)
        return self.scene.cast(limits[np.minimum(place, len(limits) - 1)])

    def near(self, before: float, after: float) -> Bools:
        """Where it is in force, or so many days around it."""
        if (before, after) not in self._near:
            scene, item = self.scene, self.item
            begun = _below(np.asarray(item.in_force) - before, scene.cell_to - NEAR)
            goes_on = _below(-(np.asarray(item.end) + after), -(scene.cell_from + NEAR))
            self._near[before, after] = self.felt & begun & goes_on
        return self._near[before, after]

    def recent(self, window: float) -> Bools:
        """Where it runs, or ended less than the window ago."""
        return self.near(0.0, window)

    def raised(self, coalition: Any, sequence: Any, key: object) -> Floats:
        """The strength with the bonuses of R04 and R22 where they hold; `key` tells one pair of bonuses from
        another."""
        if coalition is False and sequence is False:
            return self.strength
        if key not in self._raised or not self.scene.draws:
            full = self.share * self.scene.over_cells(betas(self, coalition, sequence))
            self._raised[key] = np.broadcast_to(full, self.scene.hazard.shape)
        return self._raised[key]


def betas(lane: Lane, coalition: Any, sequence: Any) -> list[Any]:
    """-ln(1 - e) in each node, with the bonuses where they hold."""
    constants = lane.scene.constants
    factor = _gain(constants["R04.b"], coalition) * _gain(constants["R22.bonus"], sequence)
    return [-np.log1p(-np.where(np.asarray(e) > 0, e * factor, e)) for e in lane.e]


def _gain(bonus: Any, holds: Any) -> Any:
    return np.where(holds, 1 + bonus, 1.0) if isinstance(holds, np.ndarray) else 1 + bonus if holds else 1.0


def lane_of(scene: Scene, item: Timed) -> Lane:
    """A measure laid over the cells of a scene."""
    felt = np.array([item.felt_in(scene.nodes[k]) for k in scene.cell_place], dtype=bool)
    share = share_in_force(scene, item, felt)
    e = effects(scene, item)
    strength = share * scene.over_cells([-np.log1p(-np.asarray(one)) for one in e])
    share, strength = (np.broadcast_to(one, scene.hazard.shape) for one in (share, strength))
    return Lane(scene, item, felt, share, share > 0, strength, e)


def share_in_force(scene: Scene, item: Timed, felt: Bools) -> Floats:
    """Share of each cell in which a measure is in force, (..., cells)."""
    first, last = np.asarray(item.in_force), np.asarray(item.end)
    sides = (-1, *(1,) * max(first.ndim, last.ndim))  # cells first, so that the scenarios lie side by side in memory
    days = np.minimum(last, scene.cell_to.reshape(sides)) - np.maximum(first, scene.cell_from.reshape(sides))
    days = np.moveaxis(days, 0, -1)
    return np.asarray(scene.cast(np.where(felt & (days > NEAR), days, 0.0)) / (scene.cell_to - scene.cell_from))


def _below(days: Floats, limits: Floats) -> Bools:
    """Where a day, one or (scenarios,), lies before a limit of each cell; (..., cells)."""
    return np.moveaxis(days < limits.reshape(-1, *(1,) * days.ndim), 0, -1)
