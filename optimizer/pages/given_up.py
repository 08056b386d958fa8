"""What a planner gave up so that a package exists: remembered for the playbook while the choices still say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from ..choices import Choices

Wishes = Callable[[Choices], Sequence[str]]


@dataclass(frozen=True)
class GivenUp:
    """A repair that was applied: its changes in words, the choices before and after it."""

    changes: tuple[str, ...]
    before: Choices
    after: Choices

    def holds(self, now: Choices) -> bool:
        """Whether what went is still gone, and what came in its place still stands."""
        before, after, present = _entries(self.before), _entries(self.after), _entries(now)
        return not (before - after) & present and after - before <= present


def _entries(choices: Choices) -> frozenset[tuple[str, object]]:
    """Every single choice: one by one where a field holds several."""
    held = ((f.name, getattr(choices, f.name)) for f in fields(choices))
    return frozenset((name, item) for name, value in held for item in (value if isinstance(value, tuple) else (value,)))


def in_words(repairs: Iterable[GivenUp], now: Choices, wishes: Wishes) -> tuple[str, ...]:
    """What is given up under the choices of now, none twice; `wishes`: the planner's own requirements in words."""
    return tuple(dict.fromkeys(f"{t[:1].upper()}{t[1:]}" for r in repairs for t in _said(r, now, wishes)))


def _said(repair: GivenUp, now: Choices, wishes: Wishes) -> Iterator[str]:
    """A repair as it was applied; one that was changed since by what it took away and what did not come back."""
    if repair.holds(now):
        yield from repair.changes
        return
    kept = {*wishes(repair.after), *wishes(now)}
    yield from (f"asked for at first and given up: {wish}" for wish in wishes(repair.before) if wish not in kept)
