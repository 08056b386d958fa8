"""NSGA-II or NSGA-III (Deb et al. 2002; Deb and Jain 2014, by pymoo) with an archive, started from the exact front.

The result has no certificate, and says so: better packages may exist, and nothing bounds by how much.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..answers import Option, PlanFront
from ..choices import Package
from ..doubt.draws import Law
from ..doubt.ensemble import KEYS, Ensemble, Task, needed, outcomes, task
from ..doubt.measures import cvar
from ..front import Certificate
from ..judge.check import violations
from ..judge.evaluate import judge_of
from ..model.audit import audit
from ..questions import Question
from ..solving import fingerprint
from .repair import Repair

Floats = NDArray[np.float64]
Judged = Callable[[Sequence[Package]], Floats]


@dataclass(frozen=True)
class Evolution:
    """How to search. `scenarios` 0: the numbers at their mids, as the exact search has them.

    Else objectives are means (or, for risk, the mean of the worst `tail` share) over that many scenarios, with partners
    that decline, lead times that slip and authorizations that fail.
    """

    generations: int = 100
    population: int = 48
    scenarios: int = 256
    tail: float | None = None
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
    """Nondominated packages seen so far, by their chosen indices."""

    def __init__(self) -> None:
        self.points: dict[frozenset[int], Floats] = {}

    def add(self, chosen: frozenset[int], point: Floats) -> None:
        """Keep it unless another is as good everywhere; drop what it dominates."""
        if chosen in self.points or any((other <= point).all() for other in self.points.values()):
            return
        self.points = {key: other for key, other in self.points.items() if not (point <= other).all()}
        self.points[chosen] = point


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
    begun, repair = time.monotonic(), Repair(question.situation)
    judged, archive = judging(question, settings), Archive()
    seeds = _seeds(question, start, repair)
    if not len(seeds):
        return _answer(question, archive, settings, 0, time.monotonic() - begun, "no package to start from")
    algorithm = _algorithm(question, settings, seeds, repair)
    why, generation, known = "", 0, dict[frozenset[int], Floats]()
    while not why:
        population = algorithm.ask()
        points = _points(question, population.get("X").astype(bool), judged, known, archive)
        population.set("F", points)
        algorithm.tell(infills=population)
        generation += 1
        if on_progress is not None:
            on_progress(State(generation, time.monotonic() - begun, len(archive.points)))
        why = _why_stop(settings, generation, time.monotonic() - begun, stop)
    return _answer(question, archive, settings, generation, time.monotonic() - begun, why)


def _why_stop(settings: Evolution, generation: int, seconds: float, stop: Callable[[], bool] | None) -> str:
    if stop is not None and stop():
        return "stopped"
    if generation >= settings.generations:
        return "generations done"
    return "time limit" if settings.time_limit is not None and seconds >= settings.time_limit else ""


def _seeds(question: Question, start: Sequence[Package], repair: Repair) -> NDArray[np.bool_]:
    """The starting packages that keep every row, and doing nothing where that does."""
    found = []
    for package in (*start, Package()):
        try:
            chosen = question.situation.indices(package)
        except KeyError:
            continue
        bits = np.zeros(repair.size, dtype=bool)
        bits[list(chosen)] = True
        if not repair.broken(bits):
            found.append(bits)
    return np.array(found, dtype=bool).reshape(-1, repair.size)


def _algorithm(question: Question, settings: Evolution, seeds: NDArray[np.bool_], repair: Repair) -> Any:
    """pymoo's algorithm, set up to be asked and told."""
    from pymoo.core.problem import Problem

    from .operators import alike_of, nodes_of

    rng, count = np.random.default_rng(settings.seed), len(question.objectives)
    first = [*seeds]
    change = alike_of(question.situation)
    while len(first) < settings.population:
        bits = seeds[int(rng.integers(len(seeds)))].copy()
        for _ in range(3):
            i = int(rng.integers(repair.size))
            bits[i] = not bits[i]
        first.append(repair.mended(bits, seeds[0], rng))
    problem = Problem(n_var=repair.size, n_obj=count, n_ieq_constr=0, xl=0, xu=1, vtype=bool)
    algorithm = _made(settings, count, np.array(first), nodes_of(question.situation), change, repair, seeds[0])
    algorithm.setup(problem, seed=settings.seed, verbose=False, termination=("n_gen", 10**9))
    return algorithm


def _made(
    settings: Evolution, count: int, first: NDArray[np.bool_], nodes: Any, alike: Any, repair: Repair, fallback: Any
) -> Any:
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.util.ref_dirs import get_reference_directions

    from .operators import ByNode, Change, Mend

    how = {
        "pop_size": settings.population, "sampling": first, "crossover": ByNode(nodes), "mutation": Change(alike),
        "repair": Mend(repair, fallback), "eliminate_duplicates": True,
    }  # fmt: skip
    if settings.algorithm == "nsga2":
        return NSGA2(**how)
    directions = get_reference_directions("energy", count, settings.population, seed=settings.seed)
    return NSGA3(ref_dirs=directions, **how)


def _points(
    question: Question, rows: NDArray[np.bool_], judged: Judged, known: dict[frozenset[int], Floats], archive: Archive
) -> Floats:
    """Objectives of each row; what the independent check rejects is put far away."""
    keys = [frozenset(np.flatnonzero(bits).tolist()) for bits in rows]
    new = [key for key in dict.fromkeys(keys) if key not in known]
    packages = [question.situation.package(key) for key in new]
    for key, package, point in zip(new, packages, judged(packages), strict=True):
        allowed = not violations(question.case, package, question.choices, question.catalog)
        known[key] = point if allowed else np.full(len(question.objectives), 1e9)
        if allowed:
            archive.add(key, point)
    return np.stack([known[key] for key in keys])


def judging(question: Question, settings: Evolution) -> Judged:
    """How packages are judged: by the mids, or over scenarios that are the same for all."""
    if not settings.scenarios:
        return lambda packages: np.array([_at_mids(question, p) for p in packages]).reshape(len(packages), -1)
    ensemble = Ensemble(settings.scenarios, settings.seed, Law())
    whole = task(question.case, (), ensemble, question.choices, question.catalog)
    return lambda packages: _over_scenarios(question, replace(whole, packages=tuple(packages)), settings)


def _at_mids(question: Question, package: Package) -> list[float]:
    evaluation = judge_of(question.case, question.choices, question.catalog).evaluate(package)
    return list(question.values(question.situation.indices(package), evaluation).values())


def _over_scenarios(question: Question, work: Task, settings: Evolution) -> Floats:
    if not work.packages:
        return np.zeros((0, len(question.objectives)))
    drawn = work.design().draws(0, settings.scenarios, needed(work))
    values = outcomes(work, drawn).astype(float)
    means = values.mean(axis=0)
    if settings.tail is not None:
        means[:, KEYS.index("risk")] = cvar(values[:, :, KEYS.index("risk")], settings.tail)
    rest = _shortfalls(question, work.packages)
    return np.stack([means[:, KEYS.index(o.key)] if o.key in KEYS else rest for o in question.objectives], axis=1)


def _shortfalls(question: Question, packages: Sequence[Package]) -> Floats:
    from ..model.audit import shortfall

    return np.array([shortfall(question.priced, question.situation.indices(p)) for p in packages])


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
