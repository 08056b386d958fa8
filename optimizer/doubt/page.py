"""One page for an adviser: a front, the best replies to it, remedies, core instruments and fragile assumptions.

Everything on it is computed from the packages and the seed, so that the same front gives the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..choices import Choices
from ..explain.words import Words, listed, start
from ..inputs.records import Case, Catalog
from ..judge.evaluate import judge_of
from ..model.audit import audit
from ..questions import Question, ask
from ..redteam.command import remedy_lines
from ..redteam.study import Finding, Study, study
from .ensemble import Ensemble
from .information import Worth
from .report import Assessment, Learning, Plan, assessed, learning
from .sensitivity import Bar, Turn

MOST_ROWS = 8  # packages in the table; of longer fronts the ends and even steps of cost between them
FRAGILE = 3  # assumptions
ALONE = 0.5  # share of the good packages from which an instrument is named


@dataclass(frozen=True, eq=False)
class Findings:
    """All that the page tells."""

    case: Case
    catalog: Catalog
    plans: tuple[Plan, ...]
    costs: tuple[float, ...]
    assessment: Assessment
    learning: Learning
    study: Study
    left: tuple[str, ...]  # rules that the safest package does not keep, by title
    baseline: str  # risk if nothing is done, with its range where the case has one
    status: str


def status_of(certificate: Mapping[str, Any]) -> str:
    """What the search that found a front can say of packages that it does not hold, from its file."""
    if certificate.get("complete"):
        return "The search was complete: no other package beats all of these by more than a planner would care about."
    gap = certificate.get("gap", {}).get("risk")
    most = certificate.get("resolutions", {}).get("risk")
    if not isinstance(gap, (int, float)) or not isinstance(most, (int, float)):
        return "The search was not complete: better packages than these may exist."
    return (
        "**The search was not complete**: packages may exist that leave less risk at the same cost, by up to "
        f"{100 * gap * most:.1f} points."
    )


def findings(
    case: Case, plans: Sequence[Plan], choices: Choices, catalog: Catalog, ensemble: Ensemble, status: str = ""
) -> Findings:
    """Ensemble, value of information and red team of a front."""
    question = ask(case, choices, catalog)
    judge = judge_of(case, choices, catalog)
    costs = [judge.evaluate(plan.package).values["cost"] for plan in plans]
    order = np.argsort(costs, kind="stable")
    known, spent = tuple(plans[k] for k in order), tuple(float(costs[k]) for k in order)
    return Findings(
        case, catalog, known, spent, assessed(case, known, ensemble, choices, catalog, with_neighbours=True),
        learning(case, known, ensemble, choices, catalog), _studied(question, known),
        tuple(_unkept(question, min(known, key=lambda plan: judge.evaluate(plan.package).risk))),
        _baseline(question), status,
    )  # fmt: skip


def _baseline(question: Question) -> str:
    """The risk if nothing is done that the planner chose, with the case's range where that is the case's own view."""
    known, risk = question.case.baseline_risk, per_cent(question.situation.tree.baseline)
    return (
        f"{risk} ({per_cent(known.low)} to {per_cent(known.high)})" if question.choices.baseline == "inside" else risk
    )


def _unkept(question: Question, plan: Plan) -> Iterator[str]:
    """Preferred rules that a package does not keep; none are named for one that is not made of what is on offer."""
    try:
        chosen = question.situation.indices(plan.package)
    except KeyError:
        return
    for rule in audit(question.situation, chosen):
        if not rule.kept and rule.state != "off":
            yield rule.title


def _studied(question: Question, plans: Sequence[Plan]) -> Study:
    """The red team's study, with remedies for the safest package."""
    judge = judge_of(question.case, question.choices, question.catalog)
    safest = min(plans, key=lambda plan: judge.evaluate(plan.package).risk)
    return study(question, plans, remedies_for=[safest.id])


def page(found: Findings) -> str:
    """The page, in Markdown."""
    parts = (_head, _packages, _held, _replies, _core, _fragile, _doubt)
    return "\n\n".join(block for part in parts for block in part(found)) + "\n"


def per_cent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _head(found: Findings) -> Iterator[str]:
    months = found.case.horizon_months
    yield f"# {found.case.title}: what the numbers can bear"
    told = f" {found.status}" if found.status else ""
    yield (
        f"If nothing is done, the risk over the plan's {months:g} months is put at {found.baseline}.{told} "
        f"Every uncertain number was drawn {found.assessment.ensemble.scenarios:,} times, all together. These figures explain the model, not the world: "
        "the effects behind them are priors with wide ranges, most of them judged."
    )


def _packages(found: Findings) -> Iterator[str]:
    yield "## The packages"
    heads = "| package | cost, M USD | risk at best guesses | mean over all draws | 5 to 95 % | measures | tied with |"
    lines = [heads, "| --- | --- | --- | --- | --- | --- | --- |"]
    rows = {row.id: row for row in found.assessment.rows}
    shown = _shown(len(found.plans))
    for k in shown:
        plan, row, finding = found.plans[k], rows[found.plans[k].id], _finding(found, found.plans[k].id)
        lines.append(
            f"| {plan.id} | {found.costs[k]:,.1f} | {per_cent(finding.risk)} | {per_cent(row.mean)} | "
            f"{100 * row.p05:.0f} to {100 * row.p95:.0f} % | {len(plan.package.measures)} | {' '.join(row.ties) or '-'} |"
        )
    yield "\n".join(lines)
    some = f"{len(shown)} of {len(found.plans)} packages, from the cheapest to the dearest. "
    yield (some if len(shown) < len(found.plans) else "") + (
        "Tied packages should not be ranked by risk: their difference is smaller than a planner would care about, or than "
        "the draws can tell. Means differ from best guesses as ranges lean to one side, partners may decline and bodies "
        "may refuse."
    )
    safest = rows[_safest(found).id]
    alike = [k for k, plan in enumerate(found.plans) if plan.id in safest.ties]
    if alike and found.costs[alike[0]] < 0.9 * found.costs[_place(found, safest.id)]:
        yield (
            f"**{found.plans[alike[0]].id}, at {found.costs[alike[0]]:,.0f} M USD, is tied with the safest, {safest.id}**: "
            "the difference in price buys nothing that these numbers can show."
        )


def _place(found: Findings, name: str) -> int:
    return next(k for k, plan in enumerate(found.plans) if plan.id == name)


def _shown(count: int) -> list[int]:
    """Places of the packages in the table."""
    return sorted(set(np.linspace(0, count - 1, min(count, MOST_ROWS)).round().astype(int).tolist()))


def _finding(found: Findings, name: str) -> Finding:
    return next(f for f in found.study.findings if f.id == name)


def _safest(found: Findings) -> Finding:
    return min(found.study.findings, key=lambda f: f.risk)


def _held(found: Findings) -> Iterator[str]:
    safest, words = _safest(found), Words(found.case, found.catalog)
    plan = next(p for p in found.plans if p.id == safest.id)
    yield f"## What the safest, {plan.id}, does"
    by_node: dict[str, list[str]] = {}
    for m in plan.package.measures:
        with_ = f" with {listed(words.partner(q) for q in m.joined)}" if m.joined else ""
        by_node.setdefault(m.node, []).append(f"{words.tool(m.instrument)} ({words.partner(m.lead)}{with_})")
    yield "\n".join(f"* **{start(words.place(node))}:** {'; '.join(texts)}." for node, texts in by_node.items())
    if found.left:
        yield f"Rules that are only preferred and that it does not keep: {'; '.join(found.left)}. An adviser should ask why."


def _replies(found: Findings) -> Iterator[str]:
    yield "## How the perpetrators may reply"
    words, told = Words(found.case, found.catalog), dict[str, list[Finding]]()
    for f in found.study.findings:
        if f.risk_after > f.risk + 5e-4:
            told.setdefault(f.best.name, []).append(f)
    lines = []
    for name, group in sorted(told.items(), key=lambda pair: -len(pair[1])):
        worst = max(group, key=lambda f: f.risk_after - f.risk)
        hollow = sorted({f"{words.tool(m.instrument)} ({words.partner(m.lead)})" for f in group for m in f.hollow})
        empty = f" Without a deed in time behind it then, where a package holds it: {listed(hollow)}." if hollow else ""
        lines.append(
            f"* **{name}** hurts {_some(group)} most. At worst, on {worst.id}, {per_cent(worst.risk)} becomes "
            f"{per_cent(worst.risk_after)} ({per_cent(worst.mildest)} to {per_cent(worst.harshest)}).{empty}"
        )
    yield "\n".join(lines) or "No reply of the library does harm that shows."
    cures = remedy_lines(_safest(found), found.case)
    yield (
        "Remedies. " + ". ".join(cures) + "."
        if cures
        else (
            "Swaps, additions and new dates of single measures of the safest package were tried, and the other packages: "
            "none undoes a twentieth of the harm."
        )
    )


def _some(group: Sequence[Finding]) -> str:
    names = [f.id for f in group]
    return listed(names) if len(names) <= 4 else f"{len(names)} of the packages"


def _core(found: Findings) -> Iterator[str]:
    yield "## What most good packages hold"
    names = Words(found.case, found.catalog)
    held = [i for i in found.assessment.core.indices if i.kind == "instrument" and i.share >= ALONE]
    listing = listed(f"{names.tool(i.name)} ({100 * i.share:.0f} %)" for i in held[:8])
    yield (
        f"Of the packages that are near the best in a draw: {listing}. Cost is one of the two aims, so packages that do "
        "little are always among them, and few instruments reach 100 %."
        if held
        else "No instrument is in more than half of the packages that are near the best in a draw."
    )


def _fragile(found: Findings) -> Iterator[str]:
    known = found.learning
    yield f"## The assumptions that the choice of {known.chosen} hangs on"
    yield (
        f"{known.chosen} leaves least risk on average over the draws, whatever it costs. To know everything before "
        f"choosing would save {100 * known.perfect:.2f} points of risk on average."
    )
    lines = list(_assumptions(known))[:FRAGILE]
    if not lines:
        yield (
            "No single number, moved alone inside its range, changes which package leaves least risk; nor does learning "
            "one gain more than the noise of the draws. What moves the risk itself most:"
        )
    lines += [_bar(bar, known.chosen) for bar in known.bars if bar.name != "baseline"][: FRAGILE - len(lines)]
    yield "\n".join(f"{k}. {line}" for k, line in enumerate(lines, start=1))


def _assumptions(known: Learning) -> Iterator[str]:
    """What is worth finding out beyond the noise, and what would have to be otherwise, in turn."""
    worth = [w for w in known.numbers if w.gain > 2 * w.error]
    turns = [t for t in known.turns if t.name not in {w.name for w in worth}]
    turns = turns if known.chosen == known.chosen_at_mids else []  # else they speak of another choice
    for k in range(max(len(worth), len(turns))):
        if k < len(worth):
            yield _worth(worth[k])
        if k < len(turns):
            yield _turn(turns[k], known)


def _bar(bar: Bar, chosen: str) -> str:
    low, high = sorted((bar.risk_at_low, bar.risk_at_high))
    return (
        f"{start(bar.title)}: moved alone from its low to its high end, the risk of {chosen} runs from {per_cent(low)} to "
        f"{per_cent(high)}."
    )


def _worth(w: Worth) -> str:
    return (
        f"{start(w.title)}. To know it before choosing would save {100 * w.gain:.2f} points of risk on average, and change "
        f"the choice in {100 * w.changes:.0f} % of draws."
    )


def _turn(t: Turn, known: Learning) -> str:
    side = "low" if t.way < 0 else "high"
    return (
        f"{start(t.title)}: at {t.value:.3g} in place of {t.mid:.3g}, {100 * abs(t.way):.0f} % of the way to its {side} "
        f"end, {known.ids[t.package]} would be the better choice."
    )


def _doubt(found: Findings) -> Iterator[str]:
    yield "## What to doubt here"
    yield (
        "That small effects of talks and words add up so reliably; that a reply's harm is as even as its table; "
        "differences under half a point anywhere. No figure here replaces knowledge of the people concerned."
    )
