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

MARKS = (1, 2, 3, 5, 10, 20)  # seconds at which the certified gap is noted
COLUMNS = ["instance", "way", "points", "known", "share_of_volume", "seconds", "solves", "ratio", "note"]


def ours(instance: Instance, seconds: float, workers: int) -> Outcome:
    """The front engine; its note says the certified gap at some seconds and when 99 % of the volume was in hand."""
    problem, objectives = instance.problem()
    seen: list[Progress] = []
    began, cpu = time.monotonic(), sum(os.times()[:4])
    front = exact_front(
        problem, objectives, senses=instance.senses, workers=workers, time_limit=seconds, on_progress=seen.append
    )
    took, certificate = time.monotonic() - began, front.certificate
    cpu = sum(os.times()[:4]) - cpu  # of all processes: on a busy machine it says more than the clock
    state = "complete" if certificate.complete else f"{certificate.stopped_by}, gap {certificate.hypervolume_gap:.2%}"
    gaps = [(mark, [s.hypervolume_gap for s in seen if s.seconds <= mark][-1:]) for mark in MARKS if took > mark]
    notes = [state, f"{cpu:.1f} CPU s", *(f"{gap[0]:.1%} at {mark} s" for mark, gap in gaps if gap)]
    sign = -1.0 if instance.maximise else 1.0
    reference = (sign * front.points).max(axis=0) + 1 if len(front) else np.ones(len(instance.costs))
    enough = 0.99 * hypervolume(sign * front.points, reference)
    soon = next((s.seconds for s in seen if hypervolume(sign * s.points, reference) >= enough), None)
    notes += [] if soon is None else [f"99 % of its volume at {soon:.1f} s"]
    return Outcome(front.points, took, certificate.solves, certificate.hypervolume_gap, "; ".join(notes))


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
