"""The cheapest ways to loosen requirements until some package exists, one after the other, none containing another.

Implicit hitting sets (Moreno-Centeno and Karp 2013): a way has to loosen something of every conflict. The cheapest
that does so for the conflicts known is tried. If it is not enough, the rest holds a further conflict; if it is, the
amounts by which it has to be loosened are made small.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..choices import Package
from .conflict import collision
from .live import Arrays, Live
from .requirements import AMOUNTS
from .trials import Keys, Trials, Unsettled

GAP = 1e-4  # in what changes ask: a hundred-thousandth of one
EACH = 2.0  # seconds for the least amounts of one way; those found by then do, if they are not proven to be the least
STEP = 1e-3  # amounts below it are the solver's slips


@dataclass(frozen=True)
class Price:
    """What loosening asks: something for doing it at all, and something for each unit."""

    fixed: float
    each: float = 0.0


@dataclass(frozen=True)
class Correction:
    """Requirements that are loosened, by how much, and a package that keeps all the rest.

    `least`: no smaller amounts of the same requirements do.
    """

    amounts: Mapping[str, float]
    package: Package
    least: bool


class Corrections:
    """The ways to loosen what has a price while the rest is held; `without`: what is given up besides."""

    def __init__(self, trials: Trials, prices: Mapping[str, Price], without: Keys = frozenset()) -> None:
        self.trials, self.prices, self.without = trials, prices, without
        self.possible = trials.model(without)
        self._place = {key: n for n, key in enumerate(prices)}
        size = len(prices)
        self._sets = Live(Arrays(np.zeros(size), np.ones(size), np.ones(size, dtype=bool), ()))
        self._sets.minimise(np.array([p.fixed for p in prices.values()]))

    def exclude(self, keys: Collection[str]) -> None:
        """From now on not all of these together; nothing is left where these are none."""
        if self._place.keys() >= set(keys):
            self._sets.add_rows([(dict.fromkeys((self._place[k] for k in keys), 1.0), len(keys) - 1.0)])

    def require(self, keys: Collection[str]) -> None:
        """One of these at least; nothing is left where none of them has a price."""
        self._sets.add_rows([({self._place[k]: -1.0 for k in keys if k in self._place}, -1.0)])

    def no_more_than(self, most: int) -> None:
        """So many requirements at once."""
        self._sets.add_rows([(dict.fromkeys(range(len(self.prices)), 1.0), float(most))])

    def each(self, enough: Callable[[], float]) -> Iterator[Correction]:
        """Those that ask less than is enough by then, roughly in order; Unsettled if time runs out."""
        while (keys := self._cheapest()) is not None and self._fixed(keys) < enough():
            found = self._tried(keys, enough())
            if found is not None:
                yield found

    def _fixed(self, keys: Keys) -> float:
        return sum(self.prices[k].fixed for k in keys)

    def _cheapest(self) -> Keys | None:
        """Of the sets that meet every conflict known the one that asks least, amounts aside; None if none is left."""
        outcome = self._sets.run(self.trials.time(), self.trials.stop)
        if outcome.status == "infeasible":
            return None
        if outcome.x is None:
            raise Unsettled
        return frozenset(k for k, n in self._place.items() if outcome.x[n] > 0.5)

    def _tried(self, keys: Keys, enough: float) -> Correction | None:
        """The least amounts of these requirements; None if they do not do, or not for less than enough."""
        moved = [k for k in keys if self.trials.requirements[k].field in AMOUNTS]
        costs = {self.possible.q[k]: self.prices[k].each for k in moved}
        bound = self.possible.least(costs, keys, moved, whole=False)
        if bound.status == "infeasible":
            self._collided(keys)
            return None
        if self._fixed(keys) + bound.bound >= enough:
            self.exclude(keys)
            return None
        outcome = self.possible.least(costs, keys, moved, min(self.trials.time(), EACH), self.trials.stop, GAP)
        if outcome.status == "stopped" and outcome.x is None:
            outcome = self.possible.least(costs, keys, moved, self.trials.time(), self.trials.stop, GAP)
        if outcome.status == "infeasible":
            self.trials.known[self.without | keys] = None
            self._collided(keys)
            return None
        package = self.possible.package(outcome)
        if outcome.x is None or package is None:
            raise Unsettled
        amounts = {k: float(outcome.x[self.possible.q[k]]) if k in moved else 1.0 for k in keys}
        amounts = {k: v for k, v in amounts.items() if v > STEP}
        self.exclude(amounts or keys)
        return Correction(amounts, package, outcome.status == "optimal") if amounts else None

    def _collided(self, keys: Keys) -> None:
        """What still collides once these are loosened has to be met too."""
        found = collision(self.trials, self.without | keys)
        if found is None:  # for the judge they do, by less than the solver's tolerance
            self.exclude(keys)
        else:
            self.require(found)
