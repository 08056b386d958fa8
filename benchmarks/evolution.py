"""Evolution beside the exact search: the same objectives and processor seconds, and what it adds in the stochastic model.

Run: python -m benchmarks.evolution [--stochastic] [--seconds S] [--seeds N] [--rows FILE] [CASE ...]
All cases without a name. Each run is written as a row of FILE when it ends; rows that are there are not run again. Then
the table of benchmarks/RESULTS.md is printed. Seconds are the processor's, of one core, so that other work on the
machine changes nothing but the wait.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.answers import PlanFront
from optimizer.choices import Package
from optimizer.evolve import Evolution, evolve
from optimizer.evolve.judging import Stochastic
from optimizer.front.volume import hypervolume
from optimizer.inputs import case_names, load_case
from optimizer.judge.check import violations
from optimizer.questions import Question, ask
from optimizer.solving import answer, searching

NOTHING = 1e-9  # of the volume of everything: less is rounding, and the front shows only doing nothing
FRESH = range(1000, 1005)  # seeds of the draws that fronts are judged on afterwards, which no search has seen
FRESH_SCENARIOS = 512
FIELDS = {
    False: ("case", "seed", "ratio", "missed", "beaten", "gap", "packages", "exact", "broken", "seconds", "complete"),
    True: ("case", "seed", "draws", "exact", "plain", "stochastic", "nothing", "lowest_exact", "lowest", "new", "packages"),
}  # fmt: skip
Row = Mapping[str, Any]


def spender(seconds: float) -> Callable[[], bool]:
    """Whether so many processor seconds have gone by from now."""
    begun = time.process_time()
    return lambda: time.process_time() - begun >= seconds


def exact_front(question: Question, seconds: float) -> tuple[PlanFront, float]:
    """What the exact search has after so many processor seconds, and how many it took."""
    begun = time.process_time()
    *_, last = searching(question, stop=spender(seconds), solvers=("highs",))
    taken = time.process_time() - begun
    assert last.front is not None
    return answer(question, last.front), taken


def evolved(question: Question, seconds: float, start: Sequence[Package] = (), **how: Any) -> PlanFront:
    """What evolution has after so many processor seconds."""
    return evolve(question, start, Evolution(10**9, time_limit=None, **how), stop=spender(seconds))


def points(question: Question, front: PlanFront) -> np.ndarray:
    """(packages, objectives), as the front states them."""
    return np.array([[o.objectives[a.key] for a in question.axes()] for o in front])


def worst_of(question: Question) -> np.ndarray:
    """Doing nothing, at the price of everything."""
    return np.array([question.situation.tree.baseline, question.situation.settings.budget])


def missed(here: np.ndarray, there: np.ndarray, steps: np.ndarray) -> float:
    """How many resolutions, in all objectives at once, the worst covered point there is better than its best here."""
    over = (here[None] - there[:, None]) / steps
    return float(over.max(axis=2).min(axis=1).max())


def same_seconds(name: str, seconds: float, seeds: Iterable[int]) -> Iterator[Row]:
    """One row a seed: hypervolume of evolution, from nothing, over that of the exact search."""
    question = ask(load_case(name))
    steps, worst = np.array([a.resolution for a in question.axes()]), worst_of(question)
    exact, taken = exact_front(question, seconds)
    ours, gap = points(question, exact), exact.certificate.gap
    whole = hypervolume(ours, worst)
    for seed in seeds:
        found = evolved(question, max(seconds, taken), scenarios=0, seed=seed)
        theirs = points(question, found)
        part = hypervolume(theirs, worst)
        yield {
            "case": name, "seed": seed, "ratio": part / whole if whole > NOTHING * worst.prod() else float("inf"),
            "missed": missed(theirs, ours, steps), "beaten": missed(ours, theirs, steps), "gap": max(gap.values()),
            "packages": len(found), "exact": len(exact), "seconds": taken, "complete": exact.certificate.complete,
            "broken": sum(bool(violations(question.case, o.package, question.choices)) for o in found),
        }  # fmt: skip


def stochastic(name: str, seconds: float, seeds: Iterable[int]) -> Iterator[Row]:
    """One row a seed and fresh draws: hypervolume of the exact front, of that front after evolution at the mids (more
    packages, but none chosen for the stochastic model), and after evolution in the stochastic model."""
    question = ask(load_case(name))
    steps, exact = np.array([a.resolution for a in question.axes()]), exact_front(question, 3 * seconds)[0]
    start = [o.package for o in exact]
    for seed in seeds:
        plain = evolved(question, seconds, start, scenarios=0, seed=seed)
        found = evolved(question, seconds, start, scenarios=128, reacts=True, seed=seed)
        for draws in FRESH:
            judge = Stochastic(question, FRESH_SCENARIOS, draws, reacts=True)
            one, two, three = (_judged(question, judge, front) for front in (exact, plain, found))
            worst = worst_of(question)
            worst[0] = judge.means(Package())["risk"]
            yield {
                "case": name, "seed": seed, "draws": draws, "exact": hypervolume(one, worst),
                "plain": hypervolume(two, worst), "stochastic": hypervolume(three, worst), "nothing": worst[0],
                "lowest_exact": one[:, 0].min(), "lowest": three[:, 0].min(), "packages": len(found),
                "new": sum(missed(one, p[None], steps) > 1 for p in three),
            }  # fmt: skip


def _judged(question: Question, judge: Stochastic, front: PlanFront) -> np.ndarray:
    return judge([question.situation.indices(o.package) for o in front])


def rows_of(file: Path, fields: Sequence[str]) -> list[dict[str, str]]:
    """The rows that are there already; the file is begun where there is none."""
    if not file.exists():
        file.write_text(",".join(fields) + "\n", encoding="utf-8")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Median and range of each case over the seeds."""
    yield "| case | ratio of hypervolume | missed | beaten | gap | packages, exact | broken | s |"
    yield "| --- " * 8 + "|"
    for name in dict.fromkeys(row["case"] for row in rows):
        mine = [row for row in rows if row["case"] == name]
        one = mine[0]
        told = [spread(mine, key, digits) for key, digits in (("ratio", 3), ("missed", 1), ("beaten", 1))]
        broken = sum(int(row["broken"]) for row in mine)
        told += [f"{float(one['gap']):.2g}", f"{spread(mine, 'packages', 0)}, {one['exact']}", broken]
        yield f"| {name} | " + " | ".join(map(str, told)) + f" | {float(one['seconds']):.1f} |"
    ratios = [ratio for row in rows if np.isfinite(ratio := float(row["ratio"]))]
    yield f"median {np.median(ratios):.3f}, {min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} of {len(rows)} runs"


def spread(rows: Sequence[Row], key: str, digits: int) -> str:
    values = [float(row[key]) for row in rows]
    if not np.isfinite(values).all():
        return "exact: nothing yet"
    return f"{np.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def stochastic_table(rows: Sequence[Row]) -> Iterator[str]:
    """Gains over the exact front, median and range over seeds; noise: standard deviation over the fresh draws."""
    yield "| case | gain at the mids | gain in the stochastic model | noise | lowest risk before, after | new |"
    yield "| --- " * 6 + "|"
    for name in dict.fromkeys(row["case"] for row in rows):
        mine = [row for row in rows if row["case"] == name]
        gains = {key: _gains(mine, key) for key in ("plain", "stochastic")}
        means = [v.mean(axis=1) for v in gains.values()]
        told = [f"{np.median(g):+.1%} ({g.min():+.1%} to {g.max():+.1%})" for g in means]
        noise = gains["stochastic"].std(axis=1, ddof=1).mean()
        before, after = (np.mean([float(row[key]) for row in mine]) for key in ("lowest_exact", "lowest"))
        yield f"| {name} | {told[0]} | {told[1]} | {noise:.1%} | {before:.4f}, {after:.4f} | {spread(mine, 'new', 0)} |"


def _gains(rows: Sequence[Row], key: str) -> np.ndarray:
    """Share by which the volume passes the exact front's, (seeds, draws)."""
    seeds, draws = (sorted({int(row[k]) for row in rows}) for k in ("seed", "draws"))
    known = {(int(r["seed"]), int(r["draws"])): float(r[key]) / float(r["exact"]) - 1 for r in rows}
    return np.array([[known[s, d] for d in draws] for s in seeds if (s, draws[-1]) in known])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--stochastic", action="store_true")
    parser.add_argument("--rows", type=Path, default=Path("evolution_rows.csv"))
    args = parser.parse_args()
    fields, run = FIELDS[args.stochastic], stochastic if args.stochastic else same_seconds
    known = rows_of(args.rows, fields)
    for name in args.cases or case_names():
        done = {int(row["seed"]) for row in known if row["case"] == name}
        wanted = [seed for seed in range(args.seeds) if seed not in done]
        with args.rows.open("a", encoding="utf-8", newline="") as lines:
            for row in run(name, args.seconds, wanted) if wanted else ():
                csv.DictWriter(lines, fields).writerow(row)
                lines.flush()
    rows = rows_of(args.rows, fields)
    print("\n".join(stochastic_table(rows) if args.stochastic else table(rows)))


if __name__ == "__main__":
    main()
