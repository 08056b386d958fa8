"""The hard rules of the seeds, read from their statements (catalog/rules.csv; docs/method.md, section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .backing import execution_days, is_backed, needs_backing, where_judged
from .measures import Timed
from .offers import is_offered
from .scene import MONTH_DAYS, NEAR, Node, Standing
from .violation import Plan, Violation, called, money, named

SETTLEMENT_TOOLS = frozenset({
    "security_guarantees", "disarmament_supervision", "ceasefire_monitoring", "amnesty_immunity",
})  # fmt: skip
FOLLOW_THROUGH = frozenset({
    "robust_peacekeeping", "interpositional_force", "preventive_tripwire_deployment", "ceasefire_monitoring",
    "long_term_economic_assistance",
})  # fmt: skip
LATE_FORCE = frozenset({
    "robust_peacekeeping", "rapid_coalition_force", "safe_havens_enforced", "coercive_air_campaign",
    "military_intervention",
})  # fmt: skip


def hard_rules(plan: Plan) -> Iterator[Violation]:
    """What a plan breaks of the rules that are required."""
    for rule, broken in _RULES.items():
        if plan.scene.rule_states[rule] == "required":
            yield from broken(plan)


def _broken(plan: Plan, rule: str, node: str, value: float, limit: float, because: str) -> Violation:
    return Violation(rule, plan.scene.catalog.rules[rule].title, called(node), value, limit, because)


def _r01(plan: Plan) -> Iterator[Violation]:
    """A threat, promise or guarantee has a deed behind it."""
    for item in plan.items:
        if needs_backing(item) and not is_backed(plan.scene, item, plan.items):
            tested, days = where_judged(plan.scene, item), execution_days(plan.scene)
            deeds = " or ".join(plan.scene.catalog.instruments[key].name for key in item.tool.needs_backing_by)
            because = (
                f"{named(item)} has no deed behind it: {deeds} would have to be in force within {days:.0f} days "
                f"in the plan for {called(tested)}, with {item.lead.name} taking part where its own word is given."
            )
            yield _broken(plan, "R01", item.node.name, 0, 1, because)


def _r13(plan: Plan) -> Iterator[Violation]:
    """Once killing is under way, force stands beside diplomacy."""
    for node in plan.scene.nodes:
        if node.point == "onset" and not any(item.tool.id in LATE_FORCE for item in plan.active(node)):
            because = "Mass killing is under way there, and no peacekeeping or other force is in the plan."
            yield _broken(plan, "R13", node.name, 0, 1, because)


def _r17(plan: Plan) -> Iterator[Violation]:
    """A partner leads what it is fit for, and not where a better placed one is free."""
    least, margin = plan.scene.number("R17.f_min"), plan.scene.number("R17.margin")
    for item in plan.items:
        if item.fit.fit < least - NEAR:
            because = f"{item.lead.name} is not well placed for {item.tool.name}: {item.fit.fit:g}, least {least:g}."
            yield _broken(plan, "R17", item.node.name, item.fit.fit, least, because)
        for better, fit in _better(plan, item, margin):
            because = f"{better.name} is much better placed for {item.tool.name} than {item.lead.name}, and free."
            yield _broken(plan, "R17", item.node.name, item.fit.fit, fit - margin, because)


def _better(plan: Plan, item: Timed, margin: float) -> Iterator[tuple[Standing, float]]:
    """Available partners with free capacity that are better placed by more than the margin, and their fit."""
    for partner in plan.scene.partners.values():
        fit = plan.scene.catalog.fits.get((partner.generic, item.tool.id))
        if fit is None or fit.fit <= item.fit.fit + margin + NEAR or partner.available_day > item.start + NEAR:
            continue
        if is_offered(plan.scene, item.tool, partner, item.node) and not _busy(plan, partner, item):
            yield partner, fit.fit


def _busy(plan: Plan, partner: Standing, item: Timed) -> bool:
    """Whether a partner leads all it can on the day a measure begins."""
    leads = [other for other in plan.felt_beside(item) if other.lead.id == partner.id]
    now = sum(other.start <= item.start + NEAR and other.end > item.start + NEAR for other in leads)
    return bool(now >= partner.capacity)


def _r18(plan: Plan) -> Iterator[Violation]:
    """A settlement that is helped along is followed through."""
    for item in plan.items:
        if item.tool.id not in SETTLEMENT_TOOLS or item.node.point != "post_settlement":
            continue
        for path in plan.scene.paths:
            if item.on(path) and not any(_follows_through(plan, other, item) for other in plan.on(path)):
                because = f"{named(item)} is not followed through by troops, monitors or aid that stay long enough."
                yield _broken(plan, "R18", path[-1], 0, 1, because)


def _follows_through(plan: Plan, other: Timed, item: Timed) -> bool:
    if other.tool.id not in FOLLOW_THROUGH or other.end <= item.start + NEAR:
        return False
    long_enough = other.end - other.in_force >= plan.scene.number("R18.months") * MONTH_DAYS - NEAR
    return bool(long_enough or other.end >= plan.scene.horizon - NEAR)


def _r25(plan: Plan) -> Iterator[Violation]:
    """Where a patron shields the regime, the patron is engaged before a body is asked to coerce."""
    if plan.scene.case.leverage.patron_shield < plan.scene.number("R25.v") - NEAR:
        return
    for item in plan.items:
        coerces = item.tool.stance == "coercive" and item.tool.needs_authorization in ("unsc", "regional")
        if coerces and _patron_can_be_engaged(plan, item.node) and not _patron_engaged(plan, item):
            because = f"{named(item)} begins before anyone has begun to engage the patron of the regime."
            yield _broken(plan, "R25", item.node.name, 0, 1, because)


def _patron_engaged(plan: Plan, item: Timed) -> bool:
    beside = plan.felt_beside(item)
    return any(other.tool.id == "patron_engagement" and other.start <= item.start + NEAR for other in beside)


def _patron_can_be_engaged(plan: Plan, node: Node) -> bool:
    """Whether some partner could lead the engagement of the patron, in this node or in now."""
    scene, tool = plan.scene, plan.scene.catalog.instruments["patron_engagement"]
    least = scene.number("R17.f_min") if scene.on("R17") else 0.0
    fits = ((partner, scene.catalog.fits.get((partner.generic, tool.id))) for partner in scene.partners.values())
    able = [partner for partner, fit in fits if fit is not None and fit.fit >= least - NEAR]
    return any(is_offered(scene, tool, partner, place) for partner in able for place in (scene.nodes[0], node))


def _r28(plan: Plan) -> Iterator[Violation]:
    """Talks do not keep other prevention waiting."""
    least = plan.scene.number("R28.n")
    if plan.scene.baseline <= plan.scene.number("R28.r0"):
        return
    for node in plan.scene.nodes:
        for talks in plan.active(node):
            if talks.tool.id == "high_level_mediation":
                beside = sum(_beside(other, talks, node) for other in plan.active(node))
                if beside < least:
                    because = f"Only {beside} other measures go on beside the talks; there should be {least:g}."
                    yield _broken(plan, "R28", node.name, beside, least, because)


def _beside(other: Timed, talks: Timed, node: Node) -> bool:
    """Whether a measure other than talks is active in the node at some time while the talks are."""
    first, last = max(other.start, talks.start, node.start), min(other.end, talks.end, node.end)
    return other.tool.family != "mediation" and last - first > NEAR


def _r30(plan: Plan) -> Iterator[Violation]:
    """Few partners lead talks at once."""
    most = plan.scene.number("R30.leads")
    for node in plan.scene.nodes:
        leads = {item.lead.name for item in plan.active(node) if item.tool.family == "mediation"}
        if len(leads) > most:
            because = f"{len(leads)} partners would lead talks ({', '.join(sorted(leads))}); at most {most:g} should."
            yield _broken(plan, "R30", node.name, len(leads), most, because)


def _r36(plan: Plan) -> Iterator[Violation]:
    """Slow tools have no place in a crisis of weeks."""
    most = plan.scene.number("R36.days")
    for item in plan.items if plan.scene.volcanic else ():
        days = item.tool.lead_days.mid
        if item.tool.pace_suitability == "rolling_only" or days > most + NEAR:
            why = f"{days:g} days, at most {most:g}" if days > most + NEAR else "it works over years only"
            because = f"{item.tool.name} is too slow for a crisis of weeks: {why}."
            yield _broken(plan, "R36", item.node.name, days, most, because)


def _r46(plan: Plan) -> Iterator[Violation]:
    """What is spent at once, troops and force apart, comes from ready money."""
    scene = plan.scene
    days = scene.number("R46.months") * MONTH_DAYS
    fund = max(scene.number("R46.floor_musd"), scene.number("R46.share") * scene.envelope)
    quick = [item for item in plan.begun("now") if item.tool.family not in ("force", "presence") and item.start < days]
    spent = sum(item.set_up_musd + item.monthly_musd * _months_before(item, days) for item in quick)
    if spent > fund + 1e-6:
        because = f"{money(spent)} would be spent in the first {days:.0f} days, and the rapid fund holds {money(fund)}."
        yield _broken(plan, "R46", "now", spent, fund, because)


def _months_before(item: Timed, days: float) -> float:
    return float(max(0.0, min(item.end, days) - item.in_force) / MONTH_DAYS)


_RULES: dict[str, Callable[[Plan], Iterator[Violation]]] = {
    "R01": _r01, "R13": _r13, "R17": _r17, "R18": _r18, "R25": _r25, "R28": _r28, "R30": _r30, "R36": _r36,
    "R46": _r46,
}  # fmt: skip
