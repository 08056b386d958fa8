"""How fast and how sure the explanations are: a corpus of infeasible questions, and latencies on real cases.

    python -m benchmarks.explain corpus [--first 0] [--count 500] [--seed 0] [--every 1] [--limit 170]
    python -m benchmarks.explain nothing|whynot|package|alternatives|steps [--cases a,b] [--count N]

Every line printed is a measurement of this machine, loaded as it is: seconds by the clock, and of this process alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from optimizer.answers import Option, PlanFront
from optimizer.choices import Choices
from optimizer.explain import (
    Explanation,
    Repair,
    Thing,
    alternatives,
    explain_package,
    one_step_more,
    prepare,
    repairs,
    repairs_so_far,
    whether,
    why_not,
    why_nothing,
)  # fmt: skip
from optimizer.explain.asks import Ask
from optimizer.explain.loosened import forget
from optimizer.explain.resolve import Resolver
from optimizer.inputs import load_case, load_catalog
from optimizer.questions import Question, ask
from optimizer.solving import solve

from .infeasible import CASES, OFTEN, SCARCE, between, faults, item, works

FRONT_SECONDS = 25.0
MEASURES = 12


@dataclass
class Times:
    """Seconds by the clock and of the process, of one kind of question."""

    name: str
    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    @contextmanager
    def measured(self) -> Iterator[None]:
        wall, own = time.monotonic(), time.process_time()
        yield
        self.wall.append(time.monotonic() - wall)
        self.own.append(time.process_time() - own)

    def __str__(self) -> str:
        if not self.wall:
            return f"{self.name}: none"
        return f"{self.name}: {len(self.wall)}; {spread(self.wall)} by the clock, {spread(self.own)} of the process"


def spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"p50 {statistics.median(ordered):.2f} s, p95 {p95:.2f} s, worst {ordered[-1]:.2f} s"


# --- the corpus ------------------------------------------------------------


def run_corpus(first: int, count: int, seed: int, limit: float, every: int) -> None:
    """Questions first to first + count of the corpus, or as many as the limit allows."""
    end, seen = time.monotonic() + limit, Counter[str]()
    times = {True: Times("empty even for fractions"), False: Times("empty only for whole measures")}
    mending = Times("repairs")
    for number in range(first, first + count):
        if time.monotonic() > end:
            print(f"stopped before number {number}")
            break
        made = item(seed, number)
        with times[made.relaxed].measured():
            found = why_nothing(made.question)
        fixes: tuple[Repair, ...] = ()
        if number // 2 % every == 0:
            with mending.measured():
                fixes = repairs(made.question, seconds=10)
            seen.update(mended=1, without_repair=not fixes)
        wrong = [*faults(made.question, found, made.relaxed)]
        works_ = [works(made.question, repair) for repair in fixes]
        seen.update(questions=1, wrong=bool(wrong), repairs=len(fixes), of_which_work=sum(works_))
        seen.update(members=len(found.keys) if found else 0)
        seen.update(proven_repairs=sum(r.exactness == "proven" for r in fixes))
        for fault in wrong:
            print(f"number {number}: {fault}", flush=True)
    print(times[True], times[False], mending, dict(seen), sep="\n")


# --- latencies on real cases ------------------------------------------------------------


def run_nothing(cases: list[str], count: int, seed: int) -> None:
    """Real questions that cannot be met: tools forced in with too little of something, whole plans with branches."""
    rng, catalog = np.random.default_rng(seed), load_catalog()
    times = {True: Times("empty even for fractions"), False: Times("empty only for whole measures")}
    asking, first, mending = Times("making the question"), Times("the first repair"), Times("repairs")
    again, left_open = Times("the same with one number changed"), 0
    for name in cases:
        case = load_case(name)
        for number in range(count):
            question = _colliding(rng, case, catalog) if number % 2 == 0 else _nearly(rng, case)
            if question is None:
                continue
            forget()
            begun = Times("")
            with asking.measured():
                question = whether(case, question.choices, catalog)
            with begun.measured():
                found = why_nothing(question)
            if found is None:
                continue
            times[found.relaxed].wall += begun.wall
            times[found.relaxed].own += begun.own
            left_open += found.exactness != "proven"
            with mending.measured():
                coming = repairs_so_far(question, seconds=10)
                with first.measured():
                    fixes = next(coming, ())
                *_, fixes = (fixes, *coming)
            less = replace(question.choices, budget_musd=question.situation.settings.budget * 0.9)
            with again.measured():
                why_nothing(whether(case, less, catalog))
            print(
                f"{name}: {begun.wall[0]:.2f} s, {found.exactness}, {len(fixes)} repairs; {found.sentence}", flush=True
            )
    print(asking, times[True], times[False], again, first, mending, f"not settled: {left_open}", sep="\n")


def _colliding(rng: np.random.Generator, case: Any, catalog: Any) -> Question:
    forced, budget = _forced(rng, 3), case.constraints.budget_musd_2020
    share = {"budget_musd": float(rng.choice([0.004, 0.02])) * budget}
    return ask(case, Choices(force_in=forced, **({**share, **SCARCE[int(rng.integers(len(SCARCE)))]})), catalog)


def _nearly(rng: np.random.Generator, case: Any) -> Question | None:
    """An envelope that fractions of measures would meet."""
    rules = tuple((key, "required") for key in ("R02", "R16", "R42", "R15"))
    numbers = (("R02.k", 2.0), ("R02.c", 2.0))
    most = int(rng.integers(4, 9))
    choices = Choices(
        force_in=_forced(rng, int(rng.integers(1, 4))), rules=rules, parameters=numbers, max_measures=most
    )
    return between(case, choices, rng)


def _forced(rng: np.random.Generator, count: int) -> tuple[str, ...]:
    return tuple(str(t) for t in rng.choice(OFTEN, size=count, replace=False))


def package_of(name: str) -> tuple[Question, Option, PlanFront]:
    """The package nearest to twelve measures of a front searched for as long as a planner would wait, made ready."""
    case, ready = load_case(name), Times("making ready")
    front = solve(case, time_limit=FRONT_SECONDS)
    chosen = min(front.packages, key=lambda o: abs(len(o.measures) - MEASURES))
    question = ask(case, Choices(), load_catalog())
    with ready.measured():
        prepare(question, front)
    gaps = ", ".join(f"{key} {gap:.1f}" for key, gap in front.certificate.gap.items())
    print(f"{name}: {len(chosen.measures)} measures, gaps in resolutions {gaps}; {ready}", flush=True)
    return question, chosen, front


def run_whynot(cases: list[str], count: int, seed: int) -> None:
    rng, times, kinds = np.random.default_rng(seed), Times("why not"), Counter[str]()
    for name in cases:
        question, chosen, front = package_of(name)
        tools = [t for t in question.catalog.instruments if t not in {m.instrument for m in chosen.measures}]
        for tool in rng.choice(tools, size=count, replace=False):
            with times.measured():
                found = why_not(question, chosen, Thing(str(tool)), front)
            kinds.update([found.exactness, *_wide(question, found)])
            print(f"{name}: {times.wall[-1]:.2f} s {found.exactness}: {found.sentence}", flush=True)
    print(times, dict(kinds), sep="\n")


def _wide(question: Question, found: Explanation) -> list[str]:
    """What is said of a range: in how many resolutions its ends lie apart, where both are known, or that one is not."""
    kinds = []
    for objective in question.objectives if found.exactness == "gap" else ():
        low, high = (found.numbers.get(f"{objective.key}_more_at_{end}") for end in ("least", "most"))
        if low is not None and high is None:
            kinds.append(f"{objective.key}: no package found")
        elif low is not None and high is not None:
            width = (high - low) / objective.resolution(question.situation)
            kinds += [f"{objective.key}: {'up to 2' if width <= 2 else 'more than 2'} resolutions"] if width > 1 else []
    return kinds


def run_package(cases: list[str], count: int, seed: int) -> None:
    """The whole explanation; what is later than the ten seconds is cut off by the explanation itself."""
    times = Times("a whole package")
    for name in cases:
        question, chosen, front = package_of(name)
        kinds = Counter[str]()
        with times.measured():
            for e in explain_package(question, chosen, front):
                kinds[f"{e.topic} ({e.exactness})"] += 1
        print(f"{name}: {len(chosen.measures)} measures, {times.wall[-1]:.1f} s, {dict(kinds)}", flush=True)
    print(times)


def run_alternatives(cases: list[str], count: int, seed: int) -> None:
    """Beside one solve: the best package within the same bounds, solved to the end from nothing."""
    for name in cases:
        question, chosen, front = package_of(name)
        one, all_ = Times("one solve"), Times("alternatives")
        resolver = Resolver(question)
        with one.measured():
            solved = resolver.solved(Ask("risk", resolver.bounds_of(chosen, "risk")), 60.0)
        with all_.measured():
            found = alternatives(question, chosen, front=front, seconds=10 * one.wall[0])
        ratio = all_.wall[0] / one.wall[0]
        print(
            f"{name}: one solve {one.wall[0]:.1f} s ({solved.exactness}), ratio {ratio:.1f}; {found.sentence}",
            flush=True,
        )


def run_steps(cases: list[str], count: int, seed: int) -> None:
    times, kinds = Times("all steps, 30 s allowed"), Counter[str]()
    for name in cases:
        question, chosen, front = package_of(name)
        with times.measured():
            found = one_step_more(question, chosen, front)
        kinds.update(e.exactness for e in found)
        print(
            f"{name}: {times.wall[-1]:.1f} s, {len(found)} steps",
            *(e.sentence for e in found[:6]),
            sep="\n  ",
            flush=True,
        )
    print(times, dict(kinds), sep="\n")


RUNS = {"nothing": run_nothing, "whynot": run_whynot, "package": run_package, "alternatives": run_alternatives,
        "steps": run_steps}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("corpus", *RUNS))
    parser.add_argument("--cases", default=",".join(CASES[:4]))
    parser.add_argument("--first", type=int, default=0, help="number of the first question of the corpus")
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=1, help="repairs for every so many pairs of the corpus only")
    parser.add_argument("--limit", type=float, default=170.0, help="seconds for the corpus")
    args = parser.parse_args()
    if args.what == "corpus":
        run_corpus(args.first, args.count or 500, args.seed, args.limit, args.every)
    else:
        RUNS[args.what](args.cases.split(","), args.count or 5, args.seed)


if __name__ == "__main__":
    main()
