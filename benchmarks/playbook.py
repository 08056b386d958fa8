"""`python -m benchmarks.playbook [CASE ...] [--out DIR] [--hashes]`: all formats of all cases, timed, and opened again by independent readers.

Plans are put together without a search (tests/playbook/helpers.py), so that only the documents are measured. Readers: pypdf and,
where they are installed, pdfinfo, qpdf and pdftotext for PDF; python-docx; openpyxl; icalendar; html5lib; jsonschema.
With --hashes a digest of each format instead: run it under each Python and compare.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from optimizer.inputs import case_names
from optimizer.playbook import FORMATS, Playbook, build_playbook, export, read_playbook
from optimizer.playbook.json_file import schema

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> None:
    """One line a case: processor seconds for the record with its quick studies and for each format, pages, and what a reader held against it."""
    from tests.playbook.helpers import plan

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(case_names()))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--hashes", action="store_true")
    args = parser.parse_args()
    if args.hashes:
        _hashes(args.cases or case_names())
        return
    print("case", "record", *FORMATS, "all", "pages", "faults", sep="\t")
    for name in args.cases or case_names():
        question, front, option = plan(name)
        began = time.process_time()
        playbook = build_playbook(question, front, option)
        timed, made = {}, {}
        record, began = time.process_time() - began, time.process_time()
        for kind in FORMATS:
            start = time.process_time()
            made[kind] = export(playbook, kind)
            timed[kind] = time.process_time() - start
        total = time.process_time() - began
        faults = [fault for kind, data in made.items() for fault in READERS[kind](playbook, data)]
        cells = [f"{record:.2f}", *(f"{t:.2f}" for t in timed.values()), f"{total:.2f}", str(_pages(made["pdf"]))]
        print(name, *cells, "; ".join(faults) or "none", sep="\t", flush=True)
        if args.out:
            args.out.mkdir(parents=True, exist_ok=True)
            for kind, data in made.items():
                (args.out / f"{name}.{kind}").write_bytes(data)


def _hashes(names: Iterable[str]) -> None:
    from tests.playbook.helpers import plan

    for name in names:
        playbook = build_playbook(*plan(name))
        for kind in FORMATS:
            print(name, kind, hashlib.sha256(export(playbook, kind)).hexdigest(), flush=True)


def _pages(data: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(data)).pages)


def read_pdf(playbook: Playbook, data: bytes) -> Iterator[str]:
    """Tagged, titled, the first page alone; qpdf and pdfinfo find nothing."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if not reader.trailer["/Root"].get("/MarkInfo", {}).get("/Marked"):
        yield "pdf: not tagged"
    if "How sure this is" not in reader.pages[0].extract_text():
        yield "pdf: the summary is longer than a page"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.pdf"
        path.write_bytes(data)
        for tool, words in (("qpdf", ["--check"]), ("pdfinfo", []), ("pdftotext", [])):
            target = [str(Path(folder) / "p.txt")] if tool == "pdftotext" else []
            if (
                shutil.which(tool)
                and subprocess.run([tool, *words, str(path), *target], capture_output=True).returncode
            ):
                yield f"pdf: {tool} rejects it"


def read_docx(playbook: Playbook, data: bytes) -> Iterator[str]:
    yield from _returns(data, "docx")


def read_xlsx(playbook: Playbook, data: bytes) -> Iterator[str]:
    yield from _returns(data, "xlsx")


def _returns(data: bytes, kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"p.{kind}"
        path.write_bytes(data)
        found = read_playbook(path)
        yield from (f"{kind}: {edit}" for edit in found.edits)
        yield from (f"{kind}: {line}" for line in found.broken)


def read_ics(playbook: Playbook, data: bytes) -> Iterator[str]:
    from icalendar import Calendar

    if len(Calendar.from_ical(data).walk("VEVENT")) != len(playbook.dates):
        yield "ics: dates are missing"


def read_md(playbook: Playbook, data: bytes) -> Iterator[str]:
    if data.decode().count("\n## ") != 16:
        yield "md: sections are missing"


def read_html(playbook: Playbook, data: bytes) -> Iterator[str]:
    import html5lib

    html5lib.HTMLParser(strict=True).parse(data.decode())
    if b"http://" in data.replace(b"http://www.w3.org/2000/svg", b"") or b"https://" in data:
        yield "html: an outside reference"


def read_json(playbook: Playbook, data: bytes) -> Iterator[str]:
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema())
    yield from (f"json: {error.message}" for error in validator.iter_errors(json.loads(data)))


READERS: dict[str, Callable[[Playbook, bytes], Iterator[str]]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "ics": read_ics,
    "md": read_md,
    "html": read_html,
    "json": read_json,
}

if __name__ == "__main__":
    main()
