"""What people do to a file besides typing into its cells: nothing of it is lost, and nothing is invented."""

import copy
import io
from functools import cache

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from optimizer.inputs import InputError
from optimizer.playbook import export, read_playbook

from .helpers import QUICK, build, plan, quick


@cache
def written(kind):
    return export(quick(), kind)


@pytest.fixture
def back(tmp_path):
    """What is found in a file after a change to it, as (kind, field, after)."""

    def read(kind, change, data=None):
        opened = {"xlsx": openpyxl.load_workbook, "docx": docx.Document}[kind](io.BytesIO(data or written(kind)))
        change(opened)
        path = tmp_path / f"p.{kind}"
        opened.save(path)
        return read_playbook(path, case=plan(QUICK)[0].case)

    return read


def told(found):
    return [(e.task, e.kind, e.field, e.after) for e in found.edits]


# --- workbooks -----------------------------------------------------------------------------------------------------------


def column(book, name):
    return next(c.column for c in book["Tasks"][1] if c.value == name)


def cell(book, name, row=2):
    return book["Tasks"].cell(row, column(book, name))


def backwards(book):
    sheet = book["Tasks"]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
    for k, row in enumerate(reversed(rows), start=2):
        for j, value in enumerate(row, start=1):
            sheet.cell(k, j).value = value


def other_capitals(book):
    for head in book["Tasks"][1]:
        head.value = f" {head.value.upper()} "


HARMLESS = {
    "rows in another order": backwards,
    "rows above the head": lambda b: b["Tasks"].insert_rows(1, 3),
    "rows between": lambda b: b["Tasks"].insert_rows(3, 2),
    "a column between": lambda b: b["Tasks"].insert_cols(4),
    "a head in capitals": other_capitals,
    "a number with a point": lambda b: setattr(cell(b, "No."), "value", "1."),
    "a number gone": lambda b: setattr(cell(b, "No."), "value", None),
    **{
        f"sheet {name} with another name": (lambda b, name=name: setattr(b[name], "title", "Blatt"))
        for name in ("Tasks", "Money", "Notes", "Partners")
    },
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_changes_no_meaning_is_no_edit(change, back):
    found = back("xlsx", change)
    assert not found.edits and found.sound and found.after == found.before


def rename_head(book):
    cell(book, "Starts", 1).value = "Begin"


LOST = {
    "column gone": (lambda b: b["Tasks"].delete_cols(column(b, "Starts")), "Column Starts"),
    "head changed": (rename_head, "Column Starts"),
    "sheet of money gone": (lambda b: b.remove(b["Money"]), "Sheet Money"),
    "sheet of notes gone": (lambda b: b.remove(b["Notes"]), "Sheet Notes"),
    "sheet of evidence gone": (lambda b: b.remove(b["Evidence"]), "Sheet Evidence"),
}


@pytest.mark.parametrize(("change", "field"), LOST.values(), ids=LOST)
def test_what_is_gone_is_told_and_stays_as_it_was(change, field, back):
    found = back("xlsx", change)
    assert told(found)[0] == (0, "not understood", field, "") and not found.sound
    assert found.after == found.before and {e.kind for e in found.edits} == {"not understood"}


def test_a_second_column_of_one_name_does_not_win(back):
    def change(book):
        book["Tasks"].cell(1, 25).value, book["Tasks"].cell(2, 25).value = "Starts", "2001-06-06"

    found = back("xlsx", change)
    assert told(found) == [(1, "not understood", "Starts, column 25", "2001-06-06")]


@pytest.mark.parametrize(
    ("text", "read"),
    [("1,200", None), ("1.200", None), ("0.125", 0.125), ("1 200", 1200), ("1,200.50", 1200.5), ("12,5", 12.5), (1.234, 1.234), ("1.200,50", None)],
)  # fmt: skip
def test_money_that_can_be_read_in_two_ways_is_refused(text, read, back):
    found = back("xlsx", lambda b: setattr(cell(b, "Cost (M USD)"), "value", text))
    (edit,) = found.edits
    assert (edit.problem != "") == (read is None)
    change = found.after.cost - found.before.cost
    assert change == pytest.approx(0 if read is None else read - quick().task(1).cost.mid, abs=0.01)


# --- documents -----------------------------------------------------------------------------------------------------------


def tables(document):
    return [t for t in document.tables if t.rows[0].cells[0].text == "No." and t.rows[0].cells[1].text == "Measure"]


def marked(tag, number):
    mark = OxmlElement(f"w:{tag}")
    mark.set(qn("w:id"), str(number))
    return mark


def new_run(text):
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    run.append(words)
    return run


def tracked(document):
    """The start struck out and written anew; a note moved from another place."""
    row = tables(document)[0].rows[1]
    run = row.cells[4].paragraphs[0].runs[0]._r
    out, new = marked("del", 901), marked("ins", 902)
    run.addprevious(out)
    out.append(run)
    for words in run.iter(qn("w:t")):
        words.tag = qn("w:delText")
    new.append(new_run("2001-02-01"))
    out.addnext(new)
    here, there = row.cells[8].paragraphs[0]._p, row.cells[3].paragraphs[0]._p
    here.append(marked("moveTo", 903))
    here[-1].append(new_run("moved here"))
    there.append(marked("moveFrom", 904))
    there[-1].append(new_run("moved here"))


def test_tracked_changes_are_read_as_accepted(back):
    assert told(back("docx", tracked)) == [(1, "start", "Starts", "2001-02-01"), (1, "note", "Note", "moved here")]


def parted(document):
    table = tables(document)[0]._tbl
    rest = copy.deepcopy(table)
    for row in rest.tr_lst[:2]:
        rest.remove(row)
    for row in table.tr_lst[2:]:
        table.remove(row)
    between = OxmlElement("w:p")
    table.addnext(between)
    between.addnext(rest)


def controlled(document):
    row = tables(document)[0].rows[1]._tr
    outer, inner = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    row.addprevious(outer)
    outer.append(inner)
    inner.append(row)


def turned(document):
    table = tables(document)[0]
    table.rows[-1]._tr.addnext(table.rows[1]._tr)


@pytest.mark.parametrize("change", [parted, controlled, turned])
def test_tables_parted_wrapped_and_turned_hold_the_same(change, back):
    found = back("docx", change)
    assert not found.edits and found.after == found.before


def test_merged_cells_shift_nothing_into_other_columns(back):
    found = back("docx", lambda d: tables(d)[0].cell(1, 4).merge(tables(d)[0].cell(1, 5)))
    assert [(e.task, e.kind) for e in found.edits] == [(1, "start"), (1, "in force")]
    assert all(e.problem for e in found.edits) and found.after == found.before


def test_a_row_with_a_cell_too_few_is_left_as_it_was(back):
    def change(document):
        row = tables(document)[0].rows[1]._tr
        row.remove(row.tc_lst[4])

    found = back("docx", change)
    assert [(e.task, e.kind, e.field) for e in found.edits] == [(1, "not understood", "Row")]
    assert found.after == found.before


def test_columns_gone_and_added_in_a_document_are_told(back):
    def change(document):
        for row in tables(document)[0].rows:
            row._tr.remove(row._tr.tc_lst[4])
        tables(document)[1].add_column(100_000).cells[1].text = "urgent"

    found = back("docx", change)
    assert [(e.kind, e.field, e.after) for e in found.edits] == [
        ("not understood", "Column Starts", ""),
        ("not understood", "Beside the table", "urgent"),
    ]
    assert found.after == found.before


def test_a_workbook_without_its_table_of_tasks_is_refused(back):
    with pytest.raises(InputError, match="Tasks"):
        back("xlsx", lambda b: b["Tasks"].delete_rows(1))


def test_notes_survive_a_renamed_sheet(back):
    def change(book):
        book["Notes"].title = "Notizen"
        book["Notizen"]["B2"].value = "ring the envoy"

    data = export(build(*plan(QUICK), notes={"risk": "see annex"}), "xlsx")
    assert told(back("xlsx", change, data)) == [(0, "section note", "Note on general", "ring the envoy")]
