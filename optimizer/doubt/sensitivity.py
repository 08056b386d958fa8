"""Which numbers move a package's risk: tornado, turning points, and variance-based indices through SALib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices import Choices, Package
from ..inputs.records import Case
from .draws import widened
from .ensemble import Task, needed, outcomes, task
from .numbers import GROUPS, Number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bar:
    """A number moved from its low to its high, all others at their mid; risks as shares."""

    name: str
    title: str
    low: float
    high: float
    risk_at_low: float
    risk_at_high: float

    @property
    def width(self) -> float:
        return abs(self.risk_at_high - self.risk_at_low)


@dataclass(frozen=True)
class Turn:
    """An assumption that would change the choice: from `mid` to `value` (a share `way` of the way to the end of its
    range)."""

    name: str
    title: str
    mid: float
    value: float
    way: float
    package: int  # which would be chosen then


def one_at_a_time(work: Task, steps: Sequence[float]) -> tuple[list[Number], Floats]:
    """Numbers, and risks (numbers, steps, packages): each number moved, as a share of the way to its low (negative)
    or high end."""
    design = work.design()
    numbers = [n for n in needed(work) if not n.chance]
    count = len(numbers) * len(steps)
    drawn = {n.name: np.full(count, n.mid) for n in numbers}
    for k, number in enumerate(numbers):
        low, mid, high = widened(number, design.widening(number))
        for j, step in enumerate(steps):
            drawn[number.name][k * len(steps) + j] = mid + (step * (high - mid) if step > 0 else -step * (low - mid))
    risks = outcomes(work, drawn)[:, :, 0]
    return numbers, np.asarray(risks.reshape(len(numbers), len(steps), -1), dtype=float)


def tornado(work: Task, package: int = 0, most: int = 15) -> list[Bar]:
    """The numbers that move a package's risk most, one at a time."""
    numbers, risks = one_at_a_time(work, (-1.0, 1.0))
    design = work.design()
    bars = []
    for number, (at_low, at_high) in zip(numbers, risks[:, :, package], strict=True):
        low, _, high = widened(number, design.widening(number))
        bars.append(Bar(number.name, number.title, low, high, float(at_low), float(at_high)))
    return sorted(bars, key=lambda bar: -bar.width)[:most]


def turning_points(
    work: Task, package: int, score: Callable[[Floats], Floats], margin: float = 0.0, steps: int = 20, most: int = 10
) -> list[Turn]:
    """Assumptions that, alone, would make another package the choice, the nearest first.

    score: (..., packages) risks to what is made least, such as risk plus the price of money. margin: how much better,
    in the
    score, another package has to be.
    """
    ways = np.linspace(-1, 1, 2 * steps + 1)
    ways = ways[np.abs(ways) > 1e-9]
    numbers, risks = one_at_a_time(work, list(ways))
    scores = score(risks)
    better = scores.min(axis=2) < scores[:, :, package] - margin
    chosen = np.where(better, scores.argmin(axis=2), package)
    design, found = work.design(), []
    for number, row in zip(numbers, chosen, strict=True):
        away = np.flatnonzero(row != package)
        if len(away):
            k = away[np.abs(ways[away]).argmin()]
            low, mid, high = widened(number, design.widening(number))
            value = mid + (ways[k] * (high - mid) if ways[k] > 0 else -ways[k] * (low - mid))
            found.append(Turn(number.name, number.title, mid, float(value), float(ways[k]), int(row[k])))
    return sorted(found, key=lambda turn: abs(turn.way))[:most]


def sobol(
    function: Callable[[Floats], Floats], names: Sequence[str], scenarios: int = 1024, seed: int = 0
) -> dict[str, Any]:
    """First-order and total Sobol indices of a function of the unit cube, with their 95 % half-widths, by SALib."""
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    points = sample.sample(problem, scenarios, calc_second_order=False, seed=seed)
    found = analyze.analyze(problem, function(points), calc_second_order=False, seed=seed)
    return {key: np.asarray(found[key]) for key in ("S1", "S1_conf", "ST", "ST_conf")}


def morris(function: Callable[[Floats], Floats], names: Sequence[str], trajectories: int = 20, seed: int = 0) -> Floats:
    """Mean absolute elementary effect of each number (Morris 1991, Campolongo 2007), by SALib."""
    from SALib.analyze import morris as analyze
    from SALib.sample import morris as sample

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    points = sample.sample(problem, trajectories, seed=seed)
    found = analyze.analyze(problem, points, function(points), seed=seed)
    return np.asarray(found["mu_star"], dtype=float)


def by_groups(
    case: Case, package: Package, choices: Choices, method: str = "sobol", points: int | None = None, seed: int = 0
) -> list[dict[str, Any]]:
    """Indices of each group of numbers for a package's risk, the largest first.

    sobol: shares of the variance, alone (`alone`) and with all that they act with (`in all`), with half-widths.
    morris: mean effect of moving a group across its range (`effect`), in risk points.
    """
    work = task(case, [package], choices=choices)
    groups = [group for group in GROUPS if any(n.group == group for n in needed(work))]
    function = risk_of_groups(work, groups)
    if method == "morris":
        effects = morris(function, groups, points or 20, seed)
        rows = [{"effect, risk points": 100 * float(effect)} for effect in effects]
    else:
        found = sobol(function, groups, points or 256, seed)
        named = {"alone": "S1", "+-": "S1_conf", "in all": "ST", "+- ": "ST_conf"}
        rows = [{head: float(found[key][k]) for head, key in named.items()} for k in range(len(groups))]
    told = [{"group": g, "title": GROUPS[g], **row} for g, row in zip(groups, rows, strict=True)]
    last = "effect, risk points" if method == "morris" else "in all"
    return sorted(told, key=lambda row: -row[last])


def risk_of_groups(work: Task, groups: Sequence[str], package: int = 0, seed: int = 0) -> Callable[[Floats], Floats]:
    """A package's risk as a function of one throw for each group: all numbers of a group move to the same quantile
    together."""
    design = work.design()
    group_of = {n.throw: n.group for n in design.numbers}

    def risk(points: Floats) -> Floats:
        cube = np.full((len(points), len(design.columns)), 0.5)
        for name, k in design.columns.items():
            if group_of.get(name) in groups:
                cube[:, k] = np.clip(points[:, list(groups).index(group_of[name])], 1e-9, 1 - 1e-9)
        return np.asarray(outcomes(work, design.lay(cube, needed(work)))[:, package, 0], dtype=float)

    return risk
