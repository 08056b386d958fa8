"""HiGHS through PuLP: one live model, of which only costs, bound rows and the start change between solves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
import pulp

from .branching import Branching, Tree
from .diving import WHOLE
from .program import Program
from .solvers import (
    FEASIBILITY,
    JOINED,
    PATIENCE,
    Answer,
    Task,
    as_pulp,
    bound_rows,
    column_bounds,
    costs_of,
    lowered,
    mended,
)
from .types import Array

_POLL = 0.02
_TURN = 0.15  # seconds of branching before packages are looked for, and as long for that; doubled each time
_LATE = 1.5  # seconds a solve may overrun its own limit: it would lose its bound, and nobody is waiting


@dataclass
class _Signal:
    """Shared by the thread that waits and the callback inside the solver."""

    stop: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    found: list[Array] = field(default_factory=list)


class Highs:
    """A live HiGHS model that can be stopped inside a solve."""

    name = "highs"

    def __init__(self, program: Program) -> None:
        self._program = program
        self._model: Any = None
        self._held = False
        self._signal = _Signal()
        self._branching: Branching | None = None

    def ready(self) -> None:
        """Build the models now, before anything is asked."""
        self._model = self._model or self._build()

    def solve(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """Answer the task; a solver that does not heed the stop is left behind and replaced by a fresh one."""
        if task.dive:
            return self._dived(task, stop)
        if task.beside is not None:
            return self._branched(task, stop)
        began = time.monotonic()
        self.ready()
        self._signal.stop, self._signal.done, self._signal.found = False, threading.Event(), []
        self._prepare(task)
        threading.Thread(target=_run, args=(self._model, self._signal)).start()  # Python must not end before it does
        if not _wait(self._signal, stop, began + task.seconds):
            found = self._kept(list(self._signal.found))
            self._model, self._signal = None, _Signal()
            return Answer("stopped", found=found, why="stopped", solver=self.name)
        return self._answer(task, time.monotonic() - began)

    def _dived(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """The bound of the relaxation, and a package beside its optimum if a dive finds one."""
        began = time.monotonic()
        self._branching = self._branching or Branching(self._program)
        tree = self._branching.begin(task)
        if not tree.nodes:
            return Answer("infeasible", float("inf"), (), "", time.monotonic() - began, self.name)
        x = self._branching.dive(tree, lambda: stop() or time.monotonic() >= began + task.seconds)
        found = () if x is None else self._kept([x])
        return Answer("stopped", tree.bound, found, "stopped", time.monotonic() - began, self.name)

    def _branched(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """Branch on relaxed optima; where that takes long, look in between for packages beside the open nodes."""
        began, turn, first = time.monotonic(), _TURN, True
        self._branching = self._branching or Branching(self._program)
        tree = self._branching.begin(task)

        def over() -> bool:
            return stop() or time.monotonic() >= began + task.seconds

        while True:
            self._branching.grow(tree, min(time.monotonic() + turn, began + task.seconds), stop)
            spent = time.monotonic() - began
            if not tree.worthy:
                return Answer("infeasible", float("inf"), (), "", spent, self.name)
            found = self._kept([tree.met.relaxed]) if tree.met is not None else ()
            if found or stop() or spent >= task.seconds:
                return Answer("stopped", tree.bound, found, "stopped", spent, self.name)
            if tree.met is not None:
                why = "a relaxed optimum without fractions breaks the programme's rows"
                return Answer("failed", tree.bound, (), why, spent, self.name)
            found = self._beside(tree, over) if first else self._near(tree, min(turn, task.seconds - spent), stop)
            if found:
                return Answer("stopped", tree.bound, found, "stopped", time.monotonic() - began, self.name)
            first, turn = False, 2 * turn

    def _beside(self, tree: Tree, over: Callable[[], bool]) -> tuple[Array, ...]:
        """A package worth having beside the lowest open node, found by a dive."""
        assert self._branching is not None
        x = self._branching.dive(tree, over)
        found = () if x is None else self._kept([x])
        worth = tree.task.worth
        return tuple(x for x in found if tree.task.weights @ self._program.values(x) <= worth)

    def _near(self, tree: Tree, seconds: float, stop: Callable[[], bool]) -> tuple[Array, ...]:
        """Packages beside the lowest open nodes: integer columns that none of them uses are held at their lower limits."""
        program, task = self._program, tree.task
        whole = np.flatnonzero(program.integer)
        used = np.any([x[whole] > program.lower[whole] + WHOLE for x in tree.best], axis=0)
        assert task.beside is not None
        held = whole[~used], program.lower[whole[~used]]
        return self.solve(replace(task.beside, fixed=held, seconds=seconds), stop).found

    def close(self) -> None:
        """Drop the models."""
        self._model = self._branching = None

    def _build(self) -> Any:
        kinds = highspy.cb.HighsCallbackType
        signal = self._signal

        def heed(kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
            if kind == kinds.kCallbackMipImprovingSolution:
                signal.found.append(np.array(out.mip_solution))
            else:
                into.user_interrupt = signal.stop  # HiGHS remembers the last word, also into the next solve

        asked = [kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt]
        door = pulp.HiGHS(
            msg=False, threads=1, gapRel=0.0, callbackTuple=(heed, None), callbacksToActivate=asked,
            parallel="off", mip_feasibility_tolerance=FEASIBILITY, mip_allow_restart=False,
        )  # fmt: skip
        problem = as_pulp(self._program, JOINED)
        door.createAndConfigureSolver(problem)
        door.buildSolverModel(problem)
        return problem.solverModel

    def _prepare(self, task: Task) -> None:
        model, program, zones = self._model, self._program, len(task.uppers)
        n, rows = program.columns, len(program.row_lower)
        costs = np.concatenate([costs_of(program, task)[0], np.zeros(JOINED)])
        model.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        if task.fixed is not None or self._held:
            model.changeColsBounds(n, np.arange(n, dtype=np.int32), *column_bounds(program, task))
        self._held = task.fixed is not None
        limits, tighter = bound_rows(program, task)
        for k, limit in enumerate(limits):
            model.changeRowBounds(rows + k, -highspy.kHighsInf, float(limit))
            for g in range(JOINED):
                model.changeCoeff(rows + k, n + g, float(tighter[g, k]) if g < zones else 0.0)
        for g in range(JOINED):
            model.changeColBounds(n + g, float(zones == 1 and g == 0), float(g < zones))
        model.clearSolver()  # an incumbent of the last solve may break the new bounds
        model.setOptionValue("mip_abs_gap", max(task.gap, 1e-9))
        if task.start is not None:
            model.setSolution(n, np.arange(n, dtype=np.int32), np.ascontiguousarray(task.start, dtype=float))

    def _answer(self, task: Task, seconds: float) -> Answer:
        model, kinds = self._model, highspy.HighsModelStatus
        status, info = model.getModelStatus(), model.getInfo()
        if status == kinds.kInfeasible:
            return Answer("infeasible", float("inf"), (), "", seconds, self.name)
        last = [np.array(model.getSolution().col_value)] if info.primal_solution_status == 2 else []
        found = self._kept([*self._signal.found, *last])
        if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            return Answer("unbounded", found=found, seconds=seconds, solver=self.name)
        whole = self._program.integer.any()
        bound = lowered(info.mip_dual_bound if whole else info.objective_function_value)
        bound += costs_of(self._program, task)[1]
        if status == kinds.kOptimal:
            return Answer("optimal", bound, found, "", seconds, self.name)
        if status in (kinds.kInterrupt, kinds.kTimeLimit):
            return Answer("stopped", bound if whole else -np.inf, found, "stopped", seconds, self.name)
        return Answer("failed", found=found, why=model.modelStatusToString(status), seconds=seconds, solver=self.name)

    def _kept(self, found: list[Array]) -> tuple[Array, ...]:
        return tuple(x for x in (mended(self._program, raw) for raw in found) if x is not None)


def _run(model: Any, signal: _Signal) -> None:
    try:
        model.run()
    finally:
        signal.done.set()


def _wait(signal: _Signal, stop: Callable[[], bool], deadline: float) -> bool:
    """Wait for a solve; pass on a stop or the deadline, and say whether the solver heeded it in time."""
    while not signal.done.wait(_POLL):
        if stop() or time.monotonic() > deadline:
            signal.stop = True
            return signal.done.wait(PATIENCE if stop() else _LATE)
    return True
