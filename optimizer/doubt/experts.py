"""Several people's ranges for one number, pooled with stated weights; kept apart and shown apart beside the pool.

Linear pooling (Stone 1961) mixes the opinions: the pool is as wide as they differ. Logarithmic pooling (Genest and
Zidek 1986)
multiplies their densities: the pool is where they agree, and there is none where they share no value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..inputs.faults import Fault, InputError
from ..inputs.records import Triple

POINTS = 4001  # of the grid on which densities are pooled: a triangle's mean is then right to a millionth of its range
RISING = "Give low, mid and high in rising order, not all the same"


How = Literal["linear", "logarithmic"]


@dataclass(frozen=True)
class Opinion:
    """What one person says of a number."""

    who: str
    low: float
    mid: float
    high: float
    weight: float = 1.0


@dataclass(frozen=True)
class Pool:
    """The pooled opinion: mean, and the values below which 10, 50 and 90 per cent lie. `apart`: the opinions it was
    made from."""

    how: str
    mean: float
    p10: float
    p50: float
    p90: float
    apart: tuple[Opinion, ...]

    def triple(self) -> Triple:
        """Low, mid, high as the catalog has them."""
        return Triple(low=self.p10, mid=min(max(self.mean, self.p10), self.p90), high=self.p90)


def pooled(opinions: Sequence[Opinion], how: How = "linear") -> Pool:
    """Opinions as triangles, pooled by their weights (scaled to sum to 1)."""
    _checked(opinions)
    grid = np.linspace(min(o.low for o in opinions), max(o.high for o in opinions), POINTS)
    weights = np.array([o.weight for o in opinions]) / sum(o.weight for o in opinions)
    densities = np.stack([_triangle(o, grid) for o in opinions])
    if how == "linear":
        density = weights @ densities
    else:
        with np.errstate(divide="ignore"):
            density = np.exp(weights @ np.where(densities > 0, np.log(np.maximum(densities, 1e-300)), -1e6))
    mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(grid))])
    if mass[-1] <= 1e-12:
        raise InputError([_fault("opinions", "they share no value", "Pool them linearly, or ask again")])
    p10, p50, p90 = (float(np.interp(q, mass / mass[-1], grid)) for q in (0.1, 0.5, 0.9))
    mean = float(np.trapezoid(density * grid, grid) / np.trapezoid(density, grid))
    return Pool(how, mean, p10, p50, p90, tuple(opinions))


def by_number(rows: Mapping[str, Sequence[Opinion]], how: How = "linear") -> dict[str, Pool]:
    """A pool for each number that somebody spoke of."""
    return {name: pooled(opinions, how) for name, opinions in rows.items()}


def _triangle(o: Opinion, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    rising = (grid - o.low) / max(o.mid - o.low, 1e-12)
    falling = (o.high - grid) / max(o.high - o.mid, 1e-12)
    return np.asarray(np.maximum(np.minimum(np.minimum(rising, falling), 1.0), 0.0) * 2 / (o.high - o.low))


def _checked(opinions: Sequence[Opinion]) -> None:
    faults = [
        _fault(o.who, f"{o.low:g}, {o.mid:g}, {o.high:g} do not rise", RISING)
        for o in opinions
        if not (o.low <= o.mid <= o.high and o.low < o.high)
    ]
    for o in opinions:
        if not o.weight > 0:
            faults.append(_fault(o.who, f"the weight {o.weight:g} cannot be used", "Give more than 0"))
    if not opinions:
        faults.append(_fault("opinions", "nobody has spoken", "Give one opinion at least"))
    if faults:
        raise InputError(faults)


def _fault(who: str, reason: str, remedy: str) -> Fault:
    return Fault("experts", "", who, "", reason, remedy)
