"""Drawing the uncertain numbers: a design over the unit cube, and each number's law laid over its column.

Scenarios come in blocks that depend on the seed and the block alone, so that results do not depend on how blocks are
shared out among workers, and a scenario is the same whatever packages are judged in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..inputs.records import Catalog
from .numbers import Number

Floats = NDArray[np.float64]
BLOCK = 1024  # scenarios that are drawn together; a power of two, as Sobol's points want it
COMMON = "common cause"  # what all effects of a case share: a target that resists one tool tends to resist all
CORRELATION = "effect_correlation"
GRADES = ("strong", "moderate", "weak", "expert_judgement")


@dataclass(frozen=True)
class Law:
    """How a number is drawn from low, mid and high: a triangle, or a PERT curve (beta with the same mean as PERT's).

    `spread` stretches every range about its mid; grades widen it further (catalog/planning.csv, widen_*).
    """

    shape: Literal["triangle", "pert"] = "triangle"
    spread: float = 1.0
    design: Literal["sobol", "random"] = "sobol"


@dataclass(frozen=True, eq=False)
class Design:
    """The scenarios of a case: numbers, law, seed. `held`: groups or names that stay at their mid (a chance at its
    probability)."""

    numbers: tuple[Number, ...]
    catalog: Catalog
    law: Law = Law()
    seed: int = 0
    held: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> dict[str, int]:
        """Place of each throw in the design; the common cause and its weight come first."""
        names = [COMMON, CORRELATION, *(n.throw for n in self.numbers)]
        return {name: k for k, name in enumerate(dict.fromkeys(names))}

    def unit(self, first: int, count: int) -> Floats:
        """Points of the unit cube, (count, columns), from scenario `first` on, which begins a block."""
        blocks = range(first // BLOCK, -(-(first + count) // BLOCK))
        if self.law.design == "random":
            parts = [np.random.Generator(np.random.Philox(key=[self.seed, b])) for b in blocks]
            return np.concatenate([g.random((BLOCK, len(self.columns))) for g in parts])[:count]
        self._sobol.reset()
        if first:
            self._sobol.fast_forward(first)
        return np.concatenate([self._sobol.random(BLOCK) for _ in blocks])[:count]

    @cached_property
    def _sobol(self):  # type: ignore[no-untyped-def]
        from scipy.stats import qmc

        return qmc.Sobol(len(self.columns), scramble=True, rng=np.random.default_rng(self.seed))

    def draws(
        self, first: int, count: int, needed: Sequence[Number] | None = None, dtype: type = np.float32
    ) -> dict[str, Floats]:
        """Drawn numbers by name, each (count,)."""
        cube = self.unit(first, count)
        return self.lay(cube, needed, dtype)

    def lay(self, cube: Floats, needed: Sequence[Number] | None = None, dtype: type = np.float32) -> dict[str, Floats]:
        """The numbers at points of the unit cube."""
        wanted = self.numbers if needed is None else needed
        throws = np.ascontiguousarray(cube.T)
        shared = self._shared(throws)
        found = {n.name: self._value(n, throws, shared) for n in wanted if not self.held & {n.name, n.group}}
        if not found:  # a scenario axis there must be
            found["held"] = np.ones(len(cube))
        return {name: values.astype(dtype) for name, values in found.items()}

    def _value(self, number: Number, throws: Floats, shared: tuple[Floats, Floats]) -> Floats:
        u = throws[self.columns[number.throw]]
        if number.chance:
            return np.asarray(u < number.mid, dtype=float)
        if number.group == "effects":
            u = _with_common_cause(u, *shared)
        return quantile(widened(number, self.widening(number)), u, self.law.shape)

    def _shared(self, throws: Floats) -> tuple[Floats, Floats]:
        """What all effects share in each scenario, as a normal number: its part in each, and the weight of the rest.

        The correlation is that of catalog/risk_model.csv, itself drawn.
        """
        row = self.catalog.parameters[CORRELATION]
        ends = Number(CORRELATION, "effects", "", row.low or 0.0, row.mid, row.high or row.mid)
        rho = quantile((ends.low, ends.mid, ends.high), throws[self.columns[CORRELATION]], "triangle")
        return np.sqrt(rho) * normal(throws[self.columns[COMMON]]), np.sqrt(1 - rho)

    def widening(self, number: Number) -> float:
        """By how much a range is stretched: the law's spread, and the grade's where it has one."""
        grade = self.catalog.value(f"widen_{number.grade}") if number.grade in GRADES else 1.0
        return self.law.spread * grade


def normal(u: Floats) -> Floats:
    """The standard normal number below which a share u lies."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(u, 1e-12, 1 - 1e-12)))


def _with_common_cause(u: Floats, common: Floats, weight: Floats) -> Floats:
    """Throws that share a cause, each still uniform."""
    from scipy.special import ndtr

    return np.asarray(ndtr(common + weight * normal(u)))


def widened(number: Number, factor: float) -> tuple[float, float, float]:
    """Low, mid, high stretched about the mid, inside what the number can be."""
    low = max(number.least, number.mid - factor * (number.mid - number.low))
    high = min(number.most, number.mid + factor * (number.high - number.mid))
    return min(low, number.mid), number.mid, max(high, number.mid)


def quantile(ends: tuple[float, float, float], u: Floats, shape: str) -> Floats:
    """The value below which a share u lies, (...,); ends: low, mid, high."""
    low, mid, high = ends
    if high <= low:
        return np.full(np.shape(u), mid)
    if shape == "pert":
        return _pert(low, mid, high, u)
    before = u < (mid - low) / (high - low)
    reach = np.sqrt(np.where(before, u * ((high - low) * (mid - low)), (1 - u) * ((high - low) * (high - mid))))
    return np.where(before, low + reach, high - reach)


def _pert(low: float, mid: float, high: float, u: Floats) -> Floats:
    """The usual PERT: a beta with mean (low + 4 mid + high) / 6; read from a table of 2,049 points."""
    from scipy.stats import beta

    a, b = 1 + 4 * (mid - low) / (high - low), 1 + 4 * (high - mid) / (high - low)
    grid = np.linspace(0, 1, 2049)
    return np.asarray(low + (high - low) * np.interp(u, grid, beta.ppf(grid, a, b)))


def needed_by(numbers: Sequence[Number], tools: set[str], partners: set[str], generics: set[str]) -> list[Number]:
    """The numbers that bear on packages of these instruments and partners."""
    return [n for n in numbers if _bears(n.name.split(":"), tools, partners, generics)]


def _bears(parts: list[str], tools: set[str], partners: set[str], generics: set[str]) -> bool:
    kind = parts[0]
    if kind in ("effect", "cost", "lead"):
        return parts[1] in tools
    if kind == "duration":
        return parts[1] in tools
    if kind == "activation":
        return parts[1] in partners
    if kind == "fit":
        return parts[1] in generics and parts[2] in tools
    return parts[2] in partners if kind == "agrees" else True


def mids(numbers: Sequence[Number]) -> Mapping[str, float]:
    """The mid of each number."""
    return {n.name: n.mid for n in numbers}
