"""What would one step more buy? Each step is made and solved anew."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ..answers import Option, PlanFront
from ..choices import Choices
from ..inputs.faults import InputError
from ..questions import Question, ask
from ..wishes import checked
from .asks import Ask
from .live import Stop, measured, never
from .records import Explanation
from .resolve import Resolver, resolver_of
from .steppable import Step, steps_of
from .stepping import Stepping
from .words import NAMES, NOTHING, at_most, counted, difference, start

SECONDS = 30.0
FURTHEST = 8  # steps up to which it is asked where a requirement stops mattering


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
    wanted, asker = steps_of(question, option), _Asker(question, option, front, stop, Stepping(question))
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
    stepping: Stepping

    def explained(self, step: Step, seconds: float) -> Explanation:
        left, key = measured(seconds), self.question.objectives[0].key
        first = self.gain(step, 1, 0.6 * seconds)
        worth = 0.1 * resolver_of(self.question).resolution(key)
        last, count, ends = first, 1, False
        while last.least > worth and 2 * count <= FURTHEST and left() > 0.3 * seconds and not self.stop():
            further = self.gain(step, 2 * count, 0.5 * left())
            if further.least <= last.least + worth:
                ends = further.proven
                break
            last, count = further, 2 * count
        numbers = {
            "gain_at_least": first.least,
            "gain_at_most": first.most,
            "steps_that_still_gain": float(count) if first.least > 0 else 0.0,
            "gain_then": last.least,
        }
        sentence = _sentence(key, step, first, count, last.least, ends)
        return Explanation("one_step", step.words, sentence, "proven" if first.proven else "gap", "", numbers)

    def gain(self, step: Step, count: int, seconds: float) -> _Gain:
        left, key = measured(seconds), self.question.objectives[0].key
        resolver: Resolver | None = resolver_of(self.question, self.front)
        assert resolver is not None
        bounds = resolver.bounds_of(self.option, key)
        if step.bound is not None:
            bounds[step.bound[0]] = step.bound[1] + count * step.size
        else:
            choices = step.choices(self.question.choices, count)
            resolver = None if choices is None else self._under(step, choices)
        if resolver is None:
            return _Gain(0.0, 0.0, True)
        near = resolver.judged(self.option.package) if _still_offered(resolver, self.option) else None
        wanted, value = Ask(key, bounds), self.option.objectives[key]
        most = value - resolver.relaxed(wanted)
        if near is not None and most <= resolver.slack(wanted):
            return _Gain(0.0, max(most, 0.0), True)
        resolver.known.learn(self.front)
        found = resolver.best(wanted, left(), near, stop=self.stop)
        least = 0.0 if found.best is None else max(value - found.best.values[key], 0.0)
        most = max(value - found.bound, least) if not found.none else 0.0
        return _Gain(least, most, found.exactness == "proven")

    def _under(self, step: Step, choices: Choices) -> Resolver | None:
        """What answers for the question after a step; None if the step changes nothing, or cannot be taken."""
        q, live = self.question, self.stepping
        try:
            checked(q.case, choices, q.catalog)
            found = live.resolver(choices) if live.moves_rows_only(step) else None
            if found is not None and live.idle:
                return None
            return found or Resolver(ask(q.case, choices, q.catalog))
        except InputError:
            return None


def _still_offered(resolver: Resolver, option: Option) -> bool:
    try:
        resolver.question.situation.indices(option.package)
    except KeyError:
        return False
    return resolver.known.allowed(option.package)


def _sentence(key: str, step: Step, first: _Gain, count: int, last: float, ends: bool) -> str:
    what, size = start(step.words), partial(difference, key)
    if first.most <= NOTHING:
        return f"{what} would buy nothing."
    if first.least <= NOTHING and first.proven:
        return f"{what} would buy {at_most(key, first.most)} of {NAMES[key]}, less than a planner would care about."
    if first.least <= NOTHING:
        most = f"it buys {at_most(key, first.most)}" if math.isfinite(first.most) else "what it buys at most is open"
        return f"{what}: nothing better was found; {most}."
    more = "" if first.proven or first.most <= 1.05 * first.least else f" ({at_most(key, first.most)})"
    on = " A second step adds nothing that matters." if ends else ""
    if count > 1:
        on = f" It goes on paying up to {counted(count, 'step')}{'' if ends else ' at least'}, {size(last)} in all."
    return f"{what} would buy {size(first.least)} of {NAMES[key]}{more}.{on}"
