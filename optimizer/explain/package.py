"""Why is it in? For each measure of a package: what it adds, what holds it there, where a ceiling eats its effect."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..answers import Option, PlanFront
from ..choices import Measure, Package
from ..judge.evaluate import Judge
from ..model.rows import Row
from ..model.settings import WORDS_GROUP
from ..questions import Question
from .live import Stop, measured, never
from .records import Explanation
from .resolve import Ask, Found, Resolver, floor_of, resolver_of, without
from .words import Words, amount, at_most, counted, difference, points, start

Shares = NDArray[np.float64]  # (measures,)
EXACT_UP_TO = 10  # measures for which all subsets are judged: 1,024 packages, about a second
SECONDS = 10.0  # for a whole package
NOTHING = 5e-5  # risk: less than what a tenth of a percentage point rounds to


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
    count = len(option.measures)
    for k in range(count):
        if stop() or left() < 0.05:
            return
        yield replacement_loss(question, option, k, front, seconds=left() / (count - k), stop=stop)


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
    resolver, words, measure = resolver_of(question), Words(question.case, question.catalog), option.measures[index]
    key = question.objectives[0].key
    bounds = resolver.bounds_of(option, key)
    out = frozenset(question.situation.by_instrument.get((measure.instrument, measure.node), ()))
    near = resolver.judged(option.package)
    found = resolver.best(Ask(key, bounds, out), seconds, near, floor_of(front, key, bounds), stop)
    return _loss(words, option, measure, key, found, resolver.resolution(key))


def _loss(words: Words, option: Option, measure: Measure, key: str, found: Found, resolution: float) -> Explanation:
    value, name = option.objectives[key], words.measure(measure)
    most = None if found.best is None else max(found.best.values[key] - value, 0.0)
    least = max(found.bound - value, 0.0)
    numbers = {f"{key}_with": value, f"{key}_without_at_least": None if found.none else max(found.bound, 0.0),
               f"{key}_without_at_most": None if found.best is None else found.best.values[key]}  # fmt: skip
    sentence = _loss_sentence(name, key, value, most, least, found, resolution)
    package = None if found.best is None else found.best.package
    exactness = "proven" if most is not None and most <= NOTHING else found.exactness
    return Explanation(
        "replacement_loss", name, sentence, exactness, words.grade([measure.instrument]), numbers, package
    )


def _loss_sentence(
    name: str, key: str, value: float, most: float | None, least: float, found: Found, resolution: float
) -> str:
    if found.none:
        return f"No package within the same bounds does without {name}."
    if most is None:
        return f"No package without {name} was found in the time given; whether one exists is open."
    instead = f"{amount(key, value + most)} instead of {amount(key, value)}"
    if amount(key, value + most) == amount(key, value):
        instead = f"the same {amount(key, value)} to the digits shown"
    if most <= NOTHING:
        return f"{start(name)} can be replaced at no loss: another package within the same bounds does as well."
    if found.exactness == "proven":
        tied = ", less than a planner would care about" if most < resolution else ""
        return f"Without {name}, the best other package leaves {instead}: it is worth {difference(key, most)}{tied}."
    low = f"between {difference(key, least)} and {difference(key, most)}" if least > NOTHING else at_most(key, most)
    return f"Without {name}, a package is known that leaves {instead}, the rest replanned: it is worth {low}."


# --- leave one out, and what holds it ------------------------------------------------------------


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
        days = values["days"] - whole["days"]
        later = f", and protection of all groups would come {counted(round(days), 'day')} later" if days > 0.5 else ""
        saved = whole["cost"] - values["cost"]
        sentence = f"With {name} simply taken away, {effect}, {amount('cost', saved)} would be saved{later}."
        numbers = {"risk_more": change, "cost_saved_musd": saved, "days_more": days}
        yield Explanation("leave_one_out", name, sentence, "proven", words.grade([measure.instrument]), numbers)


def held_by(resolver: Resolver, words: Words, option: Option) -> Iterator[Explanation]:
    """The requirements that the rest of the package would break without a measure, and what they speak of."""
    situation, chosen = resolver.question.situation, situation_indices(resolver, option)
    place = dict(zip(option.measures, _columns(resolver, option), strict=True))
    for measure in option.measures:
        column = situation.columns[place[measure]]
        joins = frozenset(situation.joins_by.get((column.tool.id, column.node), ()))
        less = chosen - {place[measure]} - joins
        broken = _reasons(words, resolver.rows, chosen, less)
        dropped = _reasons(words, resolver.question.priced, chosen, less)
        name = words.measure(measure)
        for because in broken:
            sentence = _held_sentence(words, name, because)
            yield Explanation("held_by", name, sentence, "proven", words.grade([measure.instrument]))
        for because in dropped:
            sentence = f"Without {name}, a preferred rule would no longer be kept: {because}."
            yield Explanation("held_by", name, sentence, "proven", words.grade([measure.instrument]))


def _held_sentence(words: Words, name: str, because: str) -> str:
    """A broken row's own words as what the measure is there for."""
    threat, found, rest = because.partition(" needs one of these")
    if found:
        where = next((place for place in words.places() if place in rest), "")
        when = f" {where}" if where else ""
        return f"{start(name)} makes good {threat}: without it nothing would stand ready behind that{when}."
    resting, found, _ = because.partition(" needs in place: ")
    if found:
        return f"{start(name)} is what {resting} rests on, which needs it in place."
    return f"{start(name)} has to stay while the rest does: {because}."


def _reasons(words: Words, rows: Sequence[Row], chosen: frozenset[int], less: frozenset[int]) -> list[str]:
    broken = (row for row in rows if row.kept(chosen) and not row.kept(less))
    return list(dict.fromkeys(words.plain(row.because) for row in broken))


def situation_indices(resolver: Resolver, option: Option) -> frozenset[int]:
    return resolver.question.situation.indices(option.package)


def _columns(resolver: Resolver, option: Option) -> list[int]:
    situation = resolver.question.situation
    return [
        next(iter(situation.indices(Package((Measure(m.instrument, m.lead, m.node, m.start_day),)))))
        for m in option.measures
    ]


# --- Shapley ------------------------------------------------------------


def shares(
    judge: Judge,
    words: Words,
    option: Option,
    seconds: float = 2.0,
    rng: np.random.Generator | None = None,
    stop: Stop = never,
    orders: int | None = None,
) -> Iterator[Explanation]:
    """Each measure's share of the fall in risk, averaged over all orders of taking the measures up (Shapley 1953).

    `orders`: so many orders where there are too many to try them all, in place of as many as the time allows.
    """
    measures = option.measures
    if len(measures) <= EXACT_UP_TO:
        value, error = shapley(judge, measures), np.zeros(len(measures))
    else:
        value, error = sampled_shapley(judge, measures, seconds, rng or np.random.default_rng(0), stop, orders)
    total = option.evaluation.baseline - option.evaluation.risk
    exact = len(measures) <= EXACT_UP_TO
    for measure, part, doubt in zip(measures, value, error, strict=True):
        name, share = words.measure(measure), part / total if total else 0.0
        around = "" if exact else f", give or take {points(2 * doubt)} of sampling"
        sentence = (
            f"Of the {points(total)} by which the package lowers the risk, "
            f"{name} accounts for {points(part)} ({100 * share:.0f} %){around}."
        )
        if part < -NOTHING:
            sentence = f"On average over all orders, {name} raises the risk by {points(part)}{around}."
        numbers = {"risk_share": float(part), "standard_error": float(doubt), "share_of_reduction": float(share)}
        yield Explanation(
            "shapley", name, sentence, "proven" if exact else "sampled", words.grade([measure.instrument]), numbers
        )


def shapley(judge: Judge, measures: Sequence[Measure]) -> Shares:
    """Exact shares of the fall in risk: every subset is judged."""
    count = len(measures)
    risk = np.array(
        [
            judge.evaluate(Package(tuple(m for k, m in enumerate(measures) if mask >> k & 1))).risk
            for mask in range(2**count)
        ]
    )
    size = np.array([mask.bit_count() for mask in range(2**count)])
    weight = np.array([1.0 / (count * _choose(count - 1, s)) for s in range(count)])
    value = np.zeros(count)
    for k in range(count):
        less = np.array([mask for mask in range(2**count) if not mask >> k & 1])
        value[k] = float((weight[size[less]] * (risk[less] - risk[less | 1 << k])).sum())
    return value


def _choose(n: int, k: int) -> float:
    return float(np.prod([(n - j) / (j + 1) for j in range(k)]))


def sampled_shapley(
    judge: Judge, measures: Sequence[Measure], seconds: float, rng: np.random.Generator, stop: Stop,
    orders: int | None = None,
) -> tuple[Shares, Shares]:  # fmt: skip
    """Shares and their standard errors from random orders, each with its reverse (two at least, however short the
    time).
    """
    end, drawn = time.monotonic() + seconds, list[Shares]()
    while len(drawn) < (orders or 2) or (orders is None and time.monotonic() < end and not stop()):
        order = rng.permutation(len(measures))
        drawn.append((_along(judge, measures, order) + _along(judge, measures, order[::-1])) / 2)
    gains = np.array(drawn)
    return gains.mean(axis=0), gains.std(axis=0, ddof=1) / np.sqrt(len(gains))


def _along(judge: Judge, measures: Sequence[Measure], order: NDArray[np.int64]) -> Shares:
    gain, taken = np.zeros(len(measures)), set[int]()
    before = judge.evaluate(Package()).risk
    for k in order:
        taken.add(int(k))
        after = judge.evaluate(Package(tuple(m for j, m in enumerate(measures) if j in taken))).risk
        gain[k], before = before - after, after
    return gain


# --- ceilings ------------------------------------------------------------

CEILINGS = {
    "words": ("Words", WORDS_GROUP),
    "sanctions": ("Economic sanctions and threats of them", frozenset({"econ_sanction", "econ_threat"})),
    "soft": ("Measures short of force", None),
    "joint": ("All measures together", None),
}


def eaten(resolver: Resolver, words: Words, option: Option) -> Iterator[Explanation]:
    """Ceilings that bind in a part of the plan, and how many of the measures under them add nothing there."""
    bound = dict.fromkeys((c.name, c.node) for c in option.evaluation.ceilings if c.name in CEILINGS)
    for name, node in bound:
        title, families = CEILINGS[name]
        under = [
            k
            for k, m in enumerate(option.measures)
            if m.node in ("now", node)
            and (families is None or words.catalog.instruments[m.instrument].family in families)
        ]
        spare = _spare(resolver.judge, option, under)
        day = min(c.from_day for c in option.evaluation.ceilings if (c.name, c.node) == (name, node))
        where = f"{title} are at their ceiling {words.place(node)}, from day {day:.0f}"
        idle = (
            (
                f": {counted(len(spare), 'measure')} of the "
                f"{counted(len(under), 'measure').split()[0]} under it could go without the risk rising"
            )
            if spare
            else ": one more would add nothing there, though each of those chosen still counts somewhere"
        )
        grade = words.grade(option.measures[k].instrument for k in under)
        numbers = {
            "measures_under_it": float(len(under)),
            "measures_that_add_nothing": float(len(spare)),
            "from_day": day,
        }
        yield Explanation(
            "ceiling", f"{title.lower()}, {words.place(node)}", f"{where}{idle}.", "proven", grade, numbers
        )


def _spare(judge: Judge, option: Option, under: Sequence[int]) -> list[int]:
    """Measures that can be taken away together without raising the risk, one after the other."""
    gone: list[int] = []
    for k in under:
        rest = Package(tuple(m for j, m in enumerate(option.measures) if j not in (*gone, k)))
        if judge.evaluate(rest).risk <= option.evaluation.risk + NOTHING:
            gone.append(k)
    return gone


__all__ = ["explain_package", "replacement_loss", "sampled_shapley", "shapley"]
