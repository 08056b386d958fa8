"""Studies and notes as people hand them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..inputs.faults import Fault, InputError, did_you_mean
from .forms import SECTION_NAMES
from .parts import Finding, Study

MOST_NOTE = 30_000  # characters; a cell of a workbook ends at 32,767
StudyData = Study | Mapping[str, Any] | Sequence[Any] | None


def study(data: StudyData) -> Study:
    """A study's results as they come: a record, a mapping with summary and findings, or a list."""
    if isinstance(data, Study):
        return data
    if data is None:
        return Study(run=False)
    if isinstance(data, Mapping):
        listed_ = data.get("findings", ())
        return Study(run=True, summary=str(data.get("summary", "")), findings=tuple(map(_finding, listed_)))
    return Study(run=True, findings=tuple(map(_finding, [data] if isinstance(data, str) else data)))


def _finding(item: Any) -> Finding:
    if isinstance(item, Finding):
        return item
    if isinstance(item, Mapping):
        return Finding(text=str(item.get("text", "")), remedy=str(item.get("remedy", "")))
    return Finding(text=str(item))


def checked_notes(notes: Mapping[str, str], count: int) -> dict[str, str]:
    """Notes by section or number of a task; anything else is refused."""
    known = [*SECTION_NAMES, *map(str, range(1, count + 1))]
    faults = [
        Fault("notes", "", k, "", "there is no such section", did_you_mean(k, known).rstrip("?"))
        for k in notes
        if k not in known
    ]
    faults += [
        Fault(
            "notes",
            "",
            k,
            "",
            f"it has {len(text):,} characters and a cell holds {MOST_NOTE:,}",
            "Put it into an annex and name that here",
        )
        for k, text in notes.items()
        if len(text) > MOST_NOTE
    ]
    if faults:
        raise InputError(faults)
    return dict(notes)
