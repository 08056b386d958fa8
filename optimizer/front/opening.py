"""Opening the books: bounds of each objective, what a resolution is, up to where volumes count."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .book import Book
from .highs import Highs
from .program import Program
from .relaxation import Relaxation, Relaxed
from .run import Run, Wishes, add_cut
from .solvers import Task
from .space import Pair, Space, space_of
from .types import Array

_TIE = 1e-3  # weight of the other objectives where only ties between optima of one objective are to be broken


@dataclass(frozen=True)
class Setting:
    """How the caller counts: signs (+1 less is better), resolutions and transforms, one per objective."""

    signs: Array
    resolutions: Sequence[float] | None
    transforms: Sequence[Pair | None] | None


def opened(program: Program, setting: Setting, wishes: Wishes, rng: np.random.Generator, began: float) -> Run:
    """A run with its first bounds and the caller's records.

    Raises ValueError if an objective is unbounded although there are feasible packages.
    """
    p = len(setting.signs)
    relaxation = Relaxation(program)
    best = [relaxation.minimise(weights) for weights in np.eye(p)]
    empty = _is_empty(program, best, wishes.keys)
    low = np.zeros(p) if empty else np.array([relaxed.bound for relaxed in best])
    worst = low if empty else _payoff(program, relaxation, low)
    plain = Space(setting.signs, np.ones(p), np.zeros(p), np.zeros(p), tuple(setting.transforms or [None] * p))
    space = space_of(
        program, setting.signs, setting.resolutions, setting.transforms, plain.z_of(worst) - plain.z_of(low)
    )
    reference = space.up(space.z_of(worst)) + space.resolutions
    book = Book(space, space.first_corner(most(program)))
    units = solver_units(space, space.z_of(low), reference)
    run = Run(program, space, book, wishes, relaxation, rng, reference, low, units, began)
    if empty:
        book.add_box(np.full(p, math.inf))
        return run
    for relaxed in best:
        add_cut(run, relaxed)
    for record in wishes.records:
        book.add_box(setting.signs * np.asarray(record, dtype=float))
    return run


def _is_empty(program: Program, best: Sequence[Relaxed], keys: Sequence[str]) -> bool:
    """Whether there is no feasible package; raises if there is one and an objective has no bound."""
    if any(relaxed.status == "infeasible" for relaxed in best):
        return True
    for relaxed, key in zip(best, keys, strict=True):
        if not math.isfinite(relaxed.bound):
            p = len(best)
            answer = Highs(program).solve(Task(np.zeros(p), np.full((1, p), math.inf)), lambda: False)
            if answer.status == "infeasible":
                return True
            raise ValueError(
                f"Objective {key!r} is unbounded: packages can be as good in it as one likes. "
                "Bound the variables that it counts, or check its sense."
            )
    return False


def _payoff(program: Program, relaxation: Relaxation, low: Array) -> Array:
    """(objectives,) worst solver value of each objective over the relaxed optima of the others."""
    p, corners = len(low), []
    scale = 1.0 / np.maximum(1e-9, np.abs(program.costs).max(axis=1, initial=0.0))
    for k in range(p):
        weights = np.where(np.arange(p) == k, 1.0, _TIE) * scale
        relaxed = relaxation.minimise(weights)
        if relaxed.x is not None:
            corners.append(program.costs @ relaxed.x + program.constants)
    return np.maximum(np.max(corners, axis=0), low) if corners else low


def most(program: Program) -> Array:
    """(objectives,) values no package exceeds, by interval arithmetic; infinite where columns are unbounded."""
    with np.errstate(invalid="ignore"):
        terms = np.where(program.costs > 0, program.costs * program.upper, program.costs * program.lower)
    largest: Array = np.where(program.costs == 0, 0.0, terms).sum(axis=1) + program.constants
    return largest


def solver_units(space: Space, best: Array, worst: Array) -> Array:
    """(objectives,) solver units that one resolution is worth, about, between two points of z."""
    span = np.maximum(worst - best, space.resolutions)
    with np.errstate(invalid="ignore"):
        moved = space.s_of(best + span) - space.s_of(best)
    units: Array = np.where(np.isfinite(moved) & (moved > 0), moved / span, 1.0) * space.resolutions
    return units
