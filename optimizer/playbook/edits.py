"""What people changed in a playbook: found by comparing each cell with what was written into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ..inputs.faults import short
from .record import Playbook, Task
from .text import clean, one_line

Kind = Literal[
    "start", "in force", "end", "lead", "with", "cost", "note", "envelope", "section note", "removed", "not understood"
]
FIELDS: Mapping[str, Kind] = {
    "Lead": "lead",
    "With": "with",
    "Starts": "start",
    "In force": "in force",
    "Ends": "end",
    "Cost": "cost",
    "Cost (M USD)": "cost",
    "Note": "note",
}


@dataclass(frozen=True)
class Edit:
    """One change: of which task (0: of the plan), what, from what to what; `problem`: why it cannot be used."""

    task: int
    kind: Kind
    field: str
    before: str
    after: str
    problem: str = ""

    def __str__(self) -> str:
        place = f"Task {self.task}, " if self.task else ""
        said = f"{place}{self.field}"
        if self.before or self.after:
            said += f": {self.before or 'blank'} -> {self.after or 'blank'}"
        said = short(one_line(said), 300)
        return f"{said}. {self.problem}" if self.problem else said


Row = Mapping[str, object]  # cells of a row by the head of their column
UNREAD = "Row"  # under this head stands a row whose cells do not fit under the head of its table
GONE = "It is gone or has another name: what stood in it stays as it was."
NO_COLUMN = "This column is not read back: put it into the note."
MISSHAPEN = "Its cells were merged, parted or taken out: the task stays as it was."
TWO_WAYS = "This amount can be read in two ways: write 1200 or 1.2."


def text_of(value: object) -> str:
    """A cell as text: dates as year-month-day, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(clean(str(value))).strip()
    return f"{value:.10g}"


def same(before: object, after: object, numeric: bool = True) -> bool:
    """Whether a cell still says what was written into it; white space does not count, nor the form of a number where it holds one."""
    one, other = text_of(before), text_of(after)
    if " ".join(one.split()) == " ".join(other.split()):
        return True
    if not numeric:
        return False
    first, second = as_number(one), as_number(other)
    return first is not None and first == second


FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip


def as_number(text: str) -> float | None:
    """A number as people write it: blanks between thousands, a point or a single comma before the decimals."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", text)
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    return float(plain) if re.fullmatch(r"[+-]?\d{1,12}(\.\d+)?", plain) else None


def two_ways(text: str) -> bool:
    """Whether a mark before three digits may part thousands for one reader and decimals for another."""
    return bool(re.fullmatch(r"\D*[1-9]\d{0,2}[.,]\d{3}\D*", text))


def as_date(text: str) -> date | None:
    """A date as year-month-day, or with the month as a word; nothing that could be read two ways."""
    for form in FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def task_edits(playbook: Playbook, rows: list[Row], written: Callable[[Task], Row]) -> list[Edit]:
    """Changes in the table of tasks; a row that is gone, doubled or new is a change too."""
    rows = [row for row in rows if any(text_of(v) for v in row.values())]
    found: list[Edit] = []
    read: dict[int, Row] = {}
    unclaimed = {t.number for t in playbook.tasks} - {_number(row) for row in rows}
    for row in rows:
        task = _task_of(playbook, row, unclaimed)
        if task is None or task.number in read:
            found.append(_strange(row, task))
            continue
        read[task.number] = row
        found += _row_edits(playbook, task, row, written(task))
    missing = [t for t in playbook.tasks if t.number not in read]
    heads = written(playbook.tasks[0]) if playbook.tasks else ()
    gone = [k for k in heads if any(k not in row and UNREAD not in row for row in read.values())]
    return [
        *(Edit(0, "not understood", f"Column {k}", "", "", GONE) for k in gone),
        *found,
        *(Edit(t.number, "removed", "Measure", t.name, "", "") for t in missing),
    ]


def _number(row: Row) -> int | None:
    """The number that a row bears, also as people write it: 3. or Task 3."""
    found = re.fullmatch(r"\D{0,8}(\d{1,4})\D?", text_of(row.get("No.")))
    return int(found[1]) if found else None


def _task_of(playbook: Playbook, row: Row, unclaimed: set[int]) -> Task | None:
    """The task of a row by its number; one without a number by its measure and phase, if no other row can be meant."""
    number = _number(row)
    if number is not None:
        return next((t for t in playbook.tasks if t.number == number), None)
    fits = [
        t
        for t in playbook.tasks
        if t.number in unclaimed and same(t.name, row.get("Measure")) and same(t.phase, row.get("Phase", t.phase))
    ]
    return fits[0] if len(fits) == 1 else None


def _strange(row: Row, task: Task | None) -> Edit:
    words_ = "; ".join(text_of(v) for v in row.values() if text_of(v))
    problem = (
        "This number stands twice; only the first row was read."
        if task
        else "A new measure cannot be added by hand: choose it among the planner's choices and solve again."
    )
    return Edit(task.number if task else 0, "not understood", "Row", "", words_[:300], problem)


def _row_edits(playbook: Playbook, task: Task, row: Row, before: Row) -> list[Edit]:
    if UNREAD in row:
        return [Edit(task.number, "not understood", UNREAD, "", text_of(row[UNREAD]), MISSHAPEN)]
    changed = [
        k for k in before if k != "No." and k in row and not same(before[k], row[k], numeric=FIELDS.get(k) != "note")
    ]
    found = [_edit(playbook, task, field, before[field], row[field]) for field in changed]
    beside = [k for k in row if k not in before and text_of(row[k])]
    return found + [Edit(task.number, "not understood", field, "", text_of(row[field]), NO_COLUMN) for field in beside]


def _edit(playbook: Playbook, task: Task, field: str, before: object, after: object) -> Edit:
    kind, said = FIELDS.get(field, "not understood"), text_of(after)
    problem = PROBLEMS[kind](playbook, said) if kind in PROBLEMS else ""
    if kind == "not understood":
        problem = "This column is computed and is not read back: change dates, leads, money or notes."
    if kind == "cost" and isinstance(after, str) and two_ways(said):
        problem = TWO_WAYS
    return Edit(task.number, kind, field, text_of(before), said, problem)


def _date_problem(playbook: Playbook, after: str) -> str:
    day = as_date(after)
    if day is None:
        return "This is no date that can be read in one way only: write year-month-day."
    if not playbook.about.start <= day <= playbook.about.end:
        return f"The plan runs from {playbook.about.start} to {playbook.about.end}."
    return ""


def _money_problem(_: Playbook, after: str) -> str:
    amount = as_number(after)
    return "This is no amount of money: write million USD as a number from 0." if amount is None or amount < 0 else ""


def _lead_problem(playbook: Playbook, after: str) -> str:
    return (
        ""
        if partner_key(playbook, after)
        else f"No partner of this plan is called this. Partners: {', '.join(sorted(playbook.partners.values()))}."
    )


def _with_problem(playbook: Playbook, after: str) -> str:
    unknown = [n for n in names_in(after) if not partner_key(playbook, n)]
    return (
        f"Not known: {', '.join(unknown)}. Partners: {', '.join(sorted(playbook.partners.values()))}."
        if unknown
        else ""
    )


PROBLEMS: Mapping[str, Callable[[Playbook, str], str]] = {
    "start": _date_problem,
    "in force": _date_problem,
    "end": _date_problem,
    "cost": _money_problem,
    "envelope": _money_problem,
    "lead": _lead_problem,
    "with": _with_problem,
}


def names_in(text: str) -> list[str]:
    """Names that commas, semicolons or line ends part."""
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def partner_key(playbook: Playbook, name: str) -> str | None:
    """The partner with this name, whatever its capitals."""
    wanted = " ".join(name.split()).casefold()
    return next((key for key, known in playbook.partners.items() if wanted in (known.casefold(), key.casefold())), None)


def plan_edits(
    playbook: Playbook, money: list[Row], money_before: list[Row], notes: list[Row], names: Mapping[str, str]
) -> list[Edit]:
    """Changes in the tables of money and notes."""
    return [*_money_edits(playbook, money, money_before), *_note_edits(playbook, notes, names)]


def _money_edits(playbook: Playbook, money: list[Row], money_before: list[Row]) -> Iterator[Edit]:
    for before in money_before:
        what, amount = text_of(before["Money"]), next(k for k in before if "USD" in k)
        row = next((r for r in money if text_of(r.get("Money")) == what), None)
        if row is None:
            yield Edit(
                0, "not understood", what, text_of(before[amount]), "", "This row is gone: its amount stays as it was."
            )
            continue
        for column in (k for k in before if k != "Money" and not same(before[k], row.get(k))):
            old, new = text_of(before[column]), text_of(row.get(column))
            if what == "Envelope" and column == amount:
                unsure = isinstance(row.get(column), str) and two_ways(new)
                yield Edit(0, "envelope", what, old, new, TWO_WAYS if unsure else _money_problem(playbook, new))
            else:
                yield Edit(
                    0, "not understood", what, old, new, "This is computed: change the cost of a task, or the envelope."
                )


def _note_edits(playbook: Playbook, notes: list[Row], names: Mapping[str, str]) -> Iterator[Edit]:
    for row in notes:
        if text_of(row.get("Section")) not in names.values() and any(text_of(v) for v in row.values()):
            told = "; ".join(text_of(v) for v in row.values() if text_of(v))
            yield Edit(
                0, "not understood", "Notes", "", told, "There is no such section: put it into the note on one of them."
            )
    for key, name in names.items():
        row_of = next((r for r in notes if text_of(r.get("Section")) == name), {})
        old, new = text_of(playbook.notes.get(key, "")), text_of(row_of.get("Note"))
        if not same(old, new, numeric=False):
            yield Edit(0, "section note", f"Note on {name.lower()}", old, new)
