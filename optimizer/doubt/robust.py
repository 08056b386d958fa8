"""Robust objectives in the exact search: tail risk over a few scenarios, the adversary's best reply, and any k
measures failing.

Each scenario is a block of rows: the same columns with the numbers that the judge gives a single measure there, put
together by
the model's own rows, so that every block is a lower bound of the exact hazard that is left. What is reported is
always the
judge's word. `worst_k` is bounded below by the cardinality-robust counterpart (Bertsimas and Sim 2004): the k largest
losses
of hazard covered, by linear duality.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import combinations
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from ..answers import PlanFront
from ..choices import Package
from ..front import Progress
from ..judge.evaluate import Evaluation, Judge, judge_of, make_judge
from ..model.algebra import Sum, add_up
from ..model.objectives import Objective
from ..model.programme import Programme, _gains
from ..model.situation import Situation
from ..model.together import Risk
from ..questions import Question
from .draws import Design, Law
from .measures import cvar
from .numbers import numbers_of

Floats = NDArray[np.float64]
TAIL_GROUPS = frozenset({"effects", "leverage", "fit", "partners", "authorization", "lead_times", "baseline"})
TANGENTS = (0.0, 0.15, 0.3, 0.5, 0.8, 1.2)  # points at which the counterpart of worst_k lays its tangents


def to_user(inner: float) -> float:
    """Hazard left as a probability."""
    return -math.expm1(-inner)


def to_solver(risk: float) -> float:
    """The other way round."""
    return -math.log1p(-risk) if risk < 1 else math.inf


@dataclass(frozen=True)
class RobustQuestion(Question):
    """A question with further objectives, whose exact values it works out itself."""

    robust: Mapping[str, Callable[[Package], float]] = field(default_factory=dict)

    def values(self, chosen: frozenset[int], evaluation: Evaluation) -> dict[str, float]:
        """Exact objective values of a package."""
        package = self.situation.package(chosen)
        plain = replace(self, objectives=tuple(o for o in self.objectives if o.key not in self.robust))
        known = Question.values(plain, chosen, evaluation)
        return {o.key: known[o.key] if o.key in known else self.robust[o.key](package) for o in self.objectives}


@dataclass(frozen=True, eq=False)
class Scenarios:
    """A reduced set of equally likely scenarios; `error`: how far its tail is off that of all, in risk, on the
    packages it was
    made with."""

    draws: Mapping[str, Floats]
    share: float
    error: float = 0.0

    @property
    def count(self) -> int:
        return len(next(iter(self.draws.values())))

    @property
    def worst(self) -> float:
        """How many of them make the tail."""
        return self.share * self.count


def hazard_left(judge: Judge, package: Package) -> Floats:
    """Hazard left in each scenario of a judge, (scenarios,)."""
    return np.asarray(-np.log1p(-np.asarray(judge.outcomes(package).risk, dtype=float)))


def reduced(
    question: Question, packages: Sequence[Package], count: int = 6, share: float = 1 / 3, of: int = 1024, seed: int = 0
) -> Scenarios:
    """A few scenarios in place of many: in each of `count` layers of the packages' mean loss, the one nearest to the
    layer's mean."""
    case, catalog, choices = question.case, question.catalog, question.choices
    numbers = tuple(n for n in numbers_of(case, catalog, choices) if n.group in TAIL_GROUPS)
    drawn = Design(numbers, catalog, Law(), seed).draws(0, of, dtype=np.float64)
    judge = make_judge(case, choices, catalog, drawn)
    losses = np.stack([hazard_left(judge, p) for p in packages], axis=1)
    order = np.array_split(np.argsort(losses.mean(axis=1), kind="stable"), count)
    kept = [layer[np.abs(losses[layer] - losses[layer].mean(axis=0)).sum(axis=1).argmin()] for layer in order]
    off = np.abs(-np.expm1(-cvar(losses, share)) + np.expm1(-cvar(losses[kept], share)))
    return Scenarios({name: values[kept] for name, values in drawn.items()}, share, float(off.max()))


def block(situation: Situation, judge: Judge, scenario: int) -> Situation:
    """The situation with the numbers of one scenario: each column's days and effects, each period's hazard."""
    scene = judge.scene

    def at(value: Any) -> float:
        return float(
            np.broadcast_to(np.asarray(value), (scenario + 1,))[scenario] if np.ndim(value) == 0 else value[scenario]
        )

    columns = []
    for column in situation.columns:
        lane = judge.lane(column.measure)
        e = {node.name: at(lane.e[k]) for k, node in enumerate(scene.nodes) if node.name in column.effects}
        columns.append(replace(column, in_force=at(lane.item.in_force), end=at(lane.item.end), effects=e))
    nodes, first = [], 0
    for k, node in enumerate(situation.tree.nodes):
        last = first + len(node.hazards)
        hazards = tuple(float(h) for h in scene.hazard[scenario, first:last])
        nodes.append(replace(node, hazards=hazards, probability=at(scene.chances[k])))
        first = last
    return replace(situation, columns=tuple(columns), tree=replace(situation.tree, nodes=tuple(nodes)))


def inner_of(programme: Programme, situation: Situation) -> Sum:
    """The hazard left in a block, from below, as a sum of the programme's variables."""
    there = replace(programme, situation=situation)
    return Risk(programme.builder, situation, programme.x, _gains(there)).inner


def tail_form(programme: Programme, inners: Sequence[Sum], worst: float) -> Sum:
    """Mean of the `worst` largest sums, from below (Rockafellar and Uryasev 2000): t + sum of the excesses / worst."""
    builder = programme.builder
    level = builder.number(None)
    parts: list[tuple[float, Sum]] = [(1.0, {level: 1.0})]
    for inner in inners:
        excess = builder.number(0.0)
        builder.at_most(add_up((1.0, inner), (-1.0, {level: 1.0}), (-1.0, {excess: 1.0})), 0)
        parts.append((1.0 / worst, {excess: 1.0}))
    return add_up(*parts)


def largest_form(programme: Programme, inners: Sequence[Sum]) -> Sum:
    """The largest of some sums."""
    top = programme.builder.number(None)
    for inner in inners:
        programme.builder.at_most(add_up((1.0, inner), (-1.0, {top: 1.0})), 0)
    return {top: 1.0}


def top_k_form(programme: Programme, losses: Mapping[pulp.LpVariable, float], k: int) -> Sum:
    """The sum of the k largest losses among the chosen, from above as a dual: k theta + sum of mu, theta + mu >= loss
    x."""
    builder = programme.builder
    theta = builder.number(0.0)
    parts: list[tuple[float, Sum]] = [(float(k), {theta: 1.0})]
    for variable, loss in losses.items():
        over = builder.number(0.0)
        builder.at_most({variable: loss, theta: -1.0, over: -1.0}, 0)
        parts.append((1.0, {over: 1.0}))
    return add_up(*parts)


def failures(package: Package, k: int) -> Iterator[Package]:
    """The package with up to k of its measures gone."""
    for size in range(min(k, len(package.measures)) + 1):
        for gone in combinations(range(len(package.measures)), size):
            yield Package(tuple(m for j, m in enumerate(package.measures) if j not in gone))


def worst_k(question: Question, package: Package, k: int) -> float:
    """Risk if the worst k measures fail, by trying all."""
    judge = judge_of(question.case, question.choices, question.catalog)
    return max(judge.evaluate(left).risk for left in failures(package, k))


def tail_objective(question: Question, scenarios: Scenarios) -> tuple[Objective, Callable[[Package], float]]:
    """Tail risk: the probability that belongs to the mean hazard left in the worst scenarios. With its exact value."""
    judge = make_judge(question.case, question.choices, question.catalog, scenarios.draws)

    def form(programme: Programme) -> tuple[Sum, float]:
        inners = [inner_of(programme, block(programme.situation, judge, s)) for s in range(scenarios.count)]
        return tail_form(programme, inners, scenarios.worst), 0.0

    def exact(package: Package) -> float:
        return to_user(float(cvar(hazard_left(judge, package)[:, None], scenarios.share)[0]))

    return _risk_like("cvar", f"Tail risk, worst {100 * scenarios.share:.0f} % of scenarios", form), exact


def reply_objective(question: Question, draws: Mapping[str, Floats]) -> tuple[Objective, Callable[[Package], float]]:
    """Risk under the worst of some replies (draws of optimizer/redteam/replies.py, one scenario a reply). With its
    exact value."""
    judge = make_judge(question.case, question.choices, question.catalog, draws)
    count = len(next(iter(draws.values())))

    def form(programme: Programme) -> tuple[Sum, float]:
        inners = [inner_of(programme, block(programme.situation, judge, s)) for s in range(count)]
        return largest_form(programme, inners), 0.0

    return _risk_like("worst_reply", "Risk under the best reply", form), lambda p: float(judge.outcomes(p).risk.max())


def worst_k_objective(question: Question, k: int) -> tuple[Objective, Callable[[Package], float]]:
    """Risk if any k measures fail; the form bounds it from below, the exact value tries all."""

    def form(programme: Programme) -> tuple[Sum, float]:
        bounds = [programme.inner, *(_counterpart(programme, k, p) for p in TANGENTS)]
        return largest_form(programme, [b if isinstance(b, dict) else b[0] for b in bounds]), 0.0

    return _risk_like("worst_k", f"Risk if any {k} measures fail", form), lambda p: worst_k(question, p, k)


def _counterpart(programme: Programme, k: int, point: float) -> Sum:
    """Hazard left if the k measures fail that cover most, from below: tangents at one point, bonuses and synergies at
    their most.

    exp(-L) >= exp(-point) (1 + point - L), and L is at most (1 + share) times the sum of the best L of what is left.
    """
    situation, builder = programme.situation, programme.builder
    value = situation.catalog.value
    factor = math.exp(-point) * (1 + value("synergy_total_share"))
    hazard = sum(n.probability * h for n in situation.tree.nodes for h in n.hazards)
    cover = {programme.x[i]: factor * _covered(situation, i) for i in range(len(situation.columns))}
    cover = {variable: amount for variable, amount in cover.items() if amount > 0}
    one = builder.number(1.0, 1.0)
    lost = top_k_form(programme, cover, k)
    return add_up((math.exp(-point) * (1 + point) * hazard, {one: 1.0}), (-1.0, cover), (1.0, lost))


def _covered(situation: Situation, index: int) -> float:
    """The most hazard x L that a column can add anywhere."""
    column = situation.columns[index]
    from ..model import effects

    gain = effects.coalition_gain(situation.settings, column.tool) * effects.sequence_gain(
        situation.settings, column.tool
    )
    total = 0.0
    for node in situation.tree.nodes:
        e = min(0.999, max(0.0, column.effects.get(node.name, 0.0)) * gain)
        time = sum(h * column.share(p) for p, h in zip(node.periods, node.hazards, strict=True))
        total += node.probability * time * effects.log_effect(e)
    return total


def _risk_like(key: str, title: str, form: Callable[[Programme], tuple[Sum, float]]) -> Objective:
    return Objective(
        key, title, "probability", "less", "MODEL.md, sections 8 and 10",
        lambda s: s.catalog.value("risk_resolution_share_of_baseline") * s.tree.baseline, form, to_user, to_solver,
    )  # fmt: skip


def robust_front(
    question: Question,
    extra: Sequence[tuple[Objective, Callable[[Package], float]]],
    *,
    time_limit: float | None = 60.0,
    workers: int = 1,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> PlanFront:
    """The certified front of the question's objectives and the robust ones beside them."""
    from ..solving import answer, searching

    objectives = (*question.objectives, *(objective for objective, _ in extra))
    plain = {f.name: getattr(question, f.name) for f in fields(question)}
    exact = {objective.key: value for objective, value in extra}
    asked = RobustQuestion(**plain | {"objectives": objectives, "robust": exact})
    front = None
    for state in searching(asked, time_limit=time_limit, workers=workers, seed=seed):
        if on_progress is not None:
            on_progress(state)
        front = front if state.front is None else state.front
    assert front is not None
    return answer(asked, front, seed)
