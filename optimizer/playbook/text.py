"""Text that is safe on paper: no characters that no format can hold, none that turn a line around."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

# What XML 1.0 cannot hold (C0 controls but tab and line feed, surrogates, two non-characters), and C1 controls.
_UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Marks that override the direction of what follows: letters that run from right to left keep theirs without them.
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
REPLACED = "\ufffd"


def clean(value: object) -> object:
    """Text with line ends as one mark, unholdable characters shown as such, and no hidden turning marks."""
    if not isinstance(value, str):
        return value
    value = re.sub("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85", "\n", value)
    return _UNHOLDABLE.sub(REPLACED, _TURNING.sub("", value))


Plain = Annotated[str, BeforeValidator(clean)]


def one_line(text: str) -> str:
    """The text without line ends, for a name or a heading; blanks that hold words together stay."""
    return re.sub(r"[ \t\n\r]+", " ", text).strip(" \t\n\r")


def sentence(text: str) -> str:
    """With a capital first letter and a mark at its end."""
    text = one_line(text)
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?:" else ".")


def listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """a, b and c."""
    words = [w for w in words if w]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""
