"""What was found in a playbook that came back, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..choices import Package
from . import words
from .edits import Edit
from .record import Playbook


@dataclass(frozen=True)
class Price:
    """What a plan is worth: risk, expected cost in million USD of 2020, days to protection."""

    risk: float
    cost: float
    days: float


@dataclass(frozen=True)
class Reread:
    """A playbook after people worked on it."""

    original: Playbook
    edits: tuple[Edit, ...]
    package: Package
    before: Price
    after: Price | None  # None: the edited plan cannot be priced; `broken` says why
    broken: tuple[str, ...]
    rules: tuple[str, ...]  # rules that the edits break, with the price of each
    warnings: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.broken and not any(e.problem for e in self.edits)

    def __str__(self) -> str:
        return "\n".join(_report(self))


def _report(found: Reread) -> Iterator[str]:
    """The whole finding in words."""
    count = len(found.edits)
    yield "No edits were found." if not count else f"{count} edit{'s' if count > 1 else ''} found:"
    yield from (f"- {edit}" for edit in found.edits)
    if found.after is None:
        yield "The changed plan cannot be priced."
    elif count:
        b, a = found.before, found.after
        yield f"Risk {words.percent(b.risk, 1)} -> {words.percent(a.risk, 1)}; cost {b.cost:.1f} -> {a.cost:.1f} million USD; days to protection {b.days:.0f} -> {a.days:.0f}."
    if found.broken:
        yield "What broke:"
        yield from (f"- {line}" for line in found.broken)
    if found.rules:
        yield "Rules that the edits break:"
        yield from (f"- {line}" for line in found.rules)
    if count and found.sound and not found.rules:
        yield "Nothing broke."
    yield from found.warnings
