"""Before the first solve: cuts and packages from the relaxation, and a local search from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from . import evolution, local, solvers
from .direct import by_uncertainty
from .run import Run, add_cut, ask_relaxation
from .types import Array

_DIRECTIONS = 60  # relaxed solves at most; on knapsacks of 40 to 200 columns the bound hardly moves after that
_FEWEST = 8  # directions in any case: where the first relaxed solve takes seconds, the next ones take far less
_SHARE = 0.05  # of the time limit that seeding may take
_SECONDS = 1.2  # it pays off within this time or not at all (3kp40: 99.3 % of the hypervolume after 1 s)


def given(run: Run) -> Iterator[None]:
    """Enter the packages that the caller knows."""
    for package in run.wishes.seeds:
        x = _completed(run, package)
        if x is not None:
            run.offer(x)
    yield


def _completed(run: Run, package: Mapping[str, float]) -> Array | None:
    """A package of which the caller need not know every column: the others follow from the integer ones he names."""
    raw, integer = run.program.vector(package), run.program.integer
    x = solvers.mended(run.program, raw)
    named = integer & np.array([name in package for name in run.program.names])
    for held in (named, integer) if x is None else ():
        whole = run.relaxation.complete(raw, 1.0 / run.units, held)
        x = None if whole is None else solvers.mended(run.program, whole)
        if x is not None:
            break
    return x


def seed(run: Run) -> Iterator[None]:
    """Fill the books; yields often, so that solvers can be given work in between."""
    yield from given(run)
    limit = run.wishes.time_limit
    seconds = _SECONDS if limit is None else min(_SECONDS, _SHARE * limit)
    packages = [x[None] for x in run.book.packages]
    for near in _sweep(run, run.seconds() + seconds):
        packages.append(near)
        if run.mixed:
            yield
    starts = np.vstack(packages) if packages else np.empty((0, run.program.columns))
    yield
    if run.mixed:  # there the solvers bound each zone better
        return
    if run.searchable and len(starts):
        run.neighbourhood = local.Neighbourhood(run.program, run.rng)
        yield from _offered(run, local.improve(run.program, starts, seconds, run.rng))
    if run.wishes.evolution > 0 and len(run.low) > 1 and evolution.suits(run.program):
        known = np.vstack([starts, *run.book.packages])
        yield from _offered(run, evolution.evolve(run.program, known, run.wishes.evolution, run.rng))
    yield from _bound_zones(run, run.seconds() + seconds / 2)


def _offered(run: Run, states: Iterator[Array]) -> Iterator[None]:
    """Offer what a search for packages knows, ever more rarely: each offer costs as much as many looks around."""
    began, offered = run.seconds(), 0.0
    for packages in states:
        if run.halted() or not len(run.book.corners):
            break
        if run.seconds() - began > 2 * offered:
            offered = run.seconds() - began
            _offer_all(run, packages)
        yield
    _offer_all(run, packages)
    yield


def _offer_all(run: Run, packages: Array) -> None:
    for x in packages:
        run.offer(x)


def _bound_zones(run: Run, until: float) -> Iterator[None]:
    """Ask the relaxation about the most uncertain zones."""
    book = run.book
    while run.seconds() < until and not run.halted() and len(run.low) > 1:
        left = np.flatnonzero(~book.tested)
        if not len(left):
            return
        ask_relaxation(run, by_uncertainty(book, run.reference, left))
        yield


def _sweep(run: Run, until: float) -> Iterator[Array]:
    """Relaxed optima in many directions: their cuts go into the books, their roundings come back."""
    p = len(run.space.signs)
    mixed = run.rng.dirichlet(np.ones(p), _DIRECTIONS if p > 1 else 0)
    directions = [*np.eye(p), np.ones(p), *mixed[np.argsort(mixed[:, 0])]]  # sorted: each is near the one before
    for done, direction in enumerate(directions):
        if (run.seconds() > until and done > _FEWEST) or run.halted() or not len(run.book.corners):
            break
        relaxed = run.relaxation.minimise(direction / run.units)
        add_cut(run, relaxed)
        if relaxed.x is not None:
            yield _near(run, relaxed.x)


def _near(run: Run, relaxed: Array) -> Array:
    """Feasible packages next to a relaxed optimum, (packages, columns); the first of them is offered to the front."""
    if run.program.integer.all():
        ways = local.roundings(run.program, relaxed, run.rng)
    else:
        whole = solvers.mended(run.program, relaxed)
        ways = np.empty((0, len(relaxed))) if whole is None else whole[None]
    for x in ways[:1] if not run.wishes.prefers else ways[:0]:
        run.offer(x)
    return ways
