"""Whether a measure is on offer at all (docs/method.md, section 2)."""

from __future__ import annotations

from collections.abc import Iterator

from ..inputs.records import Instrument
from .measures import Timed, wait_days
from .scene import MONTH_DAYS, NEAR, SLOTS_BRANCH, SLOTS_NOW, Node, Scene, Standing
from .violation import Plan, Violation, called, named

SAME_DAY = 1e-6  # days; a start handed back by a solver is a slot to within rounding


def start_days(lead: Standing, node: Node) -> tuple[float, ...]:
    """Days on which a partner can begin a measure in a node, rising, each once."""
    slots = SLOTS_NOW if node.name == "now" else tuple(node.start + later for later in SLOTS_BRANCH)
    starts = {max(slot, lead.available_day) for slot in slots if slot < node.end}
    return tuple(sorted(day for day in starts if node.start <= day < node.end))


def in_force_days(scene: Scene, tool: Instrument, lead: Standing, node: Node) -> tuple[float, ...]:
    """In-force day for each start day; the pair must stand in the fit table."""
    fit = scene.catalog.fits[lead.generic, tool.id]
    return tuple(start + wait_days(tool, fit, lead, start) for start in start_days(lead, node))


def is_offered(scene: Scene, tool: Instrument, lead: Standing, node: Node) -> bool:
    """Whether a partner could lead the tool in the node, at any start."""
    if (lead.generic, tool.id) not in scene.catalog.fits or any(refusals(scene, tool, lead, node)):
        return False
    return any(day < scene.horizon - NEAR for day in in_force_days(scene, tool, lead, node))


def refusals(scene: Scene, tool: Instrument, lead: Standing, node: Node) -> Iterator[Violation]:
    """Why a partner may not lead a tool in a node, start days apart."""
    yield from _partner_refusals(scene, tool, lead, node)
    yield from _tool_refusals(scene, tool, node)


def _partner_refusals(scene: Scene, tool: Instrument, lead: Standing, node: Node) -> Iterator[Violation]:
    where, will = called(node.name), lead.will_for(tool.family)
    least = scene.number("will_to_lead_least")
    if not lead.is_in:
        yield Violation("partner_out", "Partner left out", where, 1, 0, f"{lead.name} has been left out of this plan.")
    if will < least - NEAR:
        because = f"{lead.name} is not ready enough for {tool.name}: {will:g}, and {least:g} is needed."
        yield Violation("will", "Will to lead", where, will, least, because)
    families = scene.catalog.partner_scope.get(lead.id)
    if families is not None and tool.family not in families:
        because = f"{lead.name} does not lead tools such as {tool.name} in this case."
        yield Violation("scope", "What a partner leads here", where, 1, 0, because)


def _tool_refusals(scene: Scene, tool: Instrument, node: Node) -> Iterator[Violation]:
    where, choices = called(node.name), scene.choices
    if node.point not in tool.intervention_points:
        because = f"{tool.name} is of no use at the stage called {called(node.point)}."
        yield Violation("intervention_point", "Stage of the crisis", where, 1, 0, because)
    if tool.planner_default == "off_review" and tool.id not in choices.review_allowed:
        because = f"{tool.name} stays off until a named, accountable person turns it on after legal review."
        yield Violation("review", "Legal review", where, 1, 0, because)
    if tool.id in choices.force_out:
        yield Violation("ruled_out", "Ruled out", where, 1, 0, f"{tool.name} has been ruled out by the planner.")
    if scene.gates[tool.id][1] <= 0:
        because = f"{tool.name} needs an authorization that is out of reach."
        yield Violation("authorization", "Authorization", where, 0, 1, because)


def offers(plan: Plan) -> Iterator[Violation]:
    """Measures of a plan that are not on offer, and partners that join where they cannot."""
    for item in plan.items:
        yield from refusals(plan.scene, item.tool, item.lead, item.node)
        yield from _start(item)
        yield from _timing(plan.scene, item)
        yield from _joins(plan.scene, item)


def _start(item: Timed) -> Iterator[Violation]:
    days = start_days(item.lead, item.node)
    if not any(abs(item.start - day) <= SAME_DAY for day in days):
        can = " or ".join(f"{day:.1f}" for day in days) or "no day"
        because = f"{named(item)} would begin on day {item.start:.1f}; there it can begin on {can}."
        yield Violation("start", "Day of the start", called(item.node.name), item.start, min(days, default=0), because)


def _timing(scene: Scene, item: Timed) -> Iterator[Violation]:
    """A planned measure takes the time it takes, at full strength; only a replay of the past states its own days."""
    where, measure = called(item.node.name), item.measure
    if item.in_force >= scene.horizon - NEAR:
        because = f"{named(item)} would come into force only after the end of the plan, day {scene.horizon:.0f}."
        yield Violation("horizon", "End of the plan", where, item.in_force, scene.horizon, because)
    computed = item.start + wait_days(item.tool, item.fit, item.lead, item.start)
    if measure.in_force_day is not None and abs(measure.in_force_day - computed) > SAME_DAY:
        because = f"{named(item)} states day {item.in_force:.1f} for coming into force; it takes until {computed:.1f}."
        yield Violation("own_days", "Lead time", where, item.in_force, computed, because)
    ends = min(item.in_force + MONTH_DAYS * item.tool.typical_duration_months, scene.horizon)
    if abs(item.end - ends) > SAME_DAY:
        because = f"{named(item)} states day {item.end:.1f} for its end; it ends on day {ends:.1f}."
        yield Violation("own_days", "Duration", where, item.end, ends, because)
    if measure.intensity != 1:
        because = f"{named(item)} states its own strength, as only a replay of real actions may."
        yield Violation("own_days", "Strength", where, measure.intensity, 1, because)
    if measure.backed is not None:
        because = f"{named(item)} states whether it is backed, as only a replay of real actions may."
        yield Violation("own_days", "Backing", where, 1, 0, because)


def _joins(scene: Scene, item: Timed) -> Iterator[Violation]:
    for place, key in enumerate(item.measure.joined):
        reason = "is named twice" if key in item.measure.joined[:place] else _no_join(scene, item, scene.partners[key])
        if reason:
            because = f"{scene.partners[key].name} cannot take part in {named(item)}: it {reason}."
            yield Violation("join", "Taking part", called(item.node.name), 1, 0, because)


def _no_join(scene: Scene, item: Timed, partner: Standing) -> str:
    """Why a partner cannot take part in a measure; empty if it can."""
    fit = scene.catalog.fits.get((partner.generic, item.tool.id))
    if partner.id == item.lead.id:
        return "leads it already"
    if not partner.is_in:
        return "has been left out of this plan"
    if partner.will_for(item.tool.family) < scene.number("will_to_lead_least") - NEAR:
        return "is not ready enough"
    if fit is None or fit.fit < scene.number("join_fit_least") - NEAR:
        return "is not well enough placed for it"
    if partner.available_day > item.start + SAME_DAY:
        return f"is available only from day {partner.available_day:.1f}"
    if not scene.on("R04") or (item.tool.family == "econ_sanction" and scene.on("R32")):
        return "would add nothing, since taking part does not count for this tool"
    return ""
