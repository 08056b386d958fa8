"""Ranges from thousands of draws of all uncertain numbers together, through the judge's own functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...choices import Package
from ...doubt.ensemble import Ensemble, needed, task
from ...doubt.measures import cvar, tied
from ...doubt.sensitivity import tornado
from ...judge.evaluate import make_judge
from .. import words
from ..context import Context
from ..parts import Finding, Quantity, Study
from ..text import listed, sentence

ENDS = (0.05, 0.95)
MOST_NUMBERS = 5  # numbers named that move the risk most
RANGE_IS = "in nine of ten draws"
GRADE = "expert judgement and weaker sources mixed"


@dataclass(frozen=True)
class Range:
    """5 and 95 % of the draws, and their mean."""

    low: float
    mean: float
    high: float


@dataclass(frozen=True, eq=False)
class Spread:
    """A package under all uncertain numbers; risks and falls as shares, cost in million USD of 2020."""

    draws: int
    seed: int
    numbers: int  # uncertain numbers drawn
    before: Range
    after: Range
    fall: Range
    cost: Range
    phases: Mapping[str, Range]  # risk over each phase, if it comes
    worst: float  # mean risk in the worst tenth
    harm: float  # share of draws in which the plan leaves more risk than doing nothing
    ties: tuple[int, ...]  # alternatives, by their number in the document, that are not told apart

    @property
    def source(self) -> str:
        return f"{words.count(self.draws)} draws of {self.numbers} uncertain numbers together, seed {self.seed}; 5 and 95 %"

    def quantity(self, found: Range, mid: float, unit: str = "probability") -> Quantity:
        """A range as the playbook holds it; no range where nothing in it was drawn."""
        low, high = (None, None) if found.high - found.low < 1e-7 else (found.low, found.high)
        return Quantity(low=low, mid=round(mid, 6), high=high, unit=unit, grade=GRADE, source=self.source)


def spread_of(ctx: Context, draws: int, seed: int) -> Spread:
    """The chosen package, doing nothing and the alternatives of the document in the same draws."""
    q, others = ctx.question, ctx.others
    packages = [ctx.option.package, Package(), *(o.package for o in others)]
    work = task(q.case, packages, Ensemble(draws, seed), q.choices, q.catalog)
    drawn = work.design().draws(0, draws, needed(work), np.float64)
    judge = make_judge(q.case, q.choices, q.catalog, drawn)
    outcomes = [judge.outcomes(p) for p in packages]
    risks = np.stack([np.broadcast_to(o.risk, draws) for o in outcomes], axis=1)
    after, before = risks[:, 0], risks[:, 1]
    resolution = q.catalog.value("risk_resolution_share_of_baseline") * ctx.ranges.mid.baseline
    same = tied(risks, resolution)[0]
    return Spread(
        draws=draws, seed=seed, numbers=len(drawn), before=_range(before), after=_range(after), fall=_range(1 - after / before),
        cost=_range(np.broadcast_to(outcomes[0].cost, draws)),
        phases={n.name: _range(np.broadcast_to(judge.risk_in(ctx.option.package, n.name), draws)) for n in ctx.tree.nodes},
        worst=round(float(cvar(after[:, None])[0]), 4), harm=round(float((after > before + 1e-9).mean()), 4),
        ties=tuple(k for k in range(1, len(others) + 1) if same[k + 1]),
    )  # fmt: skip


def _range(values: Any) -> Range:
    low, high = np.quantile(values, ENDS)
    return Range(*(round(float(v), 4) for v in (low, values.mean(), high)))  # finer digits differ between machines


def doubt(ctx: Context, spread: Spread) -> Study:
    """How far the numbers can be trusted, in sentences."""
    summary = (
        f"Risk with this plan lies between {_span(spread.after)} in nine of ten draws (mean {words.percent(spread.after.mean)}; mean of the worst tenth "
        f"{words.percent(spread.worst)}); if nothing is done, between {_span(spread.before)}. Most of that width is doubt about the danger itself: "
        f"draw by draw the plan takes between {_span(spread.fall)} off the risk"
    )
    return Study(
        run=True, how=sentence(spread.source), summary=sentence(summary), findings=tuple(Finding(text=sentence(t)) for t in _findings(ctx, spread))
    )  # fmt: skip


def _span(found: Range) -> str:
    return f"{words.percent(found.low).removesuffix(words.SHARE)} and {words.percent(found.high)}"


def _findings(ctx: Context, spread: Spread) -> Iterator[str]:
    if spread.harm >= 0.001:
        yield f"In {words.percent(spread.harm)} of draws the plan leaves more risk than doing nothing"
    else:
        yield "In fewer than one draw in a thousand does the plan leave more risk than doing nothing"
    yield f"Expected cost lies between {words.musd(spread.cost.low)} and {words.musd(spread.cost.high)} million USD in nine of ten draws"
    if spread.ties:
        yield f"Risk does not tell this plan apart from package {listed([str(k) for k in spread.ties])} of the alternatives: let other grounds decide"
    yield from _movers(ctx)


def _movers(ctx: Context) -> Iterator[str]:
    """The numbers that move the risk most, one at a time over their range."""
    q = ctx.question
    least = (
        q.catalog.value("risk_resolution_share_of_baseline") * ctx.ranges.mid.baseline
    )  # what nobody would care about
    bars = tornado(task(q.case, [ctx.option.package], Ensemble(), q.choices, q.catalog), 0, MOST_NUMBERS)
    for place, bar in zip(("most", "next", "then", "then", "then"), bars, strict=False):
        if bar.width > least:
            ends = f"{words.percent(bar.risk_at_low, 1)} at its low end, {words.percent(bar.risk_at_high, 1)} at its high end"
            yield f"What moves the risk {place}: {ctx.say(bar.title)} (risk {ends})"
