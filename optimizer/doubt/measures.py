"""What an ensemble says of packages: pure functions on arrays of (scenarios, packages) losses, less is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def regret(losses: Floats) -> Floats:
    """Loss beyond the best package of each scenario (Savage 1951), (scenarios, packages)."""
    return np.asarray(losses - losses.min(axis=1, keepdims=True))


def cvar(losses: Floats, share: float = 0.1) -> Floats:
    """Mean of the worst share of scenarios (Rockafellar and Uryasev 2000), (packages,); the last one counts in part."""
    count = share * len(losses)
    whole = int(np.floor(count + 1e-9))
    worst = np.sort(losses, axis=0)[::-1]
    part = (count - whole) * worst[whole] if whole < len(losses) and count > whole else 0.0
    return np.asarray((worst[:whole].sum(axis=0) + part) / count)


def chance_of_best(losses: Floats, tie: float = 0.0) -> Floats:
    """Share of scenarios in which a package is within `tie` of the best; those that tie share the scenario,
    (packages,)."""
    best = regret(losses) <= tie
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def chance_of_missing(losses: Floats, target: float) -> Floats:
    """Share of scenarios in which a package ends above the target, (packages,)."""
    return np.asarray((losses > target).mean(axis=0))


def standard_error(losses: Floats, groups: int = 16) -> Floats:
    """Standard error of the mean, from the spread of the means of so many runs of consecutive scenarios, (packages,).

    Consecutive points of a low-discrepancy design fill the cube evenly, so this is near the truth, on the side of
    caution;
    with fewer scenarios than groups every scenario is a group.
    """
    groups = min(groups, len(losses))
    if groups < 2:
        return np.full(losses.shape[1], np.inf)
    means = np.stack([part.mean(axis=0) for part in np.array_split(losses, groups)])
    return np.asarray(means.std(axis=0, ddof=1) / np.sqrt(groups))


def rank_stability(losses: Floats) -> float:
    """Mean over scenarios of Kendall's tau between a scenario's order of packages and the order of their means."""
    mean = losses.mean(axis=0)
    first, second = np.triu_indices(losses.shape[1], 1)
    order = np.sign(mean[first] - mean[second])
    if not len(order) or not np.any(order):
        return 1.0
    agreed = (np.sign(losses[:, first] - losses[:, second]) * order).sum(axis=1) / np.abs(order).sum()
    return float(agreed.mean())


def tied(losses: Floats, resolution: float, confidence: float = 2.0) -> NDArray[np.bool_]:
    """Which pairs of packages an adviser should not tell apart, (packages, packages).

    Two packages are tied where their mean difference is within the resolution, or within so many standard errors of it
    (paired: both are judged in the same scenarios).
    """
    difference = losses[:, :, None] - losses[:, None, :]
    count = losses.shape[1]
    error = standard_error(difference.reshape(len(losses), -1)).reshape(count, count)
    return np.asarray(np.abs(difference.mean(axis=0)) <= np.maximum(resolution, confidence * error))


@dataclass(frozen=True)
class Row:
    """One package under doubt, in the unit of the objective; `error`: of the mean. `ties`: packages not told apart
    from it."""

    id: str
    mean: float
    error: float
    p05: float
    p50: float
    p95: float
    cvar: float
    regret_mean: float
    regret_p95: float
    best: float
    missed: float | None
    ties: tuple[str, ...]


def table(
    losses: Floats, names: Sequence[str], resolution: float, target: float | None = None, share: float = 0.1
) -> tuple[Row, ...]:
    """All measures of each package."""
    losses = np.asarray(losses, dtype=float)
    low, middle, high = np.quantile(losses, [0.05, 0.5, 0.95], axis=0)
    sorry, same = regret(losses), tied(losses, resolution)
    columns: Mapping[str, Floats] = {
        "mean": losses.mean(axis=0), "error": standard_error(losses), "p05": low, "p50": middle, "p95": high,
        "cvar": cvar(losses, share), "regret_mean": sorry.mean(axis=0), "regret_p95": np.quantile(sorry, 0.95, axis=0),
        "best": chance_of_best(losses),
    }  # fmt: skip
    missed = None if target is None else chance_of_missing(losses, target)
    return tuple(
        Row(
            id=name,
            **{key: float(column[k]) for key, column in columns.items()},
            missed=None if missed is None else float(missed[k]),
            ties=tuple(names[int(j)] for j in np.flatnonzero(same[k]) if j != k),
        )
        for k, name in enumerate(names)
    )
