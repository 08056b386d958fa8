"""What the caller calls: checks the arguments, sets up the books, and runs the search."""

from __future__ import annotations

import functools
import inspect
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ParamSpec

import numpy as np
import pulp

from .crew import Crew, doors
from .opening import Setting, opened
from .program import Program, read
from .report import METHODS, finish, progress
from .run import Exact, Wishes
from .search import Search
from .space import Pair, checked_signs
from .types import Front, Progress

P = ParamSpec("P")


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
    method: str = "zones",
    evolution: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Iterator[Progress]:
    """The front of a mixed-integer programme: no package is better than all of its packages by a resolution.

    `exact_front` returns the front; `search`, with the same arguments, is a generator of the states on the way, the
    last of which carries the front.

    problem: a PuLP problem; its rows count, its objective is not looked at, and it is not changed.
    objectives: one to five affine PuLP expressions.  senses: "min" or "max", one word or one per objective.
    resolutions: per objective, user units: by how much a package on the front may be worse than one that is left
        out; whole-number objectives with 1 give the exact nondominated set. By default 1 for whole numbers, the
        step of decimal values, else 1e-6 of the range (1e-3 if continuous variables enter the objective).
    workers: solves side by side.  time_limit: seconds.  on_progress: called with every `Progress`.
    keys: names of the objectives for the certificate; f1, f2, ... by default.
    exact: from all variable values by name to the true objective vector in user units, never better than the
        solver's; None, or an error, rejects the package. What it says decides what is on the front.
    transforms: per objective None or (to_user, to_solver), increasing functions between the value of the expression
        and the user's unit, in which resolutions, points and records are counted.
    prefer: a PuLP expression, not negative and small, in resolutions: decides between packages of about equal worth.
    seeds: packages known before, by variable name; infeasible ones are left out.
    records: corners in user units below which nothing feasible lies, as of a former `Front.records`; they stay
        valid when rows are added, not when rows are dropped. The caller answers for them.
    stop: polled often; when it is true the search ends within half a second, as it does on Ctrl-C.
    solvers: which to use, of "highs" and "cbc"; several are raced once their time is worth it.
    method: "zones" (search zones, any number of objectives, a gap that falls fast) or, for two objectives, "walk" (the
        epsilon walk: one solve per point and nothing else, quicker where a solve takes hundredths of a second).
    evolution: seconds that NSGA-II with an archive may look for first packages of a 0/1 programme; see docs/front.md.
    rng: source of all chance.

    Raises ValueError for faulty arguments and for an objective without bound. An infeasible problem gives a front
    without points whose `infeasible` is true.

    >>> import pulp
    >>> hike = pulp.LpProblem("rucksack", pulp.LpMinimize)
    >>> tent, stove = (hike.add_variable(name, 0, 1, cat="Binary") for name in ("tent", "stove"))
    >>> hike += tent + stove >= 1
    >>> front = exact_front(hike, [3 * tent + stove, 5 * tent + 2 * stove], senses=["min", "max"], keys=["kg", "joy"])
    >>> front.points.tolist()
    [[1.0, 2.0], [3.0, 5.0], [4.0, 7.0]]
    """
    began = time.monotonic()
    names = tuple(keys) if keys is not None else tuple(f"f{i + 1}" for i in range(len(objectives)))
    wishes = Wishes(
        names, exact, prefer is not None, tuple(seeds), tuple(records), stop, time_limit, workers, tuple(solvers),
        method, evolution,
    )  # fmt: skip
    _check(objectives, names, resolutions, transforms, workers, method)
    setting = Setting(checked_signs(senses, len(objectives)), resolutions, transforms)
    program = read(problem, objectives, setting.signs, prefer, names)
    for state in _states(program, setting, wishes, rng or np.random.default_rng(0), began):
        if on_progress is not None:
            on_progress(state)
        yield state


def _to_the_end(states: Callable[P, Iterator[Progress]]) -> Callable[P, Front]:
    """The same call run to its end: it returns the front of the last state."""

    @functools.wraps(states)
    def exact_front(*args: P.args, **kwargs: P.kwargs) -> Front:
        for state in states(*args, **kwargs):
            front = state.front
        assert front is not None
        return front

    exact_front.__name__ = exact_front.__qualname__ = "exact_front"
    exact_front.__signature__ = inspect.signature(states).replace(return_annotation="Front")  # type: ignore[attr-defined]
    return exact_front


exact_front = _to_the_end(search)


def _check(
    objectives: Sequence[Any], keys: Sequence[str], resolutions: Sequence[float] | None,
    transforms: Sequence[Pair | None] | None, workers: int, method: str,
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
    if method not in METHODS:
        faults.append(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    elif method == "walk" and p != 2:
        faults.append(f"the method 'walk' is for two objectives, not {p}; use 'zones'")
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
    front = finish(run, crew.proofs)
    yield progress(run, front)
