"""How fast and how sure the explanations are: a corpus of infeasible questions, and latencies on real cases.

python benchmarks/explain.py corpus [--count 500] [--seed 0]
python benchmarks/explain.py nothing|whynot|package|alternatives [--cases a,b] [--count N]

Every line printed is a measurement of this machine, loaded as it is.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from optimizer.choices import Choices
from optimizer.explain import Thing, alternatives, explain_package, repairs, why_not, why_nothing
from optimizer.explain.trials import Trials
from optimizer.explain.possible import Possible
from optimizer.explain.resolve import Ask, resolver_of
from optimizer.inputs import load_case, load_catalog
from optimizer.questions import Question, ask
from optimizer.solving import option

CASES = ("macedonia_2001", "kenya_2007", "rwanda_1993", "sudan_2010", "east_timor_1999", "bosnia_1992")
OFTEN = ("high_level_mediation", "ceasefire_monitoring", "naming_shaming", "ngo_civil_society", "dialogue_facilitation",
         "diplomatic_pressure", "media_campaign", "neighbour_engagement", "targeted_sanctions_rapid")  # fmt: skip


def spread(name: str, seconds: list[float]) -> str:
    """p50, p95 and worst of some times."""
    if not seconds:
        return f"{name}: none"
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return (
        f"{name}: {len(ordered)} trials, p50 {statistics.median(ordered):.2f} "
        f"s, p95 {p95:.2f} s, worst {ordered[-1]:.2f} s"
    )


NUMBERS = {"R02.k": [1, 2, 3], "R02.c": [0.5, 1, 2], "R16.s": [0.15, 0.2, 0.3]}


# --- the corpus ------------------------------------------------------------


def corpus(count: int, rng: np.random.Generator) -> Iterator[tuple[bool, Question]]:
    """(whether the relaxation is already empty, question), half and half.

    Small questions made infeasible by their envelope.
    """
    made = {True: 0, False: 0}
    while min(made.values()) < count // 2:
        question, gap = _drawn(rng)
        for relaxed in (True, False):
            budget = _envelope(question, gap, relaxed, rng)
            if budget is not None and made[relaxed] < count // 2:
                made[relaxed] += 1
                yield relaxed, replaced(question, replace(question.choices, budget_musd=budget))


def replaced(question: Question, choices: Choices) -> Question:
    return ask(question.case, choices, question.catalog)


def _drawn(rng: np.random.Generator) -> tuple[Question, tuple[float, float]]:
    """A case with six tools, some of them forced in, rules whose shares make whole numbers matter, and what the
    relaxation and
    whole measures would need."""
    case, catalog = load_case(str(rng.choice(CASES[:4]))), load_catalog()
    tools = [str(t) for t in rng.choice(OFTEN, size=6, replace=False)]
    forced = tuple(str(t) for t in rng.choice(tools, size=int(rng.integers(1, 3)), replace=False))
    choices = Choices(
        branches=(), budget_musd=0.01,
        force_in=forced, force_out=tuple(k for k in catalog.instruments if k not in tools),
        rules=(("R02", "required"), ("R16", "required"), *((k, "off") for k in ("R04", "R17", "R46", "R36"))),
        parameters=tuple((key, float(rng.choice(among))) for key, among in NUMBERS.items()),
        max_measures=int(rng.integers(3, 7)),
    )  # fmt: skip
    question = ask(case, choices, catalog)
    return question, (_need(question, False), _need(question, True))


def _need(question: Question, whole: bool) -> float:
    """The least envelope, for fractions or for whole measures; infinite if money does not help."""
    possible = Possible(question)
    costs = np.zeros(len(possible.arrays.lower))
    costs[possible.q["budget_musd"]] = 1.0
    model = possible._model(whole)
    possible._hold(model, [k for k in possible.q if k != "budget_musd"], ["budget_musd"])
    model.minimise(costs)
    outcome = model.run(10.0)
    return float("inf") if outcome.x is None else 0.01 + float(outcome.x[possible.q["budget_musd"]])


def _envelope(question: Question, gap: tuple[float, float], relaxed: bool, rng: np.random.Generator) -> float | None:
    low, high = gap
    if not np.isfinite(high):
        return None
    if relaxed:
        return float(low * rng.uniform(0.3, 0.9)) if low > 0.2 else None
    return float(low + (high - low) * rng.uniform(0.3, 0.7)) if high > low + 0.2 else None


def run_corpus(count: int, seed: int, limit: float) -> None:
    began, times = time.monotonic(), {True: list[float](), False: list[float]()}
    wrong, open_, repaired, mended, sizes = 0, 0, 0, 0, list[int]()
    for relaxed, question in corpus(count, np.random.default_rng(seed)):
        if time.monotonic() - began > limit:
            break
        start = time.monotonic()
        found = why_nothing(question)
        times[relaxed].append(time.monotonic() - start)
        if found is None or found.relaxed != relaxed:
            wrong += 1
            continue
        open_ += found.exactness != "proven"
        sizes.append(len(found.keys))
        wrong += not _minimal(question, frozenset(found.keys))
        if len(times[relaxed]) % 5 == 0:
            for repair in repairs(question, seconds=10):
                repaired += 1
                mended += why_nothing(ask(question.case, repair.choices, question.catalog)) is None
    print(spread("relaxation already empty", times[True]))
    print(spread("empty only for whole measures", times[False]))
    print(
        f"wrong {wrong}, not settled {open_}, mean size {statistics.mean(sizes):.2f}, "
        f"repairs applied and solved anew {repaired}, of which work {mended}"
    )


def _minimal(question: Question, keys: frozenset[str]) -> bool:
    """Asked anew from nothing: the set collides, and less one of its members does not."""
    trials = Trials(question, 60.0)
    return trials.impossible(keys) and all(not trials.impossible(keys - {k}) for k in keys)


# --- latencies on real cases ------------------------------------------------------------


def run_nothing(cases: list[str], count: int, seed: int) -> None:
    """Real questions that cannot be met.

    Instruments forced in with too little money, too few measures or too early a day.
    """
    rng, catalog = np.random.default_rng(seed), load_catalog()
    times, cold, repair_times = {True: list[float](), False: list[float]()}, list[float](), list[float]()
    for name in cases:
        case = load_case(name)
        for _ in range(count):
            question = ask(case, _colliding(rng, case.constraints.budget_musd_2020), catalog)
            start = time.monotonic()
            found = why_nothing(question)
            seconds = time.monotonic() - start
            if found is None:
                continue
            times[found.relaxed].append(seconds)
            trials = Trials(question, 20.0)
            start = time.monotonic()
            trials.model(())
            cold.append(time.monotonic() - start)
            start = time.monotonic()
            fixes = repairs(question, seconds=10)
            repair_times.append(time.monotonic() - start)
            print(f"{name}: {seconds:.2f} s, {found.exactness}, {len(fixes)} repairs; {found.sentence}", flush=True)
    print(spread("relaxation already empty", times[True]))
    print(spread("empty only for whole measures", times[False]))
    print(spread("of which making the model", cold))
    print(spread("repairs", repair_times))


def _colliding(rng: np.random.Generator, budget: float) -> Choices:
    forced = tuple(str(t) for t in rng.choice(OFTEN, size=3, replace=False))
    kinds: list[dict[str, Any]] = [
        {"budget_musd": budget * 0.004}, {"max_measures": 2}, {"deadline_days": 12.0},
        {"first_effect_days": 1.0, "budget_musd": 2.0},
        {"rules": (("R16", "required"), ("R02", "required")), "budget_musd": budget * 0.02, "max_measures": 4},
    ]  # fmt: skip
    return Choices(force_in=forced, **kinds[int(rng.integers(len(kinds)))])


def package_of(name: str) -> tuple[Question, Any]:
    """A good package of a case at a seventh of its envelope."""
    question = ask(load_case(name), Choices(), load_catalog())
    resolver = resolver_of(question)
    found = resolver.best(Ask("risk", {"cost": 0.15 * question.situation.settings.budget}), 6.0)
    assert found.best is not None
    return question, option(question, found.best.chosen, 1)


def run_whynot(cases: list[str], count: int, seed: int) -> None:
    rng, times, exact, none = np.random.default_rng(seed), list[float](), 0, 0
    for name in cases:
        question, chosen = package_of(name)
        tools = [t for t in question.catalog.instruments if t not in {m.instrument for m in chosen.measures}]
        for tool in rng.choice(tools, size=count, replace=False):
            start = time.monotonic()
            found = why_not(question, chosen, Thing(str(tool)))
            times.append(time.monotonic() - start)
            exact += found.exactness == "proven"
            none += found.exactness == "gap" and found.package is None
            print(f"{name}: {times[-1]:.2f} s {found.exactness}: {found.sentence}", flush=True)
    print(spread("why not", times), f"; settled {exact}, without any package found {none}")


def run_package(cases: list[str]) -> None:
    for name in cases:
        question, chosen = package_of(name)
        start, kinds = time.monotonic(), dict[str, int]()
        for e in explain_package(question, chosen, seconds=10.0):
            kinds[f"{e.topic} ({e.exactness})"] = kinds.get(f"{e.topic} ({e.exactness})", 0) + 1
        print(f"{name}: {len(chosen.measures)} measures, {time.monotonic() - start:.1f} s, {kinds}", flush=True)


def run_alternatives(cases: list[str]) -> None:
    for name in cases:
        question, chosen = package_of(name)
        start = time.monotonic()
        found = alternatives(question, chosen, seconds=20.0)
        print(f"{name}: {time.monotonic() - start:.1f} s, {found.sentence}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("corpus", "nothing", "whynot", "package", "alternatives"))
    parser.add_argument("--cases", default=",".join(CASES[:4]))
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=170.0, help="seconds for the corpus")
    args = parser.parse_args()
    cases = args.cases.split(",")
    if args.what == "corpus":
        run_corpus(args.count or 500, args.seed, args.limit)
    elif args.what == "nothing":
        run_nothing(cases, args.count or 5, args.seed)
    elif args.what == "whynot":
        run_whynot(cases, args.count or 5, args.seed)
    else:
        {"package": run_package, "alternatives": run_alternatives}[args.what](cases)


if __name__ == "__main__":
    main()
