"""Everything the ensemble says of a front, computed once and told in tables, JSON and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices import Choices, Package
from ..inputs.reader import load_catalog
from ..inputs.records import Case, Catalog
from ..judge.evaluate import judge_of
from ..questions import ask
from .core import Core, core_index
from .ensemble import KEYS, Ensemble, Result, Task, assess, task
from .information import Worth, by_group, by_number, evpi, money
from .measures import Row, chance_of_best, rank_stability, table
from .neighbours import neighbours
from .numbers import GROUPS
from .sensitivity import Bar, Turn, tornado, turning_points

Floats = NDArray[np.float64]


STANDARD = Ensemble()
PART = 256  # draws after which the core index is told anew
CORE_DRAWS = 1024  # draws of the core index: its standard error is then below 0.016


@dataclass(frozen=True)
class Plan:
    """A package with its name, as it stands on the front."""

    id: str
    package: Package


@dataclass(frozen=True, eq=False)
class Assessment:
    """A front under doubt. Risks as shares; `resolution`: a difference that a planner would not care about."""

    case: str
    plans: tuple[Plan, ...]
    ensemble: Ensemble
    rows: tuple[Row, ...]
    stability: float
    core: Core
    resolution: float


def assessed(
    case: Case, plans: Sequence[Plan], ensemble: Ensemble = STANDARD, choices: Choices | None = None,
    catalog: Catalog | None = None, *, target: float | None = None, workers: int = 1, with_neighbours: bool = False,
) -> Assessment:  # fmt: skip
    """The measures, the ties and the core index of a front; the latter over its near-optimal neighbours too."""
    choices, catalog = choices or Choices(), catalog or load_catalog()
    result = assess(case, [p.package for p in plans], ensemble, choices, catalog, workers=workers)
    resolution = catalog.value("risk_resolution_share_of_baseline") * case.baseline_risk.p_one_year
    names = [p.id for p in plans]
    beside = neighbours(ask(case, choices, catalog), [p.package for p in plans]) if with_neighbours else []
    draws = replace(ensemble, scenarios=min(ensemble.scenarios, CORE_DRAWS))
    near = assess(case, beside, draws, choices, catalog, workers=workers)
    rows = table(np.asarray(result.of("risk"), dtype=float), names, resolution, target)
    *_, core = core_of(case, [*plans, *(Plan("", p) for p in beside)], _beside(result, near), choices, catalog)
    return Assessment(
        case.id,
        tuple(plans),
        ensemble,
        rows,
        rank_stability(np.asarray(result.of("risk"), dtype=float)),
        core,
        resolution,
    )


def _beside(one: Result, other: Result) -> Result:
    """Packages of two results side by side, over the scenarios that both have."""
    count = min(len(one.values), len(other.values))
    return Result(np.concatenate([one.values[:count], other.values[:count]], axis=1), one.keys)


def core_of(case: Case, plans: Sequence[Plan], result: Result, choices: Choices, catalog: Catalog) -> Iterator[Core]:
    """Core indices on risk and cost as the draws come in; the near-optimal are within a resolution of the front."""
    budget = case.constraints.budget_musd_2020 if choices.budget_musd is None else choices.budget_musd
    near = np.array([
        catalog.value("risk_resolution_share_of_baseline") * case.baseline_risk.p_one_year,
        catalog.value("cost_resolution_share_of_envelope") * budget,
    ])  # fmt: skip
    both = np.stack([result.of("risk"), result.of("cost")], axis=2).astype(float)
    parts = (both[k : k + PART] for k in range(0, len(both), PART))
    return core_index([p.package for p in plans], parts, near)


@dataclass(frozen=True, eq=False)
class Learning:
    """What is worth finding out, and which assumptions the choice hangs on.

    `perfect`: gain of knowing everything, as a share; `perfect_musd`: the least the front charges for as much.
    """

    case: str
    price: float
    chosen: str
    chance_of_best: float
    chosen_at_mids: str
    perfect: float
    perfect_musd: float | None
    groups: tuple[Worth, ...]
    numbers: tuple[Worth, ...]
    bars: tuple[Bar, ...]
    turns: tuple[Turn, ...]
    ids: tuple[str, ...]


def learning(
    case: Case, plans: Sequence[Plan], ensemble: Ensemble = STANDARD, choices: Choices | None = None,
    catalog: Catalog | None = None, *, price: float = 0.0, workers: int = 1,
) -> Learning:  # fmt: skip
    """The value of information for the choice among a front's packages.

    A package's loss is its risk, plus what its money would buy at `price` (risk per million USD) where the planner
    names one: no price of money is assumed, lest it become a reason to do nothing.
    """
    choices, catalog = choices or Choices(), catalog or load_catalog()
    packages = [p.package for p in plans]
    result = assess(case, packages, ensemble, choices, catalog, workers=workers, keep_draws=True)
    losses = np.asarray(result.of("risk") + price * result.of("cost"), dtype=float)
    chosen = int(losses.mean(axis=0).argmin())
    work = task(case, packages, ensemble, choices, catalog)
    groups, titles = {n.name: n.group for n in work.numbers}, {n.name: n.title for n in work.numbers}
    cost = np.array([judge_of(case, choices, catalog).evaluate(p).values["cost"] for p in packages])
    perfect = evpi(losses)
    worth = perfect / price if price > 0 else money(perfect, list(_risks(work)), list(cost))
    return Learning(
        case.id, price, plans[chosen].id, float(chance_of_best(losses)[chosen]),
        plans[int((_risks(work) + price * cost).argmin())].id, perfect,
        worth, tuple(by_group(losses, result.draws, groups, GROUPS)),
        tuple(by_number(losses, result.draws, titles)), tuple(tornado(work, chosen)),
        tuple(turns_of(work, price, cost)), tuple(p.id for p in plans),
    )  # fmt: skip


def turns_of(work: Task, price: float, cost: Floats) -> list[Turn]:
    """Assumptions that alone, inside their range, would change the choice that is best at the mids."""
    chosen = int((_risks(work) + price * cost).argmin())
    share = work.catalog.value("risk_resolution_share_of_baseline")
    margin = share * work.case.baseline_risk.p_one_year  # what a planner would not care about does not change a choice
    return turning_points(work, chosen, lambda found: np.asarray(found + price * cost), margin)


def _risks(work: Task) -> Floats:
    """Risk of each package with every number at its mid."""
    judge = judge_of(work.case, work.choices, work.catalog)
    return np.array([judge.evaluate(p).values["risk"] for p in work.packages])


def plain(value: Any) -> Any:
    """An assessment or a learning as plain values for JSON."""
    if isinstance(value, Assessment):
        core = [vars(i) | {"standing": i.standing} for i in value.core.indices]
        return {
            "case": value.case, "scenarios": value.ensemble.scenarios, "seed": value.ensemble.seed,
            "law": asdict(value.ensemble.law), "resolution": value.resolution, "rank_stability": value.stability,
            "packages": [asdict(row) for row in value.rows], "core": {"draws": value.core.draws, "indices": core},
        }  # fmt: skip
    return asdict(value)


__all__ = ["KEYS", "Assessment", "Learning", "Plan", "assessed", "core_of", "learning", "money", "plain"]
