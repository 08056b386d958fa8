"""What every package keeps, and what the planner asks for (docs/method.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..inputs.records import Instrument
from .measures import Timed
from .scene import NEAR, Node, Standing
from .violation import Plan, Violation, called, money, named


def structure(plan: Plan) -> Iterator[Violation]:
    """Everything that section 5 of the method asks of a package."""
    for path in plan.scene.paths:
        yield from _pairs(plan, path)
    yield from _requirements(plan)
    for node in plan.scene.nodes:
        yield from _crowd(plan, node)
        for partner in plan.scene.partners.values():
            yield from _capacity(plan, node, partner)
    yield from _money(plan)
    yield from _days(plan)
    yield from _forced_in(plan)


def _pairs(plan: Plan, path: tuple[str, ...]) -> Iterator[Violation]:
    """At most one measure of an instrument; excluded instruments not in force together."""
    where = called(path[-1])
    for one, other in combinations(plan.on(path), 2):
        if one.tool.id == other.tool.id:
            because = f"{one.tool.name} stands in the plan twice: led by {one.lead.name} and by {other.lead.name}."
            yield Violation("twice", "One measure of an instrument", where, 2, 1, because)
        elif _exclude(one.tool, other.tool) and min(one.end, other.end) - max(one.in_force, other.in_force) > NEAR:
            because = f"{named(one)} and {named(other)} rule each other out, and would be in force together."
            yield Violation("excludes", "Measures that exclude each other", where, 2, 1, because)


def _exclude(one: Instrument, other: Instrument) -> bool:
    return other.id in one.excludes or one.id in other.excludes


def _requirements(plan: Plan) -> Iterator[Violation]:
    for item in plan.items:
        beside = plan.felt_beside(item)
        for choice in item.tool.requires:
            if not any(_in_place(other, choice, item) for other in beside):
                needed = " or ".join(plan.scene.catalog.instruments[key].name for key in choice)
                because = f"{named(item)} needs {needed}, begun no later than itself and still running on day {item.in_force:.1f}."
                yield Violation("requires", "What must be in place", called(item.node.name), 0, 1, because)


def _in_place(other: Timed, choice: tuple[str, ...], item: Timed) -> bool:
    return other.tool.id in choice and other.start <= item.start + NEAR and other.end > item.in_force + NEAR


def _crowd(plan: Plan, node: Node) -> Iterator[Violation]:
    chosen = plan.scene.choices.max_measures
    most = plan.scene.number("max_active_instruments") if chosen is None else chosen
    count = len(plan.active(node))
    if count > most:
        because = f"{count} measures would be active, and at most {most:g} can be run side by side."
        yield Violation("max_measures", "Measures at once", called(node.name), count, most, because)


def _capacity(plan: Plan, node: Node, partner: Standing) -> Iterator[Violation]:
    """Leads of a partner active at once, and its part in what it joins in this node, throughout."""
    leads = [item for item in plan.active(node) if item.lead.id == partner.id]
    joins = sum(partner.id in item.measure.joined for item in plan.begun(node.name))
    moments = [node.start, *(item.start for item in leads if item.start > node.start)]
    at_once = max(sum(item.start <= day + NEAR and item.end > day + NEAR for item in leads) for day in moments)
    load = at_once + plan.scene.number("join_capacity_share") * joins
    if load > partner.capacity + NEAR:
        because = (
            f"{partner.name} would lead {at_once} measures at once, join {joins}, and can lead {partner.capacity}."
        )
        yield Violation("capacity", "What a partner can lead", called(node.name), load, partner.capacity, because)


def _money(plan: Plan) -> Iterator[Violation]:
    scene, choices = plan.scene, plan.scene.choices
    spent = {node.name: sum(item.cost_musd for item in plan.begun(node.name)) for node in scene.nodes}
    dearest = max((cost for name, cost in spent.items() if name != "now"), default=0.0)
    if choices.reserve_musd is not None:
        for name, cost in spent.items():
            most = scene.envelope - choices.reserve_musd if name == "now" else choices.reserve_musd
            yield from _too_dear("reserve", "Contingency reserve", name, cost, most)
    yield from _too_dear("budget", "Envelope", "now", spent["now"] + dearest, scene.envelope)
    for funder, most in choices.funder_musd:
        yield from _too_dear("funder", f"Money of {called(funder)}", "now", _pays(plan, funder), most)


def _pays(plan: Plan, funder: str) -> float:
    """Cost of all that a partner leads, on its dearest path."""
    return float(max(sum(i.cost_musd for i in plan.on(path) if i.lead.id == funder) for path in plan.scene.paths))


def _too_dear(key: str, what: str, node: str, cost: float, most: float) -> Iterator[Violation]:
    if cost > most + 1e-6:
        because = f"It would cost {money(cost)}, and there are {money(most)}."
        yield Violation(key, what, called(node), cost, most, because)


def _days(plan: Plan) -> Iterator[Violation]:
    choices = plan.scene.choices
    for item in plan.items:
        last = None if choices.deadline_days is None else item.node.start + choices.deadline_days
        if last is not None and item.in_force > last + NEAR:
            because = f"{named(item)} comes into force on day {item.in_force:.1f}, later than day {last:g}."
            yield Violation("deadline", "Deadline", called(item.node.name), item.in_force, last, because)
    first = min((item.in_force for item in plan.begun("now")), default=plan.scene.horizon)
    by = choices.first_effect_days
    if by is not None and first > by + NEAR:
        because = f"Nothing is in force before day {first:.1f}, and something has to be by day {by:g}."
        yield Violation("first_effect", "First effect", "now", first, by, because)


def _forced_in(plan: Plan) -> Iterator[Violation]:
    begun = {item.tool.id for item in plan.begun("now")}
    for key in plan.scene.choices.force_in:
        if key not in begun:
            because = f"The planner wants {plan.scene.catalog.instruments[key].name} begun now, and it is not."
            yield Violation("forced_in", "Asked for by the planner", "now", 0, 1, because)
