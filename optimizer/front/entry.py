"""What the caller calls: checks the arguments, sets up the books, and runs the search."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pulp

from .crew import Crew, doors
from .opening import Setting, opened
from .program import Program, read
from .report import finish, progress
from .run import Exact, Wishes
from .search import Search
from .space import Pair, checked_signs
from .types import Front, Progress


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
        names, exact, prefer is not None, tuple(seeds), tuple(records), stop, time_limit, workers, tuple(solvers)
    )
    _check(objectives, names, resolutions, transforms, workers)
    setting = Setting(checked_signs(senses, len(objectives)), resolutions, transforms)
    program = read(problem, objectives, setting.signs, prefer, names)
    for state in _states(program, setting, wishes, rng or np.random.default_rng(0), began):
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


def _states(program: Program, setting: Setting, wishes: Wishes, rng: Any, began: float) -> Iterator[Progress]:
    crew = Crew(program, doors(wishes.solvers, wishes.workers), wishes.workers)
    run = None
    try:
        run = opened(program, setting, wishes, rng, began)
        yield from Search(run, crew).steps()
    except KeyboardInterrupt:
        if run is None:
            raise
        run.stopped_by = "stopped"
    finally:
        crew.close()
    front = finish(run)
    yield progress(run, front)
