"""The one door of the explanations to HiGHS: a model that stays loaded while bounds, costs and limits change."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Stop = Callable[[], bool]
Status = Literal["optimal", "infeasible", "stopped", "failed"]

TOLERANCE = 1e-6  # by which a solver may miss a row
SLIP = 1e-7  # relative slip granted to a dual bound: well above the error seen, well below any resolution


# without restarts a run heeds its time limit
OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "mip_rel_gap": 0.0,
    "mip_allow_restart": False,
}


Options = Mapping[str, bool | int | float | str]
AS_IT_IS: Options = {"simplex_scale_strategy": 0}  # rows unscaled: where they are near 1, a third of the time
STEP_BY_STEP: Options = {**AS_IT_IS, "simplex_dual_edge_weight_strategy": 1}  # and cheap steps, for a few at a time


def never() -> bool:
    """Nobody stops it."""
    return False


@dataclass(frozen=True)
class Arrays:
    """Columns and rows of a minimisation: rows as (weights by column, lower, upper)."""

    lower: Array
    upper: Array
    integer: NDArray[np.bool_]
    rows: tuple[tuple[Mapping[int, float], float, float], ...]


@dataclass(frozen=True)
class Outcome:
    """What a run proved and found.

    Nothing lies below `bound`; `x` keeps all rows, if it is there; `ray` proves emptiness.
    """

    status: Status
    bound: float = -math.inf
    x: Array | None = None
    value: float = math.inf
    ray: Array | None = None
    reduced: Array | None = None  # reduced costs of the columns, of a relaxation


class Live:
    """A loaded model. Methods change it; `run` answers for what it is then."""

    def __init__(
        self, arrays: Arrays, whole: bool = True, presolve: bool = True, options: Options | None = None
    ) -> None:
        self.whole = whole and bool(arrays.integer.any())
        self.columns, self.rows = len(arrays.lower), len(arrays.rows)
        self._integer = arrays.integer
        self._stop: Stop = never
        self._model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for key, value in {**OPTIONS, **(options or {})}.items():
            self._model.setOptionValue(key, value)
        if not presolve or not self.whole:  # a relaxation starts from its last basis, and has a ray where it is empty
            self._model.setOptionValue("presolve", "off")
        self._model.passModel(_loaded(arrays, self.whole))
        self._listen()

    def bound_columns(
        self, columns: Sequence[int], lower: Array | Sequence[float], upper: Array | Sequence[float]
    ) -> None:
        """New limits of some columns."""
        if len(columns):
            index = np.array(columns, dtype=np.int32)
            self._model.changeColsBounds(len(index), index, np.array(lower, dtype=float), np.array(upper, dtype=float))

    def limit_row(self, row: int, upper: float) -> None:
        """A new upper limit of a row."""
        self._model.changeRowBounds(row, -highspy.kHighsInf, upper)

    def minimise(self, costs: Array) -> None:
        """What to make small."""
        self._model.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), costs)

    def add_rows(self, rows: Sequence[tuple[Mapping[int, float], float]]) -> None:
        """Rows `weights @ x <= limit`, at the end."""
        for weights, limit in rows:
            columns = np.array(list(weights), dtype=np.int32)
            self._model.addRow(
                -highspy.kHighsInf, limit, len(columns), columns, np.array(list(weights.values()), dtype=float)
            )

    def drop_rows(self, count: int) -> None:
        """Take away the last rows."""
        if count:
            last = int(self._model.getNumRow())
            self._model.deleteRows(count, np.arange(last - count, last, dtype=np.int32))

    def basis(self) -> Any:
        """Where the last run ended, for `start_from`."""
        return self._model.getBasis()

    def start_from(self, basis: Any) -> None:
        """Let the next run of a relaxation begin where another ended."""
        self._model.setBasis(basis)

    def run(
        self, seconds: float = math.inf, stop: Stop = never, start: Array | None = None, gap: float = 0.0
    ) -> Outcome:
        """Solve; gap: absolute, at which a whole-number run may end."""
        self._stop = stop
        if self.whole:
            self._model.clearSolver()  # a package of the last run may break the new limits
            self._model.setOptionValue("mip_abs_gap", max(gap, 1e-9))
            if start is not None:
                self._model.setSolution(len(start), np.arange(len(start), dtype=np.int32), np.ascontiguousarray(start))
        spent = float(self._model.getRunTime())  # the solver's clock runs on from one run to the next
        self._model.setOptionValue("time_limit", spent + max(min(seconds, 1e7), 0.01))
        self._model.run()
        return self._outcome()

    def _listen(self) -> None:
        kinds = highspy.cb.HighsCallbackType

        def heed(_kind: Any, _message: str, _out: Any, into: Any, _data: Any) -> None:
            if self._stop():
                into.user_interrupt = True

        self._model.setCallback(heed, None)
        for kind in (kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt):
            self._model.startCallback(kind)

    def _outcome(self) -> Outcome:
        model, kinds = self._model, highspy.HighsModelStatus
        status, info = model.getModelStatus(), model.getInfo()
        if status == kinds.kInfeasible:
            return Outcome("infeasible", math.inf, ray=None if self.whole else self._ray())
        x = np.array(model.getSolution().col_value) if info.primal_solution_status == 2 else None
        value = float(info.objective_function_value) if x is not None else math.inf
        bound = float(info.mip_dual_bound) if self.whole else value
        bound -= SLIP * max(1.0, abs(bound)) if math.isfinite(bound) else 0.0
        if status == kinds.kOptimal:
            reduced = None if self.whole else np.array(model.getSolution().col_dual)
            return Outcome("optimal", bound, x, value, reduced=reduced)
        if status in (kinds.kTimeLimit, kinds.kInterrupt, kinds.kSolutionLimit):
            return Outcome("stopped", bound if self.whole else -math.inf, x if self.whole else None, value)
        return Outcome("failed")

    def _ray(self) -> Array | None:
        """Weights of the rows that prove an empty relaxation, where the solver has them."""
        found = self._model.getDualRay()
        values = found[2] if len(found) > 2 else None
        return np.array(values) if found[1] and values is not None and len(values) else None


def _loaded(arrays: Arrays, whole: bool) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(arrays.lower), len(arrays.rows)
    model.col_cost_ = np.zeros(len(arrays.lower))
    model.col_lower_, model.col_upper_ = arrays.lower, arrays.upper
    model.row_lower_ = np.array([low for _, low, _ in arrays.rows])
    model.row_upper_ = np.array([high for _, _, high in arrays.rows])
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(weights) for weights, _, _ in arrays.rows)]).astype(np.int32)
    matrix.index_ = np.array([j for weights, _, _ in arrays.rows for j in weights], dtype=np.int32)
    matrix.value_ = np.array([w for weights, _, _ in arrays.rows for w in weights.values()], dtype=float)
    kinds = highspy.HighsVarType
    if whole:
        model.integrality_ = [kinds.kInteger if i else kinds.kContinuous for i in arrays.integer]
    return model


def measured(seconds: float) -> Callable[[], float]:
    """Seconds left of a time that begins now; never below a hundredth."""
    end = time.monotonic() + seconds
    return lambda: max(end - time.monotonic(), 0.01)
