"""One measure laid over the nodes where it is felt: when it runs there, how strong it is.

Arrays are (..., cells); under drawn numbers the scenarios lead, and lie side by side in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .combination import Bools, Floats, wide
from .measures import Timed
from .scene import NEAR, Scene, Stage


@dataclass(frozen=True, eq=False)
class Lane:
    """A measure in a scene; `e` holds the fall in risk in each node, without coalition and sequence bonuses."""

    scene: Scene
    item: Timed
    e: Sequence[Any]
    _parts: dict[int, Part] = field(default_factory=dict)

    def at(self, stage: Stage) -> Part:
        """Its part in a node where it is felt."""
        if stage.place not in self._parts:
            share = share_in_force(stage, self.item)
            self._parts[stage.place] = Part(self, stage, share, share > 0)
        return self._parts[stage.place]

    def forget(self) -> None:
        """Let go of its parts."""
        self._parts.clear()

    def beta(self, place: int, coalition: Any = False, sequence: Any = False) -> Any:
        """-ln(1 - e) in a node, with the bonuses where they hold."""
        constants, e = self.scene.constants, self.e[place]
        factor = _gain(constants["R04.b"], coalition) * _gain(constants["R22.bonus"], sequence)
        return -np.log1p(-np.where(np.asarray(e) > 0, e * factor, e))

    @cached_property
    def expected(self) -> tuple[Any, Any]:
        """Cost (million 2020 USD) and intrusion by the chance of the node in which it is begun."""
        item, chance = self.item, self.scene.chances[self.scene.node_index[self.item.node.name]]
        return chance * item.cost_musd, chance * item.tool.intrusion.mid * item.taken_up

    @cached_property
    def protects_from(self) -> Any:
        """First period limit at or after the day on which it comes into force; the horizon if that is later."""
        limits = self.scene.limits
        place = np.searchsorted(limits, self.item.in_force - NEAR)
        return self.scene.cast(limits[np.minimum(place, len(limits) - 1)])


@dataclass(frozen=True, eq=False)
class Part:
    """A measure over the cells of one node: share of each in which it is in force, and whether it is at all."""

    lane: Lane
    stage: Stage
    share: Floats
    runs: Bools
    _near: dict[tuple[float, float], Bools] = field(default_factory=dict)
    _raised: dict[object, Floats] = field(default_factory=dict)

    @property
    def item(self) -> Timed:
        """The measure."""
        return self.lane.item

    @cached_property
    def idle(self) -> bool:
        """Whether it never runs here."""
        return not self.runs.any()

    @cached_property
    def strength(self) -> Floats:
        """Share x beta, without bonuses."""
        return self._strong(False, False)

    def near(self, before: float, after: float) -> Bools:
        """Where it is in force, or so many days around it."""
        if (before, after) not in self._near:
            begun = _below(np.asarray(self.item.in_force) - before, self.stage.cell_to - NEAR)
            goes_on = _below(-(np.asarray(self.item.end) + after), -(self.stage.cell_from + NEAR))
            self._near[before, after] = begun & goes_on
        return self._near[before, after]

    def recent(self, window: float) -> Bools:
        """Where it runs, or ended less than the window ago."""
        return self.near(0.0, window)

    def raised(self, coalition: Any, sequence: Any, key: object) -> Floats:
        """The strength with the bonuses of R04 and R22 where they hold; `key` tells one pair of bonuses from
        another."""
        if coalition is False and sequence is False:
            return self.strength
        if key not in self._raised or not self.stage.scene.draws:
            self._raised[key] = self._strong(coalition, sequence)
        return self._raised[key]

    def _strong(self, coalition: Any, sequence: Any) -> Floats:
        beta = self.lane.beta(self.stage.place, coalition, sequence)
        return np.broadcast_to(self.share * self.stage.scene.cast(wide(beta)), self.stage.hazard.shape)


def _gain(bonus: Any, holds: Any) -> Any:
    return np.where(holds, 1 + bonus, 1.0) if isinstance(holds, np.ndarray) else 1 + bonus if holds else 1.0


def share_in_force(stage: Stage, item: Timed) -> Floats:
    """Share of each cell of a node in which a measure is in force, (..., cells)."""
    first, last = np.asarray(item.in_force), np.asarray(item.end)
    sides = (-1, *(1,) * max(first.ndim, last.ndim))  # cells first, so that the scenarios lie side by side in memory
    days = np.minimum(last, stage.cell_to.reshape(sides)) - np.maximum(first, stage.cell_from.reshape(sides))
    days = np.moveaxis(days, 0, -1)
    return np.asarray(stage.scene.cast(np.where(days > NEAR, days, 0.0)) / (stage.cell_to - stage.cell_from))


def _below(days: Floats, limits: Floats) -> Bools:
    """Where a day, one or (scenarios,), lies before a limit of each cell; (..., cells)."""
    return np.moveaxis(days < limits.reshape(-1, *(1,) * days.ndim), 0, -1)
