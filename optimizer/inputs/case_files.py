"""A case file's data as records: block by block, so that a fault in one does not hide those of another."""

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from .base_records import Record
from .faults import Fault, Severity, did_you_mean, errors, short
from .problems import explain
from .yaml_files import Document

Path = tuple[str | int, ...]
NOT_IN_FILES = {"fingerprint"}  # filled in by the reader


@dataclass
class Draft:
    """What could be read: `parts` by field; in lists of blocks, each good block with its index in the file."""

    document: Document
    raw: Mapping[str, Any]
    clean: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def error(self, path: Path, value: object, reason: str, remedy: str) -> Fault:
        """A fault at a path of this document that forbids its use."""
        return self._fault(path, value, reason, remedy, "error")

    def warning(self, path: Path, value: object, reason: str, remedy: str) -> Fault:
        """A fault at a path of this document that does not forbid its use."""
        return self._fault(path, value, reason, remedy, "warning")

    def _fault(self, path: Path, value: object, reason: str, remedy: str, severity: Severity) -> Fault:
        name = str(path[-1]) if path else ""
        return Fault(self.document.file, self.document.place(path), name, short(value), reason, remedy, severity)

    def raw_ids(self, block: str, key: str) -> set[str]:
        """Ids that a list of blocks names, those of blocks with faults included."""
        rows = self.raw.get(block)
        return {str(row.get(key)) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()


def read_draft(document: Document, record: type[Record]) -> Draft:
    """Read a document as far as it goes."""
    if not isinstance(document.data, dict):
        draft = Draft(document, {})
        draft.faults.append(draft.error((), document.data, "the file is not a block of named fields", "Write a case"))
        return draft
    draft = Draft(document, document.data)
    draft.clean = clean = _tidied(draft, record, document.data, ())
    for name, info in record.model_fields.items():
        key = info.alias or name
        if key in clean:
            _read_part(draft, record, name, clean[key])
        elif info.is_required():
            draft.faults.append(draft.error((key,), "", "it is missing", "Fill it in"))
        elif name not in NOT_IN_FILES:
            draft.parts[name] = info.get_default(call_default_factory=True)
    if not errors(draft.faults):  # what holds of a whole list, such as its least length
        _validated(draft, _adapter(record), clean, ())
    return draft


def _read_part(draft: Draft, record: type[Record], name: str, data: Any) -> None:
    key = record.model_fields[name].alias or name
    inner, many = _record_in(record.model_fields[name].annotation)
    if inner and many and isinstance(data, list):
        blocks = [(at, _validated(draft, _adapter(inner), item, (key, at))) for at, item in enumerate(data)]
        draft.parts[name] = [(at, block) for at, block in blocks if block is not None]
        return
    value = _validated(draft, _field_adapter(record, name), data, (key,))
    if value is not None:
        draft.parts[name] = value


def _validated(draft: Draft, adapter: TypeAdapter[Any], data: Any, path: Path) -> Any:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            where = (*path, *_in_file(problem["loc"], data))
            draft.faults.append(
                draft.error(where, problem["input"] if problem["type"] != "missing" else "", *explain(problem))
            )
        return None


def _in_file(loc: Path, data: Any) -> Path:
    """The part of a location that names keys and indices, without the names of types that alternatives add."""
    kept: list[str | int] = []
    for part in loc:
        if isinstance(data, dict if isinstance(part, str) else list):
            kept.append(part)
            data = _at(data, part)
    return tuple(kept)


def _at(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except LookupError:
        return None


@cache
def _adapter(record: type[Record]) -> TypeAdapter[Any]:
    return TypeAdapter(record)


@cache
def _field_adapter(record: type[Record], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(record.__annotations__[name])


def _record_in(annotation: Any) -> tuple[type[Record] | None, bool]:
    """The record that a field holds, if any, and whether it holds a list of them."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = get_args(annotation)[0]
    many = get_origin(annotation) is tuple
    inner = get_args(annotation)[0] if many else annotation
    return (inner, many) if isinstance(inner, type) and issubclass(inner, Record) else (None, many)


def _tidied(draft: Draft, record: type[Record], data: Any, path: Path) -> Any:
    """Data without unknown keys (each a warning), empty optional fields, and numbers where free text belongs."""
    if not isinstance(data, dict):
        return data
    fields = {info.alias or name: info for name, info in record.model_fields.items() if name not in NOT_IN_FILES}
    for key in data:
        if key not in fields:
            reason, remedy = "the key is not known and is not read", did_you_mean(str(key), fields)
            draft.faults.append(draft.warning((*path, str(key)), "", reason, remedy))
    kept = {}
    for key, info in fields.items():
        if key not in data or (data[key] is None and not info.is_required()):
            continue
        kept[key] = _tidied_value(draft, info, data[key], (*path, key))
    return kept


def _tidied_value(draft: Draft, info: Any, value: Any, path: Path) -> Any:
    inner, many = _record_in(info.annotation)
    if inner and many and isinstance(value, list):
        return [_tidied(draft, inner, item, (*path, at)) for at, item in enumerate(value)]
    if inner and not many:
        return _tidied(draft, inner, value, path)
    if info.is_required():
        return value
    if info.annotation is str and isinstance(value, (int, float)):
        return str(value)
    if info.annotation == tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        return [item if isinstance(item, (dict, list)) else str(item) for item in items if item is not None]
    return value
