"""Core index of instruments, partners and pairs: the share of the good packages that hold them (Liesio, Mild and Salo
2007)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..choices import Package

CORE, EXTERIOR = 0.99, 0.01  # shares from which a thing counts as always there, or never: draws are finite


@dataclass(frozen=True)
class Index:
    """Share of the good packages that hold a thing; kind: instrument, partner, pair (of instruments). `error`: of the
    share."""

    kind: str
    name: str
    share: float
    error: float

    @property
    def standing(self) -> str:
        """core, borderline or exterior."""
        return "core" if self.share >= CORE else "exterior" if self.share <= EXTERIOR else "borderline"


@dataclass(frozen=True)
class Core:
    """Core indices so far, and the number of draws done."""

    draws: int
    indices: tuple[Index, ...]


def held_by(package: Package) -> frozenset[tuple[str, str]]:
    """Everything that a package holds."""
    tools = sorted({m.instrument for m in package.measures})
    partners = {who for m in package.measures for who in (m.lead, *m.joined)}
    pairs = {f"{a} + {b}" for a, b in combinations(tools, 2)}
    return frozenset(
        {("instrument", t) for t in tools} | {("partner", p) for p in partners} | {("pair", p) for p in pairs}
    )


def good(losses: NDArray[np.float64], near: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which packages are within `near` of nondominated in each scenario; losses: (scenarios, packages, objectives),
    `near` (objectives,).

    A package is good unless another beats it by more than `near` in every objective in which they differ.
    """
    found = np.ones(losses.shape[:2], dtype=bool)
    for k in range(losses.shape[1]):
        beaten = np.asarray((losses <= losses[:, k : k + 1] - near).all(axis=2))
        beaten[:, k] = False
        found[:, k] = ~beaten.any(axis=1)
    return found


def core_index(
    packages: Sequence[Package], parts: Iterator[NDArray[np.float64]], near: NDArray[np.float64]
) -> Iterator[Core]:
    """Core indices after each part of the ensemble, (scenarios, packages, objectives) each; the last is the result.

    In every scenario the good packages share one vote among them, so that many near-equal variants do not outvote the
    others.
    """
    things = sorted(frozenset[tuple[str, str]]().union(*(held_by(p) for p in packages)))
    member = np.array([[thing in held_by(p) for thing in things] for p in packages], dtype=float)
    sums, squares, draws = np.zeros(len(things)), np.zeros(len(things)), 0
    for losses in parts:
        votes = good(losses, near).astype(float)
        shares = (votes / votes.sum(axis=1, keepdims=True)) @ member
        sums, squares, draws = sums + shares.sum(axis=0), squares + (shares**2).sum(axis=0), draws + len(losses)
        mean = sums / draws
        error = np.sqrt(np.maximum(squares / draws - mean**2, 0) / draws)
        order = sorted(range(len(things)), key=lambda k: (things[k][0], -mean[k], things[k][1]))
        yield Core(draws, tuple(Index(*things[k], float(mean[k]), float(error[k])) for k in order))
