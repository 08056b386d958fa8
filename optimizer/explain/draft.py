"""Columns and rows under construction, and the same rows with fewer entries."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..model.rows import Row
from .live import Arrays

Names = frozenset[str]
Weights = dict[int, float]


@dataclass
class Draft:
    """Columns and rows of a model; a row is (weights, upper limit) and bears the names of its requirements."""

    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    rows: list[tuple[Weights, float]] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)

    def column(self, upper: float, integer: bool = False) -> int:
        """A further column between 0 and its upper limit."""
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.upper) - 1

    def at_most(self, weights: Mapping[int, float], limit: float, names: Iterable[str] = ()) -> None:
        self.rows.append((dict(weights), limit))
        self.names.append(frozenset(names))

    def add(self, row: Row, slack: Mapping[int, float], names: Iterable[str] = ()) -> None:
        """A row of the model, loosened by slack columns."""
        left = dict(row.weights)
        for weight, group in row.any_of:
            some = self.column(1.0)
            left[some] = left.get(some, 0.0) + weight
            if weight > 0:
                for i in group:
                    self.at_most({i: 1.0, some: -1.0}, 0.0)
            else:
                self.at_most({some: 1.0} | dict.fromkeys(group, -1.0), 0.0)
        for column, coefficient in slack.items():
            left[column] = -coefficient
        self.at_most(left, row.limit, names)

    def copied(self) -> Draft:
        """The same columns and rows, to be added to; the rows themselves are shared."""
        return Draft([*self.upper], [*self.integer], [*self.rows], [*self.names])

    def compacted(self, first: int = 0) -> None:
        """Name each sum that many rows of a requirement share, once: same answers, a third of the entries.

        `first`: the row from which on.
        """
        for members in self._by_name(first).values():
            for columns, uses in self._shared(members):
                total = self.column(float(len(columns)))
                for r, weight in uses:
                    for c in columns:
                        del self.rows[r][0][c]
                    self.rows[r][0][total] = weight
                if any(weight < 0 for _, weight in uses):
                    self.at_most({total: 1.0} | dict.fromkeys(columns, -1.0), 0.0)
                if any(weight > 0 for _, weight in uses):
                    self.at_most({total: -1.0} | dict.fromkeys(columns, 1.0), 0.0)

    def _by_name(self, first: int) -> dict[Names, list[int]]:
        found: dict[Names, list[int]] = defaultdict(list)
        for r, names in enumerate(self.names[first:], first):
            found[names].append(r)
        return found

    def _shared(self, members: list[int]) -> Iterator[tuple[list[int], tuple[tuple[int, float], ...]]]:
        """Columns that stand in the same of these rows with the same weights, where naming their sum saves entries."""
        uses: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for r in members:
            for c, weight in self.rows[r][0].items():
                uses[c].append((r, weight))
        alike: dict[tuple[tuple[int, float], ...], list[int]] = defaultdict(list)
        for c, places in uses.items():
            alike[tuple(places)].append(c)
        for where, columns in alike.items():
            if len(columns) * len(where) > 2 * (len(columns) + len(where) + 1):
                yield columns, where

    def arrays(self) -> Arrays:
        rows = tuple((weights, -math.inf, limit) for weights, limit in self.rows)
        return Arrays(np.zeros(len(self.upper)), np.array(self.upper), np.array(self.integer), rows)
