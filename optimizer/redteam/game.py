"""The two-sided game: where the perpetrators can wait and see, and where they must guess (von Neumann 1928, as linear
programmes)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Game:
    """A zero-sum game on risk: the planner takes a package (columns), the adversary a reply (rows).

    seen: least risk if the adversary sees the package first, and that package. value: risk if neither sees the
    other's choice;
    replies: how often each reply is then tried; packages: how often each package would have to be taken to be sure of
    the value.
    """

    seen: float
    seen_package: int
    value: float
    replies: Floats
    packages: Floats

    @property
    def dodged(self) -> bool:
        """Whether a reply that is always the same could be dodged."""
        return self.value < self.seen - 1e-9


def solve_game(risks: Floats) -> Game:
    """The game of (replies, packages) risks."""
    risks = np.asarray(risks, dtype=float)
    worst = risks.max(axis=0)
    value, packages = _mix(risks)
    other, replies = _mix(-risks.T)
    assert abs(value + other) < 1e-6, "the two programmes of a game have one value"
    return Game(float(worst.min()), int(worst.argmin()), value, replies, packages)


def _mix(losses: Floats) -> tuple[float, Floats]:
    """The mixture of columns whose largest expected loss over the rows is least: min v, losses @ q <= v, q a
    mixture."""
    from scipy.optimize import linprog

    rows, columns = losses.shape
    cost = np.r_[np.zeros(columns), 1.0]
    above = np.c_[losses, -np.ones(rows)]
    whole = np.r_[np.ones(columns), 0.0][None]
    bounds = [(0, None)] * columns + [(None, None)]
    done = linprog(cost, above, np.zeros(rows), whole, [1.0], bounds, method="highs")
    if not done.success:
        raise ValueError(f"the game could not be solved: {done.message}")
    mixture = np.clip(done.x[:-1], 0, None)
    return float(done.fun), np.asarray(mixture / mixture.sum())
