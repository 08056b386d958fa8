"""HiGHS in a process of its own: a crash or a hang there is an answer that failed, nothing more."""

from __future__ import annotations

import os
import pickle
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .highs import Highs
from .program import Program
from .solvers import Answer, Task

_PACKAGE, _SOURCES = __name__.split(".")[0], os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The package around the engine is not run: its imports would cost more than the start of Python and the solver together.
_CALL = (
    f"import sys, types; bare = types.ModuleType({_PACKAGE!r}); bare.__path__ = [{_SOURCES!r}]; "
    f"sys.modules[{_PACKAGE!r}] = bare; from {__name__} import main; main()"
)
_POLL = 0.02
_GRACE = 3.0  # seconds past its limit after which a worker counts as hanging


class RemoteHighs:
    """The same answers as `Highs`, from another process; it starts at once and is replaced when it is lost."""

    name = "highs"

    def __init__(self, program: Program) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def solve(self, task: Task, stop: Callable[[], bool]) -> Answer:
        """Answer the task; a stop ends the process, and then nothing is proved."""
        began = time.monotonic()
        process = self._process if self._process is not None and self._process.poll() is None else self._start()
        try:
            _send(process, task)
            if not self._answers(process, stop, began + task.seconds + _GRACE):
                self.close()
                return Answer("stopped" if stop() else "failed", why="no answer in time", solver=self.name)
            answer = _receive(process)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.close()
            return Answer("failed", why="the worker process ended unexpectedly", solver=self.name)
        return replace(answer, seconds=time.monotonic() - began)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _start(self) -> subprocess.Popen[bytes]:
        self.close()
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CALL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
        _send(self._process, self._program)
        return self._process

    @staticmethod
    def _answers(process: subprocess.Popen[bytes], stop: Callable[[], bool], deadline: float) -> bool:
        """Wait for an answer; False if it was stopped or is overdue."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while not waiting.select(_POLL):
                if stop() or time.monotonic() > deadline:
                    return False
        return True


def _send(process: Any, thing: Any) -> None:
    pickle.dump(thing, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()


def _receive(process: Any) -> Answer:
    answer: Answer = pickle.load(process.stdout)
    return answer


def main() -> None:
    """What the process runs: tasks in, answers out, until the pipe is closed."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(2, 1)  # nothing a solver prints may get between the answers
    solver = Highs(pickle.load(source))
    while True:
        try:
            task = pickle.load(source)
        except EOFError:
            return
        try:
            answer = solver.solve(task, lambda: False)
        except Exception as error:
            answer = Answer("failed", why=f"{type(error).__name__}: {error}")
        pickle.dump(answer, sink, protocol=pickle.HIGHEST_PROTOCOL)
        sink.flush()
