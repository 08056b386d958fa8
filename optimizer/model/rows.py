"""A row: one linear requirement on the columns of a situation. Solver, audit, explanation and tests all read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """sum(weight x chosen) + sum(weight x [any of these chosen]) <= limit.

    `weights`: index of a column or join -> weight. `any_of`: pairs (weight, indices). `because`: what it asks.
    `price`: risk points for each unit beyond the limit, where the rule is only preferred.
    """

    weights: Mapping[int, float]
    limit: float
    because: str
    price: float = 0.0
    any_of: tuple[tuple[float, tuple[int, ...]], ...] = field(default=())

    def excess(self, chosen: Set[int]) -> float:
        """How far the chosen indices lie beyond the limit; at most 0 where the row is kept."""
        total = sum(w for i, w in self.weights.items() if i in chosen)
        total += sum(w for w, group in self.any_of if not chosen.isdisjoint(group))
        return total - self.limit

    def kept(self, chosen: Set[int]) -> bool:
        return self.excess(chosen) <= 1e-6


def weigh(*parts: tuple[float, Iterable[int]]) -> dict[int, float]:
    """Weights of a row from (weight, indices) pairs; an index named twice adds up."""
    found: dict[int, float] = {}
    for weight, indices in parts:
        for index in indices:
            found[index] = found.get(index, 0.0) + weight
    return {i: w for i, w in found.items() if w}


def needs(cause: Iterable[int], cure: Iterable[int], because: str, price: float = 0.0) -> Row:
    """Each cause needs a cure: sum of causes at most sum of cures (use where at most one cause can be chosen)."""
    return Row(weigh((1.0, cause), (-1.0, cure)), 0.0, because, price)


def at_least(count: float, indices: Iterable[int], because: str, price: float = 0.0) -> Row:
    """At least `count` of the indices are chosen."""
    return Row(weigh((-1.0, indices)), -count, because, price)


def never(index: int, because: str, price: float = 0.0) -> Row:
    """This column is not chosen."""
    return Row({index: 1.0}, 0.0, because, price)
