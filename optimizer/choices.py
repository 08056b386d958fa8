"""Everything a planner chooses, as one frozen value: command line, page and playbook all build and print this."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

State = Literal["required", "preferred", "off"]
Body = Literal["unsc", "regional", "national_legislature"]
Group = Literal["decision_makers", "perpetrators", "victims", "third_parties"]


@dataclass(frozen=True)
class Branch:
    """One way the crisis may go: its probability, its hazard relative to the case's own, its intervention point."""

    name: str
    probability: float
    multiplier: float
    intervention_point: str


@dataclass(frozen=True)
class Choices:
    """A planner's choices; an empty tuple or None means as the case has it (MODEL.md, section 7)."""

    objectives: tuple[str, ...] = ("risk", "cost")
    failing: int = 1  # measures that come to nothing in the objective worst_k
    budget_musd: float | None = None  # envelope: now and the contingency reserve together
    reserve_musd: float | None = None  # part of the envelope kept for the branches
    funder_musd: tuple[tuple[str, float], ...] = ()  # most that one partner pays on its dearest path
    deadline_days: float | None = (
        None  # every measure is in force by then (in a branch: that long after the branch day)
    )
    first_effect_days: float | None = None  # some measure of now is in force by then
    max_measures: int | None = None  # most measures active in one node
    partners_out: tuple[str, ...] = ()
    partner_from: tuple[tuple[str, float], ...] = ()  # month of the case from which a partner is available
    capacity: tuple[tuple[str, int], ...] = ()  # measures a partner can lead at once
    will: tuple[tuple[str, float], ...] = ()  # readiness of a partner in this case, for talks and for troops alike
    planned_with: tuple[str, ...] = ()  # partners planned with in advance (R55)
    influence: tuple[str, ...] = ()  # partners named as able to move the perpetrators (R24)
    authorization: tuple[tuple[Body, bool], ...] = ()  # bodies ruled in or out
    force_in: tuple[str, ...] = ()  # instruments that must be begun in now
    force_out: tuple[str, ...] = ()
    review_allowed: tuple[str, ...] = ()  # off_review instruments switched on after legal review
    rules: tuple[tuple[str, State], ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()  # ("R17.f_min", 0.5)
    baseline: Literal["inside", "outside"] | float = "inside"
    waived_groups: tuple[Group, ...] = ()
    branch_day: float | None = None
    branches: tuple[Branch, ...] | None = None  # None: as the case or the branch table has it; (): no branches

    def of(self, name: str, key: str) -> object | None:
        """The value chosen for `key` in the pairs called `name`, or None."""
        return dict(getattr(self, name)).get(key)


@dataclass(frozen=True)
class Measure:
    """An instrument led by one partner in one node; days count from the case's start date.

    `in_force_day`, `end_day`: None means as computed from lead times and duration (a real action states its own).
    `intensity`: share of the instrument's full strength (1 for planned measures; real actions have less).
    """

    instrument: str
    lead: str
    node: str
    start_day: float
    joined: tuple[str, ...] = ()
    in_force_day: float | None = None
    end_day: float | None = None
    intensity: float = 1.0
    backed: bool | None = None  # a real threat: whether a believable deed stood behind it; None: judged by R01


@dataclass(frozen=True)
class Package:
    """One set of measures: now and in every branch."""

    measures: tuple[Measure, ...] = field(default_factory=tuple)
