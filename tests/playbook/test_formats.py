"""Every format, opened again by a reader that Ohrid does not write with."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from optimizer.inputs import case_names
from optimizer.playbook import FORMATS, export, export_all
from optimizer.playbook.json_file import schema, schema_text
from optimizer.playbook.record import Playbook

from .helpers import QUICK, build, plan, quick

ROOT = Path(__file__).resolve().parents[2]
LIGHT = ("json", "md", "html")
pytest.importorskip("typst")
pytest.importorskip("docx")
pytest.importorskip("icalendar")


@pytest.fixture(scope="module")
def files():
    playbook = quick(classification="OFFICIAL: for the exercise", notes=None)
    return playbook, {f: export(playbook, f) for f in FORMATS}


def test_published_schema_is_up_to_date():
    assert (ROOT / "docs" / "playbook.schema.json").read_text(encoding="utf-8") == schema_text()


def test_json_keeps_the_schema_and_comes_back_equal(files):
    jsonschema = pytest.importorskip("jsonschema")
    playbook, made = files
    data = json.loads(made["json"])
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert Playbook.model_validate_json(made["json"]) == playbook


@pytest.mark.parametrize("name", case_names())
def test_every_case_has_its_light_formats(name):
    jsonschema = pytest.importorskip("jsonschema")
    question, front, option = plan(name, 2)
    playbook = build(question, front, option)
    made = {f: export(playbook, f) for f in LIGHT}
    jsonschema.Draft202012Validator(schema()).validate(json.loads(made["json"]))
    _whole_html(made["html"])
    assert made["md"].decode().count("\n## ") == 16


def _whole_html(data):
    html5lib = pytest.importorskip("html5lib")
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(data.decode())
    for node in tree.iter():
        if isinstance(node.tag, str):
            assert node.tag not in ("script", "iframe", "img", "link", "object", "embed", "form", "base")
            assert not {"src", "href", "onload", "onclick", "onerror"} & {k.lower() for k in node.attrib}
    return tree


def test_html_is_one_file_without_outside_reference(files):
    tree = _whole_html(files[1]["html"])
    assert len([n for n in tree.iter() if n.tag == "svg" or str(n.tag).endswith("}svg")]) == 4
    assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)", files[1]["html"])
    heads = [n for n in tree.iter("table") if n.find("thead") is None]
    assert not heads


def test_pdf_is_tagged_and_its_first_page_is_one_page(files):
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(files[1]["pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("en") and "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    first, second = (reader.pages[k].extract_text() for k in (0, 1))
    assert "How sure this is" in first and "do not forecast" in " ".join(first.split())
    assert re.search(r"1\s+The country", second[:300])
    assert all("OFFICIAL: for the exercise" in page.extract_text() for page in reader.pages)


def test_pdf_tables_have_heads_that_say_what_they_head(files):
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(files[1]["pdf"]))
    nodes = list(_nodes(reader.trailer["/Root"]["/StructTreeRoot"], set()))
    kinds = [node.get("/S") for node in nodes]
    assert kinds.count("/Table") == kinds.count("/THead") == kinds.count("/TBody") > 15
    heads = [node for node in nodes if node.get("/S") == "/TH"]
    assert heads and all("/Scope" in str(node["/A"]) for node in heads)
    assert {"/Document", "/H1", "/H2", "/L", "/LI", "/Caption", "/Figure"} <= set(kinds)


def test_pdf_charts_have_words(files):
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(files[1]["pdf"]))
    figures = [
        node for node in _nodes(reader.trailer["/Root"]["/StructTreeRoot"], set()) if node.get("/S") == "/Figure"
    ]
    assert len(figures) == 4 and all(len(node["/Alt"]) > 60 for node in figures)


def _nodes(node, seen):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _nodes(child, seen)
    elif isinstance(node, dict) and id(node) not in seen:
        seen.add(id(node))
        yield node
        if "/K" in node:
            yield from _nodes(node["/K"], seen)


def test_docx_has_styles_and_repeating_heads(files):
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(files[1]["docx"]))
    names = {p.style.name for p in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "Caption"} <= names
    heads = [t for t in document.tables if t.style.name == "Table Grid"]
    assert len(heads) > 15
    for table in heads:
        assert table._tbl.tr_lst[0].trPr.find("{*}tblHeader") is not None
    descriptions = [s._inline.docPr.get("descr") for s in document.inline_shapes]
    assert len(descriptions) == 4 and all(len(d) > 60 for d in descriptions)


def test_xlsx_opens_and_only_its_own_sums_are_formulas(files):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(files[1]["xlsx"]))
    assert {"Tasks", "Money", "Money by month", "Partners", "Evidence", "Notes"} <= set(book.sheetnames)
    formulas = [(s.title, c.value) for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert len(formulas) == 4 and all(t == "Money by month" and "SUM(" in v for t, v in formulas)
    assert book["Tasks"].print_title_rows == "$1:$1" and book["ohrid"].sheet_state == "veryHidden"
    assert book["Tasks"]["F2"].is_date and book["Tasks"]["F2"].number_format == "yyyy-mm-dd"


def test_calendar_holds_every_date(files):
    icalendar = pytest.importorskip("icalendar")
    playbook, made = files
    calendar = icalendar.Calendar.from_ical(made["ics"])
    events = calendar.walk("VEVENT")
    assert len(events) == len(playbook.dates)
    assert len({str(e["UID"]) for e in events}) == len(events)
    assert sorted(e.decoded("DTSTART") for e in events) == sorted(d.day for d in playbook.dates)


def test_same_playbook_same_bytes_in_another_process(files):
    code = (
        "import sys, hashlib; from tests.playbook.helpers import quick; from optimizer.playbook import FORMATS, export\n"
        "p = quick(classification='OFFICIAL: for the exercise', notes=None)\n"
        "print({f: hashlib.sha256(export(p, f)).hexdigest() for f in FORMATS})"
    )
    env = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT), "TZ": "Pacific/Auckland", "PATH": ""}
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=env, check=True)
    import hashlib

    assert run.stdout.strip() == str({f: hashlib.sha256(data).hexdigest() for f, data in files[1].items()})


def test_archives_hold_fixed_times_and_are_sound(files):
    for kind in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(files[1][kind])) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(names) == len(set(names)) and {i.date_time for i in archive.infolist()} == {
                (1980, 1, 1, 0, 0, 0)
            }


def test_files_are_written_and_a_place_that_cannot_be_written_is_named(tmp_path):
    from optimizer.inputs import InputError

    made = export_all(quick(), ["json", "md"], tmp_path / "new")
    assert [p.name for p in made] == [f"playbook_{QUICK}.json", f"playbook_{QUICK}.md"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        export_all(quick(), ["md"], tmp_path / "file" / "below")
    with pytest.raises(InputError, match="no such format"):
        export(quick(), "pfd")


@pytest.mark.parametrize(
    ("module", "format_"), [("typst", "pdf"), ("docx", "docx"), ("openpyxl", "xlsx"), ("icalendar", "ics")]
)
def test_without_the_extra_the_way_to_it_is_said(monkeypatch, module, format_):
    from optimizer.inputs import InputError

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"pip install 'ohrid\[export\]'"):
        export(quick(), format_)
    assert export(quick(), "json") and export(quick(), "html") and export(quick(), "md")


def test_importing_the_room_loads_no_extra():
    code = "import sys, optimizer.playbook; print({'typst', 'docx', 'openpyxl', 'icalendar', 'lxml', 'pandas'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )
