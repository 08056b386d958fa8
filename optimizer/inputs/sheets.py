"""Tables from whatever file they come in: CSV, or the sheets of a workbook."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

from .csv_files import MOST_ROWS, Sheet, make_sheet, read_csv
from .faults import Fault, InputError
from .files import MOST_BYTES, decode, read_bytes, refuse
from .library import Library, add_table, recognise

_UNPACKED = 5 * MOST_BYTES  # a workbook unpacks to several times its size
_MOST_COLUMNS = 100  # a sheet can claim 16,384 empty ones
TABLE_SUFFIXES = (".csv", ".xlsx", ".xlsm")


def add_file(library: Library, path: Path) -> Library:
    """The library with the tables of a user's file laid over it."""
    data = read_bytes(path)
    for sheet in read_sheets(str(path), data):
        library = add_table(library, recognise(sheet), sheet, Path(sheet.file).name, data)
    return library


def read_sheets(file: str, data: bytes) -> list[Sheet]:
    """All tables of a file."""
    if not file.lower().endswith(".csv"):
        return _read_workbook(file, data)
    return [read_csv(file, decode(file, data))]


def _read_workbook(file: str, data: bytes) -> list[Sheet]:
    _refuse_bad_archive(file, data)
    try:
        from openpyxl import load_workbook  # only needed here, and an optional extra
    except ImportError:
        raise refuse(file, "openpyxl is not installed", "Install ohrid[xlsx], or save the sheet as CSV") from None
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        sheets = [_read_sheet(file, sheet) for sheet in book.worksheets]
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise refuse(file, f"the workbook cannot be read ({error})", "Open and save it again, or save as CSV") from None
    filled = [sheet for sheet in sheets if sheet is not None]
    if not filled:
        raise refuse(file, "the workbook holds no table", "Put a header and rows into its first sheet")
    return filled


def _refuse_bad_archive(file: str, data: bytes) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > _UNPACKED:
            raise refuse(file, f"the workbook unpacks to more than {_UNPACKED:,} bytes", "Give the table alone")
        if "xl/workbook.xml" not in archive.namelist():
            raise refuse(file, "the file is a zip archive but no Excel workbook", "Give the table itself")
        for part in parts:
            if part.filename.endswith(".xml") and b"<!ENTITY" in archive.read(part):
                raise refuse(file, "the workbook declares XML entities", "Open and save it again")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise refuse(file, "the file is not an Excel workbook, or it is damaged or locked", "Save it again") from None


def _read_sheet(file: str, sheet: object) -> Sheet | None:
    name = f"{file}[{sheet.title}]"  # type: ignore[attr-defined]
    lines: list[tuple[str, list[str]]] = []
    faults: list[Fault] = []
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=_MOST_COLUMNS), start=1):  # type: ignore[attr-defined]
        texts = [_text(cell.value) for cell in cells]
        if not lines and not any(texts):
            continue
        faults += [
            Fault(name, f"row {number}", lines[0][1][at] if lines and at < len(lines[0][1]) else "", text,
                  "a formula or error stands where a value belongs", "Paste the value itself")
            for at, (cell, text) in enumerate(zip(cells, texts, strict=True)) if cell.data_type in ("f", "e")
        ]  # fmt: skip
        lines.append((f"row {number}", texts))
    if not lines:
        return None
    width = max(len(texts) for _, texts in lines)
    made = make_sheet(name, [(place, texts + [""] * (width - len(texts))) for place, texts in lines])
    return Sheet(made.file, made.header, made.rows, (*made.faults, *faults))


def _text(value: object) -> str:
    """A cell as the text that a CSV file would hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
