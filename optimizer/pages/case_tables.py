"""A case as tables to edit: each table shows one part of it, and what was edited goes back into the text. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pandas as pd
import yaml

from ..inputs.yaml_files import read_yaml
from .words import plain

SECTIONS = {  # what people call it -> where it stands in the case
    "Partners": ("partners",),
    "Parties": ("parties",),
    "Preconditions": ("preconditions",),
    "Leverage": ("leverage",),
    "Pace by month": ("tempo", "hazard_profile"),
    "Risk": ("baseline_risk",),
    "Authorization": ("legitimacy",),
    "Money and time": ("constraints",),
}
LISTS = ("constraints", "table2_groups")  # cells that hold several entries, one after the other
BETWEEN = " | "  # two entries of such a cell

Data = dict[str, Any]


def data_of(text: str) -> Data | None:
    """The case in a text as plain values, or None if it is no mapping; InputError where it is no sound YAML."""
    value = read_yaml("your case", text).data
    return value if isinstance(value, dict) else None


def text_of(data: Mapping[str, Any]) -> str:
    """The text of a case."""
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=118)


def table(data: Data, section: str) -> pd.DataFrame | None:
    """One part of the case as a table; None if it does not stand there in the way that a case has it."""
    part = _part(data, section)
    if isinstance(part, dict):
        return pd.DataFrame([_line(key, value) for key, value in part.items()], columns=["what", "value", "note"])
    if not isinstance(part, list):
        return None
    if section == "Pace by month":
        return pd.DataFrame({"month": range(1, len(part) + 1), "share of the harm": part})
    if not all(isinstance(row, dict) for row in part):
        return None
    return pd.DataFrame([{k: _shown(v) for k, v in row.items()} for row in part])


def put(data: Data, section: str, edited: pd.DataFrame) -> Data:
    """The case with one part as it was edited; what the table does not show stays as it is."""
    made, path = deepcopy(data), SECTIONS[section]
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    before = holder[path[-1]]
    if isinstance(before, dict):
        holder[path[-1]] = _mapping(before, edited)
    elif section == "Pace by month":
        holder[path[-1]] = [_plain_number(v) for v in edited["share of the harm"]]
    else:
        holder[path[-1]] = list(_records(before, edited))
    return made


def _part(data: Data, section: str) -> Any:
    part: Any = data
    for key in SECTIONS[section]:
        part = part.get(key) if isinstance(part, dict) else None
    return part


def _line(key: str, value: Any) -> dict[str, str]:
    """A row of a mapping; a precondition has a score and the evidence for it."""
    if isinstance(value, dict) and set(value) == {"score", "evidence"}:
        return {"what": plain(key), "value": _written(value["score"]), "note": str(value["evidence"] or "")}
    return {"what": plain(key), "value": _written(value), "note": ""}


def _mapping(before: Data, edited: pd.DataFrame) -> Data:
    made = deepcopy(before)
    for (key, value), (_, row) in zip(before.items(), edited.iterrows(), strict=True):
        if isinstance(value, dict) and set(value) == {"score", "evidence"}:
            made[key] = {"score": _read(row["value"], value["score"]), "evidence": str(row["note"] or "")}
        elif _written(value) != row["value"]:
            made[key] = _read(row["value"], value)
    return made


def _records(before: list[Data], edited: pd.DataFrame) -> Iterator[Data]:
    for index, row in edited.iterrows():
        old = before[index] if isinstance(index, int) and index < len(before) else {}
        cells = {str(k): _cell(str(k), v, old) for k, v in row.items()}
        yield old | {k: v for k, v in cells.items() if k in old or v is not None}


def _cell(key: str, value: Any, old: Data) -> Any:
    empty = value is None or value != value or value == ""
    if key in old and _shown(old[key]) == value:
        return old[key]
    if key in LISTS:
        return [] if empty else [part.strip() for part in str(value).split(BETWEEN.strip()) if part.strip()]
    if empty:
        return "" if isinstance(old.get(key), str) else None
    return _plain_number(value)


def _plain_number(value: Any) -> Any:
    """Numbers as people write them: 3 for 3.0; text stays as it is."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value != value:
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shown(value: Any) -> Any:
    return BETWEEN.join(map(str, value)) if isinstance(value, list) else value


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def _read(text: Any, old: Any) -> Any:
    """A value as it was typed: what is no number stays text, and the reader of cases says what is wrong with it."""
    text = str(text or "").strip()
    if isinstance(old, str):
        return text
    try:
        return _plain_number(float(text)) if text else None
    except ValueError:
        return text
