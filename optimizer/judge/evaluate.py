"""Risk, cost, days to protection and coerciveness of one package, exactly (docs/method.md, sections 2 to 4 and 7)."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..choices import Choices, Measure, Package
from ..inputs.records import Case, Catalog
from .combination import (
    Bools,
    Ceilings,
    Combined,
    Floats,
    Groups,
    Terms,
    combine,
    discounted,
    groups_of,
    residual,
)
from .measures import (
    Timed,
    acts_as_coalition,
    effects,
    felt_cells,
    follows_peaceful_means,
    share_in_force,
    timed,
)
from .scene import NEAR, Scene
from .synergies import Board, Fired, Row, rows_in_use, synergy_terms

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
class Judge:
    """Judges packages for one case under one set of choices; made once, asked often."""

    scene: Scene
    rows: tuple[Row, ...]
    group_of: dict[str, str]  # family of each instrument

    def evaluate(self, package: Package) -> Evaluation:
        """The whole judgement of one package."""
        items = sorted((timed(self.scene, m) for m in package.measures), key=lambda item: item.tool.id)
        plain, full, bonuses = _betas(self.scene, items)
        board, shares = _board(self.scene, items, plain)
        terms, fired = synergy_terms(board, self.rows)
        groups = groups_of(tuple((key, self.group_of[key]) for key in board.tools))
        strength = board.strongest(shares * (full @ self.scene.cell_node))
        joint = self._combined(board, strength, groups, terms)
        inner = float(residual(joint.total, self.scene.weighted_hazard))
        risk = float(-np.expm1(-inner))
        return Evaluation(
            risk=risk,
            baseline=self.scene.baseline,
            inner=inner,
            values={"risk": risk, **plain_values(self.scene, items)},
            risk_path=_risk_path(self.scene, joint),
            measures=_judged(self.scene, items, full, bonuses, package),
            synergies=_fired(self.scene, fired),
            ceilings=_binding(self.scene, joint),
        )

    def _combined(self, board: Board, strength: Floats, groups: Groups, terms: Terms) -> Combined:
        ceilings = self._ceilings(board)
        scene = self.scene
        counted = discounted(strength, board.tool_runs, groups, scene.hazard, scene.cell_node, ceilings.family_discount)
        return combine(counted, groups, terms, ceilings)

    def _ceilings(self, board: Board) -> Ceilings:
        number = self.scene.number
        troops = [k for k, tool in enumerate(board.tools) if self.group_of[tool] in ("force", "presence")]
        acting = [k for k in troops if not board.enablers[k]]
        late = self.scene.cell_onset & board.tool_runs[acting].any(axis=0)
        return Ceilings(
            family_discount=number("same_family_discount"),
            synergy_share=number("synergy_total_share"),
            words=number("cap_words_group"),
            soft=number("cap_non_force_group"),
            joint=np.where(late, number("max_joint_reduction_onset"), number("max_joint_reduction_early")),
            sanctions=number("R35.cap") if self.scene.on("R35") else None,
        )


def make_judge(case: Case, choices: Choices, catalog: Catalog) -> Judge:
    """A judge for one case under one set of choices."""
    scene = Scene(case, choices, catalog)
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


def _betas(scene: Scene, items: Sequence[Timed]) -> tuple[Floats, Floats, list[tuple[bool, bool]]]:
    """-ln(1 - e) without and with bonuses, each (measures, nodes); and who has the coalition and sequence bonus."""
    plain = np.array([effects(scene, item) for item in items]).reshape(len(items), len(scene.nodes))
    bonuses = [(acts_as_coalition(scene, item), follows_peaceful_means(scene, item, items)) for item in items]
    gains = (scene.constants["R04.b"], scene.constants["R22.bonus"])
    factor = np.array([np.prod([1 + g for g, has in zip(gains, pair, strict=True) if has]) for pair in bonuses])
    raised = np.where(plain > 0, plain * factor.reshape(-1, 1), plain)
    return -np.log1p(-plain), -np.log1p(-raised), bonuses


def _board(scene: Scene, items: Sequence[Timed], plain: Floats) -> tuple[Board, Floats]:
    """The package laid over the cells, and the share of each cell in which each measure is in force."""
    felt = felt_cells(scene, items) if items else np.zeros((0, len(scene.cells)), dtype=bool)
    shares = share_in_force(scene, items, felt) if items else np.zeros(felt.shape)
    return Board(scene, items, felt, shares > 0, shares * (plain @ scene.cell_node)), shares


def plain_values(scene: Scene, items: Sequence[Timed]) -> dict[str, float]:
    """Cost (million 2020 USD), days to protection, coerciveness: what needs no combination."""
    return {
        "cost": float(sum(item.node.probability * item.cost_musd for item in items)),
        "days": days_to_protection(scene, items),
        "coercion": float(sum(item.node.probability * item.tool.intrusion.mid for item in items)),
    }


def days_to_protection(scene: Scene, items: Sequence[Timed]) -> float:
    """First period limit by which each group not waived has, on every path, a measure in force; H if never."""
    least = scene.constants["coverage_effect_least"]
    cover = [item for item in items if item.tool.effect.mid >= least]
    groups = [group for group in GROUPS if group not in scene.choices.waived_groups]
    return max((_first_day(scene, cover, group, path) for group in groups for path in scene.paths), default=0.0)


def _first_day(scene: Scene, cover: Sequence[Timed], group: str, path: Sequence[str]) -> float:
    first = min(
        (item.in_force for item in cover if group in item.tool.target_groups and item.on(path)), default=scene.horizon
    )
    return float(min(scene.limits[np.searchsorted(scene.limits, min(first, scene.horizon) - NEAR)], scene.horizon))


def _risk_path(scene: Scene, joint: Combined) -> tuple[Period, ...]:
    left = np.exp(-joint.total)
    return tuple(
        Period(scene.nodes[k].name, a, z, *map(float, row))
        for (k, a, z), row in zip(
            scene.cells, zip(scene.hazard, joint.words, joint.soft, joint.total, left, strict=True), strict=True
        )
    )


def _judged(
    scene: Scene, items: Sequence[Timed], full: Floats, bonuses: Sequence[tuple[bool, bool]], package: Package
) -> tuple[Judged, ...]:
    """In the order of the package."""
    order = sorted(range(len(items)), key=lambda k: _place(package, items[k].measure))
    return tuple(_judged_one(scene, items[k], full[k], bonuses[k]) for k in order)


def _place(package: Package, measure: Measure) -> int:
    return next(k for k, other in enumerate(package.measures) if other is measure)


def _judged_one(scene: Scene, item: Timed, beta: Floats, bonus: tuple[bool, bool]) -> Judged:
    gate, prospect = scene.gates[item.tool.id]
    felt = [(node.name, float(b)) for node, b in zip(scene.nodes, beta, strict=True) if item.felt_in(node)]
    return Judged(
        measure=item.measure,
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
        for t in np.flatnonzero(where)
    )
