"""A playbook that comes back after people worked on it: DOCX, XLSX and JSON. The one door to both libraries for reading."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..inputs.faults import Fault, InputError
from . import sheets
from . import xlsx as book
from .document import lay_out
from .docx import PART
from .edits import GONE, Edit, Row, plan_edits, task_edits, text_of
from .extras import needed
from .forms import MONEY_HEAD, NOTE_HEAD, SECTION_NAMES, TASK_HEAD, money_rows, task_row
from .grids import is_head, rows_under
from .outside import NOT_READ, cell_changes, changes, texts
from .record import Playbook, Task

MOST_ROWS, MOST_COLUMNS = 5000, 60
MOST_BYTES = 64_000_000  # a playbook of the shipped cases has under 2 MB

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Lines = list[tuple[object, ...]]  # cells of a sheet


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
    read = _tables(document, shown)
    done, money, notes = ([row for head, rows in read.values() if head is wanted for row in rows] for wanted in HEADS)
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
    edits += changes("Text", list(texts(lay_out(shown).blocks)), list(_outside(document, read)))
    edits += [Edit(0, "not understood", "Comment", "", c.text, NOT_READ) for c in document.comments]
    return Returned(against, tuple(edits))


HEADS = (TASK_HEAD, MONEY_HEAD, NOTE_HEAD)


def _outside(document: Any, read: Collection[Any]) -> Iterator[str]:
    """Text of every paragraph that stands in none of the tables that were read back."""
    skipped = set(read)
    for p in document.element.body.iter(f"{_W}p"):
        if skipped.isdisjoint(p.iterancestors(f"{_W}tbl")):
            yield "".join(map(_piece, p.iter()))


def _tables(document: Any, shown: Playbook) -> dict[Any, tuple[tuple[str, ...], list[Row]]]:
    """Tables that are read back, each with the head it was written under and its rows."""
    found: dict[Any, tuple[tuple[str, ...], list[Row]]] = {}
    for tbl in document.element.body.iter(f"{_W}tbl"):
        lines = _lines(tbl)
        for head in HEADS:
            rows = rows_under(lines, head)
            if rows is None and head is TASK_HEAD and lines and _goes_on(lines[0], shown):
                rows = rows_under([head, *lines], head)
            if rows is not None:
                found[tbl] = head, rows
                break
    return found


def _goes_on(line: Sequence[str], shown: Playbook) -> bool:
    """Whether a table begins with a task: one that was parted from its head."""
    return any(tuple(line[:2]) == task_row(t)[:2] for t in shown.tasks)


def _lines(tbl: Any) -> list[list[str]]:
    """The cells of each row of a table, inside content controls too; a cell across columns, then blanks for the others."""
    rows = [tr for tr in tbl.iter(f"{_W}tr") if next(tr.iterancestors(f"{_W}tbl")) is tbl]
    return [[text for tc in _cells_of(tr) for text in (_cell(tc), *[""] * (tc.grid_span - 1))] for tr in rows]


def _cells_of(tr: Any) -> list[Any]:
    return [tc for tc in tr.iter(f"{_W}tc") if next(tc.iterancestors(f"{_W}tr")) is tr]


def _cell(tc: Any) -> str:
    """Text of a cell as it is once all tracked changes are accepted."""
    return "\n".join("".join(map(_piece, p.iter())) for p in tc.iter(f"{_W}p")).strip()


def _piece(node: Any) -> str:
    if node.tag == f"{_W}t":
        return node.text or "" if next(node.iterancestors(f"{_W}moveFrom"), None) is None else ""
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
    written: dict[str, Lines] = {name: [tuple(head), *rows] for name, head, rows in sheets.sheets(shown)}
    named = _named(opened, written)
    done = rows_under(named.get("Tasks", []), sheets.TASK_HEAD)
    if done is None:
        raise _fault(file, "its sheet 'Tasks' is gone, or the head of its table", "Put it back as it was")
    edits = task_edits(shown, done, lambda t: dict(zip(sheets.TASK_HEAD, sheets.task_cells(t), strict=True)))
    money, notes = (_below_head(written[name]) for name in ("Money", "Notes"))
    money_now = rows_under(named.get("Money", []), sheets.MONEY_HEAD)
    notes_now = rows_under(named.get("Notes", []), sheets.NOTE_HEAD)
    edits += plan_edits(
        shown,
        money if money_now is None else money_now,
        money,
        notes if notes_now is None else notes_now,
        SECTION_NAMES,
    )
    gone = (
        {n for n in written if n not in named}
        | ({"Money"} if money_now is None else set())
        | ({"Notes"} if notes_now is None else set())
    )
    edits += [Edit(0, "not understood", f"Sheet {name}", "", "", GONE) for name in written if name in gone]
    return Returned(against, (*edits, *_other_sheets(named, written), *_comments(opened)))


def _below_head(lines: Lines) -> list[Row]:
    return [dict(zip(map(text_of, lines[0]), line, strict=True)) for line in lines[1:]]


def _named(opened: Any, written: Mapping[str, Lines]) -> dict[str, Lines]:
    """The cells of each sheet by the name it was written under; a renamed one is known by its head."""
    found = {name: _cells(opened[name]) for name in opened.sheetnames if name != book.HIDDEN}
    for old in [n for n in written if n not in found]:
        new = next(
            (n for n, cells in found.items() if n not in written and cells and is_head(cells[0], written[old][0])), None
        )
        if new is not None:
            found[old] = found.pop(new)
    return found


def _other_sheets(named: Mapping[str, Lines], written: Mapping[str, Lines]) -> Iterator[Edit]:
    """What people wrote where nothing is read back: other sheets and new sheets."""
    for name, cells in named.items():
        if name not in ("Tasks", "Money", "Notes"):
            before = written.get(name, [])
            sums = len(before) < len(cells) and name == "Money by month" and text_of(cells[len(before)][0]) == "Sum"
            yield from cell_changes(name, before, cells[: len(before)] + cells[len(before) + sums :])


def _comments(opened: Any) -> Iterator[Edit]:
    for name in (n for n in opened.sheetnames if n != book.HIDDEN):
        for cell in (c for row in opened[name].iter_rows(max_row=MOST_ROWS) for c in row if c.comment):
            yield Edit(0, "not understood", f"Comment on {name}, {cell.coordinate}", "", cell.comment.text, NOT_READ)


def _cells(sheet: Any) -> Lines:
    size = {"max_row": min(sheet.max_row, MOST_ROWS), "max_col": min(sheet.max_column, MOST_COLUMNS)}
    return list(sheet.iter_rows(values_only=True, **size))


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
