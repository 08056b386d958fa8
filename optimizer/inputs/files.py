"""Bytes and text from files of unknown origin: every file either reads cleanly or yields a fault that says why not."""

import re
from importlib.resources.abc import Traversable
from pathlib import Path

from .faults import Fault, InputError

MOST_BYTES = 10_000_000  # the largest shipped table has 53 kB; anything near this is not a table of estimates
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufffe\uffff]")
_SIGNATURES = (  # first bytes, what the file is, what to do
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Give it the suffix .xlsx, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old format", "Save it as .xlsx or CSV"),
    (b"%PDF", "a PDF", "Give the table it was printed from"),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it first"),
    (b"\x89PNG", "a picture", "Give a CSV, YAML or XLSX file"),
    (b"\xff\xfe", "encoded as UTF-16", "Save it as UTF-8"),
    (b"\xfe\xff", "encoded as UTF-16", "Save it as UTF-8"),
)


def refuse(file: str, reason: str, remedy: str, place: str = "", value: str = "") -> InputError:
    """The error for a file that cannot be read at all."""
    return InputError([Fault(file, place, "", value, reason, remedy)])


def read_bytes(path: Traversable | Path) -> bytes:
    """The bytes of a file, or an error that says why it has none."""
    file = str(path) if isinstance(path, Path) else path.name
    try:
        if path.is_dir():
            raise refuse(file, "this is a folder", "Name the files in it")
        if isinstance(path, Path) and path.exists() and path.stat().st_size > MOST_BYTES:
            raise refuse(
                file, f"the file is larger than {MOST_BYTES:,} bytes", "Give the table alone, without other data"
            )
        data = path.read_bytes()
    except OSError as error:
        raise refuse(file, f"the file cannot be read ({error.strerror})", "Check the path and the rights") from None
    if not data.strip():
        raise refuse(file, "the file is empty", "Give a file with a header and rows, or a case")
    return data


def decode(file: str, data: bytes) -> str:
    """The text of a file in UTF-8; a byte order mark is dropped."""
    for start, what, remedy in _SIGNATURES:
        if data.startswith(start):
            raise refuse(file, f"the file is {what}", remedy)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse(
            file,
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
            "Save the file as UTF-8",
            f"line {line}",
            data[max(0, error.start - 15) : error.start + 5].decode("cp1252", "replace"),
        ) from None
    _refuse_odd_text(file, text)
    return text


def _refuse_odd_text(file: str, text: str) -> None:
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise refuse(
            file, "the file is a web page or XML", "Download the data themselves, not the page that shows them"
        )
    odd = _CONTROL.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        what = (
            "it has NUL bytes, so it is binary or UTF-16"
            if odd[0] == "\0"
            else f"it has the control character {odd[0]!r}"
        )
        raise refuse(file, what, "Save it as plain UTF-8 text without control characters", f"line {line}")
