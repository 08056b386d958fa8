"""A planner's own choices in words. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterator

from ..choices import Choices
from ..inputs.records import Case, Catalog
from .words import SHORT, Names, money, plain

BODY_NAMES = {
    "unsc": "the Security Council",
    "regional": "the regional body",
    "national_legislature": "the legislature",
}


def changes_in_words(case: Case, catalog: Catalog, choices: Choices) -> list[str]:
    """One phrase for each choice that differs from the case as it is coded."""
    return [*_numbers(choices), *_partners(Names(case, catalog), choices), *_others(Names(case, catalog), choices)]


def _numbers(choices: Choices) -> Iterator[str]:
    if choices.objectives != Choices().objectives:
        yield "objectives " + ", ".join(SHORT[k].lower() for k in choices.objectives)
    if choices.budget_musd is not None:
        yield f"envelope {money(choices.budget_musd)}"
    if choices.reserve_musd is not None:
        yield f"reserve {money(choices.reserve_musd)}"
    if choices.first_effect_days is not None:
        yield f"first effect by day {choices.first_effect_days:.0f}"
    if choices.deadline_days is not None:
        yield f"all in force by day {choices.deadline_days:.0f}"
    if choices.max_measures is not None:
        yield f"at most {choices.max_measures} measures at once"
    if choices.failing != 1:
        yield f"any {choices.failing} measures may fail"
    if choices.branch_day is not None:
        yield f"branch day {choices.branch_day:.0f}"
    if choices.baseline != "inside":
        own = isinstance(choices.baseline, float | int)
        yield f"baseline {choices.baseline:.1%}" if own else f"baseline from the {choices.baseline} view"
    if choices.branches is not None:
        yield "own chances of the branches" if choices.branches else "no branches"


def _partners(names: Names, choices: Choices) -> Iterator[str]:
    for key in choices.partners_out:
        yield f"{names.partner(key)} out"
    for key, month in choices.partner_from:
        yield f"{names.partner(key)} from month {month:g}"
    for key, will in choices.will:
        yield f"will of {names.partner(key)} {will:g}"
    for key, count in choices.capacity:
        yield f"at most {count} at once led by {names.partner(key)}"
    for key, musd in choices.funder_musd:
        yield f"at most {money(musd)} paid by {names.partner(key)}"
    for key in choices.planned_with:
        yield f"{names.partner(key)} planned with in advance"
    for key in choices.influence:
        yield f"{names.partner(key)} able to move the perpetrators"


def _others(names: Names, choices: Choices) -> Iterator[str]:
    for body, yes in choices.authorization:
        yield f"{BODY_NAMES[body]} says {'yes' if yes else 'no'}"
    for field, words in (
        ("force_in", "begun now"), ("force_out", "left out"), ("review_allowed", "switched on after review"),
    ):  # fmt: skip
        keys = getattr(choices, field)
        yield from (f"{names.tool(k)} {words}" for k in keys[:3])
        if len(keys) > 3:
            yield f"{len(keys) - 3} more instruments {words}"
    for rule, to in choices.rules:
        yield f"rule {rule} ({names.catalog.rules[rule].title.lower()}) {to}"
    for parameter, value in choices.parameters:
        yield f"{plain(parameter)} = {value:g}"
    for group in choices.waived_groups:
        yield f"{plain(group)} need not be covered"
