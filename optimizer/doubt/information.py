"""What it is worth to find out: expected value of perfect information, whole and in part (Raiffa and Schlaifer 1961).

Losses are (scenarios, packages). Learning a group of numbers lets the planner choose per value of the group; what
that gains
is measured by regressing each package's loss on the numbers of the group (Strong, Oakley and Brennan 2014) and
choosing by
the fitted means. Fits are made on one half of the scenarios and used on the other, so that noise is not taken for
knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_COLUMNS = 60  # of a regression: the numbers of a group that bear most on the differences between packages


@dataclass(frozen=True)
class Worth:
    """What learning some numbers gains, in the unit of the loss; `error`: its standard error. `changes`: how often
    another package
    would be chosen."""

    name: str
    title: str
    gain: float
    error: float
    changes: float


def evpi(losses: Floats) -> float:
    """Gain of learning everything before choosing."""
    losses = np.asarray(losses, dtype=float)
    return float(losses.mean(axis=0).min() - losses.min(axis=1).mean())


def evppi(losses: Floats, known: Floats, name: str = "", title: str = "") -> Worth:
    """Gain of learning some numbers; known: (scenarios, numbers)."""
    losses, known = np.asarray(losses, dtype=float), np.asarray(known, dtype=float)
    chosen_now = int(losses.mean(axis=0).argmin())
    pick = np.empty(len(losses), dtype=int)
    odd = np.arange(len(losses)) % 2 == 1
    for train, use in ((odd, ~odd), (~odd, odd)):
        columns = _strongest(losses[train], known[train])
        pick[use] = _fitted(losses[train], known[train][:, columns], known[use][:, columns]).argmin(axis=1)
    gains = losses[:, chosen_now] - losses[np.arange(len(losses)), pick]
    error = float(gains.std(ddof=1) / np.sqrt(len(gains)))
    return Worth(name, title, max(0.0, float(gains.mean())), error, float((pick != chosen_now).mean()))


def _strongest(losses: Floats, known: Floats) -> NDArray[np.int64]:
    """The numbers that bear most on the differences between packages."""
    if known.shape[1] <= MOST_COLUMNS:
        return np.arange(known.shape[1])
    differences = losses - losses.mean(axis=1, keepdims=True)
    scaled = (known - known.mean(axis=0)) / np.maximum(known.std(axis=0), 1e-12)
    return np.sort(np.argsort(-np.abs(scaled.T @ differences).max(axis=1), kind="stable")[:MOST_COLUMNS])


def _fitted(losses: Floats, known: Floats, new: Floats) -> Floats:
    """Losses expected given the known numbers: least squares on powers of each (to the third; products too where
    few), with a
    light ridge."""
    centre, scale = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-12)
    before, after = _features((known - centre) / scale), _features((new - centre) / scale)
    square = before.T @ before + 1e-6 * len(before) * np.eye(before.shape[1])
    return np.asarray(after @ np.linalg.solve(square, before.T @ losses))


def _features(z: Floats) -> Floats:
    parts = [np.ones((len(z), 1)), z, z**2]
    if z.shape[1] <= 12:
        first, second = np.triu_indices(z.shape[1], 1)
        parts += [z**3, z[:, first] * z[:, second]]
    return np.concatenate(parts, axis=1)


def by_group(
    losses: Floats, draws: Mapping[str, Floats], groups: Mapping[str, str], titles: Mapping[str, str]
) -> list[Worth]:
    """Gain of learning each group; groups: number -> group."""
    found = []
    for group in dict.fromkeys(groups[name] for name in draws if name in groups):
        names = [name for name in draws if groups.get(name) == group]
        found.append(evppi(losses, np.stack([draws[name] for name in names], axis=1), group, titles.get(group, group)))
    return sorted(found, key=lambda worth: -worth.gain)


def by_number(losses: Floats, draws: Mapping[str, Floats], titles: Mapping[str, str], most: int = 40) -> list[Worth]:
    """Gain of learning each single number, of those that bear most on the differences between packages."""
    unlike = {
        draws[name].tobytes(): name for name in reversed(list(draws)) if name in titles
    }  # one throw, two names: once
    names = [name for name in draws if unlike.get(draws[name].tobytes()) == name]
    known = np.stack([draws[name] for name in names], axis=1)
    losses = np.asarray(losses, dtype=float)
    differences = losses - losses.mean(axis=1, keepdims=True)
    scaled = (known - known.mean(axis=0)) / np.maximum(known.std(axis=0), 1e-12)
    order = np.argsort(-np.abs(scaled.T @ differences).max(axis=1), kind="stable")[:most]
    found = [evppi(losses, known[:, [k]], names[k], titles[names[k]]) for k in order]
    return sorted(found, key=lambda worth: -worth.gain)


def money(gain: float, risks: Sequence[float], costs: Sequence[float]) -> float | None:
    """What a gain in risk costs at the safest end of a front, at least, in the unit of cost.

    The cheapest step that ends at the safest package; None where nothing cheaper is on the front.
    """
    safest = min(range(len(risks)), key=lambda k: risks[k])
    steps = [
        (costs[safest] - cost) / (risk - risks[safest])
        for risk, cost in zip(risks, costs, strict=True)
        if risk > risks[safest] + 1e-12 and cost < costs[safest]
    ]
    return gain * min(steps) if steps else None
