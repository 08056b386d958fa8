"""What is asked for, and what was found: plain records between the explanations and the solving."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..choices import Package
from ..judge.evaluate import Evaluation
from .records import Exactness


@dataclass(frozen=True)
class Ask:
    """Make `minimise` small.

    `at_most`: bounds on objectives, in the user's units. `out`: columns not taken. `one_of`: of each group at least
    one column. `rows`: (weights by column, upper limit).
    """

    minimise: str
    at_most: Mapping[str, float] = field(default_factory=dict)
    out: frozenset[int] = frozenset()
    one_of: tuple[frozenset[int], ...] = ()
    rows: tuple[tuple[Mapping[int, float], float], ...] = ()

    @property
    def key(self) -> object:
        """The same for the same ask."""
        rows = tuple((tuple(sorted(weights.items())), limit) for weights, limit in self.rows)
        return self.minimise, tuple(sorted(self.at_most.items())), self.out, self.one_of, rows

    def met_by(self, found: Candidate) -> bool:
        """Whether a package is an answer, if not the best."""
        within = all(found.values[k] <= v + 1e-9 for k, v in self.at_most.items())
        holds = not found.chosen & self.out and all(group & found.chosen for group in self.one_of)
        return within and holds and all(_sum(w, found.chosen) <= limit + 1e-6 for w, limit in self.rows)


def _sum(weights: Mapping[int, float], chosen: frozenset[int]) -> float:
    return sum(w for i, w in weights.items() if i in chosen)


@dataclass(frozen=True)
class Candidate:
    """A package that the judge allows, with its exact objectives."""

    chosen: frozenset[int]
    package: Package
    evaluation: Evaluation
    values: Mapping[str, float]


@dataclass(frozen=True)
class Found:
    """The best package found, if any, and a proven bound: none is better. An infinite bound: none exists at all."""

    best: Candidate | None
    bound: float
    exactness: Exactness

    @property
    def none(self) -> bool:
        return self.bound == math.inf


def smaller(one: Candidate | None, other: Candidate | None, key: str) -> Candidate | None:
    """The better of two, either of which may be missing."""
    if one is None or other is None:
        return other or one
    return min(one, other, key=lambda c: c.values[key])
