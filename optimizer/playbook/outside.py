"""Changes that are not read back: found all the same, so that nothing that people wrote is lost unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from .blocks import Block, Bullets, Facts, Heading, Picture, Table, Text
from .edits import Edit, same, text_of

NOT_READ = "This is not read back: put it into the table of tasks, money or notes."
MOST = 200  # such changes named one by one


def texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Every piece of text of a document in its order, as paragraphs and cells of a file hold it."""
    for block in blocks:
        match block:
            case Heading(text, _) | Text(text, _):
                yield text
            case Bullets(items):
                yield from items
            case Facts(items):
                yield from (part for item in items for part in item)
            case Picture(caption, _, _):
                yield caption
            case Table() if not block.key:
                yield from (block.caption, *block.head, *(cell for row in block.rows for cell in row))
            case Table():
                yield block.caption


def changes(place: str, before: Sequence[str], after: Sequence[str]) -> list[Edit]:
    """What differs between two rows of texts, blank ones and white space aside."""
    old, new = ([" ".join(t.split()) for t in side if t.strip()] for side in (before, after))
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [_edit(place, x, y) for x, y in _pairs(old[a:b], new[c:d])]
    rest = len(found) - MOST
    return found if rest <= 0 else [*found[:MOST], _edit(place, "", f"and {rest} changes more")]


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    count = max(len(old), len(new))
    return list(zip([*old, *[""] * (count - len(old))], [*new, *[""] * (count - len(new))], strict=True))


def _edit(place: str, before: str, after: str) -> Edit:
    return Edit(0, "not understood", place, before, after, NOT_READ)


def cell_changes(sheet: str, before: Sequence[Sequence[object]], after: Sequence[Sequence[object]]) -> list[Edit]:
    """Cells of a sheet that differ from what was written into them, and cells beside or below it that hold something."""
    found = []
    for k in range(max(len(before), len(after))):
        old, new = (side[k] if k < len(side) else () for side in (before, after))
        for j in range(max(len(old), len(new))):
            one, other = (side[j] if j < len(side) else None for side in (old, new))
            if not same(one, other):
                found.append(_edit(f"Sheet {sheet}, row {k + 1}, column {j + 1}", text_of(one), text_of(other)))
    return found[:MOST]
