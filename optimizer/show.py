"""Fronts, packages and audits for the terminal: rich tables there, plain text when piped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from .answers import Option, PlanFront
from .explain.words import Words
from .inputs.records import Case, Catalog
from .judge.evaluate import Evaluation, Judged
from .mandates import late_mandates, when_expected
from .model.audit import RuleAudit
from .model.objectives import CHANCES
from .model.tree import MONTH_DAYS

SCENARIOS = 512  # the ends of a range then move by about a point from seed to seed, less than they are shown to
DIGITS = {"risk": 4, "cost": 1, "days": 0, "coercion": 2, "shortfall": 3}
UNMADE = "This explains the model, not the world: effects are priors with wide ranges (see the evidence grades)."


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain table; numbers stand right."""
    made = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    body = [[str(cell) for cell in row] for row in rows]
    for k, head in enumerate(heads):
        numeric = bool(body) and all(_is_number(row[k]) for row in body)
        made.add_column(head, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        made.add_row(*row)
    return made


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).replace("%", "").replace(",", "").strip().isdigit()


def quantity(key: str, value: float) -> str:
    """An objective's value as people read it."""
    return f"{100 * value:.1f} %" if key in CHANCES else f"{value:,.{DIGITS[key]}f}"


def front_table(front: PlanFront) -> Table:
    """One row a package, its risk with the range that the ensemble of uncertain numbers gives it."""
    heads = ["package", *(f"{a.key} ({'%' if a.key in CHANCES else a.unit})" for a in front.objectives)]
    ranges = risk_ranges(front)
    rows = [
        [
            p.id,
            *(quantity(a.key, p.objectives[a.key]) for a in front.objectives),
            ranges[p.id],
            len(p.measures),
            _broken(p),
        ]
        for p in front.packages
    ]
    title = f"{front.case.title}: {front.status}"
    return table(title, [*heads, "risk, 5-95 %", "measures", "rules not kept"], rows)


def risk_ranges(front: PlanFront) -> dict[str, str]:
    """5 to 95 % of each package's risk over the ensemble; common causes move all packages together."""
    from .doubt import Ensemble, assess

    if not front.packages:
        return {}
    packages = [p.package for p in front.packages]
    risks = assess(front.case, packages, Ensemble(scenarios=SCENARIOS, seed=front.seed), front.choices).of("risk")
    low, high = 100 * np.quantile(risks, 0.05, axis=0), 100 * np.quantile(risks, 0.95, axis=0)
    return {p.id: f"{a:.0f} to {b:.0f} %" for p, a, b in zip(front.packages, low, high, strict=True)}


def _broken(option: Option) -> str:
    return " ".join(r.id for r in option.broken) or "-"


def print_front(console: Console, front: PlanFront) -> None:
    console.print(front_table(front))
    c = front.certificate
    gap = "unknown" if c.cover_gap != c.cover_gap else f"at most {100 * c.cover_gap:.1f} %"
    left = f"volume where a package that none of these matches may lie: {gap}"
    console.print(f"Certificate: {front.status}; {left}; {c.solves} solves, {c.seconds:.1f} s.")
    console.print(UNMADE)
    if front.conflict is not None:
        print_conflict(console, front)


def print_conflict(console: Console, front: PlanFront) -> None:
    assert front.conflict is not None
    listed = front.conflict.requirements
    if listed:
        sure = (
            "Without any one of them some package exists"
            if front.conflict.proven
            else "At most these (not all trials were settled in time)"
        )
        console.print(f"These requirements cannot be kept together: {'; '.join(listed)}. {sure}.")
    else:
        console.print(
            "The case itself and the required rules leave no package, whatever the planner's own requirements."
        )


def words(judged: Judged, say: Words) -> str:
    """A measure in one line."""
    tool = say.catalog.instruments[judged.measure.instrument]
    with_ = f", with {', '.join(say.partner(q) for q in judged.measure.joined)}" if judged.measure.joined else ""
    dates = f"from day {judged.measure.start_day:.0f}, in force day {judged.in_force_day:.0f} to {judged.end_day:.0f}"
    grade = tool.evidence_grade.replace("_", " ")
    lead = say.partner(judged.measure.lead)
    return f"{tool.name}, led by {lead}{with_}; {dates}; {judged.cost_musd:.1f} M USD; evidence {grade}"


def print_package(console: Console, option: Option, catalog: Catalog, case: Case) -> None:
    """One package in words, node by node."""
    e, say = option.evaluation, Words(case, catalog)
    risk = f"projected risk {100 * e.risk:.1f} % (doing nothing {100 * e.baseline:.1f} %)"
    console.print(f"\n[bold]Package {option.id}[/bold]: {risk}, {_rest(option, case)}")
    for node in dict.fromkeys(m.measure.node for m in e.measures):
        console.print(f"  {'Now' if node == 'now' else 'If the crisis ' + node.replace('_', ' ')}:")
        for judged in e.measures:
            if judged.measure.node == node:
                console.print(f"    - {words(judged, say)}", highlight=False)
    _late_mandates(console, option, case)
    for r in option.broken:
        console.print(f"  Rule {r.id} ({r.title}), {r.state}, is not kept: {say.plain(r.because)}.", highlight=False)


def _rest(option: Option, case: Case) -> str:
    v = option.evaluation.values
    never = v["days"] >= case.horizon_months * MONTH_DAYS
    protected = (
        "some target group is never protected" if never else f"all target groups protected by day {v['days']:.0f}"
    )
    return f"expected cost {v['cost']:.1f} M USD, {protected}, coerciveness {v['coercion']:.2f}"


def _late_mandates(console: Console, option: Option, case: Case) -> None:
    """Measures that would need a mandate sooner than the case expects one."""
    early = late_mandates(option.evaluation.measures, case)
    if early:
        console.print(
            f"  Note: {len(early)} measure(s) need a mandate that was {when_expected(case)}; "
            "it has to be won sooner (its prospect is in the risk)."
        )


def print_rules(console: Console, rules: Iterable[RuleAudit]) -> None:
    rows = [(r.id, r.title, r.state, "yes" if r.kept else "no", r.because) for r in rules]
    console.print(table("Rules", ["rule", "title", "state", "kept", "why"], rows))


def print_path(console: Console, evaluation: Evaluation) -> None:
    """Hazard period by period."""
    rows = [
        (p.node.replace("_", " "), f"{p.from_day:.0f}-{p.to_day:.0f}", f"{p.hazard:.4f}", f"{100 * (1 - p.u):.1f} %")
        for p in evaluation.risk_path
    ]
    console.print(table("Risk path", ["node", "days", "hazard if nothing is done", "fall"], rows))
