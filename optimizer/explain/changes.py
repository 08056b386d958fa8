"""A change of a requirement in the planner's words and units, and how much it asks."""

from __future__ import annotations

import math

from .requirements import BODIES, Requirement
from .words import Words, counted

DECIMALS = {"M USD": 1, "days": 0, "measures": 0}
CHANGE, RULE, FACT = 10.0, 11.0, 12.0  # few changes before many; the planner's own before a rule, a rule before a fact
SHARE = 0.2  # of the price of a change, for making a number twice as large
SMALL = {"M USD": 10.0, "days": 30.0, "measures": 4.0}  # numbers below these count as these: a day is not twice a day
GIVEN_UP = 2 * CHANGE  # for giving a number up altogether


def fixed(requirement: Requirement) -> float:
    """What changing a requirement asks, however little it is moved."""
    return FACT if requirement.fact else CHANGE if requirement.own else RULE


def each(requirement: Requirement) -> float:
    """What a unit of moving it asks."""
    return SHARE * CHANGE / max(requirement.now or 0.0, SMALL.get(requirement.unit, 1.0))


def size(requirement: Requirement, value: float | None) -> float:
    """What a change asks."""
    if requirement.now is None or requirement.field == "authorization":
        return fixed(requirement)
    moved = GIVEN_UP if value is None else abs(value - requirement.now) * each(requirement)
    return fixed(requirement) + moved


def rounded_up(requirement: Requirement, value: float) -> float:
    """A number as the planner would write it, no less."""
    digits = 10.0 ** DECIMALS[requirement.unit]
    return math.ceil(value * digits - 1e-4) / digits


def change(words: Words, requirement: Requirement, value: float | None) -> str:
    """A change as an order: 'raise the envelope from 12.0 to 15.2 M USD'."""
    if requirement.item is not None and value is None:
        return _given_up(words, requirement)
    if value is None:
        return f"do without {requirement.words}"
    now, item = requirement.now or 0.0, str(requirement.item)
    later = counted(round(value - now), "day")
    until = f"until day {value:.0f} instead of {now:.0f}"
    return {
        "budget_musd": lambda: f"raise the envelope from {now:,.1f} to {value:,.1f} M USD",
        "funder_musd": lambda: f"let {words.partner(item)} pay up to {value:,.1f} instead of {now:,.1f} M USD",
        "deadline_days": lambda: f"allow {later} more, {until}",
        "first_effect_days": lambda: f"wait {later} more for the first measure, {until}",
        "max_measures": lambda: f"allow {counted(round(value), 'measure')} at once instead of {now:.0f}",
        "partner_from": lambda: (
            f"bring in {words.partner(item)} {f'by month {value:g}' if value else 'from the start'} "
            f"instead of month {now:g}"
        ),
        "capacity": lambda: f"let {words.partner(item)} lead {counted(round(value), 'measure')} at once instead of {now:.0f}",
        "will": lambda: f"win over {words.partner(item)} (a readiness of {value:g} instead of {now:g})",
        "authorization": lambda: f"obtain {BODIES[item]}",
    }[requirement.field]()  # fmt: skip


def _given_up(words: Words, requirement: Requirement) -> str:
    item = str(requirement.item)
    if requirement.field == "rules":
        return f"only prefer the rule '{words.catalog.rules[item].title}' instead of requiring it"
    if requirement.field == "force_in":
        return f"do not insist on {words.tool(item)} now"
    if requirement.field == "force_out":
        return f"allow {words.tool(item)}"
    if requirement.field == "partners_out":
        return f"let {words.partner(item)} take part"
    return f"give up that {requirement.words}" if requirement.swap else f"do without {requirement.words}"
