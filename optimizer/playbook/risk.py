"""Risk before and after, with its range and its path over time."""

from __future__ import annotations

from . import words
from .context import Context
from .dates import on
from .record import Quantity, Risk, Step
from .studies.spread import RANGE_IS, Spread

BRACKET_IS = "bracket of extremes"
BRACKET = (
    "The range is a bracket: all effects at their low or high end together, with the baseline at its unfavourable or favourable end. "
    "It is wider than a range of chance would be, and says nothing of what is likely inside it."
)


def risk(ctx: Context) -> Risk:
    """Ranges from the draws where they were made; else a bracket of extremes, which says so."""
    r, spread = ctx.ranges, ctx.spread
    before, after, fall = (r.baseline, r.risk(), r.fall()) if spread is None else _drawn(ctx, spread)
    return Risk(
        before=before,
        after=after,
        fall=fall,
        range_is=BRACKET_IS if spread is None else RANGE_IS,
        outside=ctx.case.baseline_risk.outside_view_p,
        steps=_steps(ctx),
        how=BRACKET if spread is None else _said(spread, ctx),
    )


def _drawn(ctx: Context, spread: Spread) -> tuple[Quantity, Quantity, Quantity]:
    middle = ctx.ranges.mid
    return (
        spread.quantity(spread.before, middle.baseline),
        spread.quantity(spread.after, middle.risk),
        spread.quantity(spread.fall, 1 - middle.risk / middle.baseline, "share of the baseline"),
    )


def _said(spread: Spread, ctx: Context) -> str:
    middle = ctx.ranges.mid.risk
    outside = (
        ""
        if spread.after.low <= middle <= spread.after.high
        else " The estimate lies outside it: ceilings and thresholds bend the draws to one side."
    )
    return (
        f"The estimate has every number at its middle; the range holds nine of ten of {words.count(spread.draws)} draws of all uncertain numbers together "
        f"(seed {spread.seed}), whose mean is {words.percent(spread.after.mean)}.{outside} Before and after move together, so the fall is surer than either."
    )


def _steps(ctx: Context) -> tuple[Step, ...]:
    return tuple(
        Step(
            phase=words.phase(p.node), start=on(ctx.start, p.from_day), end=on(ctx.start, p.to_day),
            before=round(p.hazard, 6), left=round(p.u, 6),
        )
        for p in ctx.ranges.mid.risk_path
    )  # fmt: skip
