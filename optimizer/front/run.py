"""One search under way: what the caller wished, the books, the clock, and what has happened so far."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .book import Book
from .live import Known
from .local import Neighbourhood
from .program import Program
from .relaxation import Relaxation, Relaxed
from .space import Space
from .types import Array

_MANY = 40  # whole columns from which branching on relaxed optima pays

Exact = Callable[[dict[str, float]], Sequence[float] | None]


@dataclass(frozen=True)
class Wishes:
    """What the caller asked for beside the programme itself; see `exact_front`."""

    keys: tuple[str, ...]
    exact: Exact | None = None
    prefers: bool = False
    seeds: tuple[Mapping[str, float], ...] = ()
    records: tuple[Sequence[float], ...] = ()
    stop: Callable[[], bool] | None = None
    time_limit: float | None = None
    workers: int = 1
    solvers: tuple[str, ...] = ("highs", "cbc")
    method: str = "zones"
    evolution: float = 0.0


@dataclass
class Run:
    """State of one search.

    reference: (objectives,), z, up to which volumes count.  low: (objectives,), solver values no package is below.
    units: (objectives,), solver units that a resolution is worth, about.
    """

    program: Program
    space: Space
    book: Book
    wishes: Wishes
    relaxation: Relaxation
    rng: np.random.Generator
    reference: Array
    low: Array
    units: Array
    began: float
    solves: int = 0
    relaxed_seconds: float = 0.0
    solver_seconds: float = 0.0
    seconds_reporting: float = 0.0
    last_measure: float = 0.0
    stopped_by: str = ""
    trouble: str = ""
    rejected: str = ""
    volume: float = math.nan
    unsettled: float = math.nan
    fresh: list[Mapping[str, float]] = field(default_factory=list)
    neighbourhood: Neighbourhood | None = None
    known: Known | None = None

    @property
    def searchable(self) -> bool:
        """Whether local search may look for packages: not where preferred ones are wanted, which it does not know."""
        return len(self.low) > 1 and not self.wishes.prefers and Neighbourhood.suits(self.program)

    @property
    def mixed(self) -> bool:
        """Whether relaxed optima lead to packages and proofs: many whole columns, and others that local search cannot set."""
        return int(self.program.integer.sum()) >= _MANY and not Neighbourhood.suits(self.program)

    @property
    def coarse(self) -> bool:
        """Whether the front is a cover, or a preference counts: then the last step of an objective does not."""
        return self.wishes.prefers or bool((self.space.slack > 0).any())

    @property
    def simple(self) -> bool:
        """Two objectives, exactly: there is one zone a point, and joining them costs more than it saves."""
        return len(self.low) == 2 and not self.coarse

    @property
    def ranges(self) -> Array:
        """(objectives,) solver units from the best value of each objective to the reference, about."""
        return self.units * np.maximum((self.reference - self.space.z_of(self.low)) / self.space.resolutions, 1.0)

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

    def left(self) -> float:
        """Seconds until the time limit."""
        return math.inf if self.wishes.time_limit is None else self.wishes.time_limit - self.seconds()

    def offer(self, x: Array) -> bool:
        """Let the exact evaluation judge a feasible package; True if the front took it in."""
        z = self._judged(x)
        if z is None or not self.book.add_point(z, x):
            return False
        self.fresh.append(self.program.named(x))
        return True

    def _judged(self, x: Array) -> Array | None:
        """Exact objective vector of x in z, or None if the independent check rejects it."""
        if self.wishes.exact is None:
            return self._believable(self.space.z_of(self.program.values(x)))
        try:
            values = self.wishes.exact(dict(zip(self.program.names, x.tolist(), strict=True)))
        except Exception as error:  # the caller's check may refuse in any way it likes
            self.rejected = f"rejected by the independent check: {error}"
            return None
        if values is None:
            self.rejected = "rejected by the independent check"
            return None
        return self._believable(self.space.near(self.space.signs * np.asarray(values, dtype=float)))

    def _believable(self, z: Array) -> Array:
        """z, of a feasible package; where none should be, a bound is disproved."""
        if self.book.refutes(z):
            self.trouble = "numerics: a package lies where none was thought possible, so no bound is valid"
        return z


def ask_relaxation(run: Run, zone: int) -> None:
    """Bound a zone by the relaxation: a cut for all zones, and the box from the corner to where the cut is met."""
    began, book = time.monotonic(), run.book
    book.tested[zone] = True
    row = run.space.s_of(run.space.row(book.corners[[zone]]))[0]
    relaxed = run.relaxation.toward(row, run.units)
    used = relaxed.weights > 0
    if relaxed.status == "optimal" and used.any() and math.isfinite(relaxed.bound) and np.isfinite(row).all():
        met = row + run.units * (relaxed.bound - relaxed.weights @ row) / (relaxed.weights @ run.units)
        book.add_box(run.space.up(run.space.z_of(met - 1e-9 * np.maximum(1.0, np.abs(met)))))
    add_cut(run, relaxed)
    run.relaxed_seconds += time.monotonic() - began


def add_cut(run: Run, relaxed: Relaxed) -> None:
    """Enter what a relaxed solve proved about all packages."""
    if relaxed.status == "infeasible":
        run.book.add_box(np.full(len(run.low), math.inf))
    elif relaxed.status == "optimal":
        run.book.add_cut(np.full(len(run.low), math.inf), relaxed.weights, relaxed.bound)
