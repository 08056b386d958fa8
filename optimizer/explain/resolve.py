"""The best package that keeps some more conditions: asked again and again of one live model per question.

First the relaxation (a bound on every answer), then what can be done near a known package (everything else held),
then, if time is left,
the whole programme. A package is only ever reported with the judge's numbers and if the judge finds nothing against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, product

import numpy as np

from ..answers import Option, PlanFront
from ..choices import Package
from ..front.program import Program, read
from ..judge.check import violations
from ..judge.evaluate import Evaluation, judge_of
from ..model.objectives import OBJECTIVES, expression
from ..model.reduction import hard_rows
from ..model.rows import Row
from ..questions import Question
from .live import Array, Arrays, Live, Outcome, Stop, measured, never
from .records import Exactness

SMALL = 200  # binaries up to which the whole programme is asked at once: it is settled in a fraction of a second
WORTH = 0.25  # seconds below which starting on the whole programme proves nothing
# columns that the relaxation likes best, tried first; with these a part of a plan is settled in a tenth of a second
KERNEL = 60
TRIED = 6  # ways in which something is put into a package without solving; each takes a few hundredths of a second
REMEMBERED = 4  # questions whose live models are kept; each holds a few megabytes


@dataclass(frozen=True)
class Ask:
    """Make `minimise` small. `at_most`: bounds on objectives, in the user's units. `out`: columns not taken.
    `one_of`: of each group
    at least one column. `rows`: (weights by column, upper limit)."""

    minimise: str
    at_most: Mapping[str, float] = field(default_factory=dict)
    out: frozenset[int] = frozenset()
    one_of: tuple[frozenset[int], ...] = ()
    rows: tuple[tuple[Mapping[int, float], float], ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A package that the judge allows, with its exact objectives."""

    chosen: frozenset[int]
    package: Package
    evaluation: Evaluation
    values: Mapping[str, float]


@dataclass(frozen=True)
class Found:
    """The best package found, if any, and a proven bound: none is better. An infinite bound: none exists at all."""

    best: Candidate | None
    bound: float
    exactness: Exactness

    @property
    def none(self) -> bool:
        return self.bound == math.inf


class Resolver:
    """Answers asks about one question."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.judge = judge_of(question.case, question.choices, question.catalog)
        self.keys = tuple(dict.fromkeys([o.key for o in question.objectives] + ["risk", "cost"]))
        self._live: dict[bool, Live] = {}
        self._last: tuple[Ask | None, Outcome] = (None, Outcome("failed"))  # the last relaxation that was solved

    @cached_property
    def program(self) -> Program:
        """The programme as arrays; read when something has to be solved, not before."""
        programme = self.question.programme
        forms = [expression(OBJECTIVES[key].solver_form(programme)) for key in self.keys]
        with np.errstate(invalid="ignore"):
            return read(programme.problem, forms, np.ones(len(forms)), None, self.keys)

    @cached_property
    def place(self) -> dict[int, int]:
        """Column of the programme for each column of the situation."""
        places = {name: j for j, name in enumerate(self.program.names)}
        return {i: places[v.name] for i, v in enumerate(self.question.programme.x) if v.name in places}

    @property
    def first_bound(self) -> int:
        return len(self.program.row_lower)

    # --- what the data say ------------------------------------------------------------

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return hard_rows(self.question.situation)

    def candidate(self, chosen: frozenset[int]) -> Candidate:
        return self.judged(self.question.situation.package(chosen), chosen)

    def judged(self, package: Package, chosen: frozenset[int] | None = None) -> Candidate:
        """A package with the judge's numbers."""
        evaluation = self.judge.evaluate(package)
        chosen = self.question.situation.indices(package) if chosen is None else chosen
        values = self.question.values(chosen, evaluation) | {k: evaluation.values[k] for k in ("risk", "cost")}
        return Candidate(chosen, package, evaluation, values)

    @cached_property
    def nothing(self) -> Candidate | None:
        """Doing nothing, where that is allowed."""
        return self.candidate(frozenset()) if self.allowed(Package()) else None

    def allowed(self, package: Package) -> bool:
        q = self.question
        return not violations(q.case, package, q.choices, q.catalog)

    def resolution(self, key: str) -> float:
        return OBJECTIVES[key].resolution(self.question.situation)

    def bounds_of(self, option: Option, but: str) -> dict[str, float]:
        """The other objectives of the question, at most as the option has them."""
        return {o.key: option.objectives[o.key] for o in self.question.objectives if o.key != but}

    def leads(self, chosen: Iterable[int]) -> frozenset[int]:
        return frozenset(i for i in chosen if i < len(self.question.situation.columns))

    # --- asking ------------------------------------------------------------

    def best(
        self, ask: Ask, seconds: float, near: Candidate | None = None, floor: float = -math.inf, stop: Stop = never,
        enough: float = -math.inf,
    ) -> Found:  # fmt: skip
        """The best package for an ask. `near`: a package to work from. `floor`: a bound that is known to hold.

        `enough`: a value that is good enough to stop at.
        """
        left, key = measured(seconds), ask.minimise
        near = near or self.nothing
        bound = self.relaxed(ask)
        if bound == math.inf:
            return Found(None, math.inf, "proven")
        bound = max(bound, floor)
        found = self._near(ask, near, left, stop) if near is not None and self._binaries > SMALL else None
        if found is not None and found.values[key] - bound <= 0.1 * self.resolution(key):
            return Found(found, min(bound, found.values[key]), "proven")
        short = left() < WORTH and self._binaries > SMALL
        if short or stop() or (found is not None and found.values[key] <= enough):
            return Found(found, min(bound, found.values[key]) if found else bound, "gap")
        return self._whole(ask, found, bound, left(), stop)

    def _whole(self, ask: Ask, found: Candidate | None, bound: float, seconds: float, stop: Stop) -> Found:
        start = None if found is None else self._start(found)
        outcome = self._run(True, ask, seconds, stop, start)
        if outcome.status == "infeasible":
            return Found(None, math.inf, "proven")
        better = self._kept(outcome, found, ask.minimise)
        bound = max(bound, self._to_user(ask.minimise, outcome.bound))
        exact = outcome.status == "optimal" and better is not None
        return Found(better, min(bound, better.values[ask.minimise]) if better else bound, "proven" if exact else "gap")

    def solved(self, ask: Ask, seconds: float, stop: Stop = never) -> Found:
        """The whole programme, from nothing."""
        return self._whole(ask, None, -math.inf, seconds, stop)

    def relaxed(self, ask: Ask) -> float:
        """A bound for the ask from its relaxation, in the user's unit; infinite: nothing satisfies it."""
        outcome = self._run(False, ask, 10.0, never)
        self._last = (ask, outcome)
        if outcome.status == "infeasible":
            return math.inf
        return self._to_user(ask.minimise, outcome.bound)

    def _near(self, ask: Ask, near: Candidate, left: Callable[[], float], stop: Stop) -> Candidate | None:
        """Keep as much of a package as the ask allows.

        Then make each part of the plan better while the rest is held.
        """
        found = self._smaller(self._simply_less(ask, near), self._simply_more(ask, near), ask.minimise)
        for free in self._widening(ask, near):
            if stop() or left() < 0.05:
                return found
            better = self._kernel(ask, near.chosen - free, near, 0.4 * left(), stop)
            if better is not None:
                found = self._smaller(found, better, ask.minimise)
                break
        for node in self._parts(ask):
            if found is None or stop() or left() < WORTH:
                break
            elsewhere = frozenset(i for i in self.place if self._node(i) != node)
            better = self._kernel(ask, found.chosen & elsewhere, found, 0.5 * left(), stop)
            found = self._smaller(found, better, ask.minimise)
        return found

    def _kernel(self, ask: Ask, held: frozenset[int], known: Candidate, seconds: float, stop: Stop) -> Candidate | None:
        """The best package around held columns among a known one's and those that the relaxation likes (Angelelli et
        al. 2010).
        """
        relaxed = self._run(False, ask, seconds, stop, held=held) if held or self._last[0] is not ask else self._last[1]
        if relaxed.x is None or relaxed.reduced is None:
            return None
        liked = {i: (relaxed.reduced[j], -relaxed.x[j]) for i, j in self.place.items()}
        kernel = set(sorted(liked, key=liked.__getitem__)[: KERNEL if held else KERNEL // 2])
        kernel |= {i for i, j in self.place.items() if relaxed.x[j] > 1e-6}
        outcome = self._run(True, ask, seconds, stop, self._start(known), held, kernel | held | known.chosen)
        return self._kept(outcome, None, ask.minimise)

    def _simply_less(self, ask: Ask, near: Candidate) -> Candidate | None:
        """The known package less what must go, and less what cannot stand without it; None if that is not enough."""
        return None if ask.one_of or ask.rows else self._mended(ask, near.chosen - ask.out, frozenset())

    def _simply_more(self, ask: Ask, near: Candidate) -> Candidate | None:
        """The known package with what is asked for, less what cannot stand beside it or is not worth its price."""
        if not ask.one_of or ask.rows:
            return None
        first = [sorted(group, key=self._promise)[:TRIED] for group in ask.one_of]
        ways = (frozenset(way) for way in product(*first))
        found = (self._mended(ask, (near.chosen | way) - ask.out, way) for way in islice(ways, TRIED))
        return min((c for c in found if c is not None), key=lambda c: c.values[ask.minimise], default=None)

    def _promise(self, index: int) -> tuple[float, float]:
        """What speaks for a column: fit, then an early start."""
        column = self.question.situation.columns[index]
        return -column.fit, column.in_force

    def _mended(self, ask: Ask, chosen: frozenset[int], must: frozenset[int]) -> Candidate | None:
        """Less, until all rows and bounds are kept; None if what must stay is in the way."""
        while True:
            broken = [row for row in self.rows if not row.kept(chosen)]
            culprits = frozenset(i for row in broken for i, w in row.weights.items() if w > 0 and i in chosen) - must
            if broken and not culprits:
                return None
            if not broken:
                found = self.candidate(chosen)
                if all(found.values[k] <= v + 1e-9 for k, v in ask.at_most.items()):
                    return found if self.allowed(found.package) else None
                least = self._least_missed(ask, found, must)
                if least is None:
                    return None
                culprits = frozenset({least})
            elif must:
                culprits = frozenset(
                    {
                        min(
                            culprits,
                            key=lambda i: self._promise(i)[1] if i < len(self.question.situation.columns) else 0,
                        )
                    }
                )
            chosen -= culprits

    def _least_missed(self, ask: Ask, found: Candidate, must: frozenset[int]) -> int | None:
        """The measure whose loss brings a bound that is not kept nearer at the least price in what is made small."""
        worst = max(ask.at_most, key=lambda k: found.values[k] / ask.at_most[k] if ask.at_most[k] > 0 else math.inf)
        best: tuple[float, int] | None = None
        for i in self.leads(found.chosen) - must:
            less = self.candidate(found.chosen - {i})
            won = found.values[worst] - less.values[worst]
            if won > 1e-12:
                price = (less.values[ask.minimise] - found.values[ask.minimise]) / won
                best = min(best or (price, i), (price, i))
        return None if best is None else best[1]

    @staticmethod
    def _smaller(one: Candidate | None, other: Candidate | None, key: str) -> Candidate | None:
        if one is None or other is None:
            return other or one
        return min(one, other, key=lambda c: c.values[key])

    def _widening(self, ask: Ask, near: Candidate) -> Iterator[frozenset[int]]:
        """What is let go of the known package.

        What must go, then all that shares a row with it, then its whole part of the plan.
        """
        must = near.chosen & ask.out
        wanted = frozenset().union(*ask.one_of)
        rivals = self._touching(wanted) & near.chosen
        joins = near.chosen - self.leads(near.chosen)
        if wanted:
            yield near.chosen
        yield must | joins
        yield must | joins | rivals
        yield must | joins | rivals | (self._touching(must) & near.chosen)
        nodes = {self._node(i) for i in must | wanted}
        yield frozenset(i for i in near.chosen if self._node(i) in nodes) | joins
        yield near.chosen

    def _touching(self, columns: Collection[int]) -> frozenset[int]:
        """Columns in one row with these, money and number aside."""
        wanted = frozenset(columns)
        few = (row for row in self.rows if len(row.weights) < 60)
        return frozenset(i for row in few if wanted & row.weights.keys() for i in row.weights)

    def _node(self, index: int) -> str:
        situation = self.question.situation
        return situation.columns[index].node if index < len(situation.columns) else situation.join(index).node

    def _parts(self, ask: Ask) -> list[str]:
        """The parts of the plan, those first that the ask is about."""
        nodes = [n.name for n in self.question.situation.tree.nodes]
        about = {self._node(i) for i in ask.out.union(*ask.one_of)}
        return sorted(nodes, key=lambda n: n not in about) if len(nodes) > 1 else []

    # --- the model ------------------------------------------------------------

    @cached_property
    def _binaries(self) -> int:
        return int(self.program.integer.sum())

    def _model(self, whole: bool) -> Live:
        if whole not in self._live:
            self._live[whole] = Live(_arrays(self.program), whole)
        return self._live[whole]

    def _run(
        self, whole: bool, ask: Ask, seconds: float, stop: Stop, start: Array | None = None,
        held: Collection[int] = frozenset(), only: Collection[int] | None = None,
    ) -> Outcome:  # fmt: skip
        """Solve an ask; `held` columns are taken, others than `only` are not."""
        model, program = self._model(whole), self.program
        lower, upper = program.lower.copy(), program.upper.copy()
        upper[[self.place[i] for i in ask.out if i in self.place]] = 0.0
        if only is not None:
            upper[[j for i, j in self.place.items() if i not in only]] = 0.0
        for i in held:
            if i in self.place and i not in ask.out:
                lower[self.place[i]] = 1.0
        model.bound_columns(range(program.columns), lower, upper)
        model.minimise(program.costs[self.keys.index(ask.minimise)])
        for k, key in enumerate(self.keys):
            model.limit_row(self.first_bound + k, self._limit(key, k, ask.at_most.get(key, math.inf)))
        rows = self._extra(ask)
        model.add_rows(rows)
        outcome = model.run(seconds, stop, start)
        model.drop_rows(len(rows))
        return outcome

    def _limit(self, key: str, k: int, limit: float) -> float:
        to_solver = OBJECTIVES[key].to_solver
        value = to_solver(limit) if to_solver is not None and math.isfinite(limit) else limit
        return value - float(self.program.constants[k]) + 1e-7 * max(1.0, abs(limit) if math.isfinite(limit) else 1.0)

    def _extra(self, ask: Ask) -> list[tuple[Mapping[int, float], float]]:
        groups = [({self.place[i]: -1.0 for i in group if i in self.place}, -1.0) for group in ask.one_of]
        given = [
            ({self.place[i]: w for i, w in weights.items() if i in self.place}, limit) for weights, limit in ask.rows
        ]
        return [*groups, *given]

    def _start(self, candidate: Candidate) -> Array:
        start = np.zeros(self.program.columns)
        start[[self.place[i] for i in candidate.chosen if i in self.place]] = 1.0
        return start

    def _to_user(self, key: str, value: float) -> float:
        if not math.isfinite(value):
            return value
        value += float(self.program.constants[self.keys.index(key)])
        to_user = OBJECTIVES[key].to_user
        return to_user(value) if to_user is not None else value

    def _kept(self, outcome: Outcome, known: Candidate | None, key: str) -> Candidate | None:
        """The better of a run's package, if the judge allows it, and the known one."""
        if outcome.x is None:
            return known
        found = self.candidate(frozenset(i for i, j in self.place.items() if outcome.x[j] > 0.5))
        if not self.allowed(found.package):
            return known
        return found if known is None or found.values[key] < known.values[key] else known


def _arrays(program: Program) -> Arrays:
    rows: list[dict[int, float]] = [{} for _ in program.row_lower]
    for i, j, value in zip(program.row.tolist(), program.col.tolist(), program.value.tolist(), strict=True):
        rows[i][j] = rows[i].get(j, 0.0) + value
    bounded = zip(rows, program.row_lower.tolist(), program.row_upper.tolist(), strict=True)
    objectives = [({int(j): float(c[j]) for j in np.flatnonzero(c)}, -math.inf, math.inf) for c in program.costs]
    return Arrays(program.lower, program.upper, program.integer, (*bounded, *objectives))


_remembered: list[Resolver] = []


def resolver_of(question: Question) -> Resolver:
    """The same resolver as before for the same question, else a new one."""
    for known in _remembered:
        if known.question is question:
            return known
    _remembered.insert(0, Resolver(question))
    del _remembered[REMEMBERED:]
    return _remembered[0]


def floor_of(front: PlanFront | None, minimise: str, at_most: Mapping[str, float]) -> float:
    """What a certified front says of every package within bounds: none makes `minimise` smaller than this."""
    if front is None or not front.packages or not all(math.isfinite(g) for g in front.certificate.gap.values()):
        return -math.inf
    slack = {a.key: front.certificate.gap[a.key] * a.resolution for a in front.objectives}
    if minimise not in slack:
        return -math.inf
    near = [p for p in front if all(p.objectives[k] <= at_most.get(k, math.inf) + slack[k] for k in slack)]
    return min((p.objectives[minimise] for p in near), default=-math.inf) - slack[minimise]


def without(package: Package, index: int) -> Package:
    """A package less one measure."""
    return replace(package, measures=tuple(m for k, m in enumerate(package.measures) if k != index))
