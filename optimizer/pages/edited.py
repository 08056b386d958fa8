"""What a planner's text says otherwise than the case it began from, in words: a slip of the hand is seen. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..inputs.faults import short
from .words import plain

NAMES = ("partner", "name", "id")  # what an entry of a list is called by
EMPTY = "empty"


def edits(before: object, after: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """One line for each value that differs, with the old one and the new one."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            yield from edits(before.get(key), after.get(key), (*path, plain(str(key))))
    elif _named(before) and _named(after):
        yield from _entries(_named(before), _named(after), path)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            yield from edits(old, new, (*path, str(number)))
    elif before != after:
        yield f"{', '.join(path) or 'the text'}: {_said(before)} → {_said(after)}"


def _entries(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for name in {**before, **after}:
        where = (*path, name)
        if name not in after:
            yield f"{', '.join(where)}: taken out"
        elif name not in before:
            yield f"{', '.join(where)}: added"
        else:
            yield from edits(before[name], after[name], where)


def _named(part: object) -> dict[str, Any]:
    """The entries of a list under their names; nothing where they have none, or share one."""
    if not isinstance(part, Sequence) or not all(isinstance(e, Mapping) for e in part):
        return {}
    for field in NAMES:
        names = [str(e.get(field)) for e in part if e.get(field)]
        if names and len(set(names)) == len(part):
            return dict(zip(names, part, strict=True))
    return {}


def _said(value: object) -> str:
    return EMPTY if value in (None, "", []) else short(value)
