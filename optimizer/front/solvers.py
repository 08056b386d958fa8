"""The one door to the solvers: HiGHS and CBC, both reached through PuLP. Tolerances and statuses are settled here.

What PuLP reports after a solve is not used: it says `Optimal` for a solve that ran out of time with a package in
hand. An `Answer` claims only what the solver's own model status and dual bound say.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import highspy
import numpy as np
import pulp

from .program import Program
from .types import Array

Status = Literal["optimal", "infeasible", "unbounded", "stopped", "failed"]

FEASIBILITY = 1e-6  # what both solvers allow a row to be violated by; an integer row is exact after rounding
_BOUND_SLIP = 1e-7  # relative slip granted to a dual bound, well above the error seen and well below a resolution
_PATIENCE = 0.35  # seconds a solver may take to notice that it should stop before it is left behind
_POLL = 0.02


@dataclass(frozen=True)
class Task:
    """Minimise `weights` of the objectives plus `prefer` times the preference, with the objectives bounded above.

    weights: (objectives,).  upper: (objectives,), solver form, infinite for no bound.  start: a known package.
    gap: absolute, in units of the weighted sum; the solver may stop as soon as it is that close.
    """

    weights: Array
    upper: Array
    prefer: float = 0.0
    start: Array | None = None
    gap: float = 0.0
    seconds: float = math.inf


@dataclass(frozen=True)
class Answer:
    """What a solver proved and found.

    bound: no package within `upper` has a smaller weighted sum (minus infinity: nothing proved).
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


def costs_of(program: Program, task: Task) -> tuple[Array, float]:
    """Cost of each column and the constant of the weighted sum."""
    return task.weights @ program.costs + task.prefer * program.prefer, float(task.weights @ program.constants)


def row_scale(program: Program) -> Array:
    """(objectives,) divisors of the bound rows: lattice steps stay whole numbers, others get coefficients up to 1."""
    largest = np.abs(program.costs).max(axis=1, initial=0.0)
    return np.where(program.lattice > 0, program.lattice, np.where(largest > 0, largest, 1.0))


def as_pulp(program: Program) -> pulp.LpProblem:
    """The programme rebuilt with generated names, a bound row per objective last; rows are unbounded above."""
    problem = pulp.LpProblem("front", pulp.LpMinimize)
    columns = [_column(problem, program, j) for j in range(program.columns)]
    problem.setObjective(pulp.LpAffineExpression([(v, 1.0) for v in columns]))  # makes every column known to PuLP
    terms: list[list[Any]] = [[] for _ in program.row_lower]
    for i, j, a in zip(program.row, program.col, program.value, strict=True):
        terms[i].append((columns[j], float(a)))
    for i, row in enumerate(terms):
        _add_row(problem, row, program.row_lower[i], program.row_upper[i], f"r{i:07d}")
    for k, (costs, scale) in enumerate(zip(program.costs, row_scale(program), strict=True)):
        row = [(columns[j], float(costs[j] / scale)) for j in np.flatnonzero(costs)]
        _add_row(problem, row, -math.inf, _FREE, f"z{k}")
    return problem


_FREE = 1e20  # stands for "no bound" in a row that must exist; replaced before each solve


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


@dataclass
class _Signal:
    """Shared by the thread that waits and the callback inside the solver."""

    stop: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    found: list[Array] = field(default_factory=list)


class Highs:
    """A live HiGHS model: only costs, bound rows and the start change between solves."""

    name = "highs"

    def __init__(self, program: Program, *, relaxed: bool = False) -> None:
        self._program = program
        self._relaxed = relaxed
        self._scale = row_scale(program)
        self._model: Any = None
        self._signal = _Signal()

    def solve(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """Answer the task; a solver that does not heed the stop is left behind and replaced by a fresh one."""
        began = time.monotonic()
        if self._model is None:
            self._model = self._build()
        self._signal.stop, self._signal.done, self._signal.found = False, threading.Event(), []
        self._prepare(task)
        threading.Thread(target=self._run, args=(self._model, self._signal), daemon=True).start()
        heeded = _wait(self._signal, stop, began + task.seconds)
        if not heeded:
            found = self._kept(self._signal.found)
            self._model, self._signal = None, _Signal()
            return Answer("stopped", found=found, why="stopped", solver=self.name)
        return self._answer(task, time.monotonic() - began)

    def _build(self) -> Any:
        kinds = highspy.cb.HighsCallbackType
        signal = self._signal

        def heed(kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
            if kind == kinds.kCallbackMipImprovingSolution:
                signal.found.append(np.array(out.mip_solution))
            elif signal.stop:
                into.user_interrupt = True

        asked = [kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt]
        door = pulp.HiGHS(
            mip=not self._relaxed, msg=False, threads=1, gapRel=0.0, callbackTuple=(heed, None),
            callbacksToActivate=[] if self._relaxed else asked, parallel="off", mip_feasibility_tolerance=FEASIBILITY,
        )  # fmt: skip
        problem = as_pulp(self._program)
        door.createAndConfigureSolver(problem)
        door.buildSolverModel(problem)
        return problem.solverModel

    def _prepare(self, task: Task) -> None:
        model, program = self._model, self._program
        costs, _ = costs_of(program, task)
        model.changeColsCost(program.columns, np.arange(program.columns, dtype=np.int32), costs)
        rows = len(program.row_lower)
        for k, bound in enumerate((task.upper - program.constants) / self._scale):
            model.changeRowBounds(rows + k, -highspy.kHighsInf, min(float(bound), highspy.kHighsInf))
        if self._relaxed:
            return
        model.clearSolver()  # an incumbent of the last solve may break the new bounds
        model.setOptionValue("mip_abs_gap", max(task.gap, 1e-9))
        if task.start is not None:
            everywhere = np.arange(program.columns, dtype=np.int32)
            model.setSolution(program.columns, everywhere, np.ascontiguousarray(task.start, dtype=float))

    @staticmethod
    def _run(model: Any, signal: _Signal) -> None:
        try:
            model.run()
        finally:
            signal.done.set()

    def _answer(self, task: Task, seconds: float) -> Answer:
        model, kinds = self._model, highspy.HighsModelStatus
        status = model.getModelStatus()
        info, constant = model.getInfo(), costs_of(self._program, task)[1]
        found = self._kept([*self._signal.found, *self._last(info)])
        if status == kinds.kInfeasible:
            return Answer("infeasible", math.inf, (), "", seconds, self.name)
        if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            return Answer("unbounded", found=found, seconds=seconds, solver=self.name)
        bound = lowered(info.mip_dual_bound if not self._relaxed else info.objective_function_value) + constant
        if status == kinds.kOptimal:
            return Answer("optimal", bound, found, "", seconds, self.name)
        if status in (kinds.kInterrupt, kinds.kTimeLimit):
            return Answer("stopped", bound, found, "stopped", seconds, self.name)
        return Answer("failed", -math.inf, found, model.modelStatusToString(status), seconds, self.name)

    def _last(self, info: Any) -> list[Array]:
        feasible = info.primal_solution_status == 2  # HighsSolutionStatus.kSolutionStatusFeasible
        return [np.array(self._model.getSolution().col_value)] if feasible else []

    def _kept(self, found: list[Array]) -> tuple[Array, ...]:
        if self._relaxed:
            return tuple(found)
        return tuple(x for x in (mended(self._program, raw) for raw in found) if x is not None)


def mended(program: Program, raw: Array) -> Array | None:
    """raw with integral integer columns, if the programme's rows then still hold; else None."""
    x = program.rounded(raw)
    return x if program.feasible(x) else None


def lowered(bound: float) -> float:
    """A solver's dual bound less the slip that its tolerances allow."""
    return bound - _BOUND_SLIP * max(1.0, abs(bound)) if math.isfinite(bound) else bound


def _wait(signal: _Signal, stop: Callable[[], bool], deadline: float) -> bool:
    """Wait for a solve; pass on a stop or the deadline, and say whether the solver heeded it in time."""
    try:
        while not signal.done.wait(_POLL):
            if stop() or time.monotonic() > deadline:
                break
    except KeyboardInterrupt:
        signal.stop = True
        signal.done.wait(_PATIENCE)
        raise
    signal.stop = not signal.done.is_set()
    return signal.done.wait(_PATIENCE)


DOORS: dict[str, Callable[[Program], Solver]] = {"highs": Highs}
