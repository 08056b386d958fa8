"""The requirements of a question in the planner's words, and the choices without one of them or with another number
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..choices import Choices
from ..model.rules import RULES
from ..questions import Question
from .words import Words, counted

SWAPS = ("partner_from", "capacity", "will", "authorization", "parameters")  # change columns or rows: asked anew
AMOUNTS = ("budget_musd", "funder_musd", "deadline_days", "first_effect_days", "max_measures")  # loosened by degrees


@dataclass(frozen=True)
class Requirement:
    """One requirement. `field`, `item`: where it stands in the choices. `now`: its number, if it has one, in `unit`.

    `own`: the planner's own, not the case's or a rule's by default. `fact`: nobody's: how the case stands.
    """

    key: str
    words: str
    field: str
    item: object = None
    now: float | None = None
    unit: str = ""
    own: bool = True
    fact: bool = False

    @property
    def swap(self) -> bool:
        return self.field in SWAPS and not self.fact


def requirements_of(question: Question) -> tuple[Requirement, ...]:
    """Rules first, then the case's own limits, then the planner's wishes, so that a search for what can be spared
    ends with the wishes.
    """
    words = Words(question.case, question.catalog)
    return (*_rules(question), *_limits(question), *_wishes(question, words))


def _rules(question: Question) -> Iterator[Requirement]:
    settings, own = question.situation.settings, dict(question.choices.rules)
    for key, rule in RULES.items():
        if rule.rows is not None and settings.required(key):
            words = _statement(question, key, rule.how)
            yield Requirement(f"rule:{key}", words, "rules", key, own=key in own)


def _statement(question: Question, key: str, how: str) -> str:
    """What a rule asks where it is required."""
    if how.split(" (", 1)[0].endswith("is priced"):  # nothing is priced then: its title says what is asked
        return f"the rule '{question.catalog.rules[key].title}'"
    if key == "R16":
        share = f"{100 * question.situation.settings.parameter('R16', 's'):.0f} %"
        how = how.replace("this share of the measures of now", f"{share} of the measures begun now")
    return f"the rule that {how.split(' (', 1)[0].replace('volcanic crises', 'a crisis of weeks')}"


def _limits(question: Question) -> Iterator[Requirement]:
    settings, choices = question.situation.settings, question.choices
    most, budget = float(settings.max_measures), settings.budget
    said = f"at most {counted(settings.max_measures, 'measure')} at once"
    yield Requirement("max_measures", said, "max_measures", None, most, "measures", choices.max_measures is not None)
    said = f"the envelope of {budget:,.1f} M USD"
    yield Requirement("budget_musd", said, "budget_musd", None, budget, "M USD", choices.budget_musd is not None)


def _wishes(question: Question, words: Words) -> Iterator[Requirement]:
    choices = question.choices
    numbers = (
        ("reserve_musd", choices.reserve_musd, "M USD", "the reserve of {:,.1f} M USD for the branches"),
        ("deadline_days", choices.deadline_days, "days", "every measure in force by day {:.0f}"),
        ("first_effect_days", choices.first_effect_days, "days", "a first measure in force by day {:.0f}"),
    )
    for field, now, unit, said in numbers:
        if now is not None:
            yield Requirement(field, said.format(now), field, None, now, unit)
    for name, most in choices.funder_musd:
        said = f"at most {most:,.1f} M USD from {words.partner(name)}"
        yield Requirement(f"funder_musd:{name}", said, "funder_musd", name, most, "M USD")
    named: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("force_out", lambda key: f"{words.tool(key)} is ruled out"),
        ("partners_out", lambda key: f"{words.does(key, 'takes')} no part"),
        ("force_in", lambda key: f"{words.tool(key)} must be begun now"),
    )
    for field, say in named:
        for key in dict.fromkeys(getattr(choices, field)):
            yield Requirement(f"{field}:{key}", say(key), field, key)
    yield from _swapped(choices, words)


def _swapped(choices: Choices, words: Words) -> Iterator[Requirement]:
    said: dict[str, Callable[[str, float], str]] = {
        "partner_from": lambda name, v: f"{words.does(name, 'comes')} in month {v:g}",
        "capacity": lambda name, v: f"{words.does(name, 'leads')} at most {counted(int(v), 'measure')} at once",
        "will": lambda name, v: f"the readiness of {words.partner(name)} is {v:g}",
        "authorization": lambda name, v: f"{BODIES[name]} is ruled {'in' if v else 'out'}",
        "parameters": lambda name, v: f"the number you set for '{_rule_title(words, name)}' ({v:g})",
    }
    for field, say in said.items():
        for name, value in getattr(choices, field):
            yield Requirement(f"{field}:{name}", say(name, value), field, name, float(value))


BODIES = {
    "unsc": "a mandate of the UN Security Council",
    "regional": "a regional mandate",
    "national_legislature": "the legislature's consent",
}


def _rule_title(words: Words, parameter: str) -> str:
    rule = words.catalog.rules.get(parameter.split(".", 1)[0])
    return rule.title.lower() if rule else parameter


def dropped(choices: Choices, requirement: Requirement, rule_state: str = "preferred") -> Choices:
    """The choices without a requirement; a rule becomes preferred."""
    field, item = requirement.field, requirement.item
    if field == "rules":
        return replace(choices, rules=(*((k, s) for k, s in choices.rules if k != item), (str(item), rule_state)))  # type: ignore[arg-type]
    if field in ("max_measures", "budget_musd"):
        return changed(choices, requirement, NO_LIMIT[field])
    if item is None:
        return _set(choices, field, None)
    kept = (x for x in getattr(choices, field) if x != item and not (isinstance(x, tuple) and x[0] == item))
    return _set(choices, field, tuple(kept))


def _set(choices: Choices, field: str, value: Any) -> Choices:
    return replace(choices, **{field: value})


NO_LIMIT = {
    "max_measures": 1000.0,
    "budget_musd": 1e6,
}  # far beyond any catalog; the case's own limit would stand in for None


def changed(choices: Choices, requirement: Requirement, value: float) -> Choices:
    """The choices with another number for a requirement."""
    field, item = requirement.field, requirement.item
    number = int(value) if field in ("max_measures", "capacity") else bool(value) if field == "authorization" else value
    if item is None:
        return _set(choices, field, number)
    rest = tuple(x for x in getattr(choices, field) if x[0] != item)
    return _set(choices, field, (*rest, (item, number)))
