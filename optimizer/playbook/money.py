"""Money by month, now and in reserve."""

from __future__ import annotations

from ..judge.evaluate import Judged
from ..model.tree import MONTH_DAYS
from . import words
from .context import Context
from .dates import months_between, on
from .ranges import total
from .record import Money, Month, Quantity


def money(ctx: Context) -> Money:
    """Set-up in the month of the start, running cost while a measure is in force; million USD of 2020."""
    nodes = [n.name for n in ctx.tree.nodes]
    spread = {name: spent_by_month(ctx, name) for name in nodes}
    limits = months_between(ctx.start, ctx.case.horizon_months)
    months = tuple(
        Month(first_day=on(ctx.start, low), amounts=tuple(round(spread[n][k], 4) for n in nodes))
        for k, (low, _) in enumerate(limits)
    )
    costs = {n: total([ctx.ranges.cost(j) for _, j in ctx.begun(n)]) for n in nodes}
    branches = [costs[n] for n in nodes if n != "now"]
    dearest = max(branches, key=lambda q: q.mid, default=total([]))
    chances = [n.probability for n in ctx.tree.nodes]
    return Money(
        phases=tuple(words.phase(n) for n in nodes),
        months=months,
        now=costs["now"],
        reserve=dearest,
        expected=_expected(ctx, total([costs[n] for n in nodes], chances)),
        envelope=ctx.ranges.scene.envelope,
        by_partner=_by_partner(ctx),
        basis=ctx.case.constraints.budget_basis if ctx.question.choices.budget_musd is None else "set by the planner",
    )


def _expected(ctx: Context, added: Quantity) -> Quantity:
    """Expected cost; its range from the draws where they were made."""
    return added if ctx.spread is None else ctx.spread.quantity(ctx.spread.cost, added.mid, added.unit)


def spent_by_month(ctx: Context, node: str) -> list[float]:
    """Money of the measures begun in a node, month by month from the start of the plan; it adds up to their cost."""
    found = [0.0] * ctx.case.horizon_months
    for _, judged in ctx.begun(node):
        running = [_running(ctx, judged, k) for k in range(len(found))]
        first = min(max(int(judged.measure.start_day / MONTH_DAYS + 1e-9), 0), len(found) - 1)
        running[first] += judged.cost_musd - sum(running)
        found = [a + b for a, b in zip(found, running, strict=True)]
    return found


def _running(ctx: Context, judged: Judged, month: int) -> float:
    entry, tool = ctx.entry(judged.measure.lead), ctx.tool(judged)
    fit = ctx.catalog.fits[entry.generic_partner, tool.id]
    days = min(judged.end_day, (month + 1) * MONTH_DAYS) - max(judged.in_force_day, month * MONTH_DAYS)
    return fit.cost_multiplier * tool.cost_monthly_musd * max(0.0, days) / MONTH_DAYS


def _by_partner(ctx: Context) -> tuple[tuple[str, float], ...]:
    """What each partner pays for what it leads, on its dearest path; the largest first."""
    found: dict[str, float] = {}
    for partner in {j.measure.lead for _, j in ctx.numbered}:
        paths = [[j for n in {"now", end} for _, j in ctx.begun(n) if j.measure.lead == partner] for end in ctx.ends]
        found[ctx.names.partner(partner)] = max(sum(j.cost_musd for j in path) for path in paths)
    return tuple((k, round(v, 4)) for k, v in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
