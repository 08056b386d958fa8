"""Each measure's share of the fall in risk, averaged over all orders of taking the measures up (Shapley 1953)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..answers import Option
from ..choices import Measure, Package
from ..judge.evaluate import Judge
from .live import Stop, never
from .records import Explanation
from .words import NOTHING, Words, points

Shares = NDArray[np.float64]  # (measures,)
LEAST = 8  # orders: the spread of two says nothing of how far their mean may be off
EXACT_UP_TO = 10  # measures for which all subsets are judged: 1,024 packages, about a second


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
    """Shares and their standard errors from random orders, each with its reverse.

    However short the time, so many that the error is one to go by, unless it is stopped; two then.
    """
    end, drawn = time.monotonic() + seconds, list[Shares]()
    while len(drawn) < 2 or (
        not stop() and (len(drawn) < (orders or LEAST) or (not orders and time.monotonic() < end))
    ):
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
