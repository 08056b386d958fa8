"""Every shipped case, solved and re-checked: `python -m benchmarks.cases --objectives risk,cost --seconds 30 --workers 2`.

One line a case: packages, ranges, seconds until there are two packages, until at most 5 and 1 % of the volume may hold a package that
none known matches (`cover_gap`), until the hypervolume gap is 5 %, and to the end; the gap left.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from optimizer import Choices, PlanFront, case_names, load_case, solve
from optimizer.front import Progress
from optimizer.judge.check import violations


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", default="risk,cost")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args(argv)
    print(
        "| case | packages | risk | cost, M USD | two by s | cover 5 % by s | cover 1 % by s | hypervolume 5 % by s | end s "
        "| complete | gap, resolutions | broken |"
    )
    print("| --- " * 12 + "|")
    for name in args.cases or case_names():
        print(line(name, tuple(args.objectives.split(",")), args.seconds, args.workers), flush=True)


def line(name: str, objectives: tuple[str, ...], seconds: float, workers: int) -> str:
    """One case as a row; the seconds include building the programme."""
    began, seen = time.monotonic(), []

    def watch(state: Progress) -> None:
        seen.append((time.monotonic() - began, state))

    front = solve(
        load_case(name), choices=Choices(objectives=objectives), time_limit=seconds, workers=workers, on_progress=watch
    )
    c = front.certificate
    gap = ", ".join(f"{k} {v:.2g}" for k, v in c.gap.items())
    reached: tuple[Callable[[Progress], bool], ...] = (
        lambda s: len(s.points) > 1,
        lambda s: s.cover_gap <= 0.05,
        lambda s: s.cover_gap <= 0.01,
        lambda s: s.hypervolume_gap <= 0.05,
    )
    by = [next((f"{t:.1f}" for t, state in seen if test(state)), "-") for test in reached]
    cells = [name, len(front), spread(front, "risk"), spread(front, "cost"), *by, f"{time.monotonic() - began:.1f}"]
    broken = sum(bool(violations(front.case, p.package, front.choices)) for p in front)
    return "| " + " | ".join(map(str, [*cells, "yes" if c.complete else c.stopped_by or "no", gap, broken])) + " |"


def spread(front: PlanFront, key: str) -> str:
    values = [p.objectives[key] for p in front]
    return f"{min(values):.4g} to {max(values):.4g}" if values else "-"


if __name__ == "__main__":
    main()
