"""Markdown: the document as plain text that a wiki or a mail can hold."""

from __future__ import annotations

import re

from .blocks import Block, Bullets, Facts, Heading, Picture, Table, Text
from .document import lay_out
from .record import Playbook

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_STARTS = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
_LINK = re.compile(r"(?i)\b(https?|ftp|www)(:|\.)")


def markdown(playbook: Playbook) -> bytes:
    """The whole document; no word of it is read as markup."""
    document = lay_out(playbook)
    parts = [f"**{plain(document.banner)}**"] if document.banner else []
    parts += [text for block in document.blocks if (text := _block(block))]
    parts += [f"**{plain(document.banner)}**"] if document.banner else []
    return ("\n\n".join(parts) + "\n").encode()


def plain(text: str) -> str:
    """Text in one line with every mark escaped."""
    text = " ".join(text.split("\n"))
    text = _STARTS.sub(lambda hit: f"{hit[1]}{hit[2][:-1]}\\{hit[2][-1]}", _MARKS.sub(r"\\\1", text))
    return _LINK.sub(lambda hit: f"{hit[1]}{'&#58;' if hit[2] == ':' else '&#46;'}", text)


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {plain(text)}"
        case Text(text, look):
            return f"**{plain(text)}**" if look == "lead" else plain(text)
        case Bullets(items):
            return "\n".join(f"- {plain(i)}" for i in items)
        case Facts(items):
            return "\n".join(f"- {plain(a)}: **{plain(b)}** ({plain(c)})" for a, b, c in items)
        case Picture(caption, _, alt):
            return f"*{plain(caption)}.* {plain(alt)}"
        case Table():
            return _table(block)
        case _:
            return ""


def _table(block: Table) -> str:
    def row(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(plain(c) or " " for c in cells) + " |"

    sides = "| " + " | ".join("---:" if k in block.numeric else "---" for k in range(len(block.head))) + " |"
    return "\n".join([f"**{plain(block.caption)}**", "", row(block.head), sides, *map(row, block.rows)])
