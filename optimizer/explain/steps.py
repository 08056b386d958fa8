"""What would one step more buy? Every bound, constraint and rule number of the planner's, loosened by one step and
solved anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..answers import Option
from ..choices import Choices
from ..inputs.faults import InputError
from ..questions import Question, ask
from .live import Stop, measured, never
from .records import Explanation
from .requirements import dropped, requirements_of
from .resolve import Ask, Resolver, resolver_of
from .words import Words, amount, at_most, counted, points, start

SECONDS = 30.0
FURTHEST = 8  # steps up to which it is asked where a requirement stops mattering
LOOSER = {  # rule numbers that allow more when moved this way; the size is a step that a planner would discuss
    "R01.g": (1.0, "month", "for a deed to follow its threat"),
    "R17.f_min": (-0.1, "", "less fit asked of a lead"),
    "R17.margin": (0.1, "", "wider margin by which another partner may be better placed"),
    "R18.months": (-3.0, "month", "less follow-through"),
    "R25.v": (0.2, "", "higher threshold from which a patron must be engaged"),
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
    words, settings, choices = Words(question.case, question.catalog), question.situation.settings, question.choices
    found = [*_bounds(question, option)]
    ten = 0.1 * settings.budget
    found.append(
        Step(f"{amount('cost', ten)} more in the envelope", field="budget_musd", now=settings.budget, size=ten)
    )
    found.append(Step("one more measure at once", field="max_measures", now=settings.max_measures, size=1.0))
    if choices.deadline_days is not None:
        found.append(
            Step(
                "a week more until every measure is in force",
                field="deadline_days",
                now=choices.deadline_days,
                size=7.0,
            )
        )
    if choices.first_effect_days is not None:
        found.append(
            Step(
                "a week more until the first measure is in force",
                field="first_effect_days",
                now=choices.first_effect_days,
                size=7.0,
            )
        )
    if choices.reserve_musd is not None:
        found.append(
            Step(
                f"{amount('cost', ten)} more kept for the branches",
                field="reserve_musd",
                now=choices.reserve_musd,
                size=ten,
            )
        )
    for ally in settings.allies.values():
        if ally.id in {m.lead for m in option.measures}:
            found.append(
                Step(
                    f"one more measure that {words.partner(ally.id)} can lead at once",
                    field="capacity",
                    item=ally.id,
                    now=ally.capacity,
                    size=1.0,
                )
            )
    return (*found, *_released(question, words), *_rule_numbers(question, words))


def _bounds(question: Question, option: Option) -> Iterator[Step]:
    resolver = resolver_of(question)
    for objective in question.objectives[1:]:
        size = resolver.resolution(objective.key)
        yield Step(
            f"{amount(objective.key, size)} more", bound=(objective.key, option.objectives[objective.key]), size=size
        )


def _released(question: Question, words: Words) -> Iterator[Step]:
    """Switches: partners left out, instruments forced in or out, required rules."""
    for r in requirements_of(question):
        if r.field in ("partners_out", "force_in", "force_out", "authorization"):
            yield Step(f"giving up that {r.words}", state=dropped(question.choices, r))
        if r.field == "rules":
            title = words.catalog.rules[str(r.item)].title
            yield Step(f"only preferring the rule '{title}'", state=dropped(question.choices, r))


def _rule_numbers(question: Question, words: Words) -> Iterator[Step]:
    settings = question.situation.settings
    for name, (size, unit, said) in LOOSER.items():
        rule, parameter = name.split(".")
        if settings.required(rule):
            much = counted(round(abs(size)), unit) if unit else f"{abs(size):g}"
            text = f"{much} {said} (the rule '{words.catalog.rules[rule].title}')"
            yield Step(text, field="parameters", item=name, now=settings.parameter(rule, parameter), size=size)


def one_step_more(
    question: Question, option: Option, *, seconds: float = SECONDS, stop: Stop = never
) -> tuple[Explanation, ...]:
    """All steps, those that buy most first."""
    found = tuple(steps(question, option, seconds=seconds, stop=stop))
    return tuple(sorted(found, key=lambda e: -(e.numbers["gain_at_least"] or 0.0)))


def steps(question: Question, option: Option, *, seconds: float = SECONDS, stop: Stop = never) -> Iterator[Explanation]:
    """One step after the other, as each is solved."""
    left, wanted = measured(seconds), steps_of(question, option)
    for done, step in enumerate(wanted):
        if stop() or left() < 0.05:
            return
        yield _step(question, option, step, left() / (len(wanted) - done), stop)


def _step(question: Question, option: Option, step: Step, seconds: float, stop: Stop) -> Explanation:
    left = measured(seconds)
    least, most, proven = _gain(question, option, step, 1, 0.6 * seconds, stop)
    resolution = resolver_of(question).resolution(question.objectives[0].key)
    last, count = least, 1
    while least > 0.1 * resolution and 2 * count <= FURTHEST and left() > 0.1 * seconds and not stop():
        further, _, _ = _gain(question, option, step, 2 * count, 0.5 * left(), stop)
        if further <= last + 0.1 * resolution:
            break
        last, count = further, 2 * count
    numbers = {
        "gain_at_least": least,
        "gain_at_most": most,
        "steps_that_still_gain": float(count) if least > 0 else 0.0,
        "gain_then": last,
    }
    return Explanation(
        "one_step",
        step.words,
        _sentence(question, step, least, most, proven, count, last),
        "proven" if proven else "gap",
        "",
        numbers,
    )


def _gain(
    question: Question, option: Option, step: Step, count: int, seconds: float, stop: Stop
) -> tuple[float, float, bool]:
    """What the first objective falls by, at least and at most, and whether that is settled."""
    key = question.objectives[0].key
    bounds = resolver_of(question).bounds_of(option, key)
    asked: Question | None = question
    if step.bound is not None:
        bounds[step.bound[0]] = step.bound[1] + count * step.size
    else:
        asked = _asked(question, step.choices(question.choices, count))
    if asked is None:
        return 0.0, 0.0, True
    resolver = resolver_of(question) if asked is question else Resolver(asked)
    near = resolver.judged(option.package) if _still_offered(resolver, option) else None
    found = resolver.best(Ask(key, bounds), seconds, near, stop=stop)
    value = option.objectives[key]
    least = 0.0 if found.best is None else max(value - found.best.values[key], 0.0)
    most = max(value - found.bound, least) if math.isfinite(found.bound) else 0.0
    return least, most, found.exactness == "proven"


def _asked(question: Question, choices: Choices | None) -> Question | None:
    try:
        return None if choices is None else ask(question.case, choices, question.catalog)
    except InputError:
        return None


def _still_offered(resolver: Resolver, option: Option) -> bool:
    try:
        resolver.question.situation.indices(option.package)
    except KeyError:
        return False
    return resolver.allowed(option.package)


def _sentence(question: Question, step: Step, least: float, most: float, proven: bool, count: int, last: float) -> str:
    key, what = question.objectives[0].key, start(step.words)
    size = points if key == "risk" else lambda v: amount(key, v)
    if most <= 5e-5:
        return f"{what} would buy nothing."
    if least <= 5e-5:
        return f"{what}: nothing better was found; it could buy {at_most(key, most)}."
    exact = "" if proven else f" ({at_most(key, most)})" if most > 1.05 * least else ""
    on = (
        f" It goes on paying up to {counted(count, 'step')}, {size(last)} in all."
        if count > 1
        else " A second step adds nothing that matters."
        if last == least
        else ""
    )
    return f"{what} would buy {size(least)} of {'risk' if key == 'risk' else key}{exact}.{on}"
