"""The way back: 200 random edits in XLSX and DOCX are found, judged and priced; none lost, none invented."""

import io
import random
from datetime import timedelta
from functools import cache

import pytest

from optimizer.choices import Package
from optimizer.inputs import InputError
from optimizer.judge.check import violations
from optimizer.judge.evaluate import judge_of
from optimizer.playbook import export, read_playbook
from optimizer.playbook.edits import as_date, as_number, same
from optimizer.playbook.recheck import OF_THE_SEARCH
from optimizer.solving import option

from .helpers import QUICK, asked, build, plan, quick

pytest.importorskip("typst")
docx = pytest.importorskip("docx")
openpyxl = pytest.importorskip("openpyxl")
SOFT = "moldova_1992"  # its plan keeps a soft rule that doing nothing breaks
FILES, PER_FILE = 10, 10  # in each of two formats: 200 edits
COLUMNS = {"docx": ("Lead", "With", "Starts", "In force", "Ends", "Cost", "Note")}
COLUMNS["xlsx"] = ("Lead", "With", "Starts", "In force", "Ends", "Cost (M USD)", "Note")
KINDS = dict(
    zip(
        ("Lead", "With", "Starts", "In force", "Ends", "Note"),
        ("lead", "with", "start", "in force", "end", "note"),
        strict=True,
    )
)


@pytest.fixture(scope="module")
def written():
    return {kind: export(quick(), kind) for kind in ("docx", "xlsx")}


def random_value(rng, task, column, partners):
    """A new value for a cell, different from the old one."""
    p = quick()
    if column in ("Lead", "With"):
        old = task.lead if column == "Lead" else ", ".join(task.partners)
        return rng.choice([n for n in partners if n != old])
    if column in ("Starts", "In force", "Ends"):
        old = {"Starts": task.start, "In force": task.in_force, "Ends": task.end}[column]
        span = (p.about.end - p.about.start).days
        days = [p.about.start + timedelta(days=k) for k in range(span)]
        return rng.choice([d for d in days if d != old])
    if column == "Note":
        return rng.choice(["call first", "=1+1", "second\nline", "\u05e9\u05dc\u05d5\u05dd", "x" * 5000])
    return round(task.cost.mid + rng.randint(1, 4000) / 100, 2)


def random_edits(rng, kind):
    """{(task, column): value} in distinct cells."""
    p = quick()
    cells = [(t.number, c) for t in p.tasks for c in COLUMNS[kind]]
    partners = sorted(p.partners.values())
    return {(n, c): random_value(rng, p.task(n), c, partners) for n, c in rng.sample(cells, PER_FILE)}


def edited(kind, data, edits):
    """The file with these cells changed by the library, as a person would."""
    out = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        head = {c.value: c.column for c in book["Tasks"][1]}
        for (number, column), value in edits.items():
            cell = book["Tasks"].cell(number + 1, head[column])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        book.save(out)
        return out.getvalue()
    document = docx.Document(io.BytesIO(data))
    for table in document.tables:
        lines = (
            [row.cells for row in table.rows]
            if table.rows[0].cells[0].text == "No." and len(table.columns) == 9
            else []
        )
        head = {c.text: k for k, c in enumerate(lines[0])} if lines else {}
        for cells in lines[1:]:
            for (number, column), value in edits.items():
                if cells[0].text == str(number):
                    cells[head[column]].text = str(value)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("seed", range(FILES))
def test_random_edits_come_back(kind, seed, written, tmp_path):
    rng = random.Random(f"{kind} {seed}")
    edits = random_edits(rng, kind)
    path = tmp_path / f"p.{kind}"
    path.write_bytes(edited(kind, written[kind], edits))
    found = read_playbook(path, case=plan(QUICK)[0].case)
    assert {(e.task, e.field) for e in found.edits} == set(edits) and len(found.edits) == len(edits)
    for e in found.edits:
        assert same(edits[e.task, e.field], e.after) and not e.problem
        assert e.kind == KINDS.get(e.field, "cost")
    _judged_again(found, edits)


def _judged_again(found, edits):
    """The package holds the edits, and its price and faults are those that the judge gives it."""
    question, _, _ = plan(QUICK)
    p = quick()
    kept = {t.number: m for t, m in zip(p.tasks, found.package.measures, strict=True)}
    back = {name: key for key, name in p.partners.items()}
    for (number, column), value in edits.items():
        measure = kept[number]
        if column == "Lead":
            assert measure.lead == back[value]
        if column == "With":
            assert measure.joined == (back[value],)
        if column == "Starts":
            assert measure.start_day == (value - p.about.start).days
        if column == "In force":
            assert measure.in_force_day == (value - p.about.start).days
    broken = violations(question.case, found.package, question.choices, question.catalog)
    if any(v.id in ("no_fit", "unknown") for v in broken):
        assert found.after is None and found.broken
        return
    judged = judge_of(question.case, question.choices, question.catalog).evaluate(found.package)
    assert found.after.risk == pytest.approx(judged.risk) and found.after.days == judged.values["days"]
    by_hand = {n: v for (n, c), v in edits.items() if c.startswith("Cost")}
    chance = {n.name: n.probability for n in question.situation.tree.nodes}
    cost = sum(
        chance[m.measure.node] * by_hand.get(t.number, m.cost_musd)
        for t, m in zip(p.tasks, judged.measures, strict=True)
    )
    assert found.after.cost == pytest.approx(cost)
    by_money = {"budget", "reserve"} if by_hand else set()
    assert bool(found.broken) >= any(v.id not in {*OF_THE_SEARCH, *by_money} for v in broken)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "json"])
def test_untouched_files_have_no_edits(kind, tmp_path):
    path = tmp_path / f"p.{kind}"
    path.write_bytes(export(quick(), kind))
    found = read_playbook(path)
    assert not found.edits and found.sound and found.after == found.before and str(found) == "No edits were found."
    assert Package(found.package.measures) == plan(QUICK)[2].package or set(found.package.measures) == set(
        plan(QUICK)[2].measures
    )


@cache
def workbook():
    return export(quick(), "xlsx")


def one_edit(tmp_path, column, value, number=1):
    path = tmp_path / "p.xlsx"
    path.write_bytes(edited("xlsx", workbook(), {(number, column): value}))
    return read_playbook(path, case=plan(QUICK)[0].case)


def test_words_that_cannot_be_used_are_named_and_not_guessed(tmp_path):
    for column, value, said in (
        ("Starts", "next spring", "no date"),
        ("Starts", "03/04/2001", "no date"),
        ("Ends", "1999-01-01", "The plan runs"),
        ("Lead", "Atlantis", "No partner"),
        ("With", "OSCE; Atlantis", "Not known: Atlantis"),
        ("Cost (M USD)", "a lot", "no amount"),
        ("Measure", "Something else", "computed"),
    ):
        found = one_edit(tmp_path, column, value)
        assert len(found.edits) == 1 and said in found.edits[0].problem and not found.sound
        assert found.after.risk == found.before.risk


def test_a_start_before_the_partner_is_there_breaks(tmp_path):
    p = quick()
    question, _, _ = plan(QUICK)
    scene = judge_of(question.case, question.choices, question.catalog).scene
    late = next(t for t in p.tasks if t.phase == "Now" and scene.partners[t.key.lead].available_day > 5)
    found = one_edit(tmp_path, "Starts", p.about.start, late.number)
    assert any("available only from" in line for line in found.broken)


def test_an_impossible_day_in_force_breaks_and_a_later_one_does_not(tmp_path):
    task = quick().task(1)
    assert any("it takes until" in line for line in one_edit(tmp_path, "In force", task.start).broken)
    later = one_edit(tmp_path, "In force", task.in_force + timedelta(days=5))
    assert later.sound and later.after.risk != later.before.risk


def test_money_beyond_the_envelope_breaks(tmp_path):
    found = one_edit(tmp_path, "Cost (M USD)", 5000)
    assert any("amounts set by hand" in line for line in found.broken) and found.after.cost > found.before.cost


def test_a_smaller_envelope_breaks(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(export(quick(), "xlsx")))
    assert book["Money"]["A5"].value == "Envelope"
    book["Money"]["B5"].value = 0.5
    book["Notes"]["B2"].value = "the fund was cut"
    book["Money"]["B2"].value = 1
    path = tmp_path / "p.xlsx"
    book.save(path)
    found = read_playbook(path)
    assert [e.kind for e in found.edits] == ["not understood", "envelope", "section note"]
    assert any("there are 0.5 million USD" in line for line in found.broken)


def test_removed_doubled_and_new_rows(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(export(quick(), "xlsx")))
    sheet, count = book["Tasks"], len(quick().tasks)
    for k in range(1, 19):
        sheet.cell(count + 2, k).value = sheet.cell(2, k).value
        sheet.cell(count + 3, k).value = "new" if k == 3 else None
    sheet.delete_rows(3)
    path = tmp_path / "p.xlsx"
    book.save(path)
    found = read_playbook(path)
    assert sorted(e.kind for e in found.edits) == ["not understood", "not understood", "removed"]
    assert len(found.package.measures) == count - 1


def test_removing_the_deed_breaks_the_threat(tmp_path):
    p = quick()
    deed = next(t for t in p.tasks if t.backing.startswith("executes"))
    path = tmp_path / "p.json"
    path.write_bytes(
        p.model_copy(update={"tasks": tuple(t for t in p.tasks if t.number != deed.number)}).model_dump_json().encode()
    )
    found = read_playbook(path)
    assert [e.kind for e in found.edits] == ["removed"]
    assert found.broken and any("Threats must be credible" in r for r in found.rules)


def test_a_soft_rule_made_hard_breaks_the_plan_when_an_edit_breaks_it(tmp_path):
    question, _, full = plan(SOFT)
    empty = option(question, frozenset(), 1)
    lost = [r.id for r, e in zip(full.rules, empty.rules, strict=True) if r.state == "preferred" and r.kept > e.kept]
    hard = asked(SOFT, rules=((lost[0], "required"),))
    p = build(hard, None, full)
    path = tmp_path / "p.json"
    path.write_bytes(p.model_copy(update={"tasks": ()}).model_dump_json().encode())
    found = read_playbook(path, case=hard.case)
    assert not found.sound and any("(required)" in line for line in found.broken)


def test_json_edits_are_found(tmp_path):
    p = quick()
    tasks = (
        p.tasks[0].model_copy(update={"note": "ring", "start": p.tasks[0].start + timedelta(days=2)}),
        *p.tasks[1:],
    )
    path = tmp_path / "p.json"
    path.write_bytes(p.model_copy(update={"tasks": tasks, "notes": {"risk": "see annex"}}).model_dump_json().encode())
    assert sorted(e.kind for e in read_playbook(path).edits) == ["note", "section note", "start"]


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[1]", b"PK\x03\x04junk", b"\xff" * 50])
@pytest.mark.parametrize("kind", ["docx", "xlsx", "json"])
def test_broken_files_are_refused_in_words(kind, data, tmp_path):
    path = tmp_path / f"p.{kind}"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_playbook(path)


def test_files_of_others_are_refused_in_words(tmp_path):
    docx.Document().save(tmp_path / "p.docx")
    openpyxl.Workbook().save(tmp_path / "p.xlsx")
    for name in ("p.docx", "p.xlsx"):
        with pytest.raises(InputError, match="--against"):
            read_playbook(tmp_path / name)
    with pytest.raises(InputError, match="cannot be read"):
        read_playbook(tmp_path / "none.json")
    with pytest.raises(InputError, match=r"\.docx, \.xlsx or \.json"):
        read_playbook(tmp_path / "p.pdf" if (tmp_path / "p.pdf").write_bytes(b"x") else "")


def test_a_changed_case_is_said(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(export(quick(), "json"))
    case = plan(QUICK)[0].case.model_copy(update={"fingerprint": "other"})
    assert read_playbook(path, case=case).warnings


def test_numbers_and_dates_as_people_write_them():
    assert [as_number(t) for t in ("1 200", "1\u00a0200.5", "1,200", "3,5", "12.50", "x", "1e5", "")] == [
        1200,
        1200.5,
        1200,
        3.5,
        12.5,
        None,
        None,
        None,
    ]
    assert as_date("2001-03-05") == as_date("5 March 2001") == as_date("2001/03/05") and as_date("05/03/2001") is None
    assert same(3.6, "3.60") and same("a  b", "a b") and not same(3.6, "3.7") and not same("", "x")


def changed_docx(tmp_path, change):
    document = docx.Document(io.BytesIO(export(quick(), "docx")))
    change(document)
    document.save(tmp_path / "p.docx")
    return read_playbook(tmp_path / "p.docx", case=plan(QUICK)[0].case)


def changed_xlsx(tmp_path, change):
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    change(book)
    book.save(tmp_path / "p.xlsx")
    return read_playbook(tmp_path / "p.xlsx", case=plan(QUICK)[0].case)


def test_what_is_written_elsewhere_in_a_document_is_told_and_not_lost(tmp_path):
    def change(document):
        lead = next(p for p in document.paragraphs if p.text.startswith("What happened"))
        lead.insert_paragraph_before("The minister wants this sooner.")
        bullet = next(p for p in document.paragraphs if p.text.startswith("Approve this"))
        bullet.text = "Approve nothing."
        partners = next(t for t in document.tables if t.rows[0].cells[0].text == "Partner")
        partners.rows[1].cells[5].text = "1999-09-09"
        document.add_comment(bullet.runs, text="Who signs?", author="A", initials="A")

    found = changed_docx(tmp_path, change)
    told = {(e.field, e.after) for e in found.edits}
    assert {
        ("Text", "The minister wants this sooner."),
        ("Text", "Approve nothing."),
        ("Text", "1999-09-09"),
        ("Comment", "Who signs?"),
    } == told
    assert all("not read back" in e.problem for e in found.edits) and not found.sound and found.after == found.before


def test_what_is_written_elsewhere_in_a_workbook_is_told_and_not_lost(tmp_path):
    from openpyxl.comments import Comment

    def change(book):
        book["Partners"]["A2"].value = "Someone else"
        book["Tasks"]["C3"].comment = Comment("Is this so?", "A")
        book["Tasks"].cell(1, 19).value, book["Tasks"].cell(2, 19).value = "Status", "begun"
        book.create_sheet("Mine")["B2"].value = "my own list"
        book["Evidence"].append(["one more number"])

    found = changed_xlsx(tmp_path, change)
    assert {e.after for e in found.edits} == {"Someone else", "Is this so?", "begun", "my own list", "one more number"}
    assert all(e.kind == "not understood" and e.problem for e in found.edits)


def test_notes_of_other_sections_and_lost_rows_are_told(tmp_path):
    def change(book):
        book["Notes"].append(["My section", "my words"])
        book["Money"].delete_rows(5)

    found = changed_xlsx(tmp_path, change)
    assert [(e.field, e.problem != "") for e in found.edits] == [("Envelope", True), ("Notes", True)]
    p = build(*plan(QUICK), notes={"risk": "see annex", "1": "call first"})
    book = openpyxl.load_workbook(io.BytesIO(export(p, "xlsx")))
    row = next(r[0].row for r in book["Notes"].iter_rows() if r[0].value == "Risk")
    book["Notes"].delete_rows(row)
    book.save(tmp_path / "q.xlsx")
    assert [(e.field, e.before, e.after) for e in read_playbook(tmp_path / "q.xlsx").edits] == [
        ("Note on risk", "see annex", "")
    ]


NOTES = (
    "_x0041_", "_x000D_", "'007", " 1,200", "1e5", "TRUE", "#N/A", "=1+1", "-", "\u05e9\u05dc\u05d5\u05dd \u202eabc", "a\x00b\x1bc", "tab\there", "two\n\nlines",
    "\U0001f600 \ud800", "&amp; <b>", "x" * 10_000, "\u200b", "2001-03-05", "100 %", "\\n", '"quoted"',
)  # fmt: skip


@pytest.mark.parametrize("kind", ["docx", "xlsx", "json"])
def test_hostile_notes_come_back_as_they_went(kind, tmp_path):
    tasks = [str(t.number) for t in quick().tasks]
    for k in range(0, len(NOTES), len(tasks)):
        notes = dict(zip(tasks, NOTES[k : k + len(tasks)], strict=False)) | {"general": NOTES[k]}
        path = tmp_path / f"p.{kind}"
        path.write_bytes(export(build(*plan(QUICK), notes=notes), kind))
        assert not read_playbook(path).edits


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_hostile_notes_that_people_write_are_found(kind, written, tmp_path):
    cells = {
        (t.number, "Note"): v
        for t, v in zip(
            quick().tasks, ["_x0041_", "1,200", "=1+1", "x" * 10_000, "<b>&", "\u05e9\u05dc\u05d5\u05dd"], strict=False
        )
    }
    path = tmp_path / f"p.{kind}"
    path.write_bytes(edited(kind, written[kind], cells))
    found = read_playbook(path, case=plan(QUICK)[0].case)
    assert {(e.task, e.field): e.after for e in found.edits} == cells and found.after == found.before


def test_a_note_too_long_for_a_cell_is_refused():
    with pytest.raises(InputError, match="annex"):
        build(*plan(QUICK), notes={"general": "x" * 30_001})


def test_a_number_in_a_note_is_text():
    assert not same("1,200", "1200", numeric=False) and same("a  b", "a b", numeric=False)
