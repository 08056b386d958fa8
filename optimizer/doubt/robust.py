"""Robust objectives in the exact search: tail risk over a few scenarios, the adversary's best reply, and any k
measures failing.

Each scenario is a small block of rows (optimizer/doubt/coarse.py) with the numbers that the judge gives a single
measure there: a lower bound of the exact hazard that is left. What is reported is always the judge's word. `worst_k` is bounded below by what is left without the tools that cover most, and
by the cardinality-robust counterpart (Bertsimas and Sim 2004): the k largest losses of hazard covered, by linear
duality.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pulp
from numpy.typing import NDArray

from ..choices import Package
from ..judge.evaluate import Judge, make_judge
from ..model import effects
from ..model.algebra import Sum, add_up
from ..model.programme import Programme
from ..model.situation import Situation
from ..questions import Question
from .coarse import Coarse
from .draws import Design
from .measures import cvar
from .numbers import numbers_of

Floats = NDArray[np.float64]
TAIL_GROUPS = frozenset({"effects", "leverage", "fit", "partners", "authorization", "lead_times", "baseline"})
TAIL = 0.1  # the share of scenarios that tail risk looks at
REGION = 0.2  # the worst scenarios, by the mean of the sketches, that are reduced: packages differ in which are worst
KEPT = 4  # scenarios that stand for the region: each is one more block of rows to solve
ALL = 1024  # scenarios that are reduced, and against which the error is stated
SKETCHES = 24  # packages drawn at random from strong columns, by which scenarios and replies are chosen
STRONG = 40  # columns that sketches are drawn from
BLOCKS = 4  # replies, or sets of failing tools, that are blocks of rows; exact values look at all of them
TANGENTS = (0.15, 0.4)  # points at which the counterpart of worst_k lays its tangents: packages lie between


@dataclass(frozen=True)
class Robust:
    """An objective on risk: its form, never above the exact value, in hazard; its exact value, as a probability."""

    title: str
    form: Sum
    exact: Callable[[Package], float]


def prepared(question: Question) -> Question:
    """The question with the rows and the exact values of those of its objectives that look beyond the mids."""
    made = {o.key: MAKERS[o.key](question) for o in question.objectives if o.key in MAKERS}
    question.programme.further.update({key: one.form for key, one in made.items()})
    titled = tuple(replace(o, title=made[o.key].title) if o.key in made else o for o in question.objectives)
    return replace(question, objectives=titled, further=tuple((key, one.exact) for key, one in made.items()))


def to_user(inner: float) -> float:
    """Hazard left as a probability."""
    return -math.expm1(-inner)


# --- packages to choose scenarios and replies by ----------------------------------------------------------------------------------


def sketches(question: Question, seed: int = 0) -> list[Package]:
    """Doing nothing, and packages of a dozen strong columns each; they need not keep the rules."""
    situation, rng = question.situation, np.random.default_rng(seed)
    strong = sorted(range(len(situation.columns)), key=lambda i: -covered(situation, i))[:STRONG]
    found = [Package()]
    for _ in range(SKETCHES if strong else 0):
        picked = {situation.columns[i].tool.id: i for i in rng.permutation(strong)[:12].tolist()}
        found.append(situation.package(picked.values()))
    return found


def covered(situation: Situation, index: int) -> float:
    """The most hazard x L that a column can add anywhere."""
    column, settings = situation.columns[index], situation.settings
    gain = effects.coalition_gain(settings, column.tool) * effects.sequence_gain(settings, column.tool)
    total = 0.0
    for node in situation.tree.nodes:
        e = min(0.999, max(0.0, column.effects.get(node.name, 0.0)) * gain)
        time = sum(h * column.share(p) for p, h in zip(node.periods, node.hazards, strict=True))
        total += node.probability * time * effects.log_effect(e)
    return total


# --- tail risk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Scenarios:
    """A reduced set of equally likely scenarios, of which the worst share is the tail.

    `error`: how far its tail is off that of all scenarios, in risk, at most, on the packages it was made with.
    """

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


def reduced(
    question: Question, packages: Sequence[Package], count: int = KEPT, region: float = REGION, of: int = ALL,
    seed: int = 0,
) -> Scenarios:  # fmt: skip
    """A few scenarios in place of the worst region of many: in each of `count` layers of the packages' mean loss the
    one nearest to the layer's mean."""
    numbers = tuple(n for n in numbers_of(question.case, question.catalog, question.choices) if n.group in TAIL_GROUPS)
    drawn = Design(numbers, question.catalog, seed=seed).draws(0, of, dtype=np.float64)
    judge = make_judge(question.case, question.choices, question.catalog, drawn)
    losses = np.stack([hazard(judge, p) for p in packages], axis=1)
    bad = np.argsort(losses.mean(axis=1), kind="stable")[-max(count, round(region * of)) :]
    layers = np.array_split(bad, count)
    kept = [layer[np.abs(losses[layer] - losses[layer].mean(axis=0)).sum(axis=1).argmin()] for layer in layers]
    share = TAIL / region
    off = np.abs(np.expm1(-cvar(losses, TAIL)) - np.expm1(-cvar(losses[kept], share)))
    return Scenarios({name: values[kept] for name, values in drawn.items()}, share, float(off.max()))


def hazard(judge: Judge, package: Package) -> Floats:
    """Hazard left in each scenario of a judge, (scenarios,)."""
    return np.asarray(-np.log1p(-np.asarray(judge.outcomes(package).risk, dtype=float)))


def tail(question: Question, scenarios: Scenarios | None = None) -> Robust:
    """Tail risk: the probability that belongs to the mean hazard left in the worst scenarios."""
    few = reduced(question, sketches(question)) if scenarios is None else scenarios
    judge = make_judge(question.case, question.choices, question.catalog, few.draws)
    coarse = Coarse(question.programme)
    form = tail_form(question.programme, [coarse.hazard_left(judge, s) for s in range(few.count)], few.worst)
    title = f"Tail risk, worst tenth (by {few.count} scenarios, within {100 * few.error:.1f} points)"
    return Robust(title, form, lambda p: to_user(float(cvar(hazard(judge, p)[:, None], few.share)[0])))


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


# --- the adversary's best reply ---------------------------------------------------------------------------------------


def best_reply(question: Question, draws: Mapping[str, Floats] | None = None) -> Robust:
    """Risk under the reply that leaves most of it; the form looks at those replies that are best against the
    sketches."""
    from ..redteam.replies import draws_of, replies_of

    known = draws_of(replies_of(question.case, question.catalog), question.catalog) if draws is None else draws
    judge = make_judge(question.case, question.choices, question.catalog, known)
    risks = np.stack([judge.outcomes(p).risk for p in sketches(question)], axis=1)
    often = np.bincount(risks.argmax(axis=0), minlength=len(risks))
    likely = [int(k) for k in np.argsort(-often, kind="stable")[:BLOCKS] if often[k] or len(risks) <= BLOCKS]
    coarse = Coarse(question.programme)
    inners = [question.programme.inner, *(coarse.hazard_left(judge, reply) for reply in likely)]
    form = largest_form(question.programme, inners)
    return Robust("Risk under the adversary's best reply", form, lambda p: float(judge.outcomes(p).risk.max()))


def largest_form(programme: Programme, inners: Sequence[Sum]) -> Sum:
    """The largest of some sums."""
    top = programme.builder.number(None)
    for inner in inners:
        programme.builder.at_most(add_up((1.0, inner), (-1.0, {top: 1.0})), 0)
    return {top: 1.0}


# --- any k measures failing -------------------------------------------------------------------------------------------


def any_failing(question: Question, k: int | None = None) -> Robust:
    """Risk if the worst k measures come to nothing; the exact value tries all."""
    k = question.choices.failing if k is None else k
    judge, programme = make_judge(question.case, question.choices, question.catalog), question.programme
    bounds = [_counterpart(programme, k, point) for point in TANGENTS]
    coarse, columns = Coarse(programme), programme.situation.columns
    for tools in _strongest_sets(programme.situation, k):
        gone = {i for i, c in enumerate(columns) if c.node == "now" and c.tool.id in tools}
        bounds.append(coarse.hazard_left(judge, keep=lambda i, gone=gone: i not in gone))  # type: ignore[misc]
    title = "Risk if any measure fails" if k == 1 else f"Risk if any {k} measures fail"
    form = largest_form(programme, [programme.inner, *bounds])
    return Robust(title, form, lambda package: worst_k(judge, package, k))


def failures(package: Package, k: int) -> Iterator[Package]:
    """The package with up to k of its measures gone."""
    for size in range(min(k, len(package.measures)) + 1):
        for gone in combinations(range(len(package.measures)), size):
            yield Package(tuple(m for j, m in enumerate(package.measures) if j not in gone))


def worst_k(judge: Judge, package: Package, k: int) -> float:
    """Risk if the worst k measures fail, by trying all."""
    return max(float(judge.outcomes(left).risk) for left in failures(package, k))


def _strongest_sets(situation: Situation, k: int) -> list[frozenset[str]]:
    """Sets of k tools that can cover most; without them is one way to fail, since a path has a tool at most once."""
    best: dict[str, float] = {}
    for i, column in enumerate(situation.columns):
        if column.node == "now":
            best[column.tool.id] = max(best.get(column.tool.id, 0.0), covered(situation, i))
    tools = sorted(best, key=lambda tool: -best[tool])[: BLOCKS + k]
    return sorted((frozenset(s) for s in combinations(tools, k)), key=lambda s: -sum(best[t] for t in s))[:BLOCKS]


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


def _counterpart(programme: Programme, k: int, point: float) -> Sum:
    """Hazard left if the k measures fail that cover most, from below: tangents at one point, bonuses and synergies at
    their most.

    exp(-L) >= exp(-point) (1 + point - L), and L is at most (1 + share) times the sum of the best L of what is left.
    """
    situation, builder = programme.situation, programme.builder
    factor = math.exp(-point) * (1 + situation.catalog.value("synergy_total_share"))
    whole = sum(n.probability * h for n in situation.tree.nodes for h in n.hazards)
    cover = {programme.x[i]: factor * covered(situation, i) for i in range(len(situation.columns))}
    cover = {variable: amount for variable, amount in cover.items() if amount > 0}
    one = builder.number(1.0, 1.0)
    lost = top_k_form(programme, cover, k)
    return add_up((math.exp(-point) * (1 + point) * whole, {one: 1.0}), (-1.0, cover), (1.0, lost))


MAKERS: dict[str, Callable[[Question], Robust]] = {"cvar": tail, "worst_reply": best_reply, "worst_k": any_failing}
