"""The data dictionary, generated from the records: every field with its type, range, unit and meaning."""

import types
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from .base_records import Record, Triple
from .case_records import Case, WatchList
from .tables import TABLES, columns_of

_PLAIN = {str: "text", float: "number", int: "whole number", bool: "true or false"}
_BOUNDS = (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"))


def data_dictionary() -> str:
    """All tables and case files as one markdown page."""
    tables = [_table(name) for name in TABLES]
    return "\n\n".join(["# Data dictionary", _INTRODUCTION, "## Tables", *tables, "## Case files", *_cases()]) + "\n"


_INTRODUCTION = """\
Generated from the records in `optimizer/inputs`; do not edit. Lists inside a cell are parted by `;`, alternatives
within them by `|`. An *estimate* stands for three columns, low, mid and high, of which low and high are about the 10th
and 90th percentile. Blank means that nothing is known or there; it never means 0."""


def _table(name: str) -> str:
    table = TABLES[name]
    key = ", ".join(f"`{column}`" for column in table.key)
    rows = [
        _row(", ".join(f"`{column}`" for column in columns), table.record.model_fields[field])
        for field, columns in columns_of(name).items()
    ]
    return f"### {table.folder}/{table.file}\n\n{table.record.__doc__} Key: {key}.\n\n{_HEAD}\n" + "\n".join(rows)


_HEAD = "| column or field | holds | meaning |\n| --- | --- | --- |"


def _cases() -> list[str]:
    return [_block(record) for record in _records_within(Case) + _records_within(WatchList)]


def _block(record: type[Record]) -> str:
    rows = [
        _row(f"`{info.alias or name}`", info) for name, info in record.model_fields.items() if name != "fingerprint"
    ]
    return f"### {record.__name__}\n\n{record.__doc__}\n\n{_HEAD}\n" + "\n".join(rows)


def _row(columns: str, info: FieldInfo) -> str:
    optional = "" if info.is_required() else ", optional"
    return f"| {columns} | {_holds(info)}{optional} | {info.description} |"


def _holds(info: FieldInfo) -> str:
    bounds = [f"{words} {getattr(one, key):g}" for one in info.metadata for key, words in _BOUNDS if hasattr(one, key)]
    return " ".join([_kind(info.annotation), *bounds])


def _kind(annotation: Any) -> str:
    if hasattr(annotation, "__metadata__"):
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [_kind(kind) if kind is not type(None) else "blank" for kind in get_args(annotation)]
        return " or ".join(kinds)
    if get_origin(annotation) is tuple:
        inner = _kind(get_args(annotation)[0])
        return "list of alternatives" if inner.startswith("list") else f"list of {inner}"
    if get_origin(annotation) is Literal:
        return ", ".join(str(word) for word in get_args(annotation))
    if annotation is Triple:
        return "estimate"
    return _PLAIN.get(annotation, f"[{annotation.__name__}](#{annotation.__name__.lower()})")


def _records_within(record: type[Record]) -> list[type[Record]]:
    """A record and those that it holds, each once, in the order in which they are met."""
    found = [record]
    for info in record.model_fields.values():
        kinds = [kind for kind in _leaves(info.annotation) if isinstance(kind, type) and issubclass(kind, Record)]
        found += [inner for kind in kinds for inner in _records_within(kind)]
    return list(dict.fromkeys(found))


def _leaves(annotation: Any) -> list[Any]:
    inner = [] if get_origin(annotation) is Literal else get_args(annotation)
    return [leaf for kind in inner for leaf in _leaves(kind)] if inner else [annotation]
