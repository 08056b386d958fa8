"""Risk, cost, days to protection and coerciveness of one package, exactly (docs/method.md, sections 2 to 4 and 7)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..choices import Choices, Measure, Package
from ..inputs.records import Case, Catalog
from .combination import (
    Ceilings,
    Combined,
    Floats,
    any_of,
    combine,
    discounted,
    groups_of,
    wide,
)
from .lanes import Lane
from .measures import Timed, acts_as_coalition, can_follow, effects, follows_peaceful_means, is_peaceful, timed
from .scene import Scene, Stage, larger, smaller
from .synergies import Board, Fired, Memo, Row, Term, rows_in_use, synergy_terms

GROUPS = ("decision_makers", "perpetrators", "victims", "third_parties")  # Table 2 of the second seed
CEILINGS = ("words", "soft", "joint", "sanctions", "synergies_soft", "synergies_hard")
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
    """Judges packages for one case under one set of choices, node by node; made once, asked often."""

    scene: Scene
    rows: tuple[Row, ...]
    group_of: dict[str, str]  # family of each instrument
    _lanes: dict[Measure, Lane] = field(default_factory=dict)
    _known: Memo = field(default_factory=dict)  # terms, hazard left and days of what was judged before
    _caps: dict[object, Ceilings] = field(default_factory=dict)

    def evaluate(self, package: Package) -> Evaluation:
        """The whole judgement of one package."""
        lanes = [self.lane(measure) for measure in package.measures]
        stages = self.scene.stages
        nodes = [(stage, *self._in_node(stage, lanes, {})) for stage in stages]
        inner = float(sum(stage.chance * joint.left(stage.hazard) for stage, joint, _ in nodes))
        risk = float(-np.expm1(-inner))
        bonuses = _bonuses(self.scene, lanes)
        return Evaluation(
            risk=risk,
            baseline=self.scene.baseline,
            inner=inner,
            values={"risk": risk} | {key: float(value) for key, value in self._plain_values(lanes, {}).items()},
            risk_path=tuple(period for stage, joint, _ in nodes for period in _risk_path(stage, joint)),
            measures=tuple(_judged_one(self.scene, lane, pair) for lane, pair in zip(lanes, bonuses, strict=True)),
            synergies=_fired(self, [(stage, fired) for stage, _, fired in nodes]),
            ceilings=_binding([(stage, joint) for stage, joint, _ in nodes]),
        )

    def outcomes(self, package: Package) -> Outcomes:
        """The objectives of one package in every scenario of the drawn numbers; the same functions as `evaluate`."""
        lanes = [self.lane(measure) for measure in package.measures]
        inner = sum(stage.chance * self._left(stage, lanes) for stage in self.scene.stages)
        return Outcomes(risk=-np.expm1(-inner), **self._plain_values(lanes, self._known))

    def risk_in(self, package: Package, node: str) -> Floats:
        """Risk over one node, if it comes, in every scenario of the drawn numbers."""
        lanes = [self.lane(measure) for measure in package.measures]
        return np.asarray(-np.expm1(-self._left(self.scene.stages[self.scene.node_index[node]], lanes)))

    def lane(self, measure: Measure) -> Lane:
        """A measure in this scene, remembered."""
        if measure not in self._lanes:
            item = timed(self.scene, measure)
            self._lanes[measure] = Lane(self.scene, item, effects(self.scene, item))
        return self._lanes[measure]

    def forget(self) -> None:
        """Let go of all that was judged: lanes and their parts know each other, so nothing else frees them soon."""
        for lane in self._lanes.values():
            lane.forget()
        for memory in (self._lanes, self._known, self._caps):
            memory.clear()

    def _left(self, stage: Stage, lanes: Sequence[Lane]) -> Floats:
        """Hazard left in a node, given that it comes; remembered for all that it hangs on."""
        here = [lane for lane in lanes if lane.item.felt_in(stage.node)]
        threats = {key for lane in here for key in lane.item.tool.needs_backing_by}
        deeds = [lane for lane in lanes if lane.item.tool.id in threats]
        key = (stage.place, _ids(here), _ids(deeds))
        if key not in self._known:
            self._known[key] = self._in_node(stage, lanes, self._known)[0].left(stage.hazard)
        return self._known[key]  # type: ignore[no-any-return]

    def _in_node(self, stage: Stage, lanes: Sequence[Lane], memo: Memo) -> tuple[Combined, list[tuple[Row, Term]]]:
        """Joint strength in a node, and the synergy rows that fire there."""
        here = sorted((lane for lane in lanes if lane.item.felt_in(stage.node)), key=lambda lane: lane.item.tool.id)
        board = Board(stage, [lane.at(stage) for lane in here], [lane.item for lane in lanes])
        terms, fired = synergy_terms(board, self.rows, memo)
        keys = [_what_came_before(self.scene, lane, here) for lane in here]
        bonuses = _bonuses(self.scene, here)
        raised = [part.raised(*pair, key) for part, pair, key in zip(board.parts, bonuses, keys, strict=True)]
        ceilings, groups = self._ceilings(board), groups_of(tuple((key, self.group_of[key]) for key in board.tools))
        counted = discounted(board.strongest(raised), board.tool_runs, groups, stage.hazard, ceilings.family_discount)
        return combine(counted, groups, terms, ceilings), fired

    def _ceilings(self, board: Board) -> Ceilings:
        """The ceilings, higher after onset where troops act; remembered for each set of troops."""
        troops = [part for part in board.parts if board.stage.onset and _are_troops(part.item)]
        key = tuple(map(id, troops))
        if key not in self._caps:
            number = self.scene.number
            after, early = (wide(number(f"max_joint_reduction_{when}")) for when in ("onset", "early"))
            self._caps[key] = Ceilings(
                family_discount=number("same_family_discount"),
                synergy_share=number("synergy_total_share"),
                words=number("cap_words_group"),
                soft=number("cap_non_force_group"),
                joint=np.where(any_of([part.runs for part in troops]), after, early) if troops else early,
                sanctions=number("R35.cap") if self.scene.on("R35") else None,
            )
        return self._caps[key]

    def _plain_values(self, lanes: Sequence[Lane], memo: Memo) -> dict[str, Any]:
        """Cost (million 2020 USD), days to protection, coerciveness: what needs no combination."""
        every = np.zeros(self.scene.hazard.shape[:-1], dtype=self.scene.hazard.dtype)  # one for each scenario
        return {
            "cost": sum((lane.expected[0] for lane in lanes), every),
            "days": functools.reduce(larger, [self._days(path, lanes, memo) for path in self.scene.paths], 0.0) + every,
            "coercion": sum((lane.expected[1] for lane in lanes), every),
        }

    def _days(self, path: Sequence[str], lanes: Sequence[Lane], memo: Memo) -> Any:
        """First period limit by which each group not waived has, on this path, a measure in force; H if never."""
        least = self.scene.constants["coverage_effect_least"]
        cover = [lane for lane in lanes if lane.item.on(path) and lane.item.tool.effect.mid >= least]
        key = (path, _ids(cover))
        if key not in memo:
            groups = [group for group in GROUPS if group not in self.scene.choices.waived_groups]
            memo[key] = functools.reduce(larger, [_first_day(self.scene, cover, one) for one in groups], 0.0)
        return memo[key]


def _ids(lanes: Iterable[Lane]) -> tuple[int, ...]:
    return tuple(sorted(map(id, lanes)))


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
    return _ids(other for other in lanes if is_peaceful(other.item.tool))


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


def _first_day(scene: Scene, cover: Sequence[Lane], group: str) -> Any:
    days = [lane.protects_from for lane in cover if group in lane.item.tool.target_groups]
    return functools.reduce(smaller, days, scene.horizon)


def _risk_path(stage: Stage, joint: Combined) -> Iterator[Period]:
    shape = stage.hazard.shape
    rows = [np.broadcast_to(one, shape) for one in (joint.words, joint.soft, joint.total, np.exp(-joint.total))]
    for row in zip(stage.cell_from, stage.cell_to, stage.hazard, *rows, strict=True):
        yield Period(stage.node.name, *map(float, row))


def _judged_one(scene: Scene, lane: Lane, bonus: tuple[bool, bool]) -> Judged:
    item = lane.item
    gate, prospect = scene.gates[item.tool.id]
    felt = [(node.name, float(lane.beta(k, *bonus))) for k, node in enumerate(scene.nodes) if item.felt_in(node)]
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


def _fired(judge: Judge, nodes: Sequence[tuple[Stage, Sequence[tuple[Row, Term]]]]) -> tuple[Fired, ...]:
    """Rows in the order of their table, each from node to node."""
    found = [
        Fired(row.id, stage.node.name, float(stage.cell_from[t]), term.signed(row, int(t)), term.is_hard(int(t)))
        for stage, fired in nodes
        for row, term in fired
        for t in np.flatnonzero(term.size)
    ]
    place = {row.id: k for k, row in enumerate(judge.rows)}
    return tuple(sorted(found, key=lambda one: place[one.id]))


def _binding(nodes: Sequence[tuple[Stage, Combined]]) -> tuple[Ceiling, ...]:
    """Ceilings that cut something off, one after another, each from node to node."""
    found = [
        Ceiling(name, stage.node.name, float(stage.cell_from[t]))
        for stage, joint in nodes
        for name, where in joint.binds.items()
        for t in np.flatnonzero(np.broadcast_to(where, len(stage.cell_from)))
    ]
    return tuple(sorted(found, key=lambda one: CEILINGS.index(one.name)))
