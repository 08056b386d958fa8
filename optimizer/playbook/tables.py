"""The playbook's own tables of the catalog: numbers (playbook.csv) and observable triggers (triggers.csv)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..inputs.csv_files import Row, read_csv
from ..inputs.faults import Fault, InputError
from ..inputs.files import decode, read_bytes
from ..inputs.places import Kind, data_folder
from .record import Quantity


@dataclass(frozen=True)
class TriggerText:
    """One observable trigger: in which branch, when it applies, and the text with {party} or {measure}."""

    branch: str
    applies_if: str
    text: str
    seen_by: str
    grade: str


@cache
def numbers() -> Mapping[str, Quantity]:
    """The playbook's numbers by name."""
    return {row.cells["parameter"]: _quantity(row) for row in _rows("catalog", "playbook.csv")}


def _quantity(row: Row) -> Quantity:
    cell = row.cells
    try:
        low, mid, high = (float(cell[key]) for key in ("low", "mid", "high"))
    except ValueError:
        raise InputError(
            [Fault(row.file, row.place, "low, mid, high", "", "one of them is no number", "Write three numbers")]
        ) from None
    return Quantity(
        low=low,
        mid=mid,
        high=high,
        unit=cell["unit"],
        grade=cell["evidence_grade"].replace("_", " "),
        source=cell["reason"],
    )


@cache
def triggers() -> tuple[TriggerText, ...]:
    """All trigger texts, in the order of the file."""
    return tuple(
        TriggerText(c["branch"], c["applies_if"], c["trigger"], c["seen_by"], c["evidence_grade"].replace("_", " "))
        for c in (row.cells for row in _rows("catalog", "triggers.csv"))
    )


def _rows(folder: Kind, name: str) -> tuple[Row, ...]:
    path = data_folder(folder) / name
    return read_csv(name, decode(name, read_bytes(path))).rows
