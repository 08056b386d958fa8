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
    best, others = _extremes(program, relaxation)
    empty = _is_empty(program, best, wishes.keys)
    low = np.zeros(p) if empty else np.array([relaxed.bound for relaxed in best])
    worst = np.max([low, *others], axis=0)
    plain = Space(setting.signs, np.ones(p), np.zeros(p), np.zeros(p), tuple(setting.transforms or [None] * p))
    space = space_of(
        program, setting.signs, setting.resolutions, setting.transforms, plain.z_of(worst) - plain.z_of(low)
    )
    reference = space.up(space.z_of(worst)) + space.resolutions
    book = Book(space, space.first_corner(most(program)))
    units = solver_units(space, space.z_of(low), reference)
    run = Run(program, space, book, wishes, relaxation, rng, reference, low, units, began)
    run.known = relaxation.live.known() if run.mixed else None
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
    for relaxed, key in zip(best, keys, strict=False):
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


def _extremes(program: Program, relaxation: Relaxation) -> tuple[list[Relaxed], list[Array]]:
    """The relaxed optimum of each objective alone, and solver values (objectives,) where the others break ties.

    From the last objective to the first, so that the relaxation ends where searches begin: at the first one's optimum.
    """
    p, best, corners = len(program.costs), list[Relaxed](), list[Array]()
    scale = 1.0 / np.maximum(1e-9, np.abs(program.costs).max(axis=1, initial=0.0))
    for k in reversed(range(p)):
        relaxed = relaxation.minimise(np.where(np.arange(p) == k, 1.0, _TIE) * scale)
        if relaxed.x is not None:
            corners.append(program.costs @ relaxed.x + program.constants)
        best.append(relaxation.minimise(np.eye(p)[k]))
        if best[-1].status == "infeasible":
            break
    return best[::-1], corners


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
