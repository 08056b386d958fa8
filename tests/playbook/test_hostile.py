"""Markup, formulas, control characters, right-to-left and very long words come out as text, in every format."""

import io
import re

import pytest

from optimizer.playbook import FORMATS, export
from optimizer.playbook.edits import same
from optimizer.playbook.text import clean

from .helpers import QUICK, build, plan, renamed

pytest.importorskip("typst")
HOSTILE = (
    "=HYPERLINK(\"http://evil.example\",\"x\")", "@SUM(1+1)", "+cmd|' /C calc'!A0", "<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>",
    "#eval(\"1\") $x$ *b* _u_ `c` @ref <label>", "[a](http://evil.example) | pipe | ![i](x)", "a\x00b\x07c\x1bd\ud800e\ufffef", "\u202eabc\u202c \u2066x",
    "BEGIN:VEVENT\r\nSUMMARY:evil\r\nEND:VEVENT", "{{7*7}} ${x} %s {party}", "]]> <!-- --> &amp; &#x3c;", "\\", "a;b,c\\nd",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile():
    """Names, notes and the classification all carry it."""
    question, front, option = plan(QUICK)
    everything = " | ".join(HOSTILE)
    parties = tuple(
        p.model_copy(update={"name": f"{HOSTILE[k % 5]} {p.name}", "notes": everything})
        for k, p in enumerate(question.case.parties)
    )
    question = renamed(question, title=f"=1+1 {HOSTILE[3]}", trigger_event=everything, parties=parties)
    notes = {"1": HOSTILE[0], "2": everything, "general": HOSTILE[2]}
    playbook = build(question, front, option, notes=notes, classification=HOSTILE[3])
    return playbook, {f: export(playbook, f) for f in FORMATS}


def test_unholdable_characters_are_shown_and_turning_marks_are_gone():
    assert clean("a\x00b") == "a\ufffdb" and clean("\u202eabc") == "abc" and clean("a\r\nb") == "a\nb" and clean(7) == 7


def test_html_holds_it_as_text(hostile):
    html5lib = pytest.importorskip("html5lib")
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(hostile[1]["html"].decode())
    tags = {n.tag for n in tree.iter() if isinstance(n.tag, str)}
    assert not tags & {"script", "img", "iframe", "a", "link"}
    assert HOSTILE[3] in "".join(tree.itertext())


def test_docx_and_its_record_hold_it_as_text(hostile):
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(hostile[1]["docx"]))
    cells = [c.text for t in document.tables for row in t._tbl.tr_lst for c in map(_cell, row.tc_lst)]
    assert any(HOSTILE[0] in c for c in cells) and any(HOSTILE[3] in c for c in cells)
    assert not [
        n
        for n in document.element.body.iter()
        if str(n.tag).rsplit("}", 1)[-1] in ("instrText", "hyperlink", "fldSimple")
    ]


class _cell:
    def __init__(self, tc):
        self.text = "".join(
            t.text or "" for t in tc.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
        )


def test_xlsx_holds_no_formula_of_theirs(hostile):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(hostile[1]["xlsx"]))
    cells = [c for s in book for row in s.iter_rows() for c in row if c.value is not None]
    assert len([c for c in cells if c.data_type == "f"]) == 4
    note = book["Tasks"]["J2"]
    assert note.value == HOSTILE[0] and note.data_type == "s" and note.quotePrefix
    assert not [c for c in cells if c.hyperlink]


def test_calendar_holds_no_event_of_theirs(hostile):
    icalendar = pytest.importorskip("icalendar")
    calendar = icalendar.Calendar.from_ical(hostile[1]["ics"])
    assert len(calendar.walk("VEVENT")) == len(hostile[0].dates)
    assert "evil" not in {str(e["SUMMARY"]) for e in calendar.walk("VEVENT")}


def test_markdown_holds_no_markup_of_theirs(hostile):
    text = hostile[1]["md"].decode()
    assert (
        not re.search(r"(?<!\\)<(?!br)", text)
        and not re.search(r"(?<!\\)\]\(http", text)
        and not re.search(r"https?://", text)
    )
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for line in rows:
        assert len(re.findall(r"(?<!\\)\|", line)) >= 3


def test_pdf_holds_it_as_text(hostile):
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(hostile[1]["pdf"]))
    told = " ".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    plain = re.sub(r"\s+", "", told)
    assert "<script>alert(1)</script>" in plain and '=HYPERLINK("http://evil.example","x")' in plain.replace(
        "\u201c", '"'
    ).replace("\u201d", '"')
    assert not any(
        "/Annots" in page and any(a.get_object().get("/Subtype") == "/Link" for a in page["/Annots"])
        for page in reader.pages
    )


@pytest.mark.parametrize(
    "word", ["x" * 10_000, "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 \u6c49\u5b57 \U0001f600", "a " * 5_000]
)
def test_long_and_foreign_words_break_no_format(word):
    question, front, option = plan(QUICK)
    parties = (question.case.parties[0].model_copy(update={"name": word}), *question.case.parties[1:])
    playbook = build(
        renamed(question, parties=parties), front, option, notes={"1": word, "general": word}, classification=word[:80]
    )
    for kind in FORMATS:
        assert export(playbook, kind)
    assert same(word, playbook.task(1).note)
    assert word.strip().encode() in export(playbook, "html")
