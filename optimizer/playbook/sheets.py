"""What the sheets of the workbook hold; tasks, money and notes can be edited and are read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from .forms import SECTION_NAMES
from .record import Playbook, Quantity, Task
from .sections.worth import kept

TASK_HEAD = (
    "No.", "Phase", "Measure", "Lead", "With", "Starts", "In force", "Ends", "Cost (M USD)", "Note",
    "Cost low", "Cost high", "Effect low", "Effect", "Effect high", "Grade", "Approval", "Backing",
)  # fmt: skip
MONEY_HEAD = ("Money", "M USD of 2020", "Low", "High")
NOTE_HEAD = ("Section", "Note")
MONEY_KEYS = ("Now", "Reserve: the dearest branch", "Expected: now and the branches by their chances", "Envelope")
Cell = str | float | int | date | None
Sheet = tuple[str, Sequence[str], list[tuple[Cell, ...]]]
EDITED = 10  # columns of the tasks that can be edited


def task_cells(t: Task) -> tuple[Cell, ...]:
    """The row of a task; the first ten columns can be edited and are read back."""
    q, e = t.cost, t.effect
    return (
        t.number, t.phase, t.name, t.lead, ", ".join(t.partners), t.start, t.in_force, t.end, round(q.mid, 2), t.note,
        q.low, q.high, e.low, e.mid, e.high, e.grade, t.approval, t.backing,
    )  # fmt: skip


def money_cells(p: Playbook) -> list[tuple[Cell, ...]]:
    m = p.money
    rows = [
        (key, round(q.mid, 2), q.low, q.high)
        for key, q in zip(MONEY_KEYS, (m.now, m.reserve, m.expected), strict=False)
    ]
    return [*rows, (MONEY_KEYS[-1], round(m.envelope, 2), None, None)]


def sheets(p: Playbook) -> Iterator[Sheet]:
    a, s = p.about, p.summary
    first: list[tuple[Cell, ...]] = [
        ("Title", a.title),
        ("Kind", a.kind),
        ("Classification", a.classification),
        ("As of", a.as_of),
        ("Start", a.start),
        ("End", a.end),
    ]
    first += [
        ("Summary", s.headline),
        ("Situation", s.situation),
        *[("Does", x) for x in s.does],
        *[("Decide", x) for x in s.decide],
    ]
    first += [*[("Can go wrong", x) for x in s.wrong], ("How sure", s.sure)]
    yield "Summary", ("What", "Text"), first
    yield "Tasks", TASK_HEAD, [task_cells(t) for t in p.tasks]
    yield "Money", MONEY_HEAD, money_cells(p)
    yield (
        "Money by month",
        ("Month from", *p.money.phases),
        [(m.first_day, *(round(x, 4) for x in m.amounts)) for m in p.money.months],
    )
    yield from _of_people(p)
    yield (
        "Rules",
        ("Rule", "State", "Kept", "Price (points of risk)", "Where", "Words"),
        [(r.title, r.state, kept(r), round(100 * r.price, 4), r.where, r.words) for r in p.rules],
    )
    yield (
        "Alternatives",
        ("Package", "Risk", "Cost (M USD)", "How it differs", "Why not"),
        [(x.name, x.risk, x.cost, x.differs, x.why_not) for x in p.alternatives],
    )
    yield from _of_evidence(p)
    yield "Dates", ("Date", "Kind", "What", "Detail"), [(d.day, d.kind, d.what, d.detail) for d in p.dates]
    yield "Notes", NOTE_HEAD, [(name, p.notes.get(key, "")) for key, name in SECTION_NAMES.items()]


def _of_people(p: Playbook) -> Iterator[Sheet]:
    yield (
        "Partners",
        ("Partner", "Leads", "Takes part", "At once", "Capacity", "Will (0 to 1)", "From", "Decides by", "Limits"),
        [
            (
                r.partner,
                _numbers(r.leads),
                _numbers(r.joins),
                r.at_once,
                r.capacity,
                r.will,
                r.available,
                r.decides,
                "; ".join(r.limits),
            )
            for r in p.responsibilities
        ],
    )
    yield (
        "Preparation",
        ("Kind", "Step", "Who", "By", "Late", "For tasks"),
        [(x.kind, x.step, x.who, x.due, "yes" if x.late else "no", _numbers(x.tasks)) for x in p.preparations],
    )
    yield (
        "Triggers",
        ("Phase", "What can be seen", "Seen by", "Grade"),
        [(c.phase, t.text, t.seen_by, t.grade) for c in p.contingencies for t in c.triggers],
    )


def _of_evidence(p: Playbook) -> Iterator[Sheet]:
    references = list(dict.fromkeys(r for e in p.evidence for r in e.references))
    place = {r: k for k, r in enumerate(references, start=1)}
    yield (
        "Evidence",
        ("What", "Low", "Mid", "High", "Unit", "Grade", "Basis", "Sources"),
        [
            (
                e.what,
                *_ends(e.value),
                e.value.unit,
                e.value.grade,
                e.value.source,
                _numbers(tuple(place[r] for r in e.references)),
            )
            for e in p.evidence
        ],
    )
    yield "Sources", ("No.", "Reference"), [(k, r) for r, k in place.items()]
    studies = (("Red team", p.red_team), ("Doubt", p.doubt), ("Reasons", p.explanations))
    found: list[tuple[Cell, ...]] = []
    for name, study in studies:
        found += [(name, study.summary if study.run else "Not run for this plan.", "", study.how, "")]
        found += [(name, f.text, f.remedy, f.sure, f.evidence) for f in study.findings]
    yield "Studies", ("Study", "Finding", "Remedy", "How exact", "Evidence"), found


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def _ends(q: Quantity) -> tuple[float | None, float, float | None]:
    return q.low, q.mid, q.high
