"""The live linear relaxation: bounds on every zone in a millisecond or so, and points to start from.

`toward` is the scalarisation of Pascoletti and Serafini (1984): go from a corner along the resolutions until
something feasible is met. Its dual is a cut of the whole front (Benson 1998). Cuts are recomputed from the duals
alone, so no tolerance of the solver enters them (Neumaier and Shcherbina 2004).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from .program import Program
from .solvers import FREE, as_pulp, row_scale
from .types import Array, Mask

_NEGLIGIBLE = 1e-9  # a reduced cost this small on an unbounded column is rounding error


@dataclass(frozen=True)
class Relaxed:
    """What a relaxed solve showed: every feasible package has weights @ s >= bound, and x is a relaxed optimum."""

    status: str
    weights: Array
    bound: float = -math.inf
    x: Array | None = None


def live_model(program: Program) -> Any:
    """A HiGHS model of the linear relaxation, of which only bounds, costs and bound rows change between solves."""
    problem = as_pulp(program)
    door = pulp.HiGHS(mip=False, msg=False, threads=1, parallel="off")
    door.createAndConfigureSolver(problem)
    door.buildSolverModel(problem)
    return problem.solverModel


class Relaxation:
    """A live HiGHS model of the linear relaxation with a column t that loosens the bound rows."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._scale = row_scale(program)
        self._model: Any = live_model(program)
        self._model.addCol(0.0, 0.0, 0.0, 0, np.array([], dtype=np.int32), np.array([]))

    def minimise(self, weights: Array) -> Relaxed:
        """Minimise a weighted sum of the objectives without bounds on them."""
        self._set(weights @ self._program.costs, 0.0, np.full(len(weights), FREE), np.zeros(len(weights)))
        return self._solved(weights)

    def toward(self, row: Array, units: Array) -> Relaxed:
        """Smallest t such that something relaxed has s <= row + t * units; the cut is the tightest at that place."""
        limits = np.minimum((row - self._program.constants) / self._scale, FREE)
        self._set(np.zeros(self._program.columns), 1.0, limits, -units / self._scale)
        return self._solved(None)

    def complete(self, x: Array, task_weights: Array, held: Mask) -> Array | None:
        """x with the columns that are not held chosen anew, best for the weights; None if those held allow none."""
        whole = np.flatnonzero(held).astype(np.int32)
        self._set(task_weights @ self._program.costs, 0.0, np.full(len(task_weights), FREE), 0.0 * task_weights)
        fixed = np.round(x[whole])
        self._model.changeColsBounds(len(whole), whole, fixed, fixed)
        self._model.run()
        found = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        values = np.array(self._model.getSolution().col_value)[:-1] if found else None
        self._model.changeColsBounds(len(whole), whole, self._program.lower[whole], self._program.upper[whole])
        return values

    def _set(self, costs: Array, cost_of_t: float, limits: Array, slopes: Array) -> None:
        model, n, rows = self._model, self._program.columns, len(self._program.row_lower)
        model.changeColsCost(n + 1, np.arange(n + 1, dtype=np.int32), np.append(costs, cost_of_t))
        reach = math.inf if cost_of_t else 0.0
        model.changeColBounds(n, -reach, reach)
        for k, (limit, slope) in enumerate(zip(limits, slopes, strict=True)):
            model.changeRowBounds(rows + k, -highspy.kHighsInf, float(limit))
            model.changeCoeff(rows + k, n, float(slope))

    def _solved(self, weights: Array | None) -> Relaxed:
        model, kinds = self._model, highspy.HighsModelStatus
        model.run()
        status = model.getModelStatus()
        if status == kinds.kInfeasible:
            return Relaxed("infeasible", np.zeros(len(self._scale)))
        if status != kinds.kOptimal:
            unbounded = status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible)
            return Relaxed("unbounded" if unbounded else "failed", np.zeros(len(self._scale)))
        solution, rows = model.getSolution(), len(self._program.row_lower)
        duals = np.array(solution.row_dual)
        if weights is None:
            weights = np.maximum(-duals[rows:] / self._scale, 0.0)
        bound = dual_bound(self._program, weights, duals[:rows])
        return Relaxed("optimal", weights, bound, np.array(solution.col_value)[:-1])


def dual_bound(
    program: Program, weights: Array, duals: Array, lower: Array | None = None, upper: Array | None = None
) -> float:
    """A lower bound on weights @ s over the relaxation, valid for any duals (rows,), tight for the best.

    lower, upper: bounds of the columns that hold beside the programme's; (columns,).
    """
    lower, upper = program.lower if lower is None else lower, program.upper if upper is None else upper
    duals = np.where(duals > 0, np.where(np.isfinite(program.row_lower), duals, 0.0), duals)
    duals = np.where(duals < 0, np.where(np.isfinite(program.row_upper), duals, 0.0), duals)
    costs = weights @ program.costs
    reduced = costs - np.bincount(program.col, program.value * duals[program.row], program.columns)
    at = np.where(reduced > 0, lower, upper)
    tiny = np.abs(reduced) <= _NEGLIGIBLE * max(1.0, float(np.abs(costs).max(initial=0.0)))
    at = np.where(tiny & ~np.isfinite(at), 0.0, at)
    if not np.isfinite(at[reduced != 0]).all():
        return -math.inf
    sides = np.where(duals > 0, program.row_lower, program.row_upper)
    rows, columns = duals != 0, reduced != 0
    total = float(duals[rows] @ sides[rows] + reduced[columns] @ at[columns])
    size = float(np.abs(duals[rows] * sides[rows]).sum() + np.abs(reduced[columns] * at[columns]).sum())
    return total - 1e-12 * size + float(weights @ program.constants)
