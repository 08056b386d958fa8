"""The scenario tree: now, and what may follow (docs/method.md, section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..choices import Branch, Choices
from ..inputs.records import Case, Catalog

MONTH_DAYS = 30.4  # cases/schema.md
LIMITS = (0, 7, 14, 30, 45, 60, 90, 120, 180, 270, 365, 545, 730, 1095, 1460, 1825)  # fine first: a week, later months
NOW_SLOTS = (0.0, 30.0)
BRANCH_SLOTS = (0.0,)  # after the branch day: a second start a month later moved no front by a tenth of a resolution


@dataclass(frozen=True)
class Node:
    """A stretch of time with one intervention point; `hazards` are Lambda x share x multiplier, one per period."""

    name: str
    point: str
    start: float
    end: float
    probability: float
    limits: tuple[float, ...]  # days, one more than periods
    hazards: tuple[float, ...]

    @cached_property
    def periods(self) -> tuple[tuple[float, float], ...]:
        return tuple(zip(self.limits[:-1], self.limits[1:], strict=True))

    @property
    def slots(self) -> tuple[float, ...]:
        offsets = NOW_SLOTS if self.name == "now" else BRANCH_SLOTS
        return tuple(self.start + s for s in offsets if self.start + s < self.end)


@dataclass(frozen=True)
class Tree:
    """`now` and its branches; the horizon in days."""

    nodes: tuple[Node, ...]
    horizon: float
    baseline: float  # P0

    @property
    def now(self) -> Node:
        return self.nodes[0]

    @property
    def branches(self) -> tuple[Node, ...]:
        return self.nodes[1:]

    @property
    def ends(self) -> tuple[Node, ...]:
        """The last node of each path."""
        return self.branches or self.nodes

    def node(self, name: str) -> Node:
        return next(n for n in self.nodes if n.name == name)

    def where(self, role: str) -> Node | None:
        """The branch that plays a role (`escalates`, `settles`), if the tree has it."""
        return next((n for n in self.branches if n.name == role), None)


def baseline_risk(case: Case, choices: Choices) -> float:
    """P0: inside view, outside view or the planner's own number."""
    if choices.baseline == "inside":
        return case.baseline_risk.p_one_year
    if choices.baseline == "outside":
        return case.baseline_risk.outside_view_p
    return float(choices.baseline)


def profile_share(profile: NDArray[np.float64], days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the monthly profile that lies before each day (uniform inside a month)."""
    known = np.concatenate([[0.0], np.cumsum(profile)])
    return np.asarray(np.interp(days, np.arange(len(known)) * MONTH_DAYS, known))


def branch_day(case: Case, choices: Choices, catalog: Catalog) -> float:
    if choices.branch_day is not None:
        return choices.branch_day
    if case.branch_day is not None:
        return case.branch_day
    return catalog.branch_defaults[case.intervention_point, case.tempo.tempo_class].branch_day


def branches(case: Case, choices: Choices, catalog: Catalog) -> tuple[Branch, ...]:
    """The planner's branches, else the case's, else the branch table's; multipliers with weighted mean 1."""
    chosen = choices.branches if choices.branches is not None else _own(case)
    if chosen is None:
        chosen = _table(case, catalog)
    mean = sum(b.probability * b.multiplier for b in chosen)
    return tuple(Branch(b.name, b.probability, b.multiplier / mean, b.intervention_point) for b in chosen)


def _own(case: Case) -> tuple[Branch, ...] | None:
    if not case.branches:
        return None
    return tuple(Branch(b.name, b.probability, b.multiplier, b.intervention_point) for b in case.branches)


def _table(case: Case, catalog: Catalog) -> tuple[Branch, ...]:
    row = catalog.branch_defaults[case.intervention_point, case.tempo.tempo_class]
    return (
        Branch("escalates", row.p_escalates.mid, row.mult_escalates.mid, "onset"),
        Branch("settles", row.p_settles.mid, row.mult_settles.mid, "post_settlement"),
        Branch("drags_on", row.p_drags_on_mid, row.mult_drags_on.mid, case.intervention_point),
    )


def build_tree(case: Case, choices: Choices, catalog: Catalog) -> Tree:
    """The tree of a case under a planner's choices."""
    horizon = case.horizon_months * MONTH_DAYS
    after = branches(case, choices, catalog)
    day = branch_day(case, choices, catalog) if after else horizon
    p0 = baseline_risk(case, choices)
    profile = np.asarray(case.tempo.hazard_profile, dtype=float)

    def node(name: str, point: str, start: float, end: float, probability: float, multiplier: float) -> Node:
        limits = np.array([start, *(x for x in LIMITS if start < x < end), end], dtype=float)
        hazards = -np.log1p(-p0) * np.diff(profile_share(profile, limits)) * multiplier
        return Node(name, point, start, end, probability, tuple(limits.tolist()), tuple(hazards.tolist()))

    now = node("now", case.intervention_point, 0.0, day, 1.0, 1.0)
    later = [node(b.name, b.intervention_point, day, horizon, b.probability, b.multiplier) for b in after]
    return Tree((now, *later), horizon, p0)
