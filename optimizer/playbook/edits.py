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
        said = f"{place}{self.field}: {self.before or 'blank'} -> {self.after or 'blank'}"
        said = short(one_line(said), 300)
        return f"{said}. {self.problem}" if self.problem else said


Row = Mapping[str, object]  # cells of a row by the head of their column


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


def as_number(text: str) -> float | None:
    """A number as people write it: blanks between thousands, a point or a single comma before the decimals."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", text)
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    return float(plain) if re.fullmatch(r"[+-]?\d{1,12}(\.\d+)?", plain) else None


def as_date(text: str) -> date | None:
    """A date as year-month-day, or as day month year where the month is a word; nothing that could be read two ways."""
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%d %b %Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def task_edits(playbook: Playbook, rows: list[Row], written: Callable[[Task], Row]) -> list[Edit]:
    """Changes in the table of tasks; a row that is gone, doubled or new is a change too."""
    found: list[Edit] = []
    seen: set[int] = set()
    known = {t.number: t for t in playbook.tasks}
    for row in rows:
        if not any(text_of(v) for v in row.values()):
            continue
        number = as_number(text_of(row.get("No.")))
        task = known.get(int(number)) if number is not None and number.is_integer() else None
        if task is None or task.number in seen:
            found.append(_strange(row, task))
            continue
        seen.add(task.number)
        found += _row_edits(playbook, task, row, written(task))
    missing = [t for t in playbook.tasks if t.number not in seen]
    return found + [Edit(t.number, "removed", "Measure", t.name, "", "") for t in missing]


def _strange(row: Row, task: Task | None) -> Edit:
    words_ = "; ".join(text_of(v) for v in row.values() if text_of(v))
    problem = (
        "This number stands twice; only the first row was read."
        if task
        else "A new measure cannot be added by hand: choose it among the planner's choices and solve again."
    )
    return Edit(task.number if task else 0, "not understood", "Row", "", words_[:300], problem)


def _row_edits(playbook: Playbook, task: Task, row: Row, before: Row) -> list[Edit]:
    changed = [
        k for k in before if k != "No." and k in row and not same(before[k], row[k], numeric=FIELDS.get(k) != "note")
    ]
    found = [_edit(playbook, task, field, text_of(before[field]), text_of(row[field])) for field in changed]
    beside = [k for k in row if k not in before and text_of(row[k])]
    return found + [_edit(playbook, task, field or "Beside the table", "", text_of(row[field])) for field in beside]


def _edit(playbook: Playbook, task: Task, field: str, before: str, after: str) -> Edit:
    kind = FIELDS.get(field, "not understood")
    problem = PROBLEMS[kind](playbook, after) if kind in PROBLEMS else ""
    if kind == "not understood":
        problem = "This column is computed and is not read back: change dates, leads, money or notes."
    return Edit(task.number, kind, field, before, after, problem)


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
                yield Edit(0, "envelope", what, old, new, _money_problem(playbook, new))
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
