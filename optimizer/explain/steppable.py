"""The steps that can be asked for: every bound, constraint and rule number of the planner's, loosened by one step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..answers import Option
from ..choices import Choices
from ..questions import Question
from .requirements import dropped, requirements_of
from .resolve import resolver_of
from .words import NAMES, Words, amount, counted

LOOSER = {  # rule numbers that allow more when moved this way; the size is a step that a planner would discuss
    "R01.g": (1.0, "month", "more for a deed to follow its threat"),
    "R17.f_min": (-0.1, "", "less of fit asked of a lead"),
    "R17.margin": (0.1, "", "more of a margin by which another partner may be better placed"),
    "R18.months": (-3.0, "month", "less of follow-through"),
    "R25.v": (0.2, "", "more until a patron must be engaged"),
    "R28.n": (-1.0, "measure", "fewer beside mediation"),
    "R30.leads": (1.0, "partner", "more that may lead talks at once"),
    "R36.days": (15.0, "day", "more lead time allowed in a crisis of weeks"),
    "R46.share": (0.1, "", "more of the envelope as ready money"),
}


@dataclass(frozen=True)
class Step:
    """One requirement loosened: either a bound on an objective, or the choices at so many steps (None: no further)."""

    words: str
    bound: tuple[str, float] | None = None
    field: str = ""
    item: str = ""
    now: float = 0.0
    size: float = 0.0
    state: Choices | None = None

    def choices(self, base: Choices, count: int) -> Choices | None:
        """The choices after some steps; None where there is no such step."""
        if self.state is not None:
            return self.state if count == 1 else None
        value = self.now + count * self.size
        if value < 0:
            return None
        if self.field in ("max_measures", "capacity"):
            value = int(value)
        changed: dict[str, Any] = {self.field: value}
        if self.item:
            kept = (pair for pair in getattr(base, self.field) if pair[0] != self.item)
            changed = {self.field: (*kept, (self.item, value))}
        return replace(base, **changed)


def steps_of(question: Question, option: Option) -> tuple[Step, ...]:
    """All steps worth asking: bounds on the other objectives first, then constraints, rules and their numbers."""
    words = Words(question.case, question.catalog)
    return (
        *_bounds(question, option, words),
        *_limits(question),
        *_capacities(question, option, words),
        *_released(question, words),
        *_rule_numbers(question, words),
    )


def _limits(question: Question) -> Iterator[Step]:
    """The constraints that have a number."""
    settings, choices = question.situation.settings, question.choices
    ten = 0.1 * settings.budget
    yield Step(f"{amount('cost', ten)} more in the envelope", field="budget_musd", now=settings.budget, size=ten)
    yield Step("one more measure at once", field="max_measures", now=settings.max_measures, size=1.0)
    chosen: tuple[tuple[str, float | None, float, str], ...] = (
        ("deadline_days", choices.deadline_days, 7.0, "a week more until every measure is in force"),
        ("first_effect_days", choices.first_effect_days, 7.0, "a week more until the first measure is in force"),
        ("reserve_musd", choices.reserve_musd, ten, f"{amount('cost', ten)} more kept for the branches"),
    )
    for field, now, size, said in chosen:
        if now is not None:
            yield Step(said, field=field, now=now, size=size)


def _capacities(question: Question, option: Option, words: Words) -> Iterator[Step]:
    leads = {m.lead for m in option.measures}
    for ally in question.situation.settings.allies.values():
        if ally.id in leads:
            said = f"one more measure that {words.partner(ally.id)} can lead at once"
            yield Step(said, field="capacity", item=ally.id, now=ally.capacity, size=1.0)


def _bounds(question: Question, option: Option, words: Words) -> Iterator[Step]:
    resolver = resolver_of(question)
    for objective in question.objectives[1:]:
        size, now = resolver.resolution(objective.key), option.objectives[objective.key]
        if words.is_never(objective.key, now):
            continue
        yield Step(
            f"{amount(objective.key, size)} more of {NAMES[objective.key]}",
            bound=(objective.key, now),
            size=size,
        )


def _released(question: Question, words: Words) -> Iterator[Step]:
    """Switches: partners left out, instruments forced in or out, required rules."""
    for r in requirements_of(question):
        if r.field in ("partners_out", "force_in", "force_out", "authorization"):
            yield Step(f"giving up that {r.words}", state=dropped(question.choices, r))
        if r.field == "rules":
            title = words.catalog.rules[str(r.item)].title
            state = dropped(question.choices, r)
            yield Step(f"only preferring the rule '{title}'", field="rules", item=str(r.item), state=state)


def _rule_numbers(question: Question, words: Words) -> Iterator[Step]:
    settings = question.situation.settings
    for name, (size, unit, said) in LOOSER.items():
        rule, parameter = name.split(".")
        if settings.required(rule):
            much = counted(round(abs(size)), unit) if unit else f"{abs(size):g}"
            text = f"{much} {said} (the rule '{words.catalog.rules[rule].title}')"
            yield Step(text, field="parameters", item=name, now=settings.parameter(rule, parameter), size=size)
