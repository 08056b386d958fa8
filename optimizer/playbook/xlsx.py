"""XLSX: tasks, money, partners, preparations, branches, rules, evidence. The one door to openpyxl for writing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from .archive import settled
from .extras import needed
from .forms import SECTION_NAMES
from .json_file import as_json
from .record import Playbook, Quantity, Task

HIDDEN = "ohrid"
CHUNK = 30_000  # characters; a cell holds 32,767
TASK_HEAD = (
    "No.", "Phase", "Measure", "Lead", "With", "Starts", "In force", "Ends", "Cost (M USD)", "Note",
    "Cost low", "Cost high", "Effect low", "Effect", "Effect high", "Grade", "Approval", "Backing",
)  # fmt: skip
NOTE_HEAD = ("Section", "Note")
MONEY_KEYS = ("Now", "Reserve: the dearest branch", "Expected: now and the branches by their chances", "Envelope")
Cell = str | float | int | date | None
Sheet = tuple[str, Sequence[str], list[tuple[Cell, ...]]]


def xlsx(playbook: Playbook) -> bytes:
    """The workbook, with the record in a hidden sheet so that edits can be found."""
    module = needed("openpyxl", "XLSX")
    book = module.Workbook()
    book.remove(book.active)
    for name, head, rows in _sheets(playbook):
        _fill(book.create_sheet(name), head, rows)
    _totals(book["Money by month"], len(playbook.money.months), len(playbook.money.phases))
    _keep(book, playbook)
    about = playbook.about
    book.properties.title, book.properties.creator = about.title[:250], "Ohrid"
    book.properties.created = book.properties.modified = datetime(about.as_of.year, about.as_of.month, about.as_of.day)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue(), about.as_of)


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


def _sheets(p: Playbook) -> Iterator[Sheet]:
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
    yield "Money", ("Money", "M USD of 2020", "Low", "High"), money_cells(p)
    yield (
        "Money by month",
        ("Month from", *p.money.phases),
        [(m.first_day, *(round(x, 4) for x in m.amounts)) for m in p.money.months],
    )
    yield from _sheets_of_people(p)
    yield (
        "Rules",
        ("Rule", "State", "Kept", "Price (points of risk)", "Where", "Words"),
        [(r.title, r.state, "yes" if r.kept else "no", round(100 * r.price, 4), r.where, r.words) for r in p.rules],
    )
    yield (
        "Alternatives",
        ("Package", "Risk", "Cost (M USD)", "How it differs", "Why not"),
        [(x.name, x.risk, x.cost, x.differs, x.why_not) for x in p.alternatives],
    )
    yield (
        "Evidence",
        ("What", "Low", "Mid", "High", "Unit", "Grade", "Basis", "Sources"),
        [
            (e.what, *_ends(e.value), e.value.unit, e.value.grade, e.value.source, "; ".join(e.references))
            for e in p.evidence
        ],
    )
    yield "Dates", ("Date", "Kind", "What", "Detail"), [(d.day, d.kind, d.what, d.detail) for d in p.dates]
    yield "Notes", NOTE_HEAD, [(name, p.notes.get(key, "")) for key, name in SECTION_NAMES.items()]


def _sheets_of_people(p: Playbook) -> Iterator[Sheet]:
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


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def _ends(q: Quantity) -> tuple[float | None, float, float | None]:
    return q.low, q.mid, q.high


def _fill(sheet: Any, head: Sequence[str], rows: list[tuple[Cell, ...]]) -> None:
    """Head and rows; text stays text, whatever sign it begins with."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for at, row in enumerate([tuple(head), *rows], start=1):
        for k, value in enumerate(row, start=1):
            if value is None or value == "":
                continue
            cell = sheet.cell(at, k)
            cell.value = value
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, str):
                cell.data_type, cell.quotePrefix = "s", value[:1] in "=+-@\t\r"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
            if at == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E3EBF3")
    for k, name in enumerate(head):
        longest = max([len(name), *(len(str(r[k])) for r in rows if r[k] is not None)])
        sheet.column_dimensions[_letter(k + 1)].width = min(max(longest + 2, 8), 50)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = _fit()


def _fit() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _letter(k: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(k))


def _totals(sheet: Any, months: int, phases: int) -> None:
    """The only formulas of the book: sums, blank where nothing is to be added."""
    from openpyxl.styles import Font

    last = months + 1
    sheet.cell(last + 1, 1).value = "Sum"
    for k in range(2, phases + 2):
        ends = f"{_letter(k)}2:{_letter(k)}{last}"
        sheet.cell(last + 1, k).value = f'=IF(COUNT({ends})=0,"",SUM({ends}))'
        sheet.cell(last + 1, k).font = Font(bold=True)


def _keep(book: Any, playbook: Playbook) -> None:
    sheet = book.create_sheet(HIDDEN)
    sheet.sheet_state = "veryHidden"
    text = as_json(playbook).decode()
    for k in range(0, len(text), CHUNK):
        cell = sheet.cell(k // CHUNK + 1, 1)
        cell.value, cell.data_type = text[k : k + CHUNK], "s"
