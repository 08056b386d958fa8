"""What does not change with the package: tree, periods, hazard, and what each partner and tool is worth in the case."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from ..choices import Choices, State
from ..inputs.partner_names import name_of
from ..inputs.records import Case, CasePartner, Catalog, Instrument, Leverage
from .combination import Floats, wide

MONTH_DAYS = 30.4
PERIOD_LIMITS = (0, 7, 14, 30, 45, 60, 90, 120, 180, 270, 365, 545, 730, 1095, 1460, 1825)  # docs/method.md, section 1
SLOTS_NOW = (0.0, 30.0)
SLOTS_BRANCH = (0.0,)
LEVERAGE_FLOOR = 0.1  # catalog README, section 4a
WILL_FORCE_FAMILIES = frozenset({"presence", "force", "force_threat", "guarantee"})
ORGANISATIONS = frozenset({"regional_organisation", "international_organisation"})
NEAR = 1e-9  # days, shares and money closer than this are the same


def larger(one: Any, other: Any) -> Any:
    """The larger of two numbers, scenario by scenario where they are drawn."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.maximum(one, other)
    return max(one, other)


def smaller(one: Any, other: Any) -> Any:
    """The smaller of two numbers, scenario by scenario where they are drawn."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.minimum(one, other)
    return min(one, other)


class BranchLike(Protocol):
    """A branch, given by the planner, by the case or by the branch table."""

    @property
    def name(self) -> str: ...
    @property
    def probability(self) -> float: ...
    @property
    def multiplier(self) -> float: ...
    @property
    def intervention_point(self) -> str: ...


@dataclass(frozen=True)
class TableBranch:
    """A branch of the branch table."""

    name: str
    probability: float
    multiplier: float
    intervention_point: str


@dataclass(frozen=True)
class Node:
    """A stretch of the plan, from `start` to `end` (days); `probability` that it comes, hazard times `multiplier`."""

    name: str
    point: str
    start: float
    end: float
    probability: float
    multiplier: float


@dataclass(frozen=True)
class Standing:
    """A partner in this case, as the planner sees it; days, and measures that it can lead at once."""

    id: str
    name: str
    generic: str
    is_in: bool
    available_day: float
    activation_days: float
    will: float
    will_force: float
    capacity: int
    is_organisation: bool

    def will_for(self, family: str) -> float:
        """Readiness to act by tools of a family."""
        return min(self.will, self.will_force) if family in WILL_FORCE_FAMILIES else self.will


@dataclass(frozen=True, eq=False)
class Scene:
    """A case as a planner has set it; everything that is derived is computed once.

    `draws`: uncertain numbers that are not at their mid, each (scenarios,), by the names of
    optimizer/doubt/numbers.py. What is
    derived from them has the scenarios as its leading axis; with no draws everything is as the data have it.
    """

    case: Case
    choices: Choices
    catalog: Catalog
    draws: Mapping[str, Any] = field(default_factory=dict)

    def drawn(self, name: str, mid: Any) -> Any:
        """An uncertain number: (scenarios,) where it is drawn, else its mid."""
        return self.draws.get(name, mid)

    def cast(self, values: Any) -> Any:
        """Values in the precision of the draws."""
        first = next(iter(self.draws.values()), None)
        return values if first is None else np.asarray(values).astype(first.dtype, copy=False)

    def number(self, name: str) -> float:
        """A parameter: the planner's, or the mid of the catalog."""
        chosen = dict(self.choices.parameters).get(name)
        if chosen is not None:
            return chosen
        if name in self.draws:
            return self.draws[name]  # type: ignore[no-any-return]
        return self.catalog.value(name)

    def state(self, rule: str) -> State:
        """State of a rule: the planner's; else hard constraints are required, all others preferred, where on."""
        chosen = dict(self.choices.rules).get(rule)
        if chosen is not None:
            return chosen
        text = self.catalog.rules[rule]
        if not text.default_on:
            return "off"
        return "required" if text.kind == "hard_constraint" else "preferred"

    def on(self, rule: str) -> bool:
        """Whether a rule has any say."""
        return self.rule_states[rule] != "off"

    @cached_property
    def rule_states(self) -> dict[str, State]:
        """State of every rule of the catalog."""
        return {rule: self.state(rule) for rule in self.catalog.rules}

    @cached_property
    def horizon(self) -> float:
        """End of the plan, days."""
        return self.case.horizon_months * MONTH_DAYS

    @cached_property
    def volcanic(self) -> bool:
        """Whether the crisis is one of weeks."""
        return self.case.tempo.tempo_class == "volcanic"

    @cached_property
    def envelope(self) -> float:
        """Money for now and the contingency reserve together, million 2020 USD."""
        chosen = self.choices.budget_musd
        return self.case.constraints.budget_musd_2020 if chosen is None else chosen

    @cached_property
    def baseline(self) -> float:
        """Risk over the horizon if nothing is done."""
        chosen, known = self.choices.baseline, self.case.baseline_risk
        if chosen == "inside":
            return known.p_one_year
        return known.outside_view_p if chosen == "outside" else float(chosen)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """`now` first, then the branches."""
        branches, point = self._branches, self.case.intervention_point
        if not branches:
            return (Node("now", point, 0.0, self.horizon, 1.0, 1.0),)
        day = self._branch_day
        mean = sum(branch.probability * branch.multiplier for branch in branches)
        total = sum(branch.probability for branch in branches)
        if abs(total - 1) > 1e-6 or mean <= 0 or not 0 < day < self.horizon:
            raise ValueError(
                f"{self.case.id}: branch probabilities must sum to 1 (they sum to {total:g}), some multiplier must be "
                f"above 0 (mean {mean:g}), and the branch day {day:g} must lie between 0 and {self.horizon:g}"
            )
        later = (
            Node(b.name, b.intervention_point, day, self.horizon, b.probability, b.multiplier / mean) for b in branches
        )
        return (Node("now", point, 0.0, day, 1.0, 1.0), *later)

    @property
    def _branches(self) -> Sequence[BranchLike]:
        if self.choices.branches is not None:
            return self.choices.branches
        if self.case.branches:
            return self.case.branches
        row = self.catalog.branch_defaults[self.case.intervention_point, self.case.tempo.tempo_class]
        return (
            TableBranch("escalates", row.p_escalates.mid, row.mult_escalates.mid, "onset"),
            TableBranch("settles", row.p_settles.mid, row.mult_settles.mid, "post_settlement"),
            TableBranch("drags_on", row.p_drags_on_mid, row.mult_drags_on.mid, self.case.intervention_point),
        )

    @property
    def _branch_day(self) -> float:
        if self.choices.branch_day is not None:
            return self.choices.branch_day
        if self.case.branch_day is not None:
            return self.case.branch_day
        row = self.catalog.branch_defaults.get((self.case.intervention_point, self.case.tempo.tempo_class))
        return self.number("branch_day") if row is None else row.branch_day

    @cached_property
    def node_index(self) -> dict[str, int]:
        """Place of each node in `nodes`."""
        return {node.name: k for k, node in enumerate(self.nodes)}

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """`now` followed by each branch, or `now` alone."""
        return tuple(("now", node.name) for node in self.nodes[1:]) or (("now",),)

    @cached_property
    def limits(self) -> Floats:
        """Period limits of the whole plan, days, rising."""
        inner = {float(day) for day in PERIOD_LIMITS if day < self.horizon}
        return np.array(sorted(inner | {self.horizon} | {node.start for node in self.nodes}))

    @cached_property
    def cells(self) -> tuple[tuple[int, float, float], ...]:
        """Every period of every node: place of the node, first day, day after the last."""
        spans = list(zip(self.limits[:-1], self.limits[1:], strict=True))
        return tuple(
            (k, float(a), float(z))
            for k, node in enumerate(self.nodes)
            for a, z in spans
            if node.start <= a and z <= node.end
        )

    @cached_property
    def cell_from(self) -> Floats:
        """First day of each cell, (cells,)."""
        return self.cast(np.array([cell[1] for cell in self.cells]))  # type: ignore[no-any-return]

    @cached_property
    def cell_to(self) -> Floats:
        """Day after the last of each cell, (cells,)."""
        return self.cast(np.array([cell[2] for cell in self.cells]))  # type: ignore[no-any-return]

    @cached_property
    def cell_place(self) -> tuple[int, ...]:
        """Place of the node of each cell."""
        return tuple(cell[0] for cell in self.cells)

    @cached_property
    def chances(self) -> tuple[Any, ...]:
        """Probability of each node; drawn ones are scaled so that the branches sum to 1."""
        drawn = [self.drawn(f"chance:{node.name}", node.probability) for node in self.nodes]
        total = sum(drawn[1:])
        return (1.0, *(chance / total for chance in drawn[1:])) if len(drawn) > 1 and self.draws else tuple(drawn)

    @cached_property
    def multipliers(self) -> tuple[Any, ...]:
        """Hazard of each node relative to the case's own; the weighted mean of the branches stays 1."""
        drawn = [self.drawn(f"multiplier:{node.name}", node.multiplier) for node in self.nodes]
        if len(drawn) == 1 or not self.draws:
            return tuple(drawn)
        mean = sum(chance * one for chance, one in zip(self.chances[1:], drawn[1:], strict=True))
        return (1.0, *(one / mean for one in drawn[1:]))

    def over_cells(self, by_node: Sequence[Any]) -> Floats:
        """A number of each node, one or (scenarios,), laid over the cells; (..., cells) with scenarios side by side
        in memory."""
        rows = np.broadcast_arrays(*by_node)
        return self.cast(np.moveaxis(np.stack([rows[k] for k in self.cell_place]), 0, -1))  # type: ignore[no-any-return]

    def passed(self, days: Floats) -> Floats:
        """Share of the hazard before each of some days; the profile is uniform inside a month."""
        profile = np.array(self.case.tempo.hazard_profile)
        months = np.arange(len(profile) + 1) * MONTH_DAYS
        known = np.concatenate([[0.0], np.cumsum(profile)]) / profile.sum()
        timing = self.drawn("timing", None)
        if timing is not None:  # above 1: later than the profile has it
            days = self.horizon * (days / self.horizon) ** np.asarray(timing, dtype=float)[:, None]
        return np.asarray(np.interp(days, months, known))

    @cached_property
    def hazard(self) -> Floats:
        """Hazard of each cell, given its node, (..., cells)."""
        first, last = (np.array([cell[k] for cell in self.cells]) for k in (1, 2))
        share = self.passed(last) - self.passed(first)
        every: Any = np.ones_like(next(iter(self.draws.values()))) if self.draws else 1.0  # one for each scenario
        whole = -np.log1p(-np.asarray(self.drawn("baseline", self.baseline))) * every
        return np.asarray(np.asfortranarray(self.cast(wide(whole) * share)) * self.over_cells(self.multipliers))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The nodes with the cells of each, `now` first."""
        return tuple(Stage(self, place) for place in range(len(self.nodes)))

    @cached_property
    def partners(self) -> dict[str, Standing]:
        """Every partner of the case."""
        return {row.partner: self._standing(row) for row in self.case.partners}

    def _standing(self, row: CasePartner) -> Standing:
        generic, choices = self.catalog.partners[row.generic_partner], self.choices
        month = dict(choices.partner_from).get(row.partner, row.available_from_month)
        will = dict(choices.will).get(row.partner)
        force = row.will_force if row.will_force is not None else row.political_will
        prepared = row.partner in choices.planned_with and self.on("R55")
        computed = max(1, math.floor(generic.max_concurrent_instruments * row.capacity + 0.5))
        known = self.catalog.partners.get(row.partner)
        return Standing(
            id=row.partner,
            name=known.name if known else name_of(row.partner),
            generic=row.generic_partner,
            is_in=row.partner not in choices.partners_out,
            available_day=month * MONTH_DAYS,
            activation_days=generic.activation_days * (self.number("R55.factor") if prepared else 1),
            will=row.political_will if will is None else will,
            will_force=force if will is None else will,
            capacity=dict(choices.capacity).get(row.partner, computed),
            is_organisation=generic.kind in ORGANISATIONS,
        )

    @cached_property
    def leverage(self) -> dict[str, float]:
        """How the case scales the effect of each instrument (R38)."""
        if not self.on("R38"):
            return dict.fromkeys(self.catalog.instruments, 1.0)
        return {key: self._leverage(tool) for key, tool in self.catalog.instruments.items()}

    def _leverage(self, tool: Instrument) -> float:
        rows = [row for row in self.catalog.leverage if row.family == tool.family]
        own = {row.case_field for row in rows if row.instrument == tool.id}
        counted = (r for r in rows if r.instrument == tool.id or (not r.instrument and r.case_field not in own))
        return larger(LEVERAGE_FLOOR, math.prod(self._leverage_factor(row) for row in counted))  # type: ignore[no-any-return]

    def _leverage_factor(self, row: Leverage) -> float:
        block, field = row.case_field.split(".")
        value = self.drawn(f"field:{row.case_field}", float(getattr(getattr(self.case, block), field)))
        weight = self.drawn(f"leverage:{row.family}:{row.instrument or ''}:{row.case_field}", row.weight.mid)
        return 1 - weight * (1 - value if row.direction == "more" else value)  # type: ignore[no-any-return]

    @cached_property
    def gates(self) -> dict[str, tuple[str, float]]:
        """Best gate of each instrument and its prospect, 0 to 1."""
        return {key: self._best_gate(tool) for key, tool in self.catalog.instruments.items()}

    def _best_gate(self, tool: Instrument) -> tuple[str, float]:
        discount = self.number("R05.discount") if self.on("R05") else 1.0
        options = [(tool.needs_authorization, self._prospect(tool.needs_authorization))]
        options += [(gate, self._prospect(gate) * discount) for gate in tool.authorization_alternatives]
        if self.draws:
            return options[0][0], functools.reduce(larger, [prospect for _, prospect in options])
        return max(options, key=lambda option: option[1])  # of equals max keeps the first

    def _prospect(self, gate: str) -> float:
        prospects = {
            "unsc": self.case.legitimacy.unsc_authorization_prospect,
            "regional": self.case.legitimacy.regional_authorization_prospect,
        }
        ruled: dict[str, bool] = {body: allowed for body, allowed in self.choices.authorization}  # noqa: C416 (widens)
        return float(ruled[gate]) if gate in ruled else self.drawn(f"gate:{gate}", prospects.get(gate, 1.0))

    @cached_property
    def government_kills(self) -> bool:
        """Whether a government is among the (likely) perpetrators."""
        return any(p.role == "government" and "perpetrators" in p.table2_groups for p in self.case.parties)

    @cached_property
    def family_share(self) -> dict[str, float]:
        """Factors that hang on the family alone: sanctions coalition (R32), peace forces against a government."""
        factors: dict[str, float] = dict.fromkeys((str(tool.family) for tool in self.catalog.instruments.values()), 1.0)
        if self.on("R32"):
            factors["econ_sanction"] = 0.4 + 0.6 * self.number("R32.share")
        if self.government_kills:
            factors["presence"] = self.number("government_perpetrator_factor_peace_forces")
        return factors

    @cached_property
    def fade_per_day(self) -> float:
        """Rate at which effects fade with delay (R06)."""
        if not self.on("R06"):
            return 0.0
        return self.number("R06.d_volcanic" if self.volcanic else "R06.d_rolling") / MONTH_DAYS

    @cached_property
    def constants(self) -> dict[str, float]:
        """Numbers that every package needs, looked up once."""
        names = (
            "R04.b", "R07.factor", "R22.bonus", "synergy_tool_cap", "synergy_token", "synergy_least_harm",
            "coverage_effect_least",
        )  # fmt: skip
        return {name: self.number(name) for name in names}


@dataclass(frozen=True, eq=False)
class Stage:
    """One node and its cells: what a package does there hangs on what is felt there. Arrays are (..., cells)."""

    scene: Scene
    place: int

    @property
    def node(self) -> Node:
        """The node itself."""
        return self.scene.nodes[self.place]

    @cached_property
    def cells(self) -> slice:
        """Its cells among those of the scene."""
        here = [k for k, place in enumerate(self.scene.cell_place) if place == self.place]
        return slice(here[0], here[-1] + 1) if here else slice(0, 0)

    @property
    def onset(self) -> bool:
        """Whether mass killing has begun."""
        return self.node.point == "onset"

    @cached_property
    def chance(self) -> Any:
        """Probability that it comes."""
        return self.scene.chances[self.place]

    @cached_property
    def hazard(self) -> Floats:
        """Hazard of each cell, given the node."""
        return self.scene.hazard[..., self.cells]

    @cached_property
    def cell_from(self) -> Floats:
        """First day of each cell, (cells,)."""
        return self.scene.cell_from[self.cells]

    @cached_property
    def cell_to(self) -> Floats:
        """Day after the last of each cell, (cells,)."""
        return self.scene.cell_to[self.cells]
