"""The best package that keeps some more conditions: asked again and again of one live programme per question.

First the relaxation (a bound on every answer), then what can be done near packages that are known, then, if time is
left, the whole programme. What is found is kept: asked again with more time, an answer can only become better. A
package is only ever reported with the judge's numbers and if the judge finds nothing against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from ..answers import Option, PlanFront
from ..choices import Package
from ..judge.evaluate import Judge
from ..model.objectives import OBJECTIVES
from ..model.rows import Row
from ..questions import Question
from .asks import Ask, Candidate, Found, smaller
from .engine import Engine
from .known import Known
from .live import Outcome, Stop, measured, never
from .near import WORTH, Near
from .tree import Tree

SMALL = 200  # binaries up to which the whole programme is asked at once: it is settled in a fraction of a second
SETTLED = 1.0  # resolutions: no package that much better is looked for, since a planner would not care
EXACT = 0.02  # the same for these
TURN, LAST = 0.4, 0.6  # shares of the time that is left for branching beside small solves, and after them
NODES = 60  # of a tree, where the work must not depend on the time
LEAST = 3.0  # seconds that a relaxation may take: the first is cold, and without it there is no bound at all
REMEMBERED = 4  # questions whose live models are kept; each holds a few megabytes


class Resolver:
    """Answers asks about one question."""

    def __init__(self, question: Question, engine: Engine | None = None, rows: tuple[Row, ...] | None = None) -> None:
        """`engine`, `rows`: the live programme and the hard rows of the question, where they are made already."""
        self.question = question
        self.known = Known(question, rows)
        if engine is not None:
            self.engine = engine
        self._bounds: dict[object, float] = {}  # of every ask so far

    @cached_property
    def engine(self) -> Engine:
        """Made when something has to be solved, not before."""
        return Engine(self.question)

    @cached_property
    def near(self) -> Near:
        return Near(self.known, self.engine)

    @property
    def judge(self) -> Judge:
        return self.known.judge

    @cached_property
    def nothing(self) -> Candidate | None:
        """Doing nothing, where that is allowed."""
        return self.known.accepted(frozenset()) if not self.known.broken(frozenset()) else None

    def judged(self, package: Package) -> Candidate:
        return self.known.judged(package)

    def resolution(self, key: str) -> float:
        return OBJECTIVES[key].resolution(self.question.situation)

    def bounds_of(self, option: Option, but: str) -> dict[str, float]:
        """The other objectives of the question, at most as the option has them."""
        return {o.key: option.objectives[o.key] for o in self.question.objectives if o.key != but}

    def best(
        self, ask: Ask, seconds: float, near: Candidate | None = None, floor: float = -math.inf, stop: Stop = never,
        enough: float = -math.inf, whole: bool = True,
    ) -> Found:  # fmt: skip
        """The best package for an ask. `near`: a package to work from. `floor`: a bound that is known to hold.

        `enough`: a value that is good enough to stop at. `whole`: whether a large programme may be asked as a whole; if
        not, the work is bounded whatever the time, and the same on every machine.
        """
        left, near = measured(seconds), near or self.nothing
        relaxed = self.engine.relaxed(ask, max(seconds, LEAST), never)
        bound = max(self._bound(ask, relaxed), floor)
        if bound == math.inf:
            return Found(None, math.inf, "proven")
        found = self.known.answers(ask)
        small = self.engine.binaries <= SMALL
        if near is not None and not small:
            found, bound = self._searched(ask, near, found, relaxed, bound, left, stop, enough, whole)
        if self._settled(ask, found, bound, enough):
            return self._told(ask, found, bound)
        if stop() or ((left() < WORTH or not whole) and not small):
            return self._told(ask, found, bound)
        return self._whole(ask, found, bound, left, stop)

    def _searched(
        self, ask: Ask, near: Candidate, found: Candidate | None, relaxed: Outcome, bound: float,
        left: Callable[[], float], stop: Stop, enough: float, whole: bool,
    ) -> tuple[Candidate | None, float]:  # fmt: skip
        """Packages near known ones and bounds from branching, in turns, until they meet or half the time is gone."""
        with self.engine.tree(ask) as tree:
            for better in self.near.found(ask, near, relaxed, left, stop):
                found = smaller(found, better, ask.minimise)
                if self._settled(ask, found, bound, enough):
                    return found, bound
                found, bound = self._grown(tree, ask, found, bound, TURN * left(), stop, whole)
                if self._settled(ask, found, bound, enough):
                    return found, bound
            share = (
                LAST if (1 - LAST) * left() > WORTH else 1.0
            )  # what is too little for the whole programme is not kept
            return self._grown(tree, ask, found, bound, share * left(), stop, whole)

    def _grown(
        self, tree: Tree, ask: Ask, found: Candidate | None, bound: float, seconds: float, stop: Stop, whole: bool
    ) -> tuple[Candidate | None, float]:
        """A better bound from branching, and the package of the lowest node once there is one."""
        value = math.inf if found is None else found.values[ask.minimise]
        worth = math.inf if found is None else self.engine.in_program(ask.minimise, value - self.slack(ask))
        tree.grow(worth, measured(seconds), stop, math.inf if whole else NODES)
        chosen = self.engine.chosen(tree.x)
        new = None if chosen is None else self.known.accepted(chosen)
        better = smaller(found, new if new is not None and ask.met_by(new) else None, ask.minimise)
        if tree.bound == math.inf and found is not None:  # not even the package that is known: it proves nothing
            return better, bound
        return better, max(bound, min(self.engine.to_user(ask.minimise, tree.bound), value))

    def solved(self, ask: Ask, seconds: float, stop: Stop = never) -> Found:
        """The whole programme, from nothing."""
        return self._whole(ask, None, -math.inf, measured(seconds), stop)

    def relaxed(self, ask: Ask) -> float:
        """A bound for the ask from its relaxation, in the user's unit; infinite: nothing satisfies it."""
        return self._bound(ask, self.engine.relaxed(ask, math.inf, never))

    def _bound(self, ask: Ask, outcome: Outcome) -> float:
        value = math.inf if outcome.status == "infeasible" else self.engine.to_user(ask.minimise, outcome.bound)
        return max(value, self._bounds.get(ask.key, -math.inf))

    def _settled(self, ask: Ask, found: Candidate | None, bound: float, enough: float) -> bool:
        if found is None:
            return bound == math.inf
        value = found.values[ask.minimise]
        return value <= enough or value - bound <= self.slack(ask)

    def slack(self, ask: Ask) -> float:
        """How much better a package may be that is not looked for."""
        return (EXACT if self.engine.binaries <= SMALL else SETTLED) * self.resolution(ask.minimise)

    def _told(self, ask: Ask, found: Candidate | None, bound: float, optimal: bool = False) -> Found:
        self._bounds[ask.key] = max(bound, self._bounds.get(ask.key, -math.inf))
        if found is None:
            return Found(None, bound, "proven" if bound == math.inf else "gap")
        value = found.values[ask.minimise]
        near = optimal or value - bound <= self.slack(ask)
        return Found(found, min(bound, value), "proven" if near else "gap")

    def _whole(self, ask: Ask, found: Candidate | None, bound: float, left: Callable[[], float], stop: Stop) -> Found:
        outcome = self.engine.whole(
            ask, left(), stop, None if found is None else found.chosen, gap=self._gap(ask, found)
        )
        if outcome.status == "infeasible":
            self._bounds[ask.key] = math.inf
            return Found(None, math.inf, "proven")
        chosen = self.engine.chosen(outcome.x)
        new = None if chosen is None else self.known.accepted(chosen)
        better = smaller(found, new, ask.minimise)
        bound = max(bound, self.engine.to_user(ask.minimise, outcome.bound))
        return self._told(ask, better, bound, outcome.status == "optimal" and new is not None)

    def _gap(self, ask: Ask, found: Candidate | None) -> float:
        """Half of what is not looked for, in the programme's own terms."""
        value = (found or self.judged(Package())).values[ask.minimise]
        return self.engine.to_program(ask.minimise, value, 0.5 * self.slack(ask))


_remembered: list[Resolver] = []


def resolver_of(question: Question, front: PlanFront | None = None) -> Resolver:
    """The same resolver as before for the same question, else a new one; it learns the packages of a front."""
    found = next((r for r in _remembered if r.question is question), None)
    if found is None:
        found = Resolver(question)
        _remembered.insert(0, found)
        del _remembered[REMEMBERED:]
    found.known.learn(front)
    return found


def prepare(question: Question, front: PlanFront | None = None) -> None:
    """Make ready what the first explanation of a question would wait for: half a second to a second and a half."""
    resolver = resolver_of(question, front)
    for objective in question.objectives:
        resolver.relaxed(Ask(objective.key))
        with resolver.engine.tree(Ask(objective.key)) as tree:  # begins where the relaxation ended
            tree.grow(math.inf, measured(LEAST), never, 1)


def floor_of(front: PlanFront | None, minimise: str, at_most: dict[str, float]) -> float:
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
