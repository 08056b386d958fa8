"""A playbook laid out for reading: PDF, DOCX, HTML and Markdown all print this."""

from __future__ import annotations

from collections.abc import Iterator

from . import words
from .blocks import Block, Bullets, Document, Facts, Heading, NewPage, Table, Text, table
from .record import Alternative, Playbook, Quantity, Study, Task
from .svg import hazard_chart, money_chart, risk_chart, timeline
from .text import listed, one_line

TASK_HEAD = ("No.", "Measure", "Lead", "With", "Starts", "In force", "Ends", "Cost", "Note")
NOTE_HEAD = ("Section", "Note")
MONEY_HEAD = ("Money", "Million USD of 2020", "Range")
SECTION_NAMES = {
    "general": "General",
    "situation": "Situation",
    "aims": "Aims",
    "tasks": "Tasks",
    "authority": "Authority",
    "preparation": "Preparation",
    "contingency": "Contingencies",
    "money": "Money",
    "risk": "Risk",
    "rules": "Rules",
}
MODEL_NOT_WORLD = "The numbers explain a model, not the world. They compare plans with one another and are no forecast."


def lay_out(playbook: Playbook) -> Document:
    """The whole document; the first page is the one that a minister reads."""
    about = playbook.about
    blocks: list[Block] = [*_first_page(playbook), NewPage()]
    sections = (
        _country, _estimate, _aims, _tasks, _authority, _preparation, _contingencies, _money, _risk, _studies, _rules,
        _alternatives, _dates, _evidence, _notes,
    )  # fmt: skip
    for number, section in enumerate(sections, start=1):
        title, *rest = section(playbook)
        assert isinstance(title, Heading)
        blocks += [Heading(f"{number}  {title.text}"), *rest]
    foot = f"{about.title} \u00b7 {about.kind} \u00b7 {about.as_of}"
    return Document(about.title, about.classification, foot, tuple(b for b in blocks if not _empty(b)))


def _empty(block: Block) -> bool:
    return (
        (isinstance(block, Table) and not block.rows)
        or (isinstance(block, Bullets) and not block.items)
        or (isinstance(block, Text) and not block.text)
    )


def _first_page(p: Playbook) -> Iterator[Block]:
    about, s = p.about, p.summary
    yield Heading(about.title, 0)
    yield Text(
        f"{about.subtitle[0].upper()}{about.subtitle[1:]}. As of {about.as_of}; plan from {about.start} to {about.end}.",
        "label",
    )
    yield Heading("Summary")
    yield Text(s.headline, "lead")
    yield Facts(tuple(_facts(p)))
    yield Heading("What happened", 2)
    yield Text(s.situation)
    yield Heading("What the plan does", 2)
    yield Bullets(s.does)
    yield Heading("What has to be decided", 2)
    yield Bullets(s.decide)
    yield Heading("What can go wrong", 2)
    yield Bullets(s.wrong)
    yield Heading("How sure this is", 2)
    yield Text(s.sure)


def _facts(p: Playbook) -> Iterator[tuple[str, str, str]]:
    r, m = p.risk, p.money
    yield "Risk if nothing is done", words.percent(r.before.mid), f"range {words.span(r.before.low, r.before.high)}"
    yield "Risk with this plan", words.percent(r.after.mid), f"bracket {words.span(r.after.low, r.after.high)}"
    yield "Money now", f"{words.musd(m.now.mid)} M USD", f"range {words.span(m.now.low, m.now.high, words.musd)}"
    yield "Reserve", f"{words.musd(m.reserve.mid)} M USD", f"envelope {words.musd(m.envelope)}"


def _country(p: Playbook) -> Iterator[Block]:
    a = p.assessments
    yield Heading("The country: who, why, and what can be moved")
    yield Text(a.trigger)
    yield Text(f"Stage: {a.stage}. Pace: {a.pace}. Level of concern: {p.about.concern}.")
    rows = [(s.name, s.role, listed(s.groups), s.notes) for s in a.parties]
    yield table("Parties", ("Party", "Role", "Target groups", "Notes"), rows, (3, 1.6, 2, 3.4))
    yield table(
        "Preconditions of genocidal violence (0 absent, 1 clearly present; judged)",
        ("Precondition", "Score", "Evidence"),
        [(n, f"{v:g}", e) for n, v, e in a.preconditions],
        (3, 0.8, 6),
        (1,),
    )
    yield table(
        "Points of leverage (0 to 1; judged)",
        ("What can be moved", "Value", "Meaning"),
        [(n, f"{v:g}", m) for n, v, m in a.leverage],
        (3.6, 0.8, 5.4),
        (1,),
    )
    yield Text(a.leverage_note)


def _estimate(p: Playbook) -> Iterator[Block]:
    yield Heading("Estimate and impact if nothing is done")
    rows = [(name, number(q), between(q), q.grade, q.source) for name, q in p.assessments.estimate]
    yield table("Estimate", ("What", "Estimate", "Range", "Grade", "Basis"), rows, (2.6, 1.3, 1.7, 1.5, 3.2), (1,))
    yield Bullets(p.assessments.impact)


def _aims(p: Playbook) -> Iterator[Block]:
    yield Heading("Interests, objectives, end state and options")
    for title, lines in (
        ("Interests", p.aims.interests),
        ("Objectives", p.aims.objectives),
        ("Desired end state", p.aims.end_state),
    ):
        yield Heading(title, 2)
        yield Bullets(lines)
    yield Heading("Options by target group and level of escalation", 2)
    rows = [(c.group, c.stage, listed(c.planned) or "none", listed(c.open) or "none") for c in p.assessments.options]
    yield table("Options", ("Target group", "Stage", "In this plan", "Also on offer there"), rows, (1.7, 1.6, 3.8, 3.2))


def task_row(task: Task) -> tuple[str, ...]:
    """The row that people edit: dates, leads, money and notes."""
    return (
        str(task.number), task.name, task.lead, ", ".join(task.partners), str(task.start), str(task.in_force), str(task.end),
        cost_text(task.cost.mid), task.note,
    )  # fmt: skip


def cost_text(amount: float) -> str:
    """Money with as many digits as an edit can carry, and no more."""
    return f"{amount:.2f}".rstrip("0").rstrip(".") if amount < 100 else f"{amount:.1f}".rstrip("0").rstrip(".")


def _tasks(p: Playbook) -> Iterator[Block]:
    yield Heading("Tasks in sequence")
    yield Text("Cost in million USD of 2020. In force: expected day, with the middle lead time.", "small")
    for phase in dict.fromkeys(t.phase for t in p.tasks):
        mine = [t for t in p.tasks if t.phase == phase]
        yield table(
            f"Tasks: {phase.lower()}",
            TASK_HEAD,
            [task_row(t) for t in mine],
            (0.7, 3.2, 2.2, 1.9, 1.65, 1.65, 1.65, 1.2, 2.4),
            (0, 7),
            "tasks",
        )
    yield timeline(p)
    head = (
        "No.",
        "Kind",
        "In force between",
        "Cost range",
        "Effect alone (range; grade)",
        "Approval and backing",
        "How it can do harm",
    )
    yield table(
        "What stands behind each task", head, [_behind(t) for t in p.tasks], (0.6, 1.9, 1.6, 1.3, 1.7, 2.4, 2.5), (0,)
    )


def _behind(t: Task) -> tuple[str, ...]:
    effect = f"{words.percent(t.effect.mid)} ({words.span(t.effect.low, t.effect.high)}; {t.effect.grade})"
    backing = "; ".join(x for x in (t.approval, t.backing, "only after legal review" if t.review else "") if x)
    return (
        str(t.number), f"{t.does}; for {listed([g.lower() for g in t.groups])}", f"{t.in_force_low} and {t.in_force_high}",
        words.span(t.cost.low, t.cost.high, words.musd), effect, backing, t.harm,
    )  # fmt: skip


def _authority(p: Playbook) -> Iterator[Block]:
    yield Heading("Responsibilities and lines of authority")
    rows = [
        (
            r.partner,
            _numbers(r.leads),
            _numbers(r.joins),
            f"{r.at_once} of {r.capacity}",
            f"{r.will:g}",
            str(r.available),
            r.decides,
            "; ".join(r.limits),
        )
        for r in p.responsibilities
    ]
    head = ("Partner", "Leads", "Takes part", "At once", "Will", "From", "Decides by", "What may keep it away")
    yield table("Partners", head, rows, (1.8, 1.1, 0.9, 0.8, 0.8, 1.5, 1.5, 2.8))
    yield Text(
        "Will: readiness in this case, 0 to 1, judged. At once: most tasks led at one time, of those it can lead.",
        "small",
    )
    yield Heading("Lines of authority and coordination", 2)
    yield Bullets(p.authority.lines)
    yield table(
        "One voice on each channel",
        ("Channel", "Who speaks", "Why"),
        [(v.channel, v.who, v.why) for v in p.authority.voices],
        (3, 3, 4),
    )


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "\u2013"


def _preparation(p: Playbook) -> Iterator[Block]:
    yield Heading("Preparatory measures")
    yield Text(
        "Last day on which each step can be done without holding up its tasks, by middle times of preparation.", "small"
    )
    rows = [
        (x.kind, x.step, x.who, f"{x.due}{' (should have begun before)' if x.late else ''}", _numbers(x.tasks))
        for x in p.preparations
    ]
    yield table("Preparation", ("Kind", "Step", "Who", "By", "For tasks"), rows, (1.6, 3.6, 1.8, 1.6, 1.2))


def _contingencies(p: Playbook) -> Iterator[Block]:
    yield Heading("Contingency playbooks")
    if not p.contingencies:
        yield Text("This plan has no branches: it does not say what follows if the crisis turns.")
    else:
        yield Text(
            f"The phases part on {p.about.branch_date}. A branch begins earlier where its triggers are seen; any two of them call the committee together."
        )
    for c in p.contingencies:
        yield Heading(c.phase, 2)
        yield Text(
            f"Chance {words.percent(c.chance.mid)} (range {words.span(c.chance.low, c.chance.high)}; {c.chance.grade}). "
            f"Hazard {c.hazard.mid:.2g} times the case's own. Risk from then on, with this plan: {words.percent(c.risk.mid)} "
            f"(bracket {words.span(c.risk.low, c.risk.high)}). Cost {words.musd(c.cost.mid)} million USD."
        )
        yield table(
            f"Triggers: {c.phase.lower()}",
            ("What can be seen", "Seen by", "Grade"),
            [(t.text, t.seen_by, t.grade) for t in c.triggers],
            (5.5, 2.6, 1.5),
        )
        done = [p.task(n) for n in c.tasks]
        yield Bullets(
            tuple(f"Task {t.number}: {t.name}, {t.lead} leads, from {t.start}" for t in done)
            or ("No new measure is planned for this branch.",)
        )
        yield Bullets(c.carries)


def money_rows(p: Playbook) -> list[tuple[str, str, str]]:
    m = p.money
    named = (
        ("Now", m.now),
        ("Reserve: the dearest branch", m.reserve),
        ("Expected: now and the branches by their chances", m.expected),
    )
    rows = [(name, cost_text(q.mid), words.span(q.low, q.high, words.musd)) for name, q in named]
    return [*rows, ("Envelope", cost_text(m.envelope), m.basis)]


def _money(p: Playbook) -> Iterator[Block]:
    yield Heading("Money")
    yield table("Money now and in reserve", MONEY_HEAD, money_rows(p), (4, 2, 4), (1,), "money")
    yield money_chart(p)
    rows = [(f"{m.first_day}", *(words.musd(a) if a else "\u2013" for a in m.amounts)) for m in p.money.months]
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


def _risk(p: Playbook) -> Iterator[Block]:
    r = p.risk
    yield Heading("Risk before and after")
    yield Text(
        f"If nothing is done: {words.percent(r.before.mid)} (range {words.span(r.before.low, r.before.high)}; {r.before.grade}). "
        f"With this plan: {words.percent(r.after.mid)} (bracket {words.span(r.after.low, r.after.high)}). "
        f"Relative fall at the middle baseline: {words.percent(r.fall.mid)} (bracket {words.span(r.fall.low, r.fall.high)}). "
        f"Outside view of the baseline: {words.percent(r.outside)} a year."
    )
    yield risk_chart(p)
    yield Text(f"{r.how} {MODEL_NOT_WORLD}", "small")
    yield hazard_chart(p)


def _studies(p: Playbook) -> Iterator[Block]:
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
    if any(f.remedy for f in study.findings):
        yield table(title, ("Finding", "Remedy"), [(f.text, f.remedy) for f in study.findings], (5, 5))
    else:
        yield Bullets(tuple(f.text for f in study.findings))


def _rules(p: Playbook) -> Iterator[Block]:
    yield Heading("Rules, and the price of each exception")
    broken = [r for r in p.rules if not r.kept and r.state != "switched off"]
    yield Text(
        "Every rule that was checked is kept."
        if not broken
        else f"Not kept: {len(broken)}. A price is in points of risk: what the planner counts the exception as."
    )
    head = ("Rule", "State", "Kept", "Price", "What it says, or what is broken")
    yield table(
        "Rules",
        head,
        [(r.title, r.state, _kept(r.kept, r.checked, r.state, r.where), _price(r.price), r.words) for r in p.rules],
        (2.6, 1.1, 1.7, 0.8, 4.4),
        (3,),
    )


def _kept(kept: bool, checked: bool, state: str, where: str) -> str:
    if state == "switched off":
        return "not asked for"
    return ("yes" if kept else "NO") if checked else where


def _price(price: float) -> str:
    return f"{100 * price:.1f}" if price else "\u2013"


def _alternatives(p: Playbook) -> Iterator[Block]:
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


def _dates(p: Playbook) -> Iterator[Block]:
    yield Heading("Dates: decisions, reviews, starts")
    rows = [(str(d.day), d.kind, one_line(d.what), d.detail) for d in p.dates if d.kind != "preparation"]
    yield table("Calendar", ("Date", "Kind", "What", "Detail"), rows, (1.4, 1.1, 5, 3))


def _evidence(p: Playbook) -> Iterator[Block]:
    yield Heading("Evidence: every number with its range, grade and source")
    references = list(dict.fromkeys(r for e in p.evidence for r in e.references))
    place = {r: k for k, r in enumerate(references, start=1)}
    rows = [
        (
            e.what,
            number(e.value),
            between(e.value),
            e.value.unit,
            e.value.grade,
            e.value.source,
            ", ".join(str(place[r]) for r in e.references) or "\u2013",
        )
        for e in p.evidence
    ]
    yield table(
        "Numbers",
        ("What", "Mid", "Range", "Unit", "Grade", "Basis", "Sources"),
        rows,
        (2.5, 0.8, 1.3, 1.2, 1.2, 3, 1),
        (1,),
    )
    yield table("Sources", ("No.", "Reference"), [(str(k), r) for r, k in place.items()], (0.6, 9.4), (0,))


def _notes(p: Playbook) -> Iterator[Block]:
    about = p.about
    yield Heading("Notes, and how this was made")
    yield table(
        "Notes", NOTE_HEAD, [(SECTION_NAMES[k], p.notes.get(k, "")) for k in SECTION_NAMES], (2, 8), (), "notes"
    )
    yield Heading("What the planner asked for", 2)
    yield Bullets(about.requirements or ("Nothing beyond what the case and the default rules ask for.",))
    if about.repairs:
        yield Heading("What was given up so that a plan exists", 2)
        yield Bullets(about.repairs)
    yield Heading("How this was made", 2)
    hidden = f" Names of {listed(about.redacted)} are given by role." if about.redacted else ""
    yield Text(
        f"Package {about.package.removeprefix('P')} of the front; seed {about.seed}; print of the data {about.data_fingerprint}. "
        f"Dates are year-month-day; money is million USD of 2020; a point parts decimals.{hidden} {MODEL_NOT_WORLD}",
        "small",
    )


def number(q: Quantity) -> str:
    """The middle of a quantity as people read it."""
    return _say(q.mid, q.unit)


def between(q: Quantity) -> str:
    return "not known" if q.low is None or q.high is None else f"{_say(q.low, q.unit)} to {_say(q.high, q.unit)}"


def _say(value: float, unit: str) -> str:
    if unit in ("probability", "relative fall in risk", "share of the baseline"):
        return words.percent(value)
    if unit == "persons":
        return f"{value:,.0f}".replace(",", "\u00a0")
    return f"{value:,.0f}".replace(",", "\u00a0") if abs(value) >= 1000 else f"{value:.3g}"
