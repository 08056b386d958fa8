"""The engine against enumeration on random programmes: `python -m benchmarks.brute_force [--programmes N] [--first N]`.

Each programme is solved with either solver, with both and two workers, by branching, at a coarse resolution with a judge who values
packages worse than the solver, from what a stopped search knew, and for two objectives by the walk; every twentieth also with a
solver that fails after its n-th answer, with a stop at the n-th look and with a clock that reaches the limit at the n-th look, for
every n. Counts fronts, and prints every wrong point, false proof and false `complete`.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np

from optimizer.front import Front, entry, exact_front, live, run
from optimizer.front.highs import Highs
from optimizer.front.local import Neighbourhood
from optimizer.front.run import Run
from optimizer.front.solvers import Answer

from .programmes import KINDS, Programme, covers, sorted_rows

FAILURES = (Answer("failed", why="crash"), Answer("stopped"), RuntimeError("gone"))
WAYS: tuple[dict[str, Any], ...] = (
    {"solvers": ["highs"]},
    {"solvers": ["cbc"]},
    {"solvers": ["highs", "cbc"], "workers": 2},
)
WALKS: tuple[dict[str, Any], ...] = tuple({**way, "method": "walk"} for way in WAYS)
INTERRUPTED_EVERY = 20
COVER = (0.1, 0.5, 2.0, 4.0)  # resolutions for one to four objectives with a continuous column
LONGEST = 30  # answers or looks from which on not every n is tried


def solved(programme: Programme, **options: Any) -> Front:
    """The engine's front of a programme; a cover where a column is continuous, coarser the more objectives there are."""
    p = len(programme.objectives)
    resolutions = [COVER[p - 1]] * p if programme.sampled else None
    return exact_front(
        programme.problem, programme.objectives, senses=programme.senses, resolutions=resolutions, **options
    )


def refuses(programme: Programme) -> bool:
    """Whether the engine says that an objective has no bound."""
    try:
        solved(programme)
    except ValueError as error:
        return "unbounded" in str(error)
    return False


def faults(front: Front, programme: Programme) -> list[str]:
    """What a front claims that enumeration contradicts; empty if nothing."""
    found = [f"package {k} is not what it is said to be" for k in range(len(front)) if not _true(front, programme, k)]
    found += unproved(front, programme, programme.values)
    if front.certificate.complete and not programme.sampled and not _equal(front.points, sorted_rows(programme.front)):
        found.append("called complete, but enumeration has another front")
    return found


def unproved(front: Front, programme: Programme, values: Any) -> list[str]:
    """Faults of the points, the gap and the records, against the values of all packages, (packages, objectives)."""
    signs, certificate = programme.signs, front.certificate
    values, points, found = values * signs, front.points * signs, []
    if not programme.sampled:
        found += [f"no package has {z}" for z in points if not np.isclose(values, z, atol=1e-7).all(axis=1).any()]
    if any((np.delete(points, k, axis=0) <= z).all(axis=1).any() for k, z in enumerate(points)):
        found.append("points dominate each other")
    if front.infeasible != (certificate.complete and not len(values)):
        found.append(f"infeasible: {front.infeasible}, packages: {len(values)}, complete: {certificate.complete}")
    gap = np.array(list(certificate.gap.values())) * np.array(list(certificate.resolutions.values()))
    if len(values) and np.isfinite(gap).all() and not covers(points, values, gap + 1e-6 * np.abs(values).max()):
        found.append("the gap does not cover every package")
    if len(values) and any((values < record - 1e-6).all(axis=1).any() for record in front.records * signs):
        found.append("a package lies below a record")
    if certificate.complete and certificate.cover_gap != 0:
        found.append("complete, but a part of the volume is called open")
    return found


def judged(programme: Programme) -> tuple[Front, list[str]]:
    """A front at a resolution of 2.5 by a judge who finds every package worse by up to 0.4, and its faults."""

    def bent(values: Any) -> Any:
        return values + programme.signs * 0.4 * np.sin(values.sum(axis=-1, keepdims=True)) ** 2

    def exact(package: dict[str, float]) -> Any:
        plain = [sum(a * package[v.name] for v, a in e.items()) + e.constant for e in programme.objectives]
        return bent(np.array(plain))

    p = len(programme.objectives)
    front = exact_front(
        programme.problem, programme.objectives, senses=programme.senses, resolutions=[2.5] * p, exact=exact
    )
    return front, unproved(front, programme, bent(programme.values))


def carried(programme: Programme, n: int) -> Front:
    """The front from the packages and records of a search that was stopped at its n-th look."""
    before = stopped_at(programme, n)
    return solved(programme, seeds=before.solutions, records=before.records)


def _true(front: Front, programme: Programme, k: int) -> bool:
    """Whether package k keeps all rows and has the objectives of point k."""
    package = front.solutions[k]

    def value(expression: Any) -> float:
        return sum(a * package.get(v.name, 0.0) for v, a in expression.items()) + expression.constant

    kept = all(
        (row.getLb() is None or value(row) - row.constant >= row.getLb() - 1e-6)
        and (row.getUb() is None or value(row) - row.constant <= row.getUb() + 1e-6)
        for row in programme.problem.constraints()
    )
    return kept and np.allclose([value(e) for e in programme.objectives], front.points[k], atol=1e-6)


def _equal(one: Any, other: Any) -> bool:
    return one.shape == other.shape and np.allclose(one, other, atol=1e-7)


class FailingAfter(Highs):
    """A solver that answers some times and then fails as it is told."""

    def __init__(self, program: Any, left: Iterator[int], failure: Answer | Exception) -> None:
        super().__init__(program)
        self._left, self._failure = left, failure

    def solve(self, task: Any, stop: Any) -> Answer:
        if next(self._left) > 0:
            return super().solve(task, stop)
        if isinstance(self._failure, Exception):
            raise self._failure
        return self._failure


def failing_after(programme: Programme, n: int, failure: Answer | Exception, **options: Any) -> Front:
    """The front where every solver together gives n answers and then fails; a clock of looks ends the retries."""
    left, ticks = itertools.count(n, -1), itertools.count()
    with (
        mock.patch.object(entry, "doors", lambda *_: [lambda program: FailingAfter(program, left, failure)]),
        mock.patch.object(Run, "seconds", lambda _: next(ticks) * 1e-3),
    ):
        return solved(programme, time_limit=0.4, **options)


def stopped_at(programme: Programme, n: int, **options: Any) -> Front:
    """The front where the caller stops at the n-th look."""
    looks = itertools.count()
    return solved(programme, stop=lambda: next(looks) >= n, **options)


def late_at(programme: Programme, n: int, **options: Any) -> Front:
    """The front where the clock reaches the limit at its n-th look."""
    looks = itertools.count()
    with mock.patch.object(Run, "seconds", lambda _: float(next(looks) >= n)):
        return solved(programme, time_limit=1.0, **options)


def interrupted(programme: Programme, **options: Any) -> Iterator[tuple[str, Front]]:
    """Fronts of searches that fail, are stopped or run out of time after n, until one is complete: every n to LONGEST."""
    ways = [
        (f"fails after {{}}: {failure!r}", lambda n, f=failure: failing_after(programme, n, f, **options))
        for failure in FAILURES
    ]
    ways += [("stopped at {}", lambda n: stopped_at(programme, n, **options))]
    ways += [("late at {}", lambda n: late_at(programme, n, **options))]
    for name, attempt in ways:
        for n in [*range(LONGEST), *(LONGEST * 2**k for k in range(8))]:
            front = attempt(n)
            yield name.format(n), front
            if front.certificate.complete:
                break


def by_branching(programme: Programme, **options: Any) -> Front:
    """The front by the ways that are meant for large programmes: dives and branching, rows as they are broken."""
    large = mock.patch.object(run, "_MANY", 1), mock.patch.object(live, "_FEW", 0)
    with large[0], large[1], mock.patch.object(Neighbourhood, "suits", lambda _: False):
        return solved(programme, **options)


def every_front(programme: Programme, thorough: bool) -> Iterator[tuple[str, Front]]:
    """Every way to solve the programme."""
    for way in WAYS + (WALKS if len(programme.objectives) == 2 else ()):
        yield str(way), solved(programme, **way)
    yield "by branching", by_branching(programme)
    for n in (3, 10):
        yield f"carried from look {n}", carried(programme, n)
    if thorough:
        yield from interrupted(programme)
        if len(programme.objectives) == 2:
            yield from interrupted(programme, method="walk")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.brute_force", description=__doc__)
    parser.add_argument("--programmes", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    options = parser.parse_args()
    began, count, wrong, states = time.monotonic(), 0, 0, Counter[str]()
    for seed in range(options.first, options.first + options.programmes):
        if time.monotonic() - began > options.seconds:
            break
        count += 1
        kind, objectives = list(KINDS)[seed % len(KINDS)], 1 + seed // len(KINDS) % 4
        programme = KINDS[kind](seed, objectives)
        if programme.unbounded:
            states["refused"] += 1
            wrong += not refuses(programme)
            continue
        if not programme.sampled:
            front, told = judged(programme)
            states["complete" if front.certificate.complete else "open"] += 1
            wrong += len(told)
            print(*(f"seed {seed}, {kind}, {objectives} objectives, judged: {fault}\n" for fault in told), end="")
        for how, front in every_front(programme, seed // (4 * len(KINDS)) % INTERRUPTED_EVERY == 0):
            states["complete" if front.certificate.complete else "open"] += 1
            for fault in faults(front, programme):
                wrong += 1
                print(f"seed {seed}, {kind}, {objectives} objectives, {how}: {fault}", flush=True)
    took = time.monotonic() - began
    print(f"{count} programmes, {states.total()} fronts ({states['complete']} complete), {wrong} faults, {took:.0f} s")


if __name__ == "__main__":
    main()
