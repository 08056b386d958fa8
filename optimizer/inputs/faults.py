"""Faults found in data: what, where, why, and the way out."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fault:
    """One fault: the place as a row or YAML path, the field, its value, the reason and the remedy."""

    file: str
    place: str
    field: str
    value: str
    reason: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place, self.field) if part)
        value = f" is {self.value!r}" if self.value else ""
        end = "" if self.remedy.endswith(("?", "...")) else "."
        return f"{where}{value}: {self.reason}. {self.remedy}{end}"


class InputError(ValueError):
    """Data that cannot be used; its message lists every fault, and `faults` holds them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = "1 fault in the data:" if count == 1 else f"{count} faults in the data:"
        super().__init__("\n".join([head, *(f"- {fault}" for fault in self.faults)]))


def errors(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults that forbid the use of the data."""
    return tuple(fault for fault in faults if fault.severity == "error")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or the known ones where they are few."""
    words = sorted(set(known))
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]!r}?"
    listed = ", ".join(words[:12]) + (", ..." if len(words) > 12 else "")
    return f"Known: {listed or 'none'}"


def short(value: object, most: int = 60) -> str:
    """A value as text that fits into a line."""
    text = "" if value is None else str(value)
    return text if len(text) <= most else text[: most - 3] + "..."
