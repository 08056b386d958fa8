"""`python -m benchmarks [instance ...] [--seconds N] [--workers N] [--no-peers]`: one table, ours beside the peers."""

from __future__ import annotations

import argparse
import os
import platform
import time
from pathlib import Path

import numpy as np

from optimizer.front import exact_front
from optimizer.front.report import versions
from optimizer.front.types import Progress
from optimizer.front.volume import hypervolume

from .formats import Instance, InstanceError, known, read
from .peers import PEERS, Outcome

COLUMNS = ["instance", "way", "points", "known", "share_of_volume", "seconds", "solves", "ratio", "note"]


def ours(instance: Instance, seconds: float, workers: int) -> Outcome:
    """The front engine; its note says the certified gap at 2, 10 and 20 seconds."""
    problem, objectives = instance.problem()
    at: dict[int, float] = {}

    def watch(state: Progress) -> None:
        for mark in (2, 10, 20):
            if state.seconds >= mark:
                at.setdefault(mark, state.hypervolume_gap)

    began = time.monotonic()
    front = exact_front(
        problem, objectives, senses=instance.senses, workers=workers, time_limit=seconds, on_progress=watch
    )
    certificate = front.certificate
    state = "complete" if certificate.complete else f"{certificate.stopped_by}, gap {certificate.hypervolume_gap:.2%}"
    gaps = "; ".join(f"{gap:.1%} at {mark} s" for mark, gap in at.items())
    note = f"{state}; {gaps}".rstrip("; ")
    return Outcome(front.points, time.monotonic() - began, certificate.solves, certificate.hypervolume_gap, note)


def row(instance: Instance, way: str, outcome: Outcome, best: Outcome) -> list[str]:
    """One line of the table; ratio: seconds over ours."""
    equal = instance.front is not None and np.array_equal(_sorted(outcome.points), instance.front)
    known_points = "equal" if equal else "?" if instance.count is None else f"of {instance.count}"
    sign = -1.0 if instance.maximise else 1.0
    reference = (sign * best.points).max(axis=0) + 1 if len(best.points) else np.ones(len(instance.costs))
    whole = hypervolume(sign * best.points, reference)
    share = hypervolume(sign * outcome.points, reference) / whole if whole and len(outcome.points) else 0.0
    ratio = f"{outcome.seconds / best.seconds:.1f}" if outcome.seconds else ""
    numbers = [str(len(outcome.points)), known_points, f"{share:.2%}", f"{outcome.seconds:.1f}", str(outcome.solves)]
    return [instance.name, way, *numbers, ratio, outcome.note]


def _sorted(points: np.ndarray) -> np.ndarray:
    return points[np.lexsort(points.T[::-1])] if len(points) else points


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "instances", nargs="*", default=["2kp50", "2KP50-50", "biosppnw41", "3kp40"], help="names or files"
    )
    parser.add_argument("--seconds", type=float, default=120.0, help="limit for each run (default 120)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    try:
        instances = [read(known().get(name, Path(name))) for name in options.instances]
    except InstanceError as error:
        parser.error(f"{error} Known by name: {', '.join(known())}.")
    told = ", ".join(f"{name} {version}" for name, version in versions().items())
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {told}\n")
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for instance in instances:
        best = ours(instance, options.seconds, options.workers)
        print("| " + " | ".join(row(instance, "ours", best, best)) + " |", flush=True)
        for way, run in PEERS.items() if not options.no_peers else ():
            print("| " + " | ".join(row(instance, way, run(instance, options.seconds), best)) + " |", flush=True)


if __name__ == "__main__":
    main()
