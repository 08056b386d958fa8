"""Why is it in? For each measure of a package: what it adds, what holds it there, where a ceiling eats its effect."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from ..answers import Option, PlanFront
from ..choices import Measure
from ..questions import Question
from .asks import Ask, Found
from .ceilings import eaten
from .held import held_by
from .live import Stop, measured, never
from .records import Exactness, Explanation
from .resolve import Resolver, floor_of, resolver_of, without
from .shapley import shares
from .words import NOTHING, Words, amount, at_most, between, counted, listed, points, start

SECONDS = 10.0  # for a whole package
SOON = 0.05  # seconds before the end at which nothing new is begun
TIED = 0.25  # resolutions: a package that near is as good, and no better one is looked for


def explain_package(
    question: Question, option: Option, front: PlanFront | None = None, *, seconds: float = SECONDS,
    rng: np.random.Generator | None = None, stop: Stop = never,
) -> Iterator[Explanation]:  # fmt: skip
    """All there is to say of a package, a piece at a time: what costs little first, what is solved anew last.

    `front`: the certified front that the option is from; its proof narrows the answers. Closing the generator or
    `stop` ends it.
    """
    left = measured(seconds)
    words, resolver = Words(question.case, question.catalog), resolver_of(question)
    for make in (left_out, held_by):
        for explanation in make(resolver, words, option):
            if stop():
                return
            yield explanation
    yield from eaten(resolver, words, option)
    yield from shares(resolver.judge, words, option, seconds=0.2 * left(), rng=rng, stop=stop)
    yield from _losses(question, option, front, left, stop)


def _losses(
    question: Question, option: Option, front: PlanFront | None, left: Callable[[], float], stop: Stop
) -> Iterator[Explanation]:
    """Replacement losses; those that its share of the time does not settle come last, with all that is left."""
    count, open_ = len(option.measures), list[tuple[int, Explanation]]()
    for k in range(count):
        if stop() or left() < SOON:
            break
        found = replacement_loss(question, option, k, front, seconds=left() / (count - k), stop=stop)
        if found.exactness == "proven":
            yield found
        else:
            open_.append((k, found))
    for done, (k, found) in enumerate(open_):
        if not stop() and left() > SOON:
            found = replacement_loss(question, option, k, front, seconds=left() / (len(open_) - done), stop=stop)
        yield found


# --- replacement ------------------------------------------------------------


def replacement_loss(
    question: Question,
    option: Option,
    index: int,
    front: PlanFront | None = None,
    *,
    seconds: float = 1.0,
    stop: Stop = never,
) -> Explanation:
    """What the best package loses without a measure's instrument there, under the same bounds on the other
    objectives.
    """
    resolver, words = resolver_of(question), Words(question.case, question.catalog)
    return replaced(resolver, words, option, index, front, seconds=seconds, stop=stop)


def replaced(
    resolver: Resolver, words: Words, option: Option, index: int, front: PlanFront | None = None, *,
    seconds: float = math.inf, stop: Stop = never, whole: bool = True,
) -> Explanation:  # fmt: skip
    """The same, from a resolver; `whole`: as `Resolver.best` has it."""
    question, measure = resolver.question, option.measures[index]
    key = question.objectives[0].key
    bounds = resolver.bounds_of(option, key)
    out = frozenset(question.situation.by_instrument.get((measure.instrument, measure.node), ()))
    near = resolver.judged(option.package)
    resolution = resolver.resolution(key)
    enough = option.objectives[key] + TIED * resolution
    joins = frozenset(question.situation.joins_by.get((measure.instrument, measure.node), ()))
    resolver.known.accepted(
        near.chosen - out - joins
    )  # the same package without it: nearly always an answer, if not the best
    found = resolver.best(Ask(key, bounds, out), seconds, near, floor_of(front, key, bounds), stop, enough, whole)
    return _loss(words, option, measure, key, found, resolution)


def _loss(words: Words, option: Option, measure: Measure, key: str, found: Found, resolution: float) -> Explanation:
    value, name = option.objectives[key], words.measure(measure)
    most = None if found.best is None else max(found.best.values[key] - value, 0.0)
    least = max(found.bound - value, 0.0)
    numbers = {f"{key}_with": value, f"{key}_without_at_least": None if found.none else max(found.bound, 0.0),
               f"{key}_without_at_most": None if found.best is None else found.best.values[key]}  # fmt: skip
    sentence = _loss_sentence(words, name, key, value, most, least, found, resolution)
    package = None if found.best is None else found.best.package
    settled = most is not None and most - least <= resolution  # no package is worth less than nothing
    exactness: Exactness = "proven" if settled else found.exactness
    return Explanation(
        "replacement_loss", name, sentence, exactness, words.grade([measure.instrument]), numbers, package
    )


def _loss_sentence(
    words: Words, name: str, key: str, value: float, most: float | None, least: float, found: Found, resolution: float
) -> str:
    if found.none:
        return f"No package within the same bounds does without {name}."
    if most is None:
        return f"Whether another package within the same bounds does without {name} is open: none was found in time."
    if most <= NOTHING:
        return f"{start(name)} can be replaced at no loss: another package within the same bounds does as well."
    head = "the best other package" if found.exactness == "proven" else "the best other package known"
    then, now = words.amount(key, value + most), amount(key, value)
    if words.is_never(key, value + most):
        return f"Without {name}, {head} leaves {then}."
    instead = f"the same {now} to the digits shown" if then == now else f"{then} instead of {now}"
    tied = ", less than a planner would care about" if most < resolution else ""
    return f"Without {name}, {head} leaves {instead}: it is worth {_between(key, least, most)}{tied}."


def _between(key: str, least: float, most: float) -> str:
    """A range, or one number where both ends read the same."""
    return between(key, least, most) if least > NOTHING else at_most(key, most)


# --- leave one out ------------------------------------------------------------


def left_out(resolver: Resolver, words: Words, option: Option) -> Iterator[Explanation]:
    """Risk, cost and days of the package less one measure, nothing put in its place."""
    for index, measure in enumerate(option.measures):
        values = resolver.judge.evaluate(without(option.package, index)).values
        whole, name = option.evaluation.values, words.measure(measure)
        change = values["risk"] - whole["risk"]
        effect = (
            f"the risk would be {points(change)} {'higher' if change > 0 else 'lower'}"
            if abs(change) > NOTHING
            else "the risk would be the same"
        )
        days, saved = values["days"] - whole["days"], whole["cost"] - values["cost"]
        parts = [effect, f"{amount('cost', saved)} would be saved"]
        if days > 0.5 and words.is_never("days", values["days"]):
            parts.append("some group would never be protected")
        elif days > 0.5:
            parts.append(f"protection of all groups would come {counted(round(days), 'day')} later")
        sentence = f"With {name} simply taken away, {listed(parts)}."
        numbers = {"risk_more": change, "cost_saved_musd": saved, "days_more": days}
        yield Explanation("leave_one_out", name, sentence, "proven", words.grade([measure.instrument]), numbers)


__all__ = ["eaten", "explain_package", "held_by", "left_out", "replaced", "replacement_loss", "shares"]
