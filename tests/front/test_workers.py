"""Two workers give the same front; a worker that crashes or hangs costs no more than its zone's turn."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks.programmes import binary_programme, sorted_rows
from optimizer.front import entry, exact_front
from optimizer.front.program import read
from optimizer.front.solvers import Task
from optimizer.front.worker import RemoteHighs


def remote(programme):
    return read(programme.problem, programme.objectives, programme.signs, None, ["a", "b"])


@pytest.mark.parametrize("seed", [2, 11, 23])
def test_two_workers_give_the_same_front(seed):
    programme = binary_programme(seed, 3)
    front = exact_front(programme.problem, programme.objectives, senses=programme.senses, workers=2, solvers=["highs"])
    np.testing.assert_array_equal(front.points, sorted_rows(programme.front))
    assert front.certificate.complete


def test_a_crash_is_a_failed_answer_and_the_next_one_is_right():
    worker = RemoteHighs(remote(binary_programme(11, 2)))
    task = Task(np.array([1.0, 1.0]), np.full((1, 2), math.inf))
    try:
        first = worker.solve(task, lambda: False)
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.wait()
        assert worker.solve(task, lambda: False).bound == first.bound
    finally:
        worker.close()


def test_a_hanging_worker_can_be_stopped():
    worker = RemoteHighs(remote(binary_programme(11, 2)))
    task = Task(np.array([1.0, 1.0]), np.full((1, 2), math.inf))
    try:
        worker.solve(task, lambda: False)
        os.kill(worker._process.pid, signal.SIGSTOP)
        stop = threading.Event()
        threading.Timer(0.1, stop.set).start()
        began = time.monotonic()
        assert worker.solve(task, stop.is_set).status == "stopped"
        assert time.monotonic() - began < 1
    finally:
        worker.close()


def test_a_search_survives_workers_that_crash(monkeypatch):
    programme = binary_programme(11, 3)

    class Doomed(RemoteHighs):
        asked = 0

        def solve(self, task, stop):
            Doomed.asked += 1
            if Doomed.asked % 3 == 0:
                self._process.kill()
                self._process.wait()
            return super().solve(task, stop)

    monkeypatch.setattr(entry, "doors", lambda *_: [Doomed])
    front = exact_front(programme.problem, programme.objectives, senses=programme.senses, workers=2)
    np.testing.assert_array_equal(front.points, sorted_rows(programme.front))
    assert front.certificate.complete


LEFT = """
from pathlib import Path
from benchmarks.formats import read
from optimizer.front import search
instance = read(Path({folder!r}))
problem, objectives = instance.problem()
states = search(problem, objectives, senses=instance.senses, method="walk", solvers=["highs"], workers={workers})
print(len(next(states).points), len(next(states).points))
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_python_ends_well_while_a_solver_is_at_work(workers):
    """A search that is neither run to its end nor closed: threads inside a solver may not outlive Python."""
    root = Path(__file__).parents[2]
    code = LEFT.format(folder=str(root / "tests" / "front" / "instances" / "2kp50"), workers=workers)
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout
