"""The search: zones are handed to solvers until nothing is open, or until it is told to stop."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from .book import ALONE, BUSY, FREE, GIVEN_UP, TIRED
from .crew import Crew, Done
from .direct import COVER_GAP, Job, all_objectives, branched, by_uncertainty, dived, first_dives, neighbours, single
from .hull import weighted_sums
from .program import Program
from .report import progress
from .run import Run, ask_relaxation
from .seeding import given, seed
from .solvers import JOINED, Answer, Task
from .types import Array, Progress
from .walk import Walk
from .zones import nondominated

_POLL = 0.02
_DIVE_SECONDS = 8.0  # a dive takes so many warm solves and then ends; what is cut off was for nothing
_RETURN = 0.4  # seconds before the limit at which branching is told to come back: a proof that is late is lost
_LEAST_SECONDS = 0.05
_FIRST_PATIENCE = 1.5  # seconds for the first try of a zone; each later round allows _MORE times as much
_MORE = 4.0
_JOINED_FIRST = 4  # where local search has been through, most zones are empty
_DEEP = 2.0  # resolutions from which a zone is dived into; a flatter one is proved or disproved by branching as soon
_RISEN = 0.1  # resolutions by which a floor must rise for another dive into the same zone
_FRUITFUL = 0.02  # share of relaxed tests that must close a zone once they cost more than _CHEAP of the solver time
_CHEAP = 0.1


class Search:
    """The loop over zones; its state beside the books is how many zones to join and how long a try may take."""

    def __init__(self, run: Run, crew: Crew) -> None:
        self._run = run
        self._crew = crew
        self._joined = 1 if run.simple or not run.searchable else _JOINED_FIRST
        self._first: list[Job] = []  # solves without a zone, before there are many
        self._dives = run.mixed and not run.wishes.prefers and "highs" in run.wishes.solvers
        if self._dives:
            self._first = first_dives(run.space, run.space.z_of(run.low), run.reference, run.units)
        elif run.searchable and not run.simple and not run.coarse:
            self._first = weighted_sums(run.ranges, run.rng)
        self._patience = _FIRST_PATIENCE
        self._tests = self._closed_by_test = 0
        self._misplaced: set[bytes] = set()  # corners of zones in which branching found what the judge puts elsewhere
        self._walk = Walk(run) if run.wishes.method == "walk" else None

    def steps(self) -> Iterator[Progress]:
        """Seed, then solve zones until none is left to try; yields whenever there is something new."""
        run = self._run
        yield from self._seed()
        while len(run.book.corners) and not run.halted() and (self._hand_out() or self._crew.under_way):
            yield from self._take(_POLL)
        for done in self._crew.halt():
            self._apply(done)

    def _seed(self) -> Iterator[Progress]:
        """Fill the books; where local search does that, solvers are given work meanwhile."""
        run = self._run
        for _ in given(run) if self._walk else seed(run):
            if run.fresh:
                yield progress(run)
            if not len(run.book.corners):
                return
            if run.searchable or run.mixed:
                self._hand_out()
                yield from self._take(0.0)

    def _take(self, seconds: float) -> Iterator[Progress]:
        """Enter the next answer, if there is one within that time."""
        done = self._crew.take(seconds)
        if done is not None:
            self._apply(done)
            yield progress(self._run)

    def _hand_out(self) -> bool:
        """Give every idle slot something to solve; False if there is nothing to give."""
        given = False
        while self._crew.idle and not self._run.halted():
            job = self._next_job()
            if job is None:
                return given
            for corner in job.corners:
                self._run.book.mark(corner, BUSY)
            self._crew.give(job, job.task)
            given = True
        return True

    def _next_job(self) -> Job | None:
        """The most uncertain zone that the relaxation cannot close, alone or joined with its neighbours."""
        run, book = self._run, self._run.book
        while not run.halted():
            free = book.free()
            if not len(free) and not (self._walk and (book.states == BUSY).any()):
                if not self._second_round():
                    return None
                continue
            if self._first and (self._dives or len(book.corners) > len(self._first)):
                return self._timed(self._first.pop(), _DIVE_SECONDS if self._dives else self._patience)
            if self._walk:
                return self._walk.next_job(min(self._patience, run.left()))
            first = by_uncertainty(book, run.reference, free)
            if self._untested(first):
                continue
            if self._dives and not book.searched[first]:
                book.searched[first] = True
                k, width = self._narrowest(first)
                if width > _DEEP:
                    return self._timed(dived(book, first, k, run.units, run.reference), _DIVE_SECONDS)
            zones = neighbours(book, first, self._joined)
            return self._job(zones)
        return None

    def _narrowest(self, zone: int) -> tuple[int, float]:
        """The objective in which a zone reaches least far, and how far, in resolutions."""
        run, book = self._run, self._run.book
        widths = (np.minimum(book.corners[zone], run.reference) - book.floors[zone]) / run.space.resolutions
        return int(np.argmin(widths)), float(widths.min())

    def _job(self, zones: np.ndarray) -> Job:
        run, book = self._run, self._run.book
        prefers = run.wishes.prefers
        if len(zones) > 1:
            gap = COVER_GAP if run.coarse else 0.0
            return self._timed(all_objectives(book, zones, run.units, float(prefers), gap), self._patience)
        zone = int(zones[0])
        k, _ = self._narrowest(zone)
        plain = prefers or book.corners[zone].tobytes() in self._misplaced
        if run.mixed and not plain and math.isfinite(book.corners[zone][k]):
            return self._timed(branched(book, zone, k, run.units), self._patience)
        job = single(book, zone, k, run.units, run.low, run.coarse, prefers)
        return self._timed(job, self._patience)

    def _timed(self, job: Job, seconds: float) -> Job:
        left = self._run.left() - (_RETURN if self._run.mixed else 0.0)
        return job.within(min(seconds, max(left, _LEAST_SECONDS)), self._run.known)

    def _untested(self, zone: int) -> bool:
        """Ask the relaxation about a zone once; True if it was asked, so that the books may have changed."""
        run, book = self._run, self._run.book
        costly = run.relaxed_seconds > _CHEAP * run.solver_seconds + 0.5
        if book.tested[zone] or (costly and self._closed_by_test < _FRUITFUL * self._tests):
            return False
        closed = book.closed
        ask_relaxation(run, zone)
        self._tests += 1
        self._closed_by_test += book.closed > closed
        return True

    def _second_round(self) -> bool:
        """Free the zones whose solves ran out of time, and allow more; False if there are none."""
        book = self._run.book
        tired = book.states == TIRED
        book.states[tired] = FREE
        self._patience *= _MORE if tired.any() else 1.0
        return bool(tired.any())

    def _apply(self, done: Done) -> None:
        """Enter what a solve found and proved, and decide what becomes of its zones."""
        run, job, answer = self._run, done.job, done.answer
        run.solves += 1
        run.solver_seconds += answer.seconds
        run.rejected = ""
        known = len(run.fresh)
        if self._walk:
            self._walk.back(job)
        for corner in job.corners:
            run.book.mark(corner, FREE)
        enter(run, job, answer)
        left = [corner for corner in job.corners if run.book.place(corner) is not None]
        if job.task.dive:
            self._after_dive(job, left)
            return
        if job.task.fixed is None and len(job.corners) and not run.simple and job.task.beside is None:
            self._adapt(len(run.fresh) == known and not left, len(job.corners))
        if len(left) == len(job.corners) and job.task.fixed is None:
            if job.task.beside is not None and answer.found:
                self._misplaced.update(corner.tobytes() for corner in left)
                return
            state, reason = self._verdict(answer, len(left))
            for corner in left:
                run.book.mark(corner, state, reason)

    def _after_dive(self, job: Job, left: list[Array]) -> None:
        """Dive again into what is left of a zone where its floors have risen; else it is for the solvers to prove empty."""
        book = self._run.book
        for corner in left:
            place = book.place(corner)
            moved = (book.floors[place] - job.floors) / book.space.resolutions
            book.searched[place] = not (moved > _RISEN).any()

    def _adapt(self, all_empty: bool, asked: int) -> None:
        """Join more zones while they prove empty, fewer where packages are found or time runs out."""
        self._joined = min(2 * asked, JOINED) if all_empty else max(1, asked // 2)

    def _verdict(self, answer: Answer, zones: int) -> tuple[int, str]:
        """State and reason of zones that a solve neither split nor closed."""
        run = self._run
        if answer.status == "stopped":
            return TIRED, run.stopped_by or "not decided in the time given to one zone"
        if zones > 1:
            return ALONE, "not reached"
        if run.rejected:
            return GIVEN_UP, run.rejected
        if answer.status == "optimal" and answer.found:
            return GIVEN_UP, "approximation"
        return GIVEN_UP, f"numerics: {answer.why or answer.status}"


def enter(run: Run, job: Job, answer: Answer) -> None:
    """Put packages and proofs of an answer into the books; the best package first, as it may be the preferred one."""
    for x in answer.found[::-1] if not run.wishes.prefers else answer.found[-1:]:
        if run.offer(x) and run.neighbourhood is not None:
            explore(run, x)
    if answer.status == "infeasible":
        for box in job.boxes:
            run.book.add_box(box)
        return
    bound = answer.bound - most_preferred(run.program, job.task)
    for top in job.task.uppers:
        run.book.add_cut(top, job.task.weights, bound)


def explore(run: Run, x: Array) -> None:
    """Offer the neighbours of a package that no known point is as good as."""
    assert run.neighbourhood is not None
    near = run.neighbourhood.around(x)
    values = run.space.z_of(near @ run.program.costs.T + run.program.constants)
    for place in nondominated(values):
        if not (run.book.points <= values[place] + 1e-9).all(axis=1).any():
            run.offer(near[place])


def most_preferred(program: Program, task: Task) -> float:
    """Largest value that the preference can add to a solve's objective: the bound is lowered by it."""
    if not task.prefer:
        return 0.0
    costs = task.prefer * program.prefer
    used = costs != 0
    with np.errstate(invalid="ignore"):
        most = float(np.maximum(costs * program.lower, costs * program.upper)[used].sum())
    return most if math.isfinite(most) else math.inf
