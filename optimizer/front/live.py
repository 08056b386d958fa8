"""A live linear relaxation that holds only the rows that have mattered so far, and the same optimum as with all of them.

Most rows of a large programme never bind. Those that a relaxed optimum breaks are added and it is solved again (cutting
planes: Dantzig, Fulkerson and Johnson 1954), so that a solve takes a fraction of its time, and a start from another
basis, which computes weights for every row, even less. Leaving rows out only lowers a bound: it stays valid throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import highspy
import numpy as np

from .program import Program, row_scale
from .propagation import implied
from .sparse import matrix_of, sparse, stacked
from .types import Array, Places

_FEW = 400  # rows up to which leaving some out saves nothing
_MANY = 1.3  # times the rows that ever mattered: from then on it pays to build the model anew
_BROKEN = 1e-7  # by how much a row must be broken to be added: the solver's own tolerance
_NEGLIGIBLE = 1e-7  # a dual this small holds no row, and such a reduced cost of a column without bound is nothing
_CLEAR = 1e-9  # share of its terms by which a contradiction must show; rounding is a thousand times less
_DEVEX = 1  # HiGHS: weights of the dual simplex that need no start-up; others take most of the time after a new basis

Outcome = Literal["optimal", "infeasible", "unbounded", "failed"]


@dataclass(frozen=True)
class Basis:
    """Where a solve ended; it can be gone back to, also when rows have been added since."""

    statuses: Any
    rows: int


@dataclass(frozen=True)
class Known:
    """Rows that matter to a relaxation, and where its last solve ended, as one byte for each column and row."""

    rows: Places
    columns: bytes
    held: bytes


class Live:
    """The relaxation of a programme, with a last column t that may loosen the bounds on the objectives.

    Of the model only costs, column bounds and the bound rows change between solves, and rows are added.
    """

    def __init__(self, program: Program, known: Known | None = None) -> None:
        """known: where another relaxation of the same programme has come to."""
        self._program = program
        self.scale = row_scale(program)
        self._matrix = matrix_of(program)
        self._transposed = sparse(self._matrix.T)
        rows = len(program.row_lower)
        self._lower, self._upper = implied(program)
        self._inside = np.ones(rows, dtype=bool)
        if rows > _FEW:
            self._inside = program.row_lower == program.row_upper
        self._binding = np.zeros(rows, dtype=bool)
        self._low, self._high = program.lower.copy(), program.upper.copy()  # as the model has them now
        self._most, self._loose = np.full(len(self.scale), math.inf), False
        if known is None:
            self._rows = np.flatnonzero(self._inside)
            self._build()
        else:
            self._rows = known.rows
            self._inside[known.rows] = self._binding[known.rows] = True
            self._build()
            columns, held = ([highspy.HighsBasisStatus(s) for s in part] for part in (known.columns, known.held))
            self._model.setBasis(_statuses(columns, held))

    # --- the model ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        program, infinite = self._program, highspy.kHighsInf
        p = len(self.scale)
        matrix = stacked([program.costs / self.scale[:, None], self._matrix[self._rows]])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = program.columns, matrix.shape[0]
        lp.col_cost_ = np.zeros(program.columns)
        lp.col_lower_, lp.col_upper_ = program.lower, program.upper
        lp.row_lower_ = np.concatenate([np.full(p, -infinite), program.row_lower[self._rows]])
        lp.row_upper_ = np.concatenate([np.full(p, infinite), program.row_upper[self._rows]])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {
            "output_flag": False, "threads": 1, "parallel": "off", "presolve": "off", "solver": "simplex",
            "simplex_scale_strategy": 0, "simplex_dual_edge_weight_strategy": _DEVEX,
        }  # fmt: skip
        for name, value in options.items():
            model.setOptionValue(name, value)
        model.passModel(lp)
        model.addCol(0.0, 0.0, 0.0, 0, np.array([], dtype=np.int32), np.array([]))
        self._model = model

    def trim(self) -> None:
        """Let go of the rows that no optimum so far was held by, if they are many; a basis of before is void then."""
        needed = self._binding | (self._program.row_lower == self._program.row_upper)
        if len(self._rows) > _FEW and len(self._rows) > _MANY * needed.sum():
            self._inside = needed
            self._rows = np.flatnonzero(needed)
            self._binding[:] = False
            self._build()

    def known(self) -> Known:
        """Where this relaxation has come to, for another one of the same programme."""
        basis = self._model.getBasis()
        return Known(self._rows, *(bytes(map(int, statuses)) for statuses in (basis.col_status, basis.row_status)))

    def costs(self, costs: Array, of_t: float = 0.0) -> None:
        """Costs of the columns (columns,) and of t; t moves only where it costs something."""
        n = self._program.columns
        self._model.changeColsCost(n + 1, np.arange(n + 1, dtype=np.int32), np.append(costs, of_t))
        self._loose = of_t != 0
        reach = highspy.kHighsInf if of_t else 0.0
        self._model.changeColBounds(n, -reach, reach)

    def limits(self, most: Array, slopes: Array | None = None) -> None:
        """Bounds of the objectives, (objectives,) solver values, infinite for none; `slopes` times t loosens them."""
        self._most = (most - self._program.constants) / self.scale
        for k, limit in enumerate(self._most):
            self._model.changeRowBounds(k, -highspy.kHighsInf, min(float(limit), highspy.kHighsInf))
            self._model.changeCoeff(k, self._program.columns, 0.0 if slopes is None else -slopes[k] / self.scale[k])

    def columns(self, places: Places, lower: Array, upper: Array) -> None:
        """Bounds of some columns; RuntimeError if they cannot be taken."""
        taken = self._model.changeColsBounds(len(places), places.astype(np.int32), lower, upper)
        if taken != highspy.HighsStatus.kOk:
            raise RuntimeError("the relaxation did not take the bounds of its columns")
        self._low[places], self._high[places] = lower, upper

    # --- solves ------------------------------------------------------------------------------------------------------

    def run(self, enough: float = math.inf) -> Outcome:
        """Solve, and add rows that the optimum breaks until there are none.

        enough: from that value of the costs on the solve may end early; duals are those of a bound then, x is no optimum.
        """
        self._model.setOptionValue("objective_bound", enough)
        kinds = highspy.HighsModelStatus
        while True:
            self._model.run()
            status = self._model.getModelStatus()
            self.cut_short = status == kinds.kObjectiveBound
            if self.cut_short:
                self._read()
                return "optimal"
            if status not in (kinds.kOptimal, kinds.kInfeasible):
                self._model.clearSolver()
                self._model.run()
                status = self._model.getModelStatus()
            if status == kinds.kInfeasible:
                return "infeasible" if self._refuted() or self._refuted_anew() else "failed"
            if status == kinds.kOptimal:
                self._read()
                if not self._more(self._broken()):
                    return "optimal"
            elif not self._more(np.flatnonzero(~self._inside)):
                return "unbounded" if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible) else "failed"

    def _refuted(self) -> bool:
        """Whether the solver's ray shows, by our own sums, that rows and bounds cannot hold together (Farkas 1902)."""
        _, found, ray = self._model.getDualRay()
        ends = np.maximum(self._low, self._lower), np.minimum(self._high, self._upper)
        return bool(found) and any(self._contradict(sign * np.array(ray), *ends) for sign in (1.0, -1.0))

    def _contradict(self, ray: Array, lower: Array, upper: Array) -> bool:
        """Whether the rows, added up with these weights, ask for more than any columns within the bounds can give."""
        program, p = self._program, len(self.scale)
        of_rows = np.zeros(len(self._inside))
        of_rows[self._rows] = ray[p:]
        sides = np.where(of_rows > 0, program.row_lower, program.row_upper)
        of_rows = np.where(np.isfinite(sides), of_rows, 0.0)
        of_bounds = np.where(np.isfinite(self._most) & (not self._loose), np.minimum(ray[:p], 0.0), 0.0)
        rows, bounds = of_rows != 0, of_bounds != 0
        asked = np.append(of_rows[rows] * sides[rows], of_bounds[bounds] * self._most[bounds])
        each = self._transposed @ of_rows + (of_bounds / self.scale) @ program.costs
        given = each[each != 0] * np.where(each > 0, upper, lower)[each != 0]
        size = float(np.abs(asked).sum() + np.abs(given).sum())
        return float(asked.sum() - given.sum()) > _CLEAR * size

    def _refuted_anew(self) -> bool:
        """The same after a solve from nothing."""
        self._model.clearSolver()
        self._model.run()
        return bool(self._model.getModelStatus() == highspy.HighsModelStatus.kInfeasible) and self._refuted()

    def _read(self) -> None:
        solution, p = self._model.getSolution(), len(self.scale)
        self.x = np.array(solution.col_value)[:-1]
        duals = np.array(solution.row_dual)
        self.paid = np.maximum(-duals[:p] / self.scale, 0.0)
        self.duals = np.zeros(len(self._inside))
        self.duals[self._rows] = duals[p:]
        self._binding |= np.abs(self.duals) > _NEGLIGIBLE

    def _broken(self) -> Places:
        activity = self._matrix @ self.x
        over = np.maximum(activity - self._program.row_upper, self._program.row_lower - activity)
        return np.flatnonzero((over > _BROKEN) & ~self._inside)

    def _more(self, rows: Places) -> bool:
        """Add rows to the model; False if there are none."""
        if len(rows):
            part, program = sparse(self._matrix[rows]), self._program
            self._model.addRows(
                len(rows), program.row_lower[rows], program.row_upper[rows], part.nnz,
                part.indptr[:-1].astype(np.int32), part.indices.astype(np.int32), part.data,
            )  # fmt: skip
            self._rows = np.concatenate([self._rows, rows])
            self._inside[rows] = True
        return bool(len(rows))

    def basis(self) -> Basis:
        """Where the last solve ended."""
        return Basis(self._model.getBasis(), len(self._rows))

    def start_from(self, basis: Basis) -> None:
        """Go back to where a solve ended; rows added since are not binding there."""
        statuses, missing = basis.statuses, len(self._rows) - basis.rows
        if missing:
            added = [highspy.HighsBasisStatus.kBasic] * missing
            statuses = _statuses(basis.statuses.col_status, [*basis.statuses.row_status, *added])
        self._model.setBasis(statuses)

    # --- bounds ------------------------------------------------------------------------------------------------------

    def bound(self, weights: Array, lower: Array | None = None, upper: Array | None = None) -> float:
        """A lower bound on weights @ s over the relaxation from the last duals; see `dual_bound`.

        lower, upper: bounds (columns,) that hold beside the programme's.
        """
        lower = self._lower if lower is None else np.maximum(lower, self._lower)
        upper = self._upper if upper is None else np.minimum(upper, self._upper)
        return dual_bound(self._program, self._transposed, weights, self.duals, lower, upper)


def _statuses(columns: Any, rows: Any) -> Any:
    basis = highspy.HighsBasis()
    basis.col_status, basis.row_status, basis.valid = columns, rows, True
    return basis


def dual_bound(program: Program, transposed: Any, weights: Array, duals: Array, lower: Array, upper: Array) -> float:
    """A lower bound on weights @ s, valid for any duals (rows,), tight for the best (Neumaier and Shcherbina 2004).

    transposed: the constraint matrix, (columns, rows).  lower, upper: bounds that the columns keep; (columns,).
    """
    duals = np.where(duals > 0, np.where(np.isfinite(program.row_lower), duals, 0.0), duals)
    duals = np.where(duals < 0, np.where(np.isfinite(program.row_upper), duals, 0.0), duals)
    costs = weights @ program.costs
    reduced = costs - transposed @ duals
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
