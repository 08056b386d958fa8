"""CBC through PuLP: PuLP writes the model and reads the answer; the process is ours, so that it can be stopped."""

from __future__ import annotations

import functools
import math
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from .program import Program
from .solvers import (
    FEASIBILITY,
    JOINED,
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

_POLL = 0.005
_FAR = 1e12  # in place of no lower bound beside an upper one: CBC 2.935 then calls worse packages optimal (-1e20 is no cure)
_LATE = 1.0  # seconds CBC may overrun its own limit, which it looks at rarely while it solves a relaxation
_PLAIN = ("-cuts", "off", "-heur", "off", "-preprocess", "off")  # small knapsacks: 2 to 5 times faster than the default
_BOUND = re.compile(r"Lower bound:\s+([-+.\deE]+)")  # printed with six digits only
_VALUE = re.compile(r"Objective value:\s+([-+.\deE]+)")


@functools.cache
def executables() -> tuple[str, ...]:
    """CBC executables at hand, the newest first: of the package cbcbox, on the path, the 2.10.3 that PuLP carried."""
    found = []
    try:
        import cbcbox  # type: ignore[import-untyped]

        found.append(cbcbox.cbc_bin_path())
    except ImportError:
        pass
    found.append(pulp.COIN_CMD().available() or "")
    found.append(getattr(getattr(pulp, "PULP_CBC_CMD", None), "pulp_cbc_path", ""))
    return tuple(dict.fromkeys(str(path) for path in found if path and os.access(path, os.X_OK)))


def quickest(program: Program) -> str:
    """The executable for plain solves: the oldest, which is quickest, but only where all columns are integer.

    With continuous columns CBC 2.10.3 called a feasible programme infeasible, its root optimum being off by 1e-7.
    """
    return executables()[-1 if program.integer.all() else 0]


class Cbc:
    """CBC as one process per solve; `plain` leaves out cuts, heuristics and preprocessing."""

    def __init__(self, program: Program, *, plain: bool = False, path: str | None = None) -> None:
        if path is None and not executables():
            raise ValueError("No CBC executable was found; install the package cbcbox or leave 'cbc' out of `solvers`.")
        self.name = "cbc plain" if plain else "cbc"
        self._path = path or executables()[0]
        self._options = _PLAIN if plain else ()
        self._program = program
        self._folder: Any = None
        self._problem: Any = None

    def solve(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """Answer the task; a stop ends the process, and then nothing is proved."""
        began = time.monotonic()
        if self._problem is None:
            self._folder = tempfile.TemporaryDirectory(prefix="front", ignore_cleanup_errors=True)
            self._problem = as_pulp(self._program, JOINED)
        folder = Path(self._folder.name)
        log = self._run(folder, task, stop, began)
        seconds = time.monotonic() - began
        if log is None:
            return Answer("stopped", why="stopped", seconds=seconds, solver=self.name)
        return self._answer(folder, task, log, seconds)

    def close(self) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.cleanup()
        self._folder = self._problem = None

    def _run(self, folder: Path, task: Task, stop: Callable[[], bool], began: float) -> str | None:
        """CBC's log; None if it was stopped."""
        (folder / "out.sol").unlink(missing_ok=True)
        self._write(folder, task)
        command = [
            self._path,
            str(folder / "in.mps"),
            *self._options,
            "-ratio",
            "0",
            "-allow",
            repr(max(task.gap, 1e-9)),
        ]
        command += ["-primalT", repr(FEASIBILITY / 10), "-integerT", repr(FEASIBILITY), "-timeMode", "elapsed"]
        if math.isfinite(task.seconds):
            command += ["-sec", repr(max(task.seconds, 0.01))]
        command += ["-solve", "-printingOptions", "all", "-solution", str(folder / "out.sol")]
        with open(folder / "log", "w", encoding="utf-8") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        try:
            while _running(process):
                if stop() or time.monotonic() > began + task.seconds + _LATE:
                    return None
        finally:
            process.kill()
            process.wait()
        return (folder / "log").read_text(encoding="utf-8", errors="replace")

    def _write(self, folder: Path, task: Task) -> None:
        problem, n = self._problem, self._program.columns
        variables = problem.variables()
        costs = costs_of(self._program, task)[0]
        chosen = [(v, float(c)) for v, c in zip(variables, costs, strict=False)]
        problem.setObjective(pulp.LpAffineExpression(chosen))
        for v, low, high in zip(variables, *column_bounds(self._program, task), strict=False):
            v.lowBound = None if math.isinf(low) and math.isinf(high) else max(float(low), -_FAR)
            v.upBound = None if math.isinf(high) else float(high)
        limits, tighter = bound_rows(self._program, task)
        for k, limit in enumerate(limits):
            row = problem.get_constraint_by_name(f"z{k}")
            row.changeRHS(float(limit))
            for g in range(JOINED):
                row.expr[variables[n + g]] = float(tighter[g, k]) if g < len(task.uppers) else 0.0
        for g in range(JOINED):
            variables[n + g].upBound = float(g < len(task.uppers))
        problem.writeMPS(str(folder / "in.mps"), rename=1)

    def _answer(self, folder: Path, task: Task, log: str, seconds: float) -> Answer:
        done = folder / "out.sol"
        first = done.read_text(encoding="utf-8").split("\n", 1)[0] if done.exists() else ""
        constant = costs_of(self._program, task)[1]
        if first.startswith(("Infeasible", "Integer infeasible")):
            return Answer("infeasible", math.inf, (), "", seconds, self.name)
        if first.startswith("Unbounded"):
            return Answer("unbounded", seconds=seconds, solver=self.name)
        found = self._found(done) if first.startswith(("Optimal", "Stopped")) and "no integer" not in first else ()
        if first.startswith("Optimal"):
            bound = lowered(_number(_VALUE, log) - task.gap)
            return Answer("optimal", bound + constant, found, "", seconds, self.name)
        if first.startswith("Stopped"):
            bound = _number(_BOUND, log)
            bound -= 1e-5 * abs(bound) if math.isfinite(bound) else 0.0
            return Answer("stopped", bound + constant, found, "stopped", seconds, self.name)
        return Answer(
            "failed", why=f"CBC gave no answer: {first or log[-200:].strip()}", seconds=seconds, solver=self.name
        )

    def _found(self, done: Path) -> tuple[Array, ...]:
        raw = np.zeros(self._program.columns)
        for line in done.read_text(encoding="utf-8").splitlines()[1:]:
            words = line.replace("**", "").split()
            if len(words) >= 3 and words[1].startswith("X") and int(words[1][1:]) < len(raw):
                raw[int(words[1][1:])] = float(words[2])
        x = mended(self._program, raw)
        return () if x is None else (x,)


def _running(process: Any) -> bool:
    """Wait a moment for the process; True while it runs."""
    try:
        process.wait(_POLL)
    except subprocess.TimeoutExpired:
        return True
    return False


def _number(pattern: re.Pattern[str], log: str) -> float:
    """The last number of that kind in the log, minus infinity if there is none."""
    found = pattern.findall(log)
    return float(found[-1]) if found else -math.inf
