"""What the search asks of a solver and what it gets back; tolerances and statuses are settled here and nowhere else.

What PuLP reports after a solve is not used: it says `Optimal` for a solve that ran out of time with a package in
hand. An `Answer` claims only what the solver's own model status and dual bound say.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pulp

from .live import Known
from .program import Program, row_scale
from .types import Array, Places

Status = Literal["optimal", "infeasible", "unbounded", "stopped", "failed"]

FEASIBILITY = 1e-6  # what both solvers allow a row to be violated by; an integer row is exact after rounding
PATIENCE = 0.35  # seconds a solver may take to notice that it should stop before it is left behind
JOINED = 16  # most zones in one solve; measured: 16 together cost about as much as 3 alone, 32 gain little more
FREE = 1e20  # stands for "no bound" in a row that must exist
_BOUND_SLIP = 1e-7  # relative slip granted to a dual bound, well above the error seen and well below a resolution


@dataclass(frozen=True)
class Task:
    """Minimise `weights` of the objectives plus `prefer` times the preference, inside one of some zones.

    weights: (objectives,).  uppers: (zones, objectives), solver form, infinite for no bound: the objectives must
    keep all bounds of at least one row.  start: a known package.
    gap: absolute, in units of the weighted sum; the solver may stop as soon as it is that close.
    fixed: columns held at a value, (places, values); such a solve finds packages and proves nothing.
    worth: packages whose weighted sum is above this are of no interest.
    dive: look for one package beside the relaxed optimum; the bound is the relaxation's.
    beside: prove it by branching on relaxed optima (one zone, without a bound on what is minimised), and look for
        packages beside them by this task.
    known: where a relaxation of the programme has come to; a new one starts from there.
    """

    weights: Array
    uppers: Array
    prefer: float = 0.0
    start: Array | None = None
    gap: float = 0.0
    seconds: float = math.inf
    fixed: tuple[Places, Array] | None = None
    worth: float = math.inf
    dive: bool = False
    beside: Task | None = None
    known: Known | None = None


@dataclass(frozen=True)
class Answer:
    """What a solver proved and found.

    bound: no package of the task has a smaller weighted sum (minus infinity: nothing proved).
    found: packages kept by the programme's own rows, best last; integer columns are integral.
    """

    status: Status
    bound: float = -math.inf
    found: tuple[Array, ...] = ()
    why: str = ""
    seconds: float = 0.0
    solver: str = ""


class Solver(Protocol):
    """What the search needs of a solver: an answer, and the readiness to be stopped."""

    name: str

    def solve(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """Answer the task, or as much as was found when `stop()` turns true."""
        ...

    def close(self) -> None:
        """Give back what the solver holds."""
        ...


def costs_of(program: Program, task: Task) -> tuple[Array, float]:
    """Cost of each column and the constant of the weighted sum."""
    return task.weights @ program.costs + task.prefer * program.prefer, float(task.weights @ program.constants)


def column_bounds(program: Program, task: Task) -> tuple[Array, Array]:
    """Bounds of the columns with the fixed ones held; (columns,) each."""
    lower, upper = program.lower.copy(), program.upper.copy()
    if task.fixed is not None:
        places, values = task.fixed
        lower[places] = upper[places] = values
    return lower, upper


def bound_rows(program: Program, task: Task) -> tuple[Array, Array]:
    """Right-hand sides (objectives,) of the bound rows, and how much selecting a zone tightens each.

    Objective k must be at most limit[k] minus the tightening (zones, objectives) of the one zone selected.
    """
    limits = (task.uppers - program.constants) / row_scale(program)
    widest = limits.max(axis=0)
    with np.errstate(invalid="ignore"):
        tighter = np.where(np.isfinite(widest), widest - limits, 0.0)
    return np.minimum(widest, FREE), tighter


def as_pulp(program: Program, selectors: int = 0) -> pulp.LpProblem:
    """The programme rebuilt with generated names: its columns, then selectors; its rows, then the bound rows z*.

    With selectors, a last row makes exactly one of them 1; they enter the bound rows with coefficients set later.
    """
    problem = pulp.LpProblem("front", pulp.LpMinimize)
    columns = [_column(problem, program, j) for j in range(program.columns)]
    chosen = [problem.add_variable(f"y{j:07d}", 0, 1, cat=pulp.LpInteger) for j in range(selectors)]
    problem.setObjective(pulp.LpAffineExpression([(v, 1.0) for v in columns + chosen]))  # so PuLP knows every column
    terms: list[list[Any]] = [[] for _ in program.row_lower]
    for i, j, a in zip(program.row, program.col, program.value, strict=True):
        terms[i].append((columns[j], float(a)))
    for i, row in enumerate(terms):
        _add_row(problem, row, program.row_lower[i], program.row_upper[i], f"r{i:07d}")
    for k, (costs, scale) in enumerate(zip(program.costs, row_scale(program), strict=True)):
        row = [(columns[j], float(costs[j] / scale)) for j in np.flatnonzero(costs)]
        _add_row(problem, row, -math.inf, FREE, f"z{k}")
    if selectors:
        problem.addConstraint(pulp.lpSum(chosen) == 1, "zone")
    return problem


def _column(problem: pulp.LpProblem, program: Program, j: int) -> Any:
    low, high = program.lower[j], program.upper[j]
    category = pulp.LpInteger if program.integer[j] else pulp.LpContinuous
    bounds = (None if math.isinf(low) else float(low), None if math.isinf(high) else float(high))
    return problem.add_variable(f"x{j:07d}", *bounds, cat=category)


def _add_row(problem: pulp.LpProblem, terms: list[Any], low: float, high: float, name: str) -> None:
    row = pulp.LpAffineExpression(terms)
    if low == high:
        problem.addConstraint(row == low, name)
    elif not math.isinf(high):
        problem.addConstraint(row <= high, name)
    else:
        problem.addConstraint(row >= low, name)


def mended(program: Program, raw: Array) -> Array | None:
    """raw with integral integer columns, if the programme's rows then still hold; else None."""
    x = program.rounded(raw[: program.columns])
    return x if program.feasible(x) else None


def lowered(bound: float) -> float:
    """A solver's dual bound less the slip that its tolerances allow."""
    return bound - _BOUND_SLIP * max(1.0, abs(bound)) if math.isfinite(bound) else bound
