"""Speed of the ensemble beside a plain loop and beside EMA Workbench, memory of a large one, core index.

Run: python -m benchmarks.doubt [speed] [memory] [core] [robust] [ema]   (ema_workbench is needed for the last alone).
Figures are ratios within one run where they can be.
"""

from __future__ import annotations

import logging
import random
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from optimizer.choices import Choices, Package
from optimizer.doubt.ensemble import KEYS, Ensemble, assess, judged, spans_of, task
from optimizer.doubt.report import Plan, assessed
from optimizer.inputs import load_case, load_catalog
from optimizer.judge.check import violations
from optimizer.judge.evaluate import judge_of
from optimizer.questions import ask
from optimizer.solving import answer, searching, solve

from .evolution import exact_front, spender

ROBUST = (
    ("kenya_2007", "worst_reply"), ("zimbabwe_2010", "worst_reply"), ("rwanda_1993", "worst_k"),
    ("macedonia_2001", "worst_k"), ("burundi_1965", "cvar"), ("bosnia_1992", "cvar"),
)  # fmt: skip
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


def robust(seconds: float = 30.0) -> None:
    """Risk, cost and a robust objective on whole cases, one core; a third of the processor seconds for the plain front,
    as the product does by the clock."""
    for name, key in ROBUST:
        case, begun = load_case(name), time.process_time()
        start = [o.package for o in exact_front(ask(case), seconds / 3)[0]]
        question = ask(case, Choices(objectives=("risk", "cost", key)))
        left = spender(seconds - (time.process_time() - begun))
        *_, last = searching(question, packages=start, plain_first=False, stop=left)
        front = answer(question, last.front)
        broken = sum(bool(violations(case, option.package, question.choices)) for option in front)
        print(f"{name}, {key}: {front.status}; {time.process_time() - begun:.0f} s; {broken} broken", flush=True)


def ema() -> None:
    """The same function under EMA Workbench, one process, 200 scenarios x 20 packages; and ours on as many."""
    from ema_workbench import Model, RealParameter, ScalarOutcome, Scenario, ema_logging, perform_experiments
    from ema_workbench.em_framework.points import Policy

    from optimizer.doubt.ensemble import needed, outcomes

    plans, ensemble = packages(8), Ensemble(64)
    work = task(CASE, plans, ensemble, CHOICES, CATALOG)
    drawn = work.design().draws(0, ensemble.scenarios, needed(work))

    def one(package: int = 0, **numbers: float) -> dict[str, float]:
        alone = replace(work, packages=(plans[package],))
        found = outcomes(
            alone, {name.replace("__", ":").replace("_dot_", "."): np.array([v]) for name, v in numbers.items()}
        )
        return dict(zip(KEYS, map(float, found[0, 0]), strict=True))

    names = {name: name.replace(":", "__").replace(".", "_dot_") for name in drawn}
    model = Model("ohrid", function=one)
    model.uncertainties = [RealParameter(plain, -1e9, 1e9) for plain in names.values()]
    model.levers = [RealParameter("package", 0, len(plans))]
    model.outcomes = [ScalarOutcome(key) for key in KEYS]
    scenarios = [
        Scenario(str(k), **{names[n]: float(v[k]) for n, v in drawn.items()}) for k in range(ensemble.scenarios)
    ]
    policies = [Policy(str(k), package=k) for k in range(len(plans))]
    ema_logging.log_to_stderr(logging.ERROR)
    begun = time.perf_counter()
    _, theirs = perform_experiments(model, scenarios, policies)
    taken = time.perf_counter() - begun
    begun = time.perf_counter()
    ours = outcomes(work, drawn)
    fast = time.perf_counter() - begun
    off = np.abs(np.sort(theirs["risk"]) - np.sort(ours[:, :, 0].ravel())).max()
    count = len(scenarios) * len(policies)
    print(
        f"EMA Workbench: {1e6 * taken / count:.0f} us a judgement; ours {1e6 * fast / count:.1f} us: {taken / fast:,.0f} times; "
        f"largest difference in risk {off:.1e}"
    )


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["speed"]
    for word, run in (("speed", speed), ("memory", memory), ("core", core), ("robust", robust), ("ema", ema)):
        if word in wanted:
            run()
