"""Tasks, people, preparations, branches and dates."""

from __future__ import annotations

from collections.abc import Iterator

from .. import words
from ..blocks import Block, Bullets, Heading, Text, table
from ..charts import timeline
from ..forms import TASK_HEAD, task_row
from ..record import Date, Playbook, Task
from ..text import listed, one_line


def tasks(p: Playbook) -> Iterator[Block]:
    yield Heading("Tasks in sequence")
    yield Text("Cost in million USD of 2020. In force: expected day, with the middle lead time.", "intro")
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


def authority(p: Playbook) -> Iterator[Block]:
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


def preparation(p: Playbook) -> Iterator[Block]:
    yield Heading("Preparatory measures")
    yield Text(
        "Last day on which each step can be done without holding up its tasks, by middle times of preparation.", "intro"
    )
    rows = [
        (x.kind, x.step, x.who, f"{x.due}{' (should have begun before)' if x.late else ''}", _numbers(x.tasks))
        for x in p.preparations
    ]
    yield table("Preparation", ("Kind", "Step", "Who", "By", "For tasks"), rows, (1.6, 3.6, 1.8, 1.6, 1.2))


def contingencies(p: Playbook) -> Iterator[Block]:
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
            f"Chance of this branch {words.percent(c.chance.mid)} (range {words.span(c.chance.low, c.chance.high)}; {c.chance.grade}). "
            f"Hazard {c.hazard.mid:.2g} times the case's own. Risk from then on, with this plan: {words.percent(c.risk.mid)} "
            f"({p.risk.range_is} {words.span(c.risk.low, c.risk.high)}). Cost {words.musd(c.cost.mid)} million USD."
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


def dates(p: Playbook) -> Iterator[Block]:
    yield Heading("Dates: decisions, reviews, starts")
    shown = [d for d in p.dates if d.kind != "preparation"]
    last = next((k for k in range(len(shown), 0, -1) if shown[k - 1].kind != "review"), 0)
    rows = [(str(d.day), d.kind, one_line(d.what), d.detail) for d in shown[:last]]
    yield table("Calendar", ("Date", "Kind", "What", "Detail"), [*rows, *_further(shown[last:])], (1.4, 1.1, 5, 3))


def _further(reviews: list[Date]) -> list[tuple[str, ...]]:
    """Reviews after the last other date: in full where they are few, else the first and the last."""
    rows: list[tuple[str, ...]] = [(str(d.day), d.kind, d.what, d.detail) for d in reviews]
    if len(rows) <= 4:
        return rows
    between = f"{len(rows) - 2} further reviews in between, at the same interval; all stand in the calendar file"
    return [rows[0], ("\u2026", "review", between, ""), rows[-1]]
