"""The epsilon walk for two objectives: one solve for each nondominated point, and one to see that there is no further.

Minimise one objective below a bound on the other, lower the bound to just below what was found, and so on (Haimes,
Lasdon and Wismer 1971; the small share of the other objective that makes every result nondominated: Mavrotas 2009).
With two workers a walk starts from either end, and they meet. It knows no joined zones, no seeding and no relaxation.
"""

from __future__ import annotations

import numpy as np

from .book import ALONE, BUSY, FREE
from .direct import Job, single
from .run import Run


class Walk:
    """Where the walkers are: walker k minimises objective k and comes from the end where that objective is best."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._out: list[tuple[Job, int]] = []

    def next_job(self, seconds: float) -> Job | None:
        """The outermost open zone of a walker that is at home; None if both are out or no zone is open."""
        run, book = self._run, self._run.book
        open_ones = np.flatnonzero(np.isin(book.states, (FREE, ALONE, BUSY)))
        for k in (0, 1) if len(open_ones) else ():
            if all(k != walker for _, walker in self._out):
                zone = int(open_ones[book.corners[open_ones, k].argmin()])
                job = single(book, zone, k, run.units, run.low, run.coarse, run.wishes.prefers).within(seconds)
                self._out.append((job, k))
                return job
        return None

    def back(self, job: Job) -> None:
        """The walker with that job has come home."""
        self._out = [(other, k) for other, k in self._out if other is not job]
