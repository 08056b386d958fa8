"""Tables as rows of text cells, from CSV files."""

import csv
import io
from dataclasses import dataclass

from .faults import Fault, Severity, short
from .files import refuse

MOST_ROWS = 20_000  # the largest shipped table has 476


@dataclass(frozen=True)
class Row:
    """One row: file, place (line or sheet and row) and cells by column."""

    file: str
    place: str
    cells: dict[str, str]

    def error(self, column: str, reason: str, remedy: str, value: str | None = None) -> Fault:
        """An error at a cell of this row."""
        return self._fault(column, reason, remedy, "error", value)

    def warning(self, column: str, reason: str, remedy: str, value: str | None = None) -> Fault:
        """A warning at a cell of this row."""
        return self._fault(column, reason, remedy, "warning", value)

    def _fault(self, column: str, reason: str, remedy: str, severity: Severity, value: str | None) -> Fault:
        shown = self.cells.get(column, "") if value is None else value
        return Fault(self.file, self.place, column, short(shown), reason, remedy, severity)


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in its file, with the faults of its form."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def make_sheet(file: str, lines: list[tuple[str, list[str]]]) -> Sheet:
    """A sheet from (place, cells) lines, the first of them the header."""
    if len(lines) > MOST_ROWS:
        raise refuse(file, f"the table has more than {MOST_ROWS:,} rows", "Give the rows of the catalog alone")
    header = [name.strip() for name in lines[0][1]]
    while header and not header[-1]:
        header.pop()
    faults = _header_faults(file, header, lines[0][0])
    rows = []
    for place, cells in lines[1:]:
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        extra = [cell for cell in cells[len(header) :] if cell]
        if extra or len(cells) < len(header):
            reason = f"the row has {len(cells)} cells, the header {len(header)}"
            faults.append(Fault(file, place, "", "", reason, "Quote cells that hold a comma, and fill or end the row"))
        rows.append(Row(file, place, dict(zip(header, cells, strict=False))))
    if not rows:
        faults.append(Fault(file, "", "", "", "the table has a header but no rows", "Add rows"))
    return Sheet(file, tuple(header), tuple(rows), tuple(faults))


def _header_faults(file: str, header: list[str], place: str) -> list[Fault]:
    doubles = sorted({name for name in header if header.count(name) > 1})
    return [Fault(file, place, name, "", "the column stands twice", "Keep one of the two") for name in doubles]


def read_csv(file: str, text: str) -> Sheet:
    """The table in a CSV text."""
    first = text.split("\n", 1)[0]
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if "," not in first and mark in first:
            raise refuse(file, f"columns are separated by {name}", "Export the table with commas", "line 1")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = []
    try:
        start = 1
        for cells in reader:
            lines.append((f"line {start}", cells))
            start = reader.line_num + 1
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise refuse(file, f"this is not CSV: {error}", "Check the quotes at this place", place) from None
    return make_sheet(file, lines)
