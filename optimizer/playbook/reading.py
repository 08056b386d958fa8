"""A playbook that comes back after people worked on it: DOCX, XLSX and JSON. The one door to both libraries for reading."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..inputs.faults import Fault, InputError
from . import sheets
from . import xlsx as book
from .document import lay_out
from .docx import PART
from .edits import Edit, Row, plan_edits, task_edits, text_of
from .extras import needed
from .forms import MONEY_HEAD, NOTE_HEAD, SECTION_NAMES, TASK_HEAD, money_rows, task_row
from .outside import NOT_READ, cell_changes, changes, texts
from .record import Playbook, Task

MOST_ROWS, MOST_COLUMNS = 5000, 60
MOST_BYTES = 64_000_000  # a playbook of the shipped cases has under 2 MB

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Returned:
    """The playbook as it was written, and what was changed since."""

    original: Playbook
    edits: tuple[Edit, ...]


def returned(path: str | os.PathLike[str], original: Playbook | None = None) -> Returned:
    """Read a DOCX, XLSX or JSON file; `original` for a file that no longer holds its record, or holds it by role only."""
    file, data = os.fspath(path), _bytes(Path(path))
    kind = Path(path).suffix.lower()
    readers = {".docx": _docx, ".xlsx": _xlsx, ".json": _json}
    if kind not in readers:
        raise _fault(
            file, f"a playbook cannot be read from {kind or 'this'}", "Give a .docx, .xlsx or .json that Ohrid wrote"
        )
    return readers[kind](file, data, original)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _fault(str(path), "the file is too large to be a playbook", "Give the file that Ohrid wrote")
        return path.read_bytes()
    except OSError as error:
        raise _fault(str(path), f"it cannot be read ({error.strerror})", "Name a file that exists") from None


def _fault(file: str, reason: str, remedy: str) -> InputError:
    return InputError([Fault(file, "", "", "", reason, remedy)])


def _opened(file: str, data: bytes) -> None:
    """Refuse what is no office file, or unpacks to far more than one holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 4 * MOST_BYTES:
                raise _fault(
                    file, "the file unpacks to far more than a playbook holds", "Give the file that Ohrid wrote"
                )
    except zipfile.BadZipFile:
        raise _fault(
            file, "it is damaged or no office file", "Open it in your word processor or spreadsheet and save it again"
        ) from None


def record_of(file: str, text: str | bytes) -> Playbook:
    """The record in a text; InputError names what is wrong with it."""
    try:
        return Playbook.model_validate_json(text)
    except ValidationError as error:
        faults = [
            Fault(file, ".".join(map(str, e["loc"])), "", "", e["msg"].lower().rstrip("."), "Undo this change")
            for e in error.errors()[:20]
        ]
        raise InputError(faults) from None


def _which(file: str, kept: Playbook | None, original: Playbook | None) -> Playbook:
    found = original or kept
    if found is None:
        raise _fault(
            file, "the record that Ohrid wrote into it is gone", "Give the playbook's JSON as well (--against)"
        )
    if original is not None and kept is not None and not kept.about.redacted and kept != original:
        raise _fault(
            file,
            "it was made from another playbook than the one it is compared with",
            "Give the JSON that was written beside it",
        )
    return found


def _docx(file: str, data: bytes, original: Playbook | None) -> Returned:
    module = needed("docx", "reading DOCX")
    _opened(file, data)
    try:
        document = module.Document(io.BytesIO(data))
    except Exception as error:  # python-docx raises what its parser raises
        raise _fault(
            file, f"it is no DOCX that can be read ({type(error).__name__})", "Open it and save it again"
        ) from None
    kept = _docx_record(file, document)
    against, shown = _which(file, kept, original), kept or original
    assert shown is not None
    found = {head: _tables(document, head) for head in (TASK_HEAD, MONEY_HEAD, NOTE_HEAD)}
    done, money, notes = found[TASK_HEAD], found[MONEY_HEAD], found[NOTE_HEAD]
    if not done and shown.tasks:
        raise _fault(
            file,
            "its tables of tasks are gone, or their heads were changed",
            "Put the head of the table back as it was",
        )
    edits = task_edits(shown, done, lambda t: dict(zip(TASK_HEAD, task_row(t), strict=True)))
    edits += plan_edits(
        shown, money, [dict(zip(MONEY_HEAD, r, strict=True)) for r in money_rows(shown)], notes, SECTION_NAMES
    )
    edits += changes("Text", list(texts(lay_out(shown).blocks)), list(_outside(document)))
    edits += [Edit(0, "not understood", "Comment", "", c.text, NOT_READ) for c in document.comments]
    return Returned(against, tuple(edits))


def _outside(document: Any) -> Iterator[str]:
    """Text of every paragraph that stands in none of the tables that are read back."""
    heads = (TASK_HEAD, MONEY_HEAD, NOTE_HEAD)
    skipped = {tbl for tbl in document.element.body.iter(f"{_W}tbl") if _head_of(tbl) in heads}
    for p in document.element.body.iter(f"{_W}p"):
        if skipped.isdisjoint(p.iterancestors(f"{_W}tbl")):
            yield "".join(map(_piece, p.iter()))


def _head_of(tbl: Any) -> tuple[str, ...]:
    lines = tbl.tr_lst
    return tuple(map(_cell, lines[0].tc_lst)) if lines else ()


def _tables(document: Any, head: tuple[str, ...]) -> list[Row]:
    """Rows of all tables with this head."""
    rows: list[Row] = []
    for tbl in document.element.body.iter(f"{_W}tbl"):
        if _head_of(tbl) == head:
            rows += [dict(zip(head, map(_cell, line.tc_lst), strict=False)) for line in tbl.tr_lst[1:]]
    return rows


def _cell(tc: Any) -> str:
    """Text of a cell with tracked insertions and without tracked deletions."""
    return "\n".join("".join(map(_piece, p.iter())) for p in tc.iter(f"{_W}p")).strip()


def _piece(node: Any) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    if node.tag in (f"{_W}br", f"{_W}cr"):
        return "\n"
    return "\t" if node.tag == f"{_W}tab" and node.getparent().tag == f"{_W}r" else ""


def _docx_record(file: str, document: Any) -> Playbook | None:
    from lxml import etree  # type: ignore[import-untyped]

    for part in document.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/") and b"urn:ohrid:playbook" in part.blob:
            root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
            return record_of(f"{file}{PART}", root.text or "")
    return None


def _xlsx(file: str, data: bytes, original: Playbook | None) -> Returned:
    module = needed("openpyxl", "reading XLSX")
    _opened(file, data)
    try:
        opened = module.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl raises what its parsers raise
        raise _fault(
            file, f"it is no XLSX that can be read ({type(error).__name__})", "Open it and save it again"
        ) from None
    kept = _xlsx_record(file, opened)
    against, shown = _which(file, kept, original), kept or original
    assert shown is not None
    if "Tasks" not in opened.sheetnames:
        raise _fault(file, "its sheet 'Tasks' is gone or has another name", "Put the sheet back")
    edits = task_edits(
        shown, _table(opened, "Tasks"), lambda t: dict(zip(sheets.TASK_HEAD, sheets.task_cells(t), strict=True))
    )
    money: list[Row] = [dict(zip(sheets.MONEY_HEAD, r, strict=True)) for r in sheets.money_cells(shown)]
    edits += plan_edits(shown, _table(opened, "Money"), money, _table(opened, "Notes"), SECTION_NAMES)
    return Returned(against, (*edits, *_other_sheets(opened, shown)))


def _other_sheets(opened: Any, shown: Playbook) -> Iterator[Edit]:
    """What people wrote where nothing is read back: other sheets, new sheets, comments on cells."""
    written = {name: [tuple(head), *rows] for name, head, rows in sheets.sheets(shown)}
    for name in opened.sheetnames:
        if name == book.HIDDEN:
            continue
        cells = _cells(opened[name])
        if name not in ("Tasks", "Money", "Notes"):
            before = written.get(name, [])
            sums = len(before) < len(cells) and name == "Money by month" and text_of(cells[len(before)][0]) == "Sum"
            yield from cell_changes(name, before, cells[: len(before)] + cells[len(before) + sums :])
        for cell in (c for row in opened[name].iter_rows(max_row=MOST_ROWS) for c in row if c.comment):
            yield Edit(0, "not understood", f"Comment on {name}, {cell.coordinate}", "", cell.comment.text, NOT_READ)


def _cells(sheet: Any) -> list[tuple[object, ...]]:
    size = {"max_row": min(sheet.max_row, MOST_ROWS), "max_col": min(sheet.max_column, MOST_COLUMNS)}
    return list(sheet.iter_rows(values_only=True, **size))


def _table(opened: Any, name: str) -> list[Row]:
    if name not in opened.sheetnames:
        return []
    rows = _cells(opened[name])
    head = [text_of(h) for h in rows[0]] if rows else []
    return [dict(zip(head, row, strict=True)) for row in rows[1:]]


def _xlsx_record(file: str, opened: Any) -> Playbook | None:
    if book.HIDDEN not in opened.sheetnames:
        return None
    chunks = [row[0] for row in opened[book.HIDDEN].iter_rows(values_only=True, max_col=1)]
    return record_of(f"{file}, hidden sheet", "".join(str(c) for c in chunks if c is not None))


def _json(file: str, data: bytes, original: Playbook | None) -> Returned:
    """JSON holds nothing but itself: an edited one is compared with `original`, or with what its keys say."""
    try:
        json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _fault(file, f"it is not JSON ({error})", "Give the JSON that Ohrid wrote") from None
    edited = record_of(file, data)
    shown = edited.as_written()
    return Returned(_which(file, shown, original), tuple(_json_edits(shown, edited)))


def _json_edits(original: Playbook, edited: Playbook) -> list[Edit]:
    rows = [_json_row(t) for t in edited.tasks]
    edits = task_edits(original, rows, _json_row)
    money: list[Row] = [{"Money": "Envelope", "Million USD": edited.money.envelope}]
    before: list[Row] = [{"Money": "Envelope", "Million USD": original.money.envelope}]
    notes: list[Row] = [{"Section": name, "Note": edited.notes.get(key, "")} for key, name in SECTION_NAMES.items()]
    edits += plan_edits(original, money, before, notes, SECTION_NAMES)
    return edits


def _json_row(t: Task) -> Row:
    cells: dict[str, object] = {
        "No.": t.number,
        "Measure": t.name,
        "Phase": t.phase,
        "Lead": t.lead,
        "With": ", ".join(t.partners),
    }
    return cells | {"Starts": t.start, "In force": t.in_force, "Ends": t.end, "Cost": t.cost.mid, "Note": t.note}
