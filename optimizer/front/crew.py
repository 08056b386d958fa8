"""Solvers at work side by side, answers in arrival order; and the race that finds out which solver to use."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .cbc import Cbc, executables
from .highs import Highs
from .program import Program
from .solvers import PATIENCE, Answer, Solver, Task
from .worker import RemoteHighs

_SMALL = 300  # columns up to which plain CBC tends to win
_RACE_SECONDS = 3.0  # what none settles by then is settled by no race: whoever has something to show goes on
RACES = 2  # first subproblems that every solver gets

Door = Callable[[Program], Solver]


def doors(names: Sequence[str], workers: int) -> list[Door]:
    """The solvers that compete, by the names the caller gave.

    With several workers HiGHS gets processes of its own, so that a crash costs no more than the zone's turn;
    CBC is a process of its own anyway.
    """
    known: dict[str, list[Door]] = {"highs": [Highs if workers == 1 else RemoteHighs], "cbc": _cbc_doors()}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise ValueError(f"Unknown solvers {unknown}: choose from {', '.join(known)}.")
    chosen = [door for name in names for door in known[name]]
    if not chosen:
        raise ValueError("No CBC executable was found; install the package cbcbox, or use the solver 'highs'.")
    return chosen


def _cbc_doors() -> list[Door]:
    paths = executables()
    if not paths:
        return []
    return [lambda p: Cbc(p, path=paths[0]), lambda p: Cbc(p, path=paths[-1], plain=True)]


@dataclass(frozen=True)
class Done:
    """An answer with the job it belongs to."""

    job: Any
    task: Task
    answer: Answer


class Crew:
    """A fixed number of slots, each a thread that waits for one solver at a time."""

    def __init__(self, program: Program, choices: Sequence[Door], workers: int) -> None:
        self._program = program
        self._choices = list(choices)
        self._free = list(range(workers))
        self._live: dict[tuple[int, int], Solver] = {}
        self._answers: queue.Queue[tuple[int, Done]] = queue.Queue()
        self._halt = threading.Event()
        self._raced = 0 if len(self._choices) > 1 else RACES
        self._lost = [0.0] * len(self._choices)  # seconds each took over the races
        self.under_way = 0

    @property
    def idle(self) -> bool:
        """Whether a slot is free."""
        return bool(self._free)

    def give(self, job: Any, task: Task) -> None:
        """Have a free slot solve the task; the answer comes back with the job."""
        slot = self._free.pop()
        self.under_way += 1
        threading.Thread(target=self._work, args=(slot, job, task), daemon=True).start()

    def take(self, seconds: float) -> Done | None:
        """The next answer, or None if there is none within that time."""
        try:
            slot, done = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        self._free.append(slot)
        self.under_way -= 1
        return done

    def halt(self) -> list[Done]:
        """Stop all solves and return what they still have to say."""
        self._halt.set()
        deadline = time.monotonic() + PATIENCE + 0.1
        last = []
        while self.under_way and time.monotonic() < deadline:
            done = self.take(0.02)
            last += [done] if done else []
        return last

    def close(self) -> None:
        """End everything that runs."""
        self._halt.set()
        for solver in list(self._live.values()):
            solver.close()

    def _work(self, slot: int, job: Any, task: Task) -> None:
        racing = self._raced < RACES and task.fixed is None
        self._raced += racing
        answer = self._race(slot, task) if racing else self._ask(slot, self._best(), task)
        others = [i for i in range(len(self._choices)) if i != self._best()]
        if answer.status == "failed" and others and not racing:
            answer = self._ask(slot, others[0], task)
        self._answers.put((slot, Done(job, task, answer)))

    def _best(self) -> int:
        return min(range(len(self._choices)), key=self._lost.__getitem__)

    def _order(self) -> list[int]:
        """Racers, those first that are likely to set a short limit for the others."""
        order = list(range(len(self._choices)))
        return order[::-1] if self._program.columns <= _SMALL else order

    def _race(self, slot: int, task: Task) -> Answer:
        """Every solver gets the task, each with no more than the best time so far; the best answer counts."""
        best = Answer("failed", why="no solver answered")
        limit = min(task.seconds, _RACE_SECONDS)
        for i in self._order():
            began = time.monotonic()
            answer = self._ask(slot, i, replace(task, seconds=limit))
            seconds = time.monotonic() - began
            settled = answer.status in ("optimal", "infeasible")
            useful = answer.found or math.isfinite(answer.bound)
            self._lost[i] += seconds * (1 if settled else 3 if useful else 10)
            if settled:
                limit = min(limit, max(seconds, 0.05))
            if _rank(answer) > _rank(best):
                best = answer
        return best

    def _ask(self, slot: int, choice: int, task: Task) -> Answer:
        key = (slot, choice)
        try:
            if key not in self._live:
                self._live[key] = self._choices[choice](self._program)
            answer = self._live[key].solve(task, self._halt.is_set)
        except Exception as error:  # whatever a solver does, it costs no more than the zone's turn
            self._live.pop(key, None)
            return Answer("failed", why=f"{type(error).__name__}: {error}")
        if task.fixed is not None and answer.status != "failed":
            return replace(answer, status="stopped", bound=-math.inf)  # no proof: part of the programme was left out
        return answer


def _rank(answer: Answer) -> tuple[bool, bool, float]:
    return answer.status in ("optimal", "infeasible"), answer.status != "failed", answer.bound
