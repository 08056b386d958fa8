"""Speed of the ensemble beside a plain loop, memory of a large one, core index, evolution beside the exact search.

Run: python benchmarks/doubt.py [speed] [memory] [core] [evolution CASE ...].
Figures are ratios within one run where they can be.
"""

from __future__ import annotations

import random
import resource
import sys
import time

import numpy as np

from optimizer.choices import Choices, Package
from optimizer.doubt.ensemble import Ensemble, assess, judged, spans_of, task
from optimizer.doubt.report import Plan, assessed
from optimizer.evolve import Evolution, evolve
from optimizer.inputs import load_case, load_catalog
from optimizer.judge.evaluate import judge_of
from optimizer.questions import ask
from optimizer.solving import solve

CASE, CHOICES, CATALOG = load_case("macedonia_2001"), Choices(), load_catalog()


def packages(count: int) -> list[Package]:
    """Packages of a dozen measures that share a pool of columns, as those of a front do."""
    situation, rng = ask(CASE, CHOICES).situation, random.Random(1)
    pool = rng.sample(range(len(situation.columns)), 120)
    return [situation.package(set(rng.sample(pool, 12))) for _ in range(count)]


def speed() -> None:
    """10,000 scenarios x 200 packages x 4 objectives; the plain loop is the judge on one scenario at a time."""
    plans = packages(200)
    judge = judge_of(CASE, CHOICES, CATALOG)
    begun = time.perf_counter()
    for package in plans:
        judge.evaluate(package)
    plain = (time.perf_counter() - begun) / len(plans)
    for workers in (1, 2):
        assess(CASE, plans[:2], Ensemble(2048), CHOICES, CATALOG, workers=workers)  # processes are up
        begun = time.perf_counter()
        assess(CASE, plans, Ensemble(10_000), CHOICES, CATALOG, workers=workers)
        taken = time.perf_counter() - begun
        ratio = plain * 2_000_000 / taken
        print(f"{workers} workers: {taken:.1f} s, {taken / 2:.2f} us a judgement, {ratio:,.0f} times the plain loop")


def memory() -> None:
    """1,000,000 scenarios of 10 packages, span by span: peak memory after the tenth and at the end."""
    work, begun = task(CASE, packages(10), Ensemble(1_000_000), CHOICES, CATALOG), time.perf_counter()
    for k, (first, values) in enumerate(judged(work, spans_of(1_000_000))):
        assert np.isfinite(values).all()
        if k == 10:
            print(f"after {first:,} scenarios: {_peak():.0f} MB")
    print(f"after 1,000,000 scenarios: {_peak():.0f} MB, {time.perf_counter() - begun:.0f} s")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def core() -> None:
    """Core index of 1,000 draws on a front searched for 20 s."""
    front = solve(CASE, time_limit=20, workers=2)
    begun = time.perf_counter()
    found = assessed(CASE, [Plan(p.id, p.package) for p in front], Ensemble(1000))
    print(f"{found.core.draws} draws, {len(front)} packages: {time.perf_counter() - begun:.1f} s; {front.status}")


def evolution(names: list[str], seconds: float = 15.0, seeds: int = 3) -> None:
    """Hypervolume of evolution over the exact search's on risk and cost at the mids, same seconds, from nothing."""
    for name in names:
        case = load_case(name)
        question = ask(case, CHOICES)
        begun = time.perf_counter()
        exact = solve(case, choices=CHOICES, time_limit=seconds)
        taken = time.perf_counter() - begun
        worst = judge_of(case, CHOICES, CATALOG).scene.baseline, question.situation.settings.budget
        ratios = []
        for seed in range(seeds):
            found = evolve(question, settings=Evolution(10**6, 48, 0, seed=seed, time_limit=taken))
            ratios.append(volume(found, worst) / (volume(exact, worst) or float("nan")))
        listed = f"median {np.median(ratios):.3f}, {min(ratios):.3f} to {max(ratios):.3f}"
        print(f"{name}: {listed} over {seeds} seeds of {taken:.0f} s; exact: {exact.status}")


def volume(front: object, worst: tuple[float, float]) -> float:
    """Area that a front of risk and cost dominates, up to the worst point."""
    points = sorted((p.objectives["risk"], p.objectives["cost"]) for p in front)  # type: ignore[attr-defined]
    total, dearest = 0.0, worst[1]
    for risk, cost in points:
        total += max(0.0, worst[0] - risk) * max(0.0, dearest - cost)
        dearest = min(dearest, cost)
    return total


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["speed"]
    for word, run in (("speed", speed), ("memory", memory), ("core", core)):
        if word in wanted:
            run()
    if "evolution" in wanted:
        evolution(wanted[wanted.index("evolution") + 1 :] or ["macedonia_2001"])
