"""One measure in a scene: when it works, what it costs, how strong it is (docs/method.md, section 2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..choices import Measure
from ..inputs.records import Fit, Instrument
from .combination import FORCE_GROUP, Bools, Floats
from .scene import MONTH_DAYS, NEAR, Node, Scene, Standing

SEQUENCE_LEAD_DAYS = 7.0  # docs/method.md, section 2: peaceful means are in force a week before force


@dataclass(frozen=True)
class Timed:
    """A measure with its days, its money and the node it is begun in; `active` from `start`, `in_force` until `end`."""

    measure: Measure
    tool: Instrument
    fit: Fit
    lead: Standing
    node: Node
    start: float
    in_force: float
    end: float
    set_up_musd: float
    monthly_musd: float

    @property
    def cost_musd(self) -> float:
        """Set-up and running cost, million 2020 USD."""
        return self.set_up_musd + self.monthly_musd * self.months_in_force

    @property
    def months_in_force(self) -> float:
        """Months in force after the start of the plan."""
        return max(self.end - max(self.in_force, 0.0), 0.0) / MONTH_DAYS

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
    in_force = measure.in_force_day
    if in_force is None:
        in_force = measure.start_day + wait_days(tool, fit, lead, measure.start_day)
    end = measure.end_day
    if end is None:
        end = in_force + MONTH_DAYS * tool.typical_duration_months
    set_up = max(0.0, tool.cost_musd.mid - tool.cost_monthly_musd * tool.typical_duration_months)
    return Timed(
        measure=measure,
        tool=tool,
        fit=fit,
        lead=lead,
        node=node,
        start=measure.start_day,
        in_force=in_force,
        end=min(end, scene.horizon),
        set_up_musd=fit.cost_multiplier * set_up,
        monthly_musd=fit.cost_multiplier * tool.cost_monthly_musd,
    )


def wait_days(tool: Instrument, fit: Fit, lead: Standing, start: float) -> float:
    """Days from the start to the first effect: the longer of lead and cold start in full, half of the shorter."""
    lead_days = tool.lead_days.mid * fit.lead_time_multiplier
    cold = max(0.0, lead.activation_days - (start - lead.available_day))
    return max(lead_days, cold) + 0.5 * min(lead_days, cold)


def effects(scene: Scene, item: Timed) -> Floats:
    """Relative fall in risk by the measure alone in each node where it is felt, else 0; (nodes,), without bonuses."""
    tool = item.tool
    common = (
        level(scene, tool)
        * item.fit.fit
        * scene.leverage[tool.id]
        * scene.gates[tool.id][1]
        * math.exp(-scene.fade_per_day * max(item.in_force, 0.0))
        * scene.family_share[tool.family]
        * item.measure.intensity
    )
    return np.array([common * phase(scene, tool, node) if item.felt_in(node) else 0.0 for node in scene.nodes])


def level(scene: Scene, tool: Instrument) -> float:
    """Effect if used alone and in time; threats and coercive military tools are marked down (R03)."""
    doubtful = tool.mode == "threat" or (tool.stance == "coercive" and tool.functional_type == "military")
    q = scene.number("R03.q") if doubtful and scene.on("R03") else 0.0
    return (1 - q) * tool.effect.mid + q * tool.effect.low


def phase(scene: Scene, tool: Instrument, node: Node) -> float:
    """What is left of the effect of other tools than force once mass killing has begun (R07)."""
    late = node.point == "onset" and tool.family not in FORCE_GROUP and scene.on("R07")
    return scene.constants["R07.factor"] if late else 1.0


def acts_as_coalition(scene: Scene, item: Timed) -> bool:
    """Whether several partners with an organisation among them make it stronger (R04)."""
    if not item.measure.joined or not scene.on("R04") or (item.tool.family == "econ_sanction" and scene.on("R32")):
        return False
    return any(scene.partners[key].is_organisation for key in item.partners)


def follows_peaceful_means(scene: Scene, item: Timed, others: Sequence[Timed]) -> bool:
    """Whether talks or an offer were in force a week before this use of force (R22)."""
    if item.tool.family != "force" or item.tool.mode == "enabler" or scene.volcanic or not scene.on("R22"):
        return False
    return any(
        is_peaceful(other.tool)
        and other.felt_in(item.node)
        and other.in_force <= item.in_force - SEQUENCE_LEAD_DAYS + NEAR
        for other in others
    )


def is_peaceful(tool: Instrument) -> bool:
    """Whether the tool is a talk or an offer."""
    return tool.family == "mediation" or tool.mode in ("inducement", "promise")


def share_in_force(scene: Scene, items: Sequence[Timed], felt: Bools) -> Floats:
    """Share of each cell in which each measure is in force; (measures, cells). felt: (measures, cells)."""
    first = np.array([item.in_force for item in items])[:, None]
    last = np.array([item.end for item in items])[:, None]
    days = np.minimum(last, scene.cell_to) - np.maximum(first, scene.cell_from)
    return np.where(felt & (days > NEAR), days, 0.0) / (scene.cell_to - scene.cell_from)


def felt_cells(scene: Scene, items: Sequence[Timed]) -> Bools:
    """Cells in which each measure can be felt at all; (measures, cells)."""
    felt = np.array([[item.felt_in(node) for node in scene.nodes] for item in items], dtype=float)
    return np.asarray(felt @ scene.cell_node > 0)
