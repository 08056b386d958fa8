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
from optimizer.front.crew import Crew
from optimizer.front.highs import Highs
from optimizer.front.program import read
from optimizer.front.solvers import Answer, Task
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


class Slow:
    """A solver that is made or at work while the crew is closed."""

    name = "slow"

    def __init__(self, making, working, opened):
        making.wait()
        self._working, self._opened = working, opened
        opened.append(self)

    def solve(self, task, stop):
        self._working.wait()
        return Answer("stopped", why="stopped")

    def close(self):
        if self in self._opened:
            self._opened.remove(self)


@pytest.mark.parametrize("late", ["making", "working"])
def test_what_is_made_or_at_work_while_the_crew_closes_is_closed_too(late):
    events, opened = {"making": threading.Event(), "working": threading.Event()}, []
    program = remote(binary_programme(11, 2))
    crew = Crew(program, [lambda _: Slow(**events, opened=opened)], 1)
    events["making" if late == "working" else "working"].set()
    crew.give("job", Task(np.ones(2), np.full((1, 2), np.inf)))
    (thread,) = crew._threads
    crew.close()
    events[late].set()
    thread.join(10)
    assert not thread.is_alive() and not opened


def test_a_package_that_a_race_shows_where_there_was_to_be_none_is_told(says):
    programme = binary_programme(11, 2)
    program = remote(programme)
    liar = Answer("infeasible", math.inf, seconds=9.0, solver="liar")
    honest = Highs(program).solve(Task(np.ones(2), np.full((1, 2), np.inf)), lambda: False)
    crew = Crew(program, [lambda _: says(liar), lambda _: says(honest)], 1)
    try:
        crew._lost = [0.0, 1.0]  # the liar leads
        crew._spent = 100.0
        crew.give("job", Task(np.ones(2), np.full((1, 2), np.inf)))
        first, second = crew.take(10), crew.take(10)
        assert first.answer.status == "infeasible" and crew.idle and crew.under_way == 0
        assert second.answer.found and second.job == "job"
    finally:
        crew.close()


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
