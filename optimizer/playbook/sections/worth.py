"""Money, risk, studies, rules and alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import words
from ..blocks import Block, Bullets, Heading, Text, table
from ..charts import hazard_chart, money_chart, risk_chart
from ..forms import MONEY_HEAD, cost_text, money_rows
from ..record import Alternative, Finding, Playbook, RuleCheck, Study
from .numbers import MODEL_NOT_WORLD


def money(p: Playbook) -> Iterator[Block]:
    yield Heading("Money")
    yield table("Money now and in reserve", MONEY_HEAD, money_rows(p), (4, 2, 4), (1,), "money")
    yield money_chart(p)
    rows = [(f"{m.first_day}", *(cost_text(a) if a else "\u2013" for a in m.amounts)) for m in p.money.months]
    n = len(p.money.phases)
    used = [r for r in rows if any(c != "\u2013" for c in r[1:])]
    yield table(
        "Money by month, million USD of 2020 (months without spending left out)",
        ("Month from", *p.money.phases),
        used,
        (1.4, *(1.6,) * n),
        tuple(range(1, n + 1)),
    )
    yield table(
        "By leading partner, on its dearest path",
        ("Partner", "Million USD of 2020"),
        [(n, words.musd(v)) for n, v in p.money.by_partner],
        (4, 2),
        (1,),
    )


def risk(p: Playbook) -> Iterator[Block]:
    r = p.risk
    digits = words.apart(r.before.mid, r.after.mid)
    yield Heading("Risk before and after")
    yield Text(
        f"If nothing is done: {words.percent(r.before.mid, digits)} ({r.range_is} {words.span(r.before.low, r.before.high)}). "
        f"With this plan: {words.percent(r.after.mid, digits)} ({r.range_is} {words.span(r.after.low, r.after.high)}). "
        f"Relative fall: {words.percent(r.fall.mid)} ({r.range_is} {words.span(r.fall.low, r.fall.high)}). "
        f"Outside view of the baseline: {words.percent(r.outside)} a year."
    )
    yield risk_chart(p)
    yield Text(f"{r.how} {MODEL_NOT_WORLD}", "small")
    yield hazard_chart(p)


def studies(p: Playbook) -> Iterator[Block]:
    yield Heading("Red team, doubt and rehearsal")
    yield from _study(
        "Red team: what an adversary would do", p.red_team, "The red team has not been run for this plan."
    )
    yield from _study(
        "How far the numbers can be trusted",
        p.doubt,
        "The study of joint uncertainty has not been run for this plan; its ranges are simple brackets.",
    )
    yield from _study(
        "Why these measures", p.explanations, "The measures have not been explained one by one for this plan."
    )
    yield Heading("Questions for a rehearsal", 2)
    yield Bullets(p.rehearsal)


def _study(title: str, study: Study, absent: str) -> Iterator[Block]:
    yield Heading(title, 2)
    if not study.run:
        yield Text(absent)
        return
    yield Text(study.summary)
    columns = [c for c in _COLUMNS if any(c[2](f) for f in study.findings)]
    if len(columns) > 1:
        rows = [[say(f) for _, _, say in columns] for f in study.findings]
        yield table(title, [head for head, _, _ in columns], rows, [width for _, width, _ in columns])
    else:
        yield Bullets(tuple(f.text for f in study.findings))
    yield Text(study.how, "small")


_COLUMNS: tuple[tuple[str, float, Callable[[Finding], str]], ...] = (
    ("Finding", 6, lambda f: f.text),
    ("Remedy", 5, lambda f: f.remedy),
    ("How exact", 1.6, lambda f: f.sure),
    ("Evidence", 1.6, lambda f: f.evidence),
)


def rules(p: Playbook) -> Iterator[Block]:
    yield Heading("Rules, and the price of each exception")
    broken = [r for r in p.rules if not r.kept and r.state != words.STATES["off"]]
    yield Text(
        "Every rule that was checked is kept."
        if not broken
        else f"Not kept: {len(broken)}. A price is in points of risk: what the planner counts the exception as."
    )
    head = ("Rule", "State", "Kept", "Price", "What it says, or what is broken")
    yield table(
        "Rules",
        head,
        [(r.title, r.state, kept(r), _price(r.price), r.words) for r in p.rules],
        (2.6, 1.1, 1.9, 0.7, 4.3),
        (3,),
    )


def kept(rule: RuleCheck) -> str:
    """Whether a rule is kept, or what looks after it where the plan itself cannot be checked."""
    if rule.state == words.STATES["off"]:
        return "not asked for"
    return ("yes" if rule.kept else "NO") if rule.checked else rule.where


def _price(price: float) -> str:
    return f"{100 * price:.1f}" if price else "\u2013"


def alternatives(p: Playbook) -> Iterator[Block]:
    yield Heading("Alternatives, and what would change the recommendation")
    yield Text(f"Picked: {p.about.picked}. {p.about.certificate}")
    rows = [_alternative(a) for a in p.alternatives]
    yield table(
        "Alternatives considered",
        ("Package", "Risk", "Cost", "How it differs", "Why not"),
        rows,
        (1.3, 0.8, 0.8, 4.2, 3),
        (1, 2),
    )
    yield Heading("What would change the recommendation", 2)
    yield Bullets(p.change)


def _alternative(a: Alternative) -> tuple[str, ...]:
    return (
        a.name,
        words.percent(a.risk),
        words.musd(a.cost),
        "; ".join(x for x in (a.differs, a.others) if x),
        a.why_not,
    )
