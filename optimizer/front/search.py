"""The search: zones are solved one after the other until nothing is open, or until it is told to stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from . import direct, solvers
from .book import Book
from .program import Program
from .solvers import Answer, Task
from .space import Space
from .types import Array, Certificate, Front, OpenZone, Progress, frozen
from .volume import volume_gap

Exact = Callable[[dict[str, float]], Sequence[float] | None]


@dataclass(frozen=True)
class Wishes:
    """What the caller asked for beside the programme itself."""

    keys: tuple[str, ...]
    exact: Exact | None = None
    prefers: bool = False
    seeds: tuple[Mapping[str, float], ...] = ()
    records: tuple[Sequence[float], ...] = ()
    stop: Callable[[], bool] | None = None
    time_limit: float | None = None
    workers: int = 1
    solvers: tuple[str, ...] = ("highs", "cbc")
    rng: np.random.Generator | None = None


@dataclass
class Run:
    """One search under way: the books, the clock, and what happened so far."""

    program: Program
    space: Space
    book: Book
    wishes: Wishes
    reference: Array
    low: Array
    began: float
    solves: int = 0
    stopped_by: str = ""
    trouble: str = ""
    rejected: str = ""
    volume: float = math.nan
    fresh: list[Mapping[str, float]] = field(default_factory=list)

    def halted(self) -> bool:
        """Whether to stop now; remembers why."""
        if not self.stopped_by:
            if self.wishes.stop is not None and self.wishes.stop():
                self.stopped_by = "stopped"
            elif self.wishes.time_limit is not None and self.seconds() >= self.wishes.time_limit:
                self.stopped_by = "time limit"
        return bool(self.stopped_by)

    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.began

    def offer(self, x: Array) -> bool:
        """Let the exact evaluation judge a feasible package; True if the front took it in."""
        z = self._judged(x)
        if z is None or not self.book.add_point(z, x):
            return False
        self.fresh.append(self.program.named(x))
        return True

    def _judged(self, x: Array) -> Array | None:
        """Exact objective vector of x in z, or None if the independent check rejects it."""
        z = self.space.z_of(self.program.values(x))
        if self.wishes.exact is None:
            return z
        try:
            values = self.wishes.exact(dict(zip(self.program.names, x.tolist(), strict=True)))
        except Exception as error:  # the caller's check may refuse in any way it likes
            self.rejected = f"rejected by the independent check: {error}"
            return None
        if values is None:
            self.rejected = "rejected by the independent check"
            return None
        exact = self.space.near(self.space.signs * np.asarray(values, dtype=float))
        below = exact < z - 1e-6 * np.maximum(np.maximum(1.0, np.abs(z)), self.space.resolutions)
        if below.any():
            key = self.wishes.keys[int(below.argmax())]
            self.trouble = f"numerics: the exact value of {key} lies below the solver's, so no bound is valid"
        return exact


def apply(run: Run, corner: Array, task: Task, answer: Answer) -> None:
    """Enter what a solve found and proved; a zone that it neither split nor closed stays open with the reason."""
    run.solves += 1
    run.rejected = ""
    book = run.book
    for x in answer.found:
        run.offer(x)
    top = np.where(np.isfinite(task.upper), task.upper, math.inf)
    if answer.status == "infeasible":
        book.add_box(book.space.up(book.space.z_of(top) + book.space.lattice * 0.5))
    else:
        book.add_cut(top, task.weights, answer.bound - most_preferred(run.program, task))
    if (book.corners == corner).all(axis=1).any():
        book.marks[corner.tobytes()] = _reason(run, answer)


def most_preferred(programme: Program, task: Task) -> float:
    """Largest value that the preference can add to a solve's objective: the bound is lowered by it."""
    if not task.prefer:
        return 0.0
    costs = task.prefer * programme.prefer
    used = costs != 0
    with np.errstate(invalid="ignore"):
        return float(np.maximum(costs * programme.lower, costs * programme.upper)[used].sum())


def _reason(run: Run, answer: Answer) -> str:
    if run.rejected:
        return run.rejected
    if answer.status == "stopped":
        return run.stopped_by or "time limit"
    if answer.status == "optimal" and answer.found:
        return "approximation"
    return f"numerics: {answer.why or answer.status}"


def next_task(run: Run) -> tuple[Array, Task] | None:
    """The most uncertain zone that may be tried, and what to ask the solver about it."""
    book = run.book
    i = direct.by_uncertainty(book, run.reference)
    if i is None:
        return None
    corner, floor = book.corners[i], book.floors[i]
    units = solver_units(run.space, run.reference, floor)
    if run.wishes.prefers or (run.space.slack > 0).any():
        return corner, direct.all_objectives(book, corner, units, float(run.wishes.prefers), gap=0.5)
    widths = np.minimum(corner, run.reference) - floor
    k = int(np.argmin(widths / run.space.resolutions))
    return corner, direct.one_objective(book, corner, k, units, run.low)


def solver_units(space: Space, reference: Array, floor: Array) -> Array:
    """(objectives,) solver units that one resolution is worth, about, between the floor and the reference."""
    span = np.maximum(reference - floor, space.resolutions)
    span = np.where(np.isfinite(span), span, space.resolutions)
    with np.errstate(invalid="ignore"):
        moved = space.s_of(np.maximum(reference, floor + span)) - space.s_of(np.maximum(reference, floor + span) - span)
    return np.where(np.isfinite(moved) & (moved > 0), moved / span, 1.0) * space.resolutions


def steps(run: Run, solver: solvers.Solver) -> Iterator[Progress]:
    """Solve zones until none is left to try, yielding after each solve."""
    while not run.halted():
        chosen = next_task(run)
        if chosen is None:
            return
        corner, task = chosen
        left = math.inf if run.wishes.time_limit is None else run.wishes.time_limit - run.seconds()
        answer = solver.solve(_dated(task, left), run.halted)
        apply(run, corner, task, answer)
        yield progress(run)


def _dated(task: Task, seconds: float) -> Task:
    return Task(task.weights, task.upper, task.prefer, task.start, task.gap, seconds)


def progress(run: Run, front: Front | None = None) -> Progress:
    """The state of the run as the caller sees it."""
    book = run.book
    run.volume = _smaller(run.volume, volume_gap(book.points, book.records(), run.space.z_of(run.low), run.reference))
    points = frozen(_sorted(run)[0])
    fresh, run.fresh = tuple(run.fresh), []
    return Progress(run.seconds(), run.solves, points, _gap(run), run.volume, len(book.corners), fresh, front)


def _smaller(old: float, new: float) -> float:
    return new if math.isnan(old) else min(old, new)


def _gap(run: Run) -> dict[str, float]:
    return dict(zip(run.wishes.keys, run.book.gap().tolist(), strict=True))


def _sorted(run: Run) -> tuple[Array, list[Array]]:
    user = run.book.points * run.space.signs
    order = np.lexsort(user.T[::-1])
    return user[order] + 0.0, [run.book.packages[i] for i in order]


def finish(run: Run) -> Front:
    """The front with its certificate, whatever stopped the run."""
    book = run.book
    user, packages = _sorted(run)
    signs, keys = run.space.signs, run.wishes.keys
    zones = tuple(
        OpenZone(tuple((corner * signs).tolist()), book.marks.get(corner.tobytes(), run.stopped_by or "not reached"))
        for corner in book.corners
    )
    records = book.records()
    certificate = Certificate(
        gap=_gap(run),
        hypervolume_gap=run.volume if zones or (run.space.slack > 0).any() else 0.0,
        method="search zones",
        solves=run.solves,
        seconds=run.seconds(),
        resolutions=dict(zip(keys, run.space.resolutions.tolist(), strict=True)),
        stopped_by=run.trouble or (run.stopped_by if zones else ""),
        open_zones=zones,
        records=len(records),
        infeasible=not zones and not len(user),
    )
    return Front(frozen(user), tuple(run.program.named(x) for x in packages), certificate, frozen(records * signs))
