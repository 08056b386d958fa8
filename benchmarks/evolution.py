"""Evolution beside the exact search on the same objectives and seconds, and what it adds in the stochastic model.

Run: python -m benchmarks.evolution [--seconds S] [--seeds N] [--first SEED] [--stochastic] CASE ...
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable

import numpy as np

from optimizer.answers import Option
from optimizer.choices import Choices
from optimizer.evolve import Evolution, evolve
from optimizer.evolve.judging import Stochastic
from optimizer.inputs import load_case
from optimizer.questions import Question, ask
from optimizer.solving import solve

Points = list[tuple[float, float]]


def volume(points: Iterable[tuple[float, float]], worst: tuple[float, float]) -> float:
    """Area that points of risk and cost dominate, up to the worst point."""
    total, dearest = 0.0, worst[1]
    for risk, cost in sorted(points):
        total += max(0.0, worst[0] - risk) * max(0.0, dearest - cost)
        dearest = min(dearest, cost)
    return total


def points(options: Iterable[Option]) -> Points:
    return [(o.objectives["risk"], o.objectives["cost"]) for o in options]


def worst_of(question: Question) -> tuple[float, float]:
    """Doing nothing, at the price of everything."""
    return question.situation.tree.baseline, question.situation.settings.budget


def same_seconds(name: str, seconds: float, seeds: Iterable[int]) -> list[float]:
    """Hypervolume of evolution, from nothing, over that of the exact search; one ratio a seed."""
    case = load_case(name)
    question = ask(case, Choices())
    begun = time.perf_counter()
    exact = solve(case, time_limit=seconds)
    taken, whole = time.perf_counter() - begun, volume(points(exact), worst_of(question))
    ratios = []
    for seed in seeds:
        found = evolve(question, settings=Evolution(10**6, 48, 0, seed=seed, time_limit=taken))
        ratios.append(volume(points(found), worst_of(question)) / whole if whole else float("nan"))
    listed = ", ".join(f"{ratio:.3f}" for ratio in ratios)
    print(f"{name}: {listed} ({taken:.0f} s each; exact: {len(exact)} packages, {exact.status})", flush=True)
    return ratios


def stochastic(name: str, seconds: float) -> None:
    """What evolution finds in the stochastic model that the exact front, judged there, does not have."""
    case = load_case(name)
    question = ask(case, Choices())
    exact = solve(case, time_limit=seconds)
    settings = Evolution(10**6, 48, 128, reacts=True, time_limit=seconds)
    judge = Stochastic(question, settings.scenarios, settings.seed, reacts=True)
    again = [tuple(row) for row in judge([question.situation.indices(o.package) for o in exact])]
    found = points(evolve(question, [o.package for o in exact], settings))
    step = np.array([axis.resolution for axis in question.axes()])
    new = [p for p in found if not any((np.array(q) <= np.array(p) + step).all() for q in again)]
    worst = max(risk for risk, _ in again), worst_of(question)[1]
    gain = volume(found, worst) / volume(again, worst) - 1 if volume(again, worst) else float("nan")
    lowest = f"lowest risk {min(again)[0]:.4f} before, {min(found)[0]:.4f} after"
    print(f"{name}: {len(exact)} packages judged again, {len(found)} after evolution of {seconds:.0f} s; {lowest}; "
          f"{len(new)} better by more than the resolution; hypervolume {gain:+.1%}", flush=True)  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--stochastic", action="store_true")
    args = parser.parse_args()
    if args.stochastic:
        for case_name in args.cases:
            stochastic(case_name, args.seconds)
    else:
        wanted = range(args.first, args.first + args.seeds)
        every = [r for case_name in args.cases for r in same_seconds(case_name, args.seconds, wanted)]
        known = [r for r in every if np.isfinite(r)]
        if known:
            print(f"median {np.median(known):.3f}, {min(known):.3f} to {max(known):.3f}, {len(known)} runs")
