"""A table that people worked on: its head found again, its columns by name wherever they stand now."""

from __future__ import annotations

from collections.abc import Sequence

from .edits import UNREAD, Row, text_of

Line = Sequence[object]
DEPTH = 20  # lines among which a head is looked for


def rows_under(lines: Sequence[Line], head: Sequence[str]) -> list[Row] | None:
    """The rows below the head, cells by head; None: no line is this head.

    A head may have moved down, its columns may stand in another order, be gone, or have others beside them.
    """
    at = next((k for k, line in enumerate(lines[:DEPTH]) if is_head(line, head)), None)
    if at is None:
        return None
    keys = _keys(lines[at], head)
    above = [_row(keys, line) for line in lines[:at] if any(map(text_of, line))]
    return above + [_row(keys, line) for line in lines[at + 1 :]]


def is_head(line: Line, head: Line) -> bool:
    """Whether at least half of a head, and two of its words, stand in a line."""
    found = {_plain(cell) for cell in line} & {_plain(h) for h in head}
    return len(found) >= max(2, (len(head) + 1) // 2)


def _plain(cell: object) -> str:
    return " ".join(text_of(cell).split()).casefold()


def _keys(line: Line, head: Sequence[str]) -> list[str]:
    """What each column is called: as it was written; a second one of a name, or a new one, by its own text and place."""
    known, keys = {_plain(h): h for h in head}, list[str]()
    for k, cell in enumerate(line, start=1):
        name = known.pop(_plain(cell), None)
        keys.append(
            name
            or f"{text_of(cell) or 'Beside the table'}{f', column {k}' if _plain(cell) in map(_plain, keys) else ''}"
        )
    return keys


def _row(keys: Sequence[str], line: Line) -> Row:
    """A line as cells by head; cells that do not fit under the head are not shared out by guessing."""
    if len(line) == len(keys):
        return dict(zip(keys, line, strict=True))
    told = "; ".join(t for t in map(text_of, line) if t)
    return {**dict(zip(keys[:2], line, strict=False)), UNREAD: told}
