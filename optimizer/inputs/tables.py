"""The tables: which record a row becomes, and which columns it is read from.

A field is read from the column of its own name; an estimate from three columns, `x_low`, `x_mid`, `x_high`; lists are
parted by `;`, and within them alternatives by `|`. A table declares only what differs.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import ValidationError

from .base_records import Record, Triple
from .catalog_records import (
    AdversaryReply,
    BranchDefault,
    Fit,
    Instrument,
    InstrumentCode,
    Intrusion,
    Leverage,
    OutcomeRow,
    Parameter,
    Partner,
    PartnerCode,
    PartnerScope,
    RuleText,
    Source,
    Synergy,
    WillForce,
)
from .csv_files import Row
from .faults import Fault
from .places import Kind
from .problems import explain


@dataclass(frozen=True)
class Table:
    """One table of the catalog or the cases."""

    name: str
    record: type[Record]
    key: tuple[str, ...]  # columns that tell one row from another
    folder: Kind = "catalog"
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> column; with {} for the three of an estimate
    given: Mapping[str, Any] = field(default_factory=dict)  # fields that no column holds

    @property
    def file(self) -> str:
        """Name of the shipped file; both folders have a sources.csv."""
        return f"{self.name.removeprefix('case_')}.csv"

    def key_of(self, row: Row) -> tuple[str, ...]:
        """The cells that tell this row from another."""
        return tuple(row.cells.get(column, "") for column in self.key)


_PARAMETER = {"name": "parameter"}
TABLES = {
    table.name: table
    for table in (
        Table("sources", Source, ("key",), given={"what_was_seen": ""}),
        Table("intrusion", Intrusion, ("instrument",)),
        Table(
            "instruments",
            Instrument,
            ("id",),
            columns={"mode": "threat_or_action", "cost_musd": "cost_{}_musd"},
            given={"intrusion": Triple(low=0, mid=0, high=1)},  # joined from its own table by the reader
        ),
        Table("partners", Partner, ("id",), columns={"activation_days": "activation_days_mid"}),
        Table(
            "partner_fit",
            Fit,
            ("partner_id", "instrument_id"),
            columns={"partner": "partner_id", "instrument": "instrument_id", "basis": "rule"},
        ),
        Table("synergies", Synergy, ("id",)),
        Table("rules", RuleText, ("id",)),
        Table("leverage", Leverage, ("family", "instrument", "case_field")),
        Table("risk_model", Parameter, ("section", "parameter"), columns=_PARAMETER),
        Table(
            "planning",
            Parameter,
            ("parameter",),
            columns=_PARAMETER | {"how_to_use": "reason", "sources": "source", "status": "evidence_grade"},
            given={"section": "planning"},
        ),
        Table("partner_scope", PartnerScope, ("partner",)),
        Table("adversary", AdversaryReply, ("id",), columns={"delay_days": "delay_{}_days"}),
        Table("case_sources", Source, ("key",), "cases", given={"what_was_taken": "", "where_seen": ""}),
        Table("branch_defaults", BranchDefault, ("intervention_point", "tempo"), "cases"),
        Table("partner_will_force", WillForce, ("case_id", "partner"), "cases"),
        Table("outcomes", OutcomeRow, ("case_id",), "cases"),
        Table("vocab_instruments", InstrumentCode, ("id", "local_code"), "cases"),
        Table("vocab_partners", PartnerCode, ("id", "local_code"), "cases"),
    )
}


@cache
def columns_of(name: str) -> dict[str, tuple[str, ...]]:
    """Field -> columns it is read from, in the order of the record."""
    table = TABLES[name]
    found = {}
    for field_name, info in table.record.model_fields.items():
        if field_name in table.given:
            continue
        column = table.columns.get(field_name, field_name)
        if info.annotation is Triple:
            pattern = column if "{}" in column else column + "_{}"
            found[field_name] = tuple(pattern.format(part) for part in ("low", "mid", "high"))
        else:
            found[field_name] = (column,)
    return found


@dataclass(frozen=True)
class Entry:
    """A record and the row that it was read from."""

    row: Row
    record: Any


def read_rows(name: str, rows: tuple[Row, ...]) -> tuple[list[Entry], list[Fault]]:
    """The records of all good rows, and the faults of the others."""
    entries, faults = [], []
    for row in rows:
        found = list(_cell_faults(name, row))
        read = {field_name: _value(name, field_name, row) for field_name in columns_of(name)}
        try:
            record = TABLES[name].record.model_validate({**TABLES[name].given, **read})
            if not found:
                entries.append(Entry(row, record))
        except ValidationError as error:
            found += _record_faults(name, row, error)
        faults += _once_each(found)
    return entries, faults


def _once_each(faults: list[Fault]) -> list[Fault]:
    """One fault a field: a cell that is no number need not be called out of range as well."""
    return list({fault.field: fault for fault in reversed(faults)}.values())[::-1]


def _cell_faults(name: str, row: Row) -> Iterator[Fault]:
    """Cells that hold something other than they should, before any range is looked at."""
    fields = TABLES[name].record.model_fields
    for field_name, columns in columns_of(name).items():
        wanted = _wanted(fields[field_name].annotation)
        for column in columns:
            if column in row.cells and wanted in _READERS:
                try:
                    _READERS[wanted](row.cells[column])
                except ValueError as error:
                    yield row.error(column, *error.args)


def _value(name: str, field_name: str, row: Row) -> Any:
    """The value of a field, as far as its cells can be read; None where they cannot."""
    columns = columns_of(name)[field_name]
    wanted = _wanted(TABLES[name].record.model_fields[field_name].annotation)
    parts = [_read(wanted, row.cells.get(column, "")) for column in columns]
    return dict(zip(("low", "mid", "high"), parts, strict=True)) if len(parts) == 3 else parts[0]


def _read(wanted: str, cell: str) -> Any:
    try:
        return _READERS[wanted](cell)
    except ValueError:
        return None


def _record_faults(name: str, row: Row, error: ValidationError) -> list[Fault]:
    faults = []
    for problem in error.errors(include_url=False):
        columns = columns_of(name)[str(problem["loc"][0])]
        if not set(columns) & set(row.cells):
            continue  # the whole column is missing, which is said once, at the header
        parts = [part for part in problem["loc"][1:] if part in ("low", "mid", "high")]
        column = columns[("low", "mid", "high").index(parts[0])] if parts else " ".join(columns)
        value = "; ".join(row.cells.get(one, "") for one in column.split())
        faults.append(row.error(column, *explain(problem), value=value))
    return faults


def _wanted(annotation: Any) -> str:
    """What kind of cell a field of this type is read from."""
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _wanted(_bare(kinds[0])) + " or blank"
    if annotation is Triple or annotation is float:
        return "number"
    if get_origin(annotation) is tuple:
        return "groups" if get_origin(_bare(get_args(annotation)[0])) is tuple else "list"
    return {int: "whole", bool: "flag"}.get(annotation, "text")


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def _groups(cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(one.strip() for one in item.split("|") if one.strip()) for item in _items(cell))


def _number(cell: str) -> float:
    if not cell:
        raise ValueError("a number is missing", "Fill it in")
    try:
        return float(cell)
    except ValueError:
        raise ValueError(*_why_no_number(cell)) from None


def _why_no_number(cell: str) -> tuple[str, str]:
    as_point = cell.replace(",", ".")
    if _is_number(as_point):
        return "a decimal comma stands where a point belongs", f"Write {as_point}"
    if len(cell) >= 8 and cell[:4].isdigit() and cell[4] in "-/":
        return "a date stands where a number belongs", "Write the number; a spreadsheet may have turned it into a date"
    if _is_number(cell.replace(" ", "").replace(",", "").replace("'", "")):
        return "the number has marks between its thousands", "Write it with digits only"
    return "this is not a number", "Write a number, with a point before decimals and without a unit"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _whole(cell: str) -> int:
    number = _number(cell)
    if not number.is_integer():
        raise ValueError("this is not a whole number", "Write a whole number")
    return int(number)


def _flag(cell: str) -> bool:
    if cell.lower() not in ("true", "false"):
        raise ValueError("this is neither true nor false", "Write true or false")
    return cell.lower() == "true"


_READERS: dict[str, Any] = {
    "number": _number,
    "number or blank": lambda cell: _number(cell) if cell else None,
    "whole": _whole,
    "whole or blank": lambda cell: _whole(cell) if cell else None,
    "flag": _flag,
    "list": _items,
    "groups": _groups,
    "text": str,
    "text or blank": lambda cell: cell or None,
}
