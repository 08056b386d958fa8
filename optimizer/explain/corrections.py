"""The cheapest ways to loosen requirements until some package exists, one after the other, none containing another."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..choices import Package
from .live import Arrays, Live, Outcome, Stop, never
from .possible import Possible

GAP = 1e-4  # in what changes ask: a hundred-thousandth of one
STEP = 1e-3  # amounts below it are the solver's slips


@dataclass(frozen=True)
class Price:
    """What loosening asks: something for doing it at all, and something for each unit."""

    fixed: float
    each: float = 0.0


@dataclass(frozen=True)
class Correction:
    """Requirements that are loosened (or gates opened), by how much, and a package that keeps all the rest.

    `least`: no other way asks less.
    """

    amounts: Mapping[str, float]
    package: Package
    least: bool


class Corrections:
    """A model with a switch for each requirement that may be loosened; what has no price is held.

    gates: name -> columns of measures that are there only once the gate is open; each needs one of its gates.
    """

    def __init__(
        self,
        possible: Possible,
        prices: Mapping[str, Price],
        gates: tuple[tuple[int, tuple[str, ...]], ...] = (),
        room: tuple[tuple[int, str, float], ...] = (),
    ) -> None:
        self.possible = possible
        base = possible.arrays
        held = [c for key, c in possible.q.items() if key not in prices]
        self.amount = {k: possible.q[k] for k in prices if k in possible.q}
        self.switch = {k: len(base.lower) + n for n, k in enumerate(prices)}
        rows = list(base.rows)
        for key, column in self.amount.items():
            rows.append(({column: 1.0, self.switch[key]: -possible.most[key]}, -math.inf, 0.0))
        for column, names in gates:
            rows.append(({column: 1.0} | {self.switch[k]: -1.0 for k in names}, -math.inf, 0.0))
        for row, key, most in room:
            weights, low, high = rows[row]
            rows[row] = ({**weights, self.switch[key]: -most}, low, high)
        upper = np.concatenate([base.upper, np.ones(len(prices))])
        upper[held] = 0.0
        integer = np.concatenate([base.integer, np.ones(len(prices), dtype=bool)])
        self._live = Live(Arrays(np.zeros(len(upper)), upper, integer, tuple(rows)))
        costs = np.zeros(len(upper))
        for key, price in prices.items():
            costs[self.switch[key]] = price.fixed
            if key in self.amount:
                costs[self.amount[key]] = price.each
        self._live.minimise(costs)

    def exclude(self, keys: frozenset[str]) -> None:
        """From now on not all of these together."""
        known = [self.switch[k] for k in keys if k in self.switch]
        if len(known) == len(keys):
            self._live.add_rows([(dict.fromkeys(known, 1.0), len(known) - 1.0)])

    def require(self, keys: Collection[str]) -> None:
        """One of these at least: without it they collide."""
        self._live.add_rows([({self.switch[k]: -1.0 for k in keys if k in self.switch}, -1.0)])

    def next(self, seconds: float, stop: Stop = never) -> Correction | None:
        """The cheapest that is left; None if there is none, or none was found in time."""
        outcome = self._live.run(seconds, stop, gap=GAP)
        package = self.possible.package(outcome)
        if outcome.x is None or package is None:
            return None
        on = [k for k, c in self.switch.items() if outcome.x[c] > 0.5]
        amounts = {k: self._value(outcome, k) for k in on}
        return Correction({k: v for k, v in amounts.items() if v > STEP}, package, outcome.status == "optimal")

    def _value(self, outcome: Outcome, key: str) -> float:
        assert outcome.x is not None
        return float(outcome.x[self.amount[key]]) if key in self.amount else 1.0

    def each(self, most: int, seconds: Callable[[], float], stop: Stop = never) -> Iterator[Correction]:
        """Up to `most`, each excluded once it is handed out; `seconds` says how long more may be spent."""
        for _ in range(most):
            found = self.next(seconds(), stop)
            if found is None or not found.amounts:
                return
            self.exclude(frozenset(found.amounts))
            yield found
