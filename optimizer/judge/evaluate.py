"""Risk, cost, days to protection and coerciveness of one package, exactly (docs/method.md, sections 2 to 4 and 7)."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..choices import Choices, Measure, Package
from ..inputs.records import Case, Catalog
from .combination import (
    Bools,
    Ceilings,
    Combined,
    Floats,
    any_of,
    combine,
    discounted,
    groups_of,
    residual,
    wide,
)
from .lanes import Lane, betas, lane_of
from .measures import Timed, acts_as_coalition, can_follow, follows_peaceful_means, is_peaceful, timed
from .scene import Scene, larger, smaller
from .synergies import Board, Fired, Memo, Row, rows_in_use, synergy_terms

GROUPS = ("decision_makers", "perpetrators", "victims", "third_parties")  # Table 2 of the second seed
AS_THE_CASE_HAS_IT = Choices()
REMEMBERED = 8  # a search asks of one scene, an ensemble of a few; each holds well under a megabyte


@dataclass(frozen=True)
class Period:
    """One period of one node: hazard given the node, joint strength at three levels, share of the hazard left (u)."""

    node: str
    from_day: float
    to_day: float
    hazard: float
    L_words: float
    L_soft: float
    L_star: float
    u: float


@dataclass(frozen=True)
class Effect:
    """A measure in one node where it is felt: relative fall in risk e and -ln(1 - e), with bonuses."""

    node: str
    e: float
    beta: float


@dataclass(frozen=True)
class Judged:
    """A measure as the judge sees it; days from the start, million 2020 USD."""

    measure: Measure
    mode: str
    in_force_day: float
    end_day: float
    cost_musd: float
    effects: tuple[Effect, ...]
    gate: str
    prospect: float
    coalition_bonus: bool
    sequence_bonus: bool


@dataclass(frozen=True)
class Ceiling:
    """A ceiling that cuts something off in a period: words, soft, joint, sanctions, synergies_soft, synergies_hard."""

    name: str
    node: str
    from_day: float


@dataclass(frozen=True)
class Evaluation:
    """Everything about a package; `values`: risk (probability), cost (million 2020 USD), days, coercion (index)."""

    risk: float
    baseline: float
    inner: float
    values: dict[str, float]
    risk_path: tuple[Period, ...]
    measures: tuple[Judged, ...]
    synergies: tuple[Fired, ...]
    ceilings: tuple[Ceiling, ...]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """A package under drawn numbers, each (scenarios,): risk (probability), cost (million 2020 USD), days, coercion
    (index)."""

    risk: Floats
    cost: Floats
    days: Floats
    coercion: Floats


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges packages for one case under one set of choices; made once, asked often."""

    scene: Scene
    rows: tuple[Row, ...]
    group_of: dict[str, str]  # family of each instrument
    _lanes: dict[Measure, Lane] = field(default_factory=dict)
    _terms: Memo = field(default_factory=dict)
    _caps: dict[object, Ceilings] = field(default_factory=dict)

    def evaluate(self, package: Package) -> Evaluation:
        """The whole judgement of one package."""
        order = sorted(range(len(package.measures)), key=lambda k: package.measures[k].instrument)
        lanes = [self.lane(package.measures[k]) for k in order]
        board, bonuses = Board(self.scene, lanes), _bonuses(self.scene, lanes)
        terms, fired = synergy_terms(board, self.rows)
        joint = self._combined(
            board, [lane.raised(*pair, pair) for lane, pair in zip(lanes, bonuses, strict=True)], terms
        )
        inner = float(residual(joint.total, self.scene.weighted_hazard))
        risk = float(-np.expm1(-inner))
        judged = {k: _judged_one(self.scene, lane, pair) for k, lane, pair in zip(order, lanes, bonuses, strict=True)}
        return Evaluation(
            risk=risk,
            baseline=self.scene.baseline,
            inner=inner,
            values={"risk": risk} | {key: float(value) for key, value in plain_values(self.scene, lanes).items()},
            risk_path=_risk_path(self.scene, joint),
            measures=tuple(judged[k] for k in range(len(order))),
            synergies=_fired(self.scene, fired),
            ceilings=_binding(self.scene, joint),
        )

    def outcomes(self, package: Package) -> Outcomes:
        """The objectives of one package in every scenario of the drawn numbers; the same functions as `evaluate`."""
        lanes, joint = self._drawn(package)
        inner = residual(joint.total, self.scene.weighted_hazard)
        return Outcomes(risk=-np.expm1(-inner), **plain_values(self.scene, lanes))

    def risk_in(self, package: Package, node: str) -> Floats:
        """Risk over one node, if it comes, in every scenario of the drawn numbers."""
        _, joint = self._drawn(package)
        here = [k for k, (at, _, _) in enumerate(self.scene.cells) if self.scene.nodes[at].name == node]
        hazard = np.broadcast_to(self.scene.hazard, joint.total.shape)
        return np.asarray(-np.expm1(-residual(joint.total[..., here], hazard[..., here])))

    def _drawn(self, package: Package) -> tuple[list[Lane], Combined]:
        lanes = [self.lane(measure) for measure in sorted(package.measures, key=lambda m: m.instrument)]
        board, bonuses = Board(self.scene, lanes), _bonuses(self.scene, lanes)
        terms, _ = synergy_terms(board, self.rows, self._terms)
        keys = [_what_came_before(self.scene, lane, lanes) for lane in lanes]
        raised = [lane.raised(*pair, key) for lane, pair, key in zip(lanes, bonuses, keys, strict=True)]
        return lanes, self._combined(board, raised, terms)

    def lane(self, measure: Measure) -> Lane:
        """A measure laid over the cells, remembered."""
        if measure not in self._lanes:
            self._lanes[measure] = lane_of(self.scene, timed(self.scene, measure))
        return self._lanes[measure]

    def _combined(self, board: Board, strength: Sequence[Floats], terms: Any) -> Combined:
        ceilings, scene = self._ceilings(board), self.scene
        groups = groups_of(tuple((key, self.group_of[key]) for key in board.tools))
        counted = discounted(
            board.strongest(strength), board.tool_runs, groups, scene.hazard, scene.cell_node, ceilings.family_discount
        )
        return combine(counted, groups, terms, ceilings)

    def _ceilings(self, board: Board) -> Ceilings:
        """The ceilings, higher after onset where troops act; remembered for each set of troops."""
        troops = [k for k, lane in enumerate(board.lanes) if _are_troops(lane.item)]
        key = tuple(id(board.lanes[k]) for k in troops)
        if key not in self._caps:
            number = self.scene.number
            late = self.scene.cell_onset & any_of([board.lanes[k].runs for k in troops], board.shape)
            after, early = (wide(number(f"max_joint_reduction_{when}")) for when in ("onset", "early"))
            self._caps[key] = Ceilings(
                family_discount=number("same_family_discount"),
                synergy_share=number("synergy_total_share"),
                words=number("cap_words_group"),
                soft=number("cap_non_force_group"),
                joint=np.where(late, after, early),
                sanctions=number("R35.cap") if self.scene.on("R35") else None,
            )
        return self._caps[key]


def _are_troops(item: Timed) -> bool:
    return item.tool.family in ("force", "presence") and item.tool.mode != "enabler"


def _bonuses(scene: Scene, lanes: Sequence[Lane]) -> list[tuple[Any, Any]]:
    """Where each measure has the bonus of coalition and of sequence."""
    items = [lane.item for lane in lanes]
    return [(acts_as_coalition(scene, item), follows_peaceful_means(scene, item, items)) for item in items]


def _what_came_before(scene: Scene, lane: Lane, lanes: Sequence[Lane]) -> object:
    """What, beside the measure itself, its bonuses hang on."""
    if not can_follow(scene, lane.item.tool):
        return None
    return tuple(id(other) for other in lanes if is_peaceful(other.item.tool))


def make_judge(case: Case, choices: Choices, catalog: Catalog, draws: Mapping[str, Any] | None = None) -> Judge:
    """A judge for one case under one set of choices; under drawn numbers it gives `outcomes` only."""
    scene = Scene(case, choices, catalog, draws or {})
    return Judge(scene, rows_in_use(scene), {key: tool.family for key, tool in catalog.instruments.items()})


_remembered: list[Judge] = []


def judge_of(case: Case, choices: Choices, catalog: Catalog | None = None) -> Judge:
    """The same judge as before for the same three, else a new one; catalog None: the one that comes with the code."""
    tables = known_catalog() if catalog is None else catalog
    for judge in _remembered:
        scene = judge.scene
        if scene.case is case and scene.catalog is tables and scene.choices == choices:
            return judge
    judge = make_judge(case, choices, tables)
    _remembered.insert(0, judge)
    del _remembered[REMEMBERED:]
    return judge


@functools.cache
def known_catalog() -> Catalog:
    """The catalog that comes with the code, read once."""
    from ..inputs.reader import load_catalog

    return load_catalog()


def evaluate(
    case: Case,
    package: Package,
    choices: Choices = AS_THE_CASE_HAS_IT,
    catalog: Catalog | None = None,
) -> Evaluation:
    """Risk, cost, days to protection and coerciveness of a package, with what they are made of."""
    return judge_of(case, choices, catalog).evaluate(package)


def plain_values(scene: Scene, lanes: Sequence[Lane]) -> dict[str, Any]:
    """Cost (million 2020 USD), days to protection, coerciveness: what needs no combination."""
    chance = {node.name: scene.chances[k] for k, node in enumerate(scene.nodes)}
    every = np.zeros(scene.hazard.shape[:-1], dtype=scene.hazard.dtype)  # one for each scenario
    items = [lane.item for lane in lanes]
    return {
        "cost": sum((chance[item.node.name] * item.cost_musd for item in items), every),
        "days": days_to_protection(scene, lanes) + every,
        "coercion": sum((chance[item.node.name] * item.tool.intrusion.mid * item.taken_up for item in items), every),
    }


def days_to_protection(scene: Scene, lanes: Sequence[Lane]) -> Any:
    """First period limit by which each group not waived has, on every path, a measure in force; H if never."""
    least = scene.constants["coverage_effect_least"]
    cover = [lane for lane in lanes if lane.item.tool.effect.mid >= least]
    groups = [group for group in GROUPS if group not in scene.choices.waived_groups]
    days = [_first_day(scene, cover, group, path) for group in groups for path in scene.paths]
    return functools.reduce(larger, days, 0.0)


def _first_day(scene: Scene, cover: Sequence[Lane], group: str, path: Sequence[str]) -> Any:
    days = [lane.protects_from for lane in cover if group in lane.item.tool.target_groups and lane.item.on(path)]
    return functools.reduce(smaller, days, scene.horizon)


def _risk_path(scene: Scene, joint: Combined) -> tuple[Period, ...]:
    left = np.exp(-joint.total)
    return tuple(
        Period(scene.nodes[k].name, a, z, *map(float, row))
        for (k, a, z), row in zip(
            scene.cells, zip(scene.hazard, joint.words, joint.soft, joint.total, left, strict=True), strict=True
        )
    )


def _judged_one(scene: Scene, lane: Lane, bonus: tuple[bool, bool]) -> Judged:
    item, found = lane.item, betas(lane, *bonus)
    gate, prospect = scene.gates[item.tool.id]
    felt = [(node.name, float(b)) for node, b in zip(scene.nodes, found, strict=True) if item.felt_in(node)]
    return Judged(
        measure=item.measure,
        mode=item.tool.mode,
        in_force_day=item.in_force,
        end_day=item.end,
        cost_musd=item.cost_musd,
        effects=tuple(Effect(name, float(-np.expm1(-b)), b) for name, b in felt),
        gate=gate,
        prospect=prospect,
        coalition_bonus=bonus[0],
        sequence_bonus=bonus[1],
    )


def _fired(scene: Scene, fired: Sequence[tuple[Row, Floats, Bools]]) -> tuple[Fired, ...]:
    return tuple(
        Fired(row.id, scene.nodes[scene.cells[t][0]].name, scene.cells[t][1], float(term[t]), bool(hard[t]))
        for row, term, hard in fired
        for t in np.flatnonzero(term)
    )


def _binding(scene: Scene, joint: Combined) -> tuple[Ceiling, ...]:
    return tuple(
        Ceiling(name, scene.nodes[scene.cells[t][0]].name, scene.cells[t][1])
        for name, where in joint.binds.items()
        for t in np.flatnonzero(np.broadcast_to(where, len(scene.cells)))
    )
