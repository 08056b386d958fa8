"""NSGA-II or NSGA-III (Deb et al. 2002; Deb and Jain 2014, by pymoo) with an archive, started from the exact front.

The result has no certificate, and says so: better packages may exist, and nothing bounds by how much.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..answers import Option, PlanFront
from ..choices import Package
from ..front import Certificate
from ..judge.check import violations
from ..judge.evaluate import judge_of
from ..model.audit import audit
from ..questions import Question
from ..solving import fingerprint
from .judging import Chosen, Floats, Judged, Stochastic, at_mids
from .operators import ByNode, Change, Mend, Moves
from .repair import Repair
from .seeds import given, greedy

NEIGHBOURS = 0.5  # share of each brood that are neighbours of archived packages, in place of children


@dataclass(frozen=True)
class Evolution:
    """How to search. `scenarios` 0: the numbers at their mids, as the exact search has them.

    Else objectives are means (or, for risk, the mean of the worst `tail` share) over that many scenarios, with partners
    that decline, lead times that slip, authorizations that fail and turns of the crisis that are seen late. `reacts`:
    the perpetrators make their best reply to each package, with its chance in this case.
    """

    generations: int = 100
    population: int = 48
    scenarios: int = 256
    tail: float | None = None
    reacts: bool = False
    algorithm: Literal["nsga2", "nsga3"] = "nsga2"
    seed: int = 0
    time_limit: float | None = 60.0


@dataclass(frozen=True)
class State:
    """Progress: generation, seconds, size of the archive."""

    generation: int
    seconds: float
    archive: int


class Archive:
    """Nondominated packages seen so far, by their chosen indices; `allowed` has the last word on each."""

    def __init__(self, allowed: Callable[[Chosen], bool]) -> None:
        self.points: dict[Chosen, Floats] = {}
        self.allowed = allowed

    def add(self, chosen: Chosen, point: Floats) -> bool:
        """Keep it unless another is as good everywhere, and drop what it dominates; False if it is not allowed."""
        if chosen in self.points or any((other <= point).all() for other in self.points.values()):
            return True
        if not self.allowed(chosen):
            return False
        self.points = {key: other for key, other in self.points.items() if not (point <= other).all()}
        self.points[chosen] = point
        return True


def evolve(
    question: Question,
    start: Sequence[Package] = (),
    settings: Evolution | None = None,
    *,
    stop: Callable[[], bool] | None = None,
    on_progress: Callable[[State], None] | None = None,
) -> PlanFront:
    """The front that evolution finds.

    start: packages of the exact front, or of an earlier run that is taken up again.
    """
    settings = settings or Evolution()
    begun, repair, archive = time.monotonic(), Repair(question.situation), Archive(lambda c: _allowed(question, c))
    seeds = given(question.situation, start, repair)
    if not len(seeds):
        return _answer(question, archive, settings, 0, time.monotonic() - begun, "no package to start from")
    run = _Run(question, settings, repair, archive, seeds)
    why, generation = "", 0
    while not why:
        run.generation()
        generation += 1
        if on_progress is not None:
            on_progress(State(generation, time.monotonic() - begun, len(archive.points)))
        why = _why_stop(settings, generation, time.monotonic() - begun, stop)
    return _answer(question, archive, settings, generation, time.monotonic() - begun, why)


class _Run:
    """pymoo's algorithm, asked and told; half of each brood are neighbours of archived packages."""

    def __init__(
        self, question: Question, settings: Evolution, repair: Repair, archive: Archive, seeds: NDArray[np.bool_]
    ) -> None:
        self.repair, self.archive, self.rng = repair, archive, np.random.default_rng(settings.seed)
        self.judged, self.known = judging(question, settings), dict[Chosen, Floats]()
        self.moves = Moves(question.situation)
        first = [*seeds, *greedy(question.situation, repair, self.rng)]
        self._points(np.array(first))  # none is lost, however many there are
        while len(first) < settings.population:
            first.append(self._neighbour(first[int(self.rng.integers(len(first)))]))
        self.algorithm = _algorithm(question, settings, np.array(first), repair, self.moves)

    def generation(self) -> None:
        """One brood."""
        population = self.algorithm.ask()
        rows = population.get("X").astype(bool)
        if self.algorithm.n_iter and self.algorithm.n_iter > 1:
            parents = list(self.archive.points)
            for k in range(int(NEIGHBOURS * len(rows)) if parents else 0):
                bits = np.zeros(self.repair.size, dtype=bool)
                bits[list(parents[int(self.rng.integers(len(parents)))])] = True
                rows[k] = self._neighbour(bits)
            population.set("X", rows)
        population.set("F", self._points(rows))
        self.algorithm.tell(infills=population)

    def _neighbour(self, bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
        changed = bits.copy()
        for _ in range(1 + int(self.rng.random() < 0.4)):
            self.moves.change(changed, self.rng)
        return self.repair.mended(changed, bits, self.rng)

    def _points(self, rows: NDArray[np.bool_]) -> Floats:
        """Objectives of each row; what the independent check rejects is put far away."""
        keys = [frozenset(np.flatnonzero(bits).tolist()) for bits in rows]
        new = [key for key in dict.fromkeys(keys) if key not in self.known]
        for key, point in zip(new, self.judged(new), strict=True):
            self.known[key] = point if self.archive.add(key, point) else np.full(len(point), 1e9)
        return np.stack([self.known[key] for key in keys])


def _allowed(question: Question, chosen: Chosen) -> bool:
    package = question.situation.package(chosen)
    kept = all(row.kept(chosen) for row in question.promoted)
    return kept and not violations(question.case, package, question.choices, question.catalog)


def judging(question: Question, settings: Evolution) -> Judged:
    """How packages are judged: by the mids, or over scenarios that are the same for all."""
    if not settings.scenarios:
        return at_mids(question)
    return Stochastic(question, settings.scenarios, settings.seed, settings.tail, settings.reacts)


def _why_stop(settings: Evolution, generation: int, seconds: float, stop: Callable[[], bool] | None) -> str:
    if stop is not None and stop():
        return "stopped"
    if generation >= settings.generations:
        return "generations done"
    return "time limit" if settings.time_limit is not None and seconds >= settings.time_limit else ""


def _algorithm(question: Question, settings: Evolution, first: NDArray[np.bool_], repair: Repair, moves: Moves) -> Any:
    """pymoo's algorithm, set up to be asked and told."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.core.problem import Problem
    from pymoo.util.ref_dirs import get_reference_directions

    count = len(question.objectives)
    how = {
        "pop_size": settings.population, "sampling": first, "crossover": ByNode(moves.nodes),
        "mutation": Change(moves), "repair": Mend(repair, first[0]), "eliminate_duplicates": True,
    }  # fmt: skip
    if settings.algorithm == "nsga3":
        how["ref_dirs"] = get_reference_directions("energy", count, settings.population, seed=settings.seed)
    algorithm = (NSGA3 if settings.algorithm == "nsga3" else NSGA2)(**how)
    problem = Problem(n_var=repair.size, n_obj=count, n_ieq_constr=0, xl=0, xu=1, vtype=bool)
    algorithm.setup(problem, seed=settings.seed, verbose=False, termination=("n_gen", 10**9))
    return algorithm


def _answer(
    question: Question, archive: Archive, settings: Evolution, generations: int, seconds: float, why: str
) -> PlanFront:
    """The archive as a front that says it has no certificate."""
    axes = question.axes()
    found = sorted(archive.points.items(), key=lambda pair: tuple(pair[1]))
    options = [_option(question, chosen, point, k) for k, (chosen, point) in enumerate(found, start=1)]
    certificate = Certificate(
        gap={axis.key: float("inf") for axis in axes}, hypervolume_gap=float("nan"), method="evolutionary",
        solves=generations, seconds=seconds, resolutions={axis.key: axis.resolution for axis in axes},
        stopped_by=f"{why}; evolution proves nothing", versions=_versions(),
    )  # fmt: skip
    print_ = fingerprint(question.case, question.catalog)
    return PlanFront(question.case, question.choices, print_, axes, tuple(options), certificate, settings.seed)


def _versions() -> Mapping[str, str]:
    from importlib.metadata import version

    return {"pymoo": version("pymoo"), "numpy": version("numpy")}


def _option(question: Question, chosen: frozenset[int], point: Floats, number: int) -> Option:
    """A package with its objectives as this search judged them; the evaluation is the judge's, at the mids."""
    package = question.situation.package(chosen)
    evaluation = judge_of(question.case, question.choices, question.catalog).evaluate(package)
    values = {o.key: float(value) for o, value in zip(question.objectives, point, strict=True)}
    return Option(f"E{number}", values, package, evaluation, audit(question.situation, chosen))
