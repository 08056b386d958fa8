"""What would one step more buy? Every bound, constraint and rule number of the planner's, loosened by one step and
solved anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..answers import Option, PlanFront
from ..choices import Choices
from ..inputs.faults import InputError
from ..model.rules import rows_of
from ..questions import Question, ask
from .asks import Ask
from .live import Stop, measured, never
from .records import Explanation
from .requirements import dropped, requirements_of
from .resolve import Resolver, resolver_of
from .words import NAMES, NOTHING, Words, amount, at_most, counted, difference, start

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
    idle: bool = False  # asks nothing of anybody here, so that letting it go changes nothing

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
            f"{amount(objective.key, size)} more of {NAMES[objective.key]}",
            bound=(objective.key, option.objectives[objective.key]),
            size=size,
        )


def _released(question: Question, words: Words) -> Iterator[Step]:
    """Switches: partners left out, instruments forced in or out, required rules."""
    for r in requirements_of(question):
        if r.field in ("partners_out", "force_in", "force_out", "authorization"):
            yield Step(f"giving up that {r.words}", state=dropped(question.choices, r))
        if r.field == "rules":
            title = words.catalog.rules[str(r.item)].title
            idle = not rows_of(question.situation, str(r.item))
            yield Step(f"only preferring the rule '{title}'", state=dropped(question.choices, r), idle=idle)


def _rule_numbers(question: Question, words: Words) -> Iterator[Step]:
    settings = question.situation.settings
    for name, (size, unit, said) in LOOSER.items():
        rule, parameter = name.split(".")
        if settings.required(rule):
            much = counted(round(abs(size)), unit) if unit else f"{abs(size):g}"
            text = f"{much} {said} (the rule '{words.catalog.rules[rule].title}')"
            yield Step(text, field="parameters", item=name, now=settings.parameter(rule, parameter), size=size)


def one_step_more(
    question: Question, option: Option, front: PlanFront | None = None, *, seconds: float = SECONDS, stop: Stop = never
) -> tuple[Explanation, ...]:
    """All steps, those that buy most first."""
    found = tuple(steps(question, option, front, seconds=seconds, stop=stop))
    return tuple(sorted(found, key=lambda e: -(e.numbers["gain_at_least"] or 0.0)))


def steps(
    question: Question, option: Option, front: PlanFront | None = None, *, seconds: float = SECONDS, stop: Stop = never
) -> Iterator[Explanation]:
    """One step after the other, as each is solved; what there is no time for is left out.

    `front`: the front that the option is from; its packages are tried under every step.
    """
    wanted, asker = steps_of(question, option), _Asker(question, option, front, stop)
    left, dearest = measured(seconds), 0.0
    for done, step in enumerate(wanted):
        if stop() or left() < max(dearest, 0.05):
            return
        before = left()
        yield asker.explained(step, before / (len(wanted) - done))
        dearest = max(dearest, before - left()) if step.bound is None else dearest


@dataclass(frozen=True)
class _Gain:
    """What the first objective falls by, at least and at most, and whether that is settled."""

    least: float
    most: float
    proven: bool


@dataclass(frozen=True)
class _Asker:
    """Asks what steps buy, for one package."""

    question: Question
    option: Option
    front: PlanFront | None
    stop: Stop

    def explained(self, step: Step, seconds: float) -> Explanation:
        left, key = measured(seconds), self.question.objectives[0].key
        first = self.gain(step, 1, 0.6 * seconds)
        worth = 0.1 * resolver_of(self.question).resolution(key)
        last, count = first, 1
        while last.least > worth and 2 * count <= FURTHEST and left() > 0.3 * seconds and not self.stop():
            further = self.gain(step, 2 * count, 0.5 * left())
            if further.least <= last.least + worth:
                break
            last, count = further, 2 * count
        numbers = {
            "gain_at_least": first.least,
            "gain_at_most": first.most,
            "steps_that_still_gain": float(count) if first.least > 0 else 0.0,
            "gain_then": last.least,
        }
        sentence = _sentence(key, step, first, count, last.least)
        return Explanation("one_step", step.words, sentence, "proven" if first.proven else "gap", "", numbers)

    def gain(self, step: Step, count: int, seconds: float) -> _Gain:
        left, key = measured(seconds), self.question.objectives[0].key
        bounds = resolver_of(self.question).bounds_of(self.option, key)
        asked: Question | None = self.question
        if step.bound is not None:
            bounds[step.bound[0]] = step.bound[1] + count * step.size
        else:
            asked = None if step.idle else _asked(self.question, step.choices(self.question.choices, count))
        if asked is None:
            return _Gain(0.0, 0.0, True)
        resolver = resolver_of(asked, self.front) if asked is self.question else _fresh(asked, self.front)
        near = resolver.judged(self.option.package) if _still_offered(resolver, self.option) else None
        found = resolver.best(Ask(key, bounds), left(), near, stop=self.stop)
        value = self.option.objectives[key]
        least = 0.0 if found.best is None else max(value - found.best.values[key], 0.0)
        most = max(value - found.bound, least) if not found.none else 0.0
        return _Gain(least, most, found.exactness == "proven")


def _fresh(question: Question, front: PlanFront | None) -> Resolver:
    """A resolver for a question that is asked once."""
    resolver = Resolver(question)
    resolver.known.learn(front)
    return resolver


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
    return resolver.known.allowed(option.package)


def _sentence(key: str, step: Step, first: _Gain, count: int, last: float) -> str:
    what, size = start(step.words), partial(difference, key)
    if first.most <= NOTHING:
        return f"{what} would buy nothing."
    if first.least <= NOTHING:
        most = f"it buys {at_most(key, first.most)}" if math.isfinite(first.most) else "what it buys at most is open"
        return f"{what}: nothing better was found; {most}."
    more = "" if first.proven or first.most <= 1.05 * first.least else f" ({at_most(key, first.most)})"
    on = (
        f" It goes on paying up to {counted(count, 'step')}, {size(last)} in all."
        if count > 1
        else " A second step adds nothing that matters."
    )
    return f"{what} would buy {size(first.least)} of {NAMES[key]}{more}.{on}"
