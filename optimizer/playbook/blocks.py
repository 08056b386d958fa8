"""What a document is made of, before any format: headings, text, lists, tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    text: str
    look: Literal["plain", "lead", "small", "label", "intro"] = "plain"


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`widths`: shares of the line; `numeric`: columns that stand right; `key`: which table it is, for reading it back."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: tuple[int, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, with the same in words for those who cannot see it."""

    caption: str
    svg: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Facts:
    """Key figures side by side: (label, value, what goes with it)."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class NewPage:
    pass


Block = Heading | Text | Bullets | Table | Picture | Facts | NewPage


@dataclass(frozen=True)
class Document:
    """A playbook laid out."""

    title: str
    banner: str
    foot: str
    blocks: tuple[Block, ...]


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    numeric: Sequence[int] = (),
    key: str = "",
) -> Table:
    total = sum(widths)
    return Table(
        caption, tuple(head), tuple(tuple(r) for r in rows), tuple(w / total for w in widths), tuple(numeric), key
    )
