"""What the rules say of one package: the same rows that the solver has, read on chosen columns."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from ..choices import Measure, Package
from ..inputs.records import Fit, Instrument
from . import effects
from .rows import Row
from .rules import RULES, rows_of
from .situation import Column, Situation
from .tree import MONTH_DAYS


@dataclass(frozen=True)
class RuleAudit:
    """One rule on one package; `price`: risk points of a preferred rule that is not kept."""

    id: str
    title: str
    state: str
    kept: bool
    because: str
    price: float = 0.0


def audit(situation: Situation, chosen: Set[int]) -> tuple[RuleAudit, ...]:
    """Every rule of the catalog, in its order."""
    return tuple(_audit_one(situation, chosen, key) for key in situation.catalog.rules)


def _audit_one(situation: Situation, chosen: Set[int], key: str) -> RuleAudit:
    state, title = situation.settings.states[key], situation.catalog.rules[key].title
    broken = [row for row in rows_of(situation, key) if not row.kept(chosen)]
    if not broken:
        return RuleAudit(key, title, state, True, f"acts in {RULES[key].acts}: {RULES[key].how}")
    price = sum(row.price * row.excess(chosen) for row in broken) if state == "preferred" else 0.0
    because = "; ".join(dict.fromkeys(row.because for row in broken))
    return RuleAudit(key, title, state, False, because, price)


def shortfall(rows: Iterable[Row], chosen: Set[int]) -> float:
    """Price, in risk points, of the priced rows that the chosen columns do not keep."""
    return sum(row.price * max(0.0, row.excess(chosen)) for row in rows)


def with_measures(situation: Situation, package: Package) -> tuple[Situation, frozenset[int]]:
    """The situation with a column for each measure, on offer or not, and the indices of the package."""
    columns, joins = list(situation.columns), list(situation.joins)
    leads: list[int] = []
    for measure in package.measures:
        columns.append(_column(situation, measure))
        leads.append(len(columns) - 1)
    grown = replace(situation, columns=tuple(columns), joins=tuple(joins))
    wanted = {(m.instrument, q, m.node) for m in package.measures for q in m.joined}
    joined = [i for i, j in enumerate(grown.joins, len(columns)) if (j.tool.id, j.ally.id, j.node) in wanted]
    return grown, frozenset([*leads, *joined])


def _column(situation: Situation, measure: Measure) -> Column:
    settings, tool = situation.settings, situation.catalog.instruments[measure.instrument]
    ally, node = settings.allies[measure.lead], situation.tree.node(measure.node)
    fit = settings.catalog.fits.get((ally.generic.id, tool.id)) or _no_fit(ally.generic.id, tool)
    when = effects.timing(settings, tool, ally, fit, measure.start_day, situation.tree.horizon)
    in_force = when.in_force if measure.in_force_day is None else measure.in_force_day
    end = when.end if measure.end_day is None else measure.end_day
    when = effects.Timing(measure.start_day, in_force, min(end, situation.tree.horizon))
    felt = situation.tree.nodes if node.name == "now" else (node,)
    early = settings.parameter("R46", "months") * MONTH_DAYS
    return Column(
        tool, ally, fit.fit, node.name, when.start, when.start, when.in_force, when.end,
        effects.cost_musd(tool, fit, when), effects.cost_musd(tool, fit, when, until=early),
        effects.authorization(settings, tool)[0],
        {m.name: measure.intensity * effects.effect(settings, tool, fit, when.in_force, m.point) for m in felt},
        measure.backed,
    )  # fmt: skip


def _no_fit(partner: str, tool: Instrument) -> Fit:
    """A pair that the fit table does not list: it does nothing."""
    return Fit.model_construct(
        partner=partner, instrument=tool.id, fit=0.0, lead_time_multiplier=1.0, cost_multiplier=1.0,
        reason="not listed", source=("none",), basis="none", family=tool.family,
    )  # fmt: skip
