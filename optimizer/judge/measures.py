"""One measure in a scene: when it works, what it costs, how strong it is (docs/method.md, section 2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..choices import Measure
from ..inputs.records import Fit, Instrument
from .combination import FORCE_GROUP
from .scene import MONTH_DAYS, NEAR, WILL_FORCE_FAMILIES, Node, Scene, Standing, larger, smaller

NEVER = 1e9  # day on which a measure comes into force that its partner declines or no body authorizes
SEQUENCE_LEAD_DAYS = 7.0  # docs/method.md, section 2: peaceful means are in force a week before force


@dataclass(frozen=True)
class Timed:
    """A measure with its days, its money and the node it is begun in; `active` from `start`, `in_force` until `end`.

    Under drawn numbers `in_force`, `end`, money and `taken_up` (1 where it comes about, else 0) are (scenarios,).
    """

    measure: Measure
    tool: Instrument
    fit: Fit
    lead: Standing
    node: Node
    start: float
    in_force: Any
    end: Any
    set_up_musd: Any
    monthly_musd: Any
    taken_up: Any = 1.0

    @cached_property
    def cost_musd(self) -> Any:
        """Set-up and running cost, million 2020 USD."""
        return (self.set_up_musd + self.monthly_musd * self.months_in_force) * self.taken_up

    @property
    def months_in_force(self) -> Any:
        """Months in force after the start of the plan."""
        return larger(self.end - larger(self.in_force, 0.0), 0.0) / MONTH_DAYS

    @property
    def partners(self) -> frozenset[str]:
        """Leading and joining partners."""
        return frozenset({self.lead.id, *self.measure.joined})

    def on(self, path: Sequence[str]) -> bool:
        """Whether it is felt on a path (of node names)."""
        return self.node.name in path

    def felt_in(self, node: Node) -> bool:
        """Whether it can be felt in a node: its own, or any if it was begun in now."""
        return self.node.name in ("now", node.name)

    def active_in(self, node: Node) -> bool:
        """Whether it is active at some time in a node that it can be felt in."""
        return self.felt_in(node) and min(self.end, node.end) - max(self.start, node.start) > NEAR


def timed(scene: Scene, measure: Measure) -> Timed:
    """The measure with its times and costs; a name that the data do not know raises KeyError."""
    tool, lead = scene.catalog.instruments[measure.instrument], scene.partners[measure.lead]
    fit = scene.catalog.fits[lead.generic, tool.id]
    node = scene.nodes[scene.node_index[measure.node]]
    taken_up = comes_about(scene, tool, lead)
    in_force = measure.in_force_day
    if in_force is None:
        lead_days = scene.drawn(f"lead:{tool.id}", tool.lead_days.mid) * fit.lead_time_multiplier
        activation = scene.drawn(f"activation:{lead.id}", 1.0)
        in_force = measure.start_day + wait_days(tool, fit, lead, measure.start_day, lead_days, activation)
    in_force = in_force + scene.drawn(f"delay:{tool.id}", 0.0)
    if node.name != "now":
        in_force = in_force + scene.drawn("late", 0.0)
    if isinstance(taken_up, np.ndarray):
        in_force = scene.cast(np.where(taken_up > 0, in_force, NEVER))
    end = measure.end_day
    if end is None:
        end = in_force + MONTH_DAYS * tool.typical_duration_months * scene.drawn(f"duration:{tool.id}", 1.0)
    set_up, monthly = money(scene, tool, fit)
    return Timed(
        measure=measure,
        tool=tool,
        fit=fit,
        lead=lead,
        node=node,
        start=measure.start_day,
        in_force=in_force,
        end=smaller(end, scene.horizon),
        set_up_musd=set_up,
        monthly_musd=monthly,
        taken_up=taken_up,
    )


def money(scene: Scene, tool: Instrument, fit: Fit) -> tuple[Any, Any]:
    """Set-up cost, and running cost a month; a drawn cost and a surcharge scale both."""
    mid = tool.cost_musd.mid
    scale = fit.cost_multiplier * scene.drawn(f"surcharge:{tool.id}", 1.0)
    if f"cost:{tool.id}" in scene.draws and mid > 0:
        scale = scale * (scene.draws[f"cost:{tool.id}"] / mid)
    set_up = max(0.0, mid - tool.cost_monthly_musd * tool.typical_duration_months)
    return scale * set_up, scale * tool.cost_monthly_musd


def wait_days(
    tool: Instrument, fit: Fit, lead: Standing, start: float, lead_days: Any = None, activation: Any = 1.0
) -> Any:
    """Days from the start to the first effect: the longer of lead and cold start in full, half of the shorter.

    activation: factor on the days that the leading partner needs to get going.
    """
    if lead_days is None:
        lead_days = tool.lead_days.mid * fit.lead_time_multiplier
    cold = larger(0.0, lead.activation_days * activation - (start - lead.available_day))
    return larger(lead_days, cold) + 0.5 * smaller(lead_days, cold)


def agrees(scene: Scene, partner: str, tool: Instrument) -> Any:
    """1 where the partner agrees to act by such a tool when it is asked, else 0; 1 where that is not drawn."""
    kind = "force" if tool.family in WILL_FORCE_FAMILIES else "talks"
    return scene.drawn(f"agrees:{kind}:{partner}", 1.0)


def comes_about(scene: Scene, tool: Instrument, lead: Standing) -> Any:
    """1 where the partner agrees and some body authorizes the measure, else 0; 1 where neither is drawn."""
    prospect = scene.gates[tool.id][1]
    allowed = np.sign(prospect) if isinstance(prospect, np.ndarray) else 1.0
    return agrees(scene, lead.id, tool) * allowed


def effects(scene: Scene, item: Timed) -> list[Any]:
    """Relative fall in risk by the measure alone in each node where it is felt, else 0; without bonuses."""
    tool = item.tool
    common = (
        level(scene, tool)
        * scene.drawn(f"fit:{item.lead.generic}:{tool.id}", item.fit.fit)
        * scene.leverage[tool.id]
        * scene.gates[tool.id][1]
        * faded(scene, item)
        * scene.family_share[tool.family]
        * item.measure.intensity
    )
    return [common * phase(scene, tool, node) if item.felt_in(node) else 0.0 for node in scene.nodes]


def faded(scene: Scene, item: Timed) -> Any:
    """What is left of the effect after the delay (R06)."""
    delay = scene.fade_per_day * larger(item.in_force, 0.0)
    return np.exp(-delay) if isinstance(delay, np.ndarray) else math.exp(-delay)


def level(scene: Scene, tool: Instrument) -> Any:
    """Effect if used alone and in time; threats and coercive military tools are marked down (R03).

    What an adversary's reply takes off (`weaken`) it takes off a helpful effect only.
    """
    doubtful = tool.mode == "threat" or (tool.stance == "coercive" and tool.functional_type == "military")
    q = scene.number("R03.q") if doubtful and scene.on("R03") else 0.0
    mid = scene.drawn(f"effect:{tool.id}", tool.effect.mid)
    found = (1 - q) * mid + q * smaller(tool.effect.low, mid)
    weaken = scene.drawn(f"weaken:{tool.id}", None)
    return found if weaken is None else np.where(found > 0, found * weaken, found)


def phase(scene: Scene, tool: Instrument, node: Node) -> float:
    """What is left of the effect of other tools than force once mass killing has begun (R07)."""
    late = node.point == "onset" and tool.family not in FORCE_GROUP and scene.on("R07")
    return scene.constants["R07.factor"] if late else 1.0


def coalition_counts(scene: Scene, tool: Instrument) -> bool:
    """Whether taking part makes such a tool stronger (R04)."""
    return scene.on("R04") and not (tool.family == "econ_sanction" and scene.on("R32"))


def acts_as_coalition(scene: Scene, item: Timed) -> Any:
    """Where several partners with an organisation among them make it stronger (R04)."""
    if not item.measure.joined or not coalition_counts(scene, item.tool):
        return False
    there = {key: agrees(scene, key, item.tool) > 0 for key in item.measure.joined}
    organised = item.lead.is_organisation
    counted = [who for key, who in there.items() if organised or scene.partners[key].is_organisation]
    if organised and not scene.draws:
        return True
    return np.any(np.broadcast_arrays(*counted), axis=0) if scene.draws and counted else bool(counted)


def follows_peaceful_means(scene: Scene, item: Timed, others: Sequence[Timed]) -> Any:
    """Where talks or an offer were in force a week before this use of force (R22)."""
    found = False
    for other in others if can_follow(scene, item.tool) else ():
        if is_peaceful(other.tool) and other.felt_in(item.node):
            found = found | (other.in_force <= item.in_force - SEQUENCE_LEAD_DAYS + NEAR)
    return found


def can_follow(scene: Scene, tool: Instrument) -> bool:
    """Whether it is a use of force that gains by what came before."""
    return tool.family == "force" and tool.mode != "enabler" and not scene.volcanic and scene.on("R22")


def is_peaceful(tool: Instrument) -> bool:
    """Whether the tool is a talk or an offer."""
    return tool.family == "mediation" or tool.mode in ("inducement", "promise")
