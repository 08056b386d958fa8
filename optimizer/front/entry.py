"""What the caller calls: checks the arguments, sets up the books, and runs the search."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pulp

from . import solvers
from .book import Book
from .program import Program, read
from .search import Exact, Run, Wishes, finish, progress, steps
from .solvers import Task
from .space import Pair, checked_signs, space_of
from .types import Array, Front, Progress


def exact_front(
    problem: pulp.LpProblem,
    objectives: Sequence[Any],
    *,
    senses: str | Sequence[str] = "min",
    resolutions: Sequence[float] | None = None,
    workers: int = 1,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    keys: Sequence[str] | None = None,
    exact: Exact | None = None,
    transforms: Sequence[Pair | None] | None = None,
    prefer: Any = None,
    seeds: Iterable[Mapping[str, float]] = (),
    records: Iterable[Sequence[float]] = (),
    stop: Callable[[], bool] | None = None,
    solvers: Sequence[str] = ("highs", "cbc"),
    rng: np.random.Generator | None = None,
) -> Front:
    """Packages such that every feasible one is matched, up to the resolutions, by one of them.

    problem: constraints only; it is not changed.  objectives: one to five PuLP expressions.
    """
    front: Front | None = None
    for state in search(
        problem, objectives, senses=senses, resolutions=resolutions, workers=workers, time_limit=time_limit,
        keys=keys, exact=exact, transforms=transforms, prefer=prefer, seeds=seeds, records=records, stop=stop,
        solvers=solvers, rng=rng,
    ):  # fmt: skip
        if on_progress is not None:
            on_progress(state)
        front = state.front
    assert front is not None
    return front


def search(
    problem: pulp.LpProblem,
    objectives: Sequence[Any],
    *,
    senses: str | Sequence[str] = "min",
    resolutions: Sequence[float] | None = None,
    workers: int = 1,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    keys: Sequence[str] | None = None,
    exact: Exact | None = None,
    transforms: Sequence[Pair | None] | None = None,
    prefer: Any = None,
    seeds: Iterable[Mapping[str, float]] = (),
    records: Iterable[Sequence[float]] = (),
    stop: Callable[[], bool] | None = None,
    solvers: Sequence[str] = ("highs", "cbc"),
    rng: np.random.Generator | None = None,
) -> Iterator[Progress]:
    """The same as `exact_front`, as a generator of its states; the last one carries the front."""
    began = time.monotonic()
    names = tuple(keys) if keys is not None else tuple(f"f{i + 1}" for i in range(len(objectives)))
    wishes = Wishes(
        names, exact, prefer is not None, tuple(seeds), tuple(records), stop, time_limit, workers, tuple(solvers), rng
    )
    _check(objectives, names, resolutions, transforms, workers)
    signs = checked_signs(senses, len(objectives))
    program = read(problem, objectives, signs, prefer, names)
    for state in _states(program, signs, resolutions, transforms, wishes, began):
        if on_progress is not None:
            on_progress(state)
        yield state


def _check(
    objectives: Sequence[Any], keys: Sequence[str], resolutions: Sequence[float] | None,
    transforms: Sequence[Pair | None] | None, workers: int,
) -> None:  # fmt: skip
    """Faults of the arguments, all in one error."""
    p = len(objectives)
    faults = []
    if not 1 <= p <= 5:
        faults.append(f"one to five objectives are needed, not {p}")
    if len(keys) != p or len(set(keys)) != len(keys):
        faults.append(f"keys must be {p} different names, not {list(keys)}")
    if resolutions is not None and (len(resolutions) != p or not all(r > 0 and math.isfinite(r) for r in resolutions)):
        faults.append(f"resolutions must be {p} positive numbers, not {list(resolutions)}")
    if transforms is not None and len(transforms) != p:
        faults.append(f"transforms must be {p} pairs or None, not {len(transforms)}")
    if workers < 1:
        faults.append(f"workers must be at least 1, not {workers}")
    if faults:
        raise ValueError("; ".join(faults) + ".")


def _states(
    program: Program, signs: Array, resolutions: Sequence[float] | None, transforms: Sequence[Pair | None] | None,
    wishes: Wishes, began: float,
) -> Iterator[Progress]:  # fmt: skip
    solver = solvers.DOORS[wishes.solvers[0]](program)
    run = _opened(program, signs, resolutions, transforms, wishes, began)
    try:
        yield from steps(run, solver)
    except KeyboardInterrupt:
        run.stopped_by = "stopped"
    state = progress(run)
    yield Progress(**{**state.__dict__, "front": finish(run)})


def _opened(
    program: Program, signs: Array, resolutions: Sequence[float] | None, transforms: Sequence[Pair | None] | None,
    wishes: Wishes, began: float,
) -> Run:  # fmt: skip
    """The books with their first bounds: the relaxation's optimum of each objective, seeds and records."""
    relaxed = solvers.Highs(program, relaxed=True)
    p = len(signs)
    corners, bounds, infeasible = [], [], False
    for k in range(p):
        answer = relaxed.solve(Task(np.eye(p)[k], np.full(p, math.inf)), lambda: False)
        if answer.status == "unbounded":
            _refuse_unbounded(program, wishes.keys[k])
        infeasible = infeasible or answer.status in ("infeasible", "unbounded")
        bounds.append(answer.bound)
        corners.append(program.values(answer.found[-1]) if answer.found else np.full(p, np.nan))
    low = np.array(bounds)
    worst = np.nan_to_num(np.nanmax(corners, axis=0), nan=0.0) if not infeasible else low
    rough = space_of(program, signs, [1.0] * p, transforms, np.ones(p))
    spans = rough.z_of(worst) - rough.z_of(low) if not infeasible else np.ones(p)
    space = space_of(program, signs, resolutions, transforms, spans)
    reference = space.up(space.z_of(worst)) + space.resolutions
    book = Book(space, space.first_corner(most(program)))
    run = Run(program, space, book, wishes, reference, low, began)
    if infeasible:
        book.add_box(np.full(p, math.inf))
        return run
    for k in range(p):
        book.add_cut(np.full(p, math.inf), np.eye(p)[k], bounds[k])
    for seed in wishes.seeds:
        x = solvers.mended(program, program.vector(seed))
        if x is not None:
            run.offer(x)
    for record in wishes.records:
        book.add_box(signs * np.asarray(record, dtype=float))
    return run


def most(program: Program) -> Array:
    """(objectives,) values no package exceeds, by interval arithmetic; infinite where columns are unbounded."""
    terms = np.where(program.costs > 0, program.costs * program.upper, program.costs * program.lower)
    largest: Array = np.where(program.costs == 0, 0.0, terms).sum(axis=1) + program.constants
    return largest


def _refuse_unbounded(program: Program, key: str) -> None:
    """Raise if objective `key`, whose relaxation is unbounded, has any feasible package at all."""
    p = len(program.costs)
    answer = solvers.Highs(program).solve(Task(np.zeros(p), np.full(p, math.inf)), lambda: False)
    if answer.found:
        raise ValueError(
            f"Objective {key!r} is unbounded: packages can be as good in it as one likes. "
            "Bound the variables that it counts, or check its sense."
        )
