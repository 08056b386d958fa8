"""XLSX: the sheets, written so that they can be printed, with the record inside. The one door to openpyxl for writing."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from .archive import settled
from .extras import needed
from .json_file import as_json
from .record import About, Playbook
from .sheets import EDITED, Cell, sheets

HIDDEN = "ohrid"
CHUNK = 30_000  # characters; a cell holds 32,767
NARROW, WIDE, ACROSS, LINE, TALLEST = (
    9,
    28,
    160,
    15.0,
    400.0,
)  # widths in characters, heights in points; a row ends at 409
FONT = "Calibri"


def xlsx(playbook: Playbook) -> bytes:
    """The workbook, with the record in a hidden sheet so that edits can be found."""
    module = needed("openpyxl", "XLSX")
    book = module.Workbook()
    book.remove(book.active)
    for name, head, rows in sheets(playbook):
        sheet = book.create_sheet(name)
        _fill(sheet, head, rows)
        _page(sheet, playbook.about)
    book["Tasks"].print_area = f"A1:{_letter(EDITED)}{len(playbook.tasks) + 1}"
    _totals(book["Money by month"], len(playbook.money.months), len(playbook.money.phases))
    _keep(book, playbook)
    about = playbook.about
    book.properties.title, book.properties.creator = about.title[:250], "Ohrid"
    book.properties.created = book.properties.modified = datetime(about.as_of.year, about.as_of.month, about.as_of.day)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue(), about.as_of)


def _fill(sheet: Any, head: Sequence[str], rows: list[tuple[Cell, ...]]) -> None:
    """Head and rows; text stays text, whatever sign it begins with."""
    from openpyxl.styles import Alignment, Font, PatternFill

    plain, bold, fill = (
        Font(name=FONT, size=11),
        Font(name=FONT, size=11, bold=True),
        PatternFill("solid", fgColor="E3EBF3"),
    )
    wrapped, indented = (
        Alignment(vertical="top", wrap_text=True),
        Alignment(vertical="top", wrap_text=True, horizontal="left", indent=1),
    )
    widths = [_width(name, [r[k] for r in rows], max(WIDE, ACROSS // len(head))) for k, name in enumerate(head)]
    for at, row in enumerate([tuple(head), *rows], start=1):
        for k, value in enumerate(row, start=1):
            if value is not None and value != "":
                cell = sheet.cell(at, k)
                _put(cell, value, head[k - 1], sheet.title)
                cell.alignment, cell.font = indented if isinstance(value, str) else wrapped, bold if at == 1 else plain
            if at == 1:
                sheet.cell(at, k).fill = fill
        lines = max(_lines(value, width) for value, width in zip(row, widths, strict=True))
        sheet.row_dimensions[at].height = min(LINE * lines, TALLEST)
    for k, width in enumerate(widths, start=1):
        sheet.column_dimensions[_letter(k)].width = width


def _put(cell: Any, value: Cell, head: str, sheet: str) -> None:
    if isinstance(value, str):
        cell.value = value if len(value) <= CHUNK else value[:CHUNK] + "\u2026"
        cell.data_type, cell.quotePrefix = "s", value[:1] in "=+-@\t\r"
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, float):
        cell.number_format = _format(head, sheet)


def _format(head: str, sheet: str) -> str:
    """How a number is shown; what it is stays in the cell."""
    if head.startswith("Effect") or head == "Risk":
        return "0.0%"
    return "0.00" if head.startswith("Cost") or sheet.startswith("Money") else "General"


def _width(name: str, column: Sequence[Cell], most: float) -> float:
    """Wide enough for most of a column; the rest is wrapped."""
    longest = max([len(name), *(max(map(len, _text(v).split("\n"))) for v in column)])
    return max(NARROW, min(longest + 3, most), WIDE if name == "Note" else 0)


def _lines(value: Cell, width: float) -> int:
    """Lines that a text takes in a column; words are not parted, so a line holds less than its width."""
    return sum(max(1, math.ceil(len(part) / (width - 2))) for part in _text(value).split("\n"))


def _text(value: Cell) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value if value is not None else "")


def _page(sheet: Any, about: About) -> None:
    """Printed across, as wide as the page, the head on every page, with classification and page number."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddHeader.center.text = about.classification[:100].replace("&", "&&") or None
    sheet.oddFooter.left.text = f"{about.title[:80]}, {about.as_of}: {sheet.title}".replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


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
        sheet.cell(last + 1, k).font = Font(name=FONT, size=11, bold=True)
        sheet.cell(last + 1, k).number_format = "0.00"


def _keep(book: Any, playbook: Playbook) -> None:
    sheet = book.create_sheet(HIDDEN)
    sheet.sheet_state = "veryHidden"
    text = as_json(playbook).decode()
    for k in range(0, len(text), CHUNK):
        cell = sheet.cell(k // CHUNK + 1, 1)
        cell.value, cell.data_type = text[k : k + CHUNK], "s"
