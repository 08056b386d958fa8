"""Solvers at work side by side, answers in arrival order; and the race that finds out which solver to use."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .cbc import Cbc, executables, quickest
from .highs import Highs
from .program import Program
from .solvers import PATIENCE, Answer, Solver, Task
from .worker import RemoteHighs

_SMALL = 300  # columns up to which plain CBC tends to win
_RACE_SECONDS = 3.0  # what none settles by then is settled by no race: whoever has something to show goes on
RACES = 2  # subproblems that every solver gets
_WORTH = 4.0  # solver seconds before each race: what is over sooner need not know which solver is faster

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
    return [Cbc, lambda program: Cbc(program, path=quickest(program), plain=True)] if executables() else []


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
        self._answers: queue.Queue[tuple[int | None, Done]] = queue.Queue()
        self._threads: list[threading.Thread] = []
        self._halt = threading.Event()
        self._driver = threading.current_thread()
        self._raced = 0 if len(self._choices) > 1 else RACES
        self._lost = [0.0] * len(self._choices)  # seconds each took over the races
        self._spent = 0.0
        self.under_way = 0
        self.proofs: Counter[str] = Counter()  # answers that proved something, by solver
        if program.columns > _SMALL:
            self._start_ahead()

    @property
    def idle(self) -> bool:
        """Whether a slot is free."""
        return bool(self._free)

    def _start_ahead(self) -> None:
        """Processes read the programme while the books are opened."""
        leader = self._order()[0]
        if self._choices[leader] is RemoteHighs:
            for slot in self._free:
                self._live[slot, leader] = RemoteHighs(self._program)

    def give(self, job: Any, task: Task) -> None:
        """Have a free slot solve the task; the answer comes back with the job."""
        slot = self._free.pop()
        self.under_way += 1
        self._driver = threading.current_thread()
        thread = threading.Thread(target=self._work, args=(slot, job, task))
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()

    def take(self, seconds: float) -> Done | None:
        """The next answer, or None if there is none within that time."""
        try:
            slot, done = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if slot is not None:
            self._free.append(slot)
            self.under_way -= 1
        if done.answer.bound > -math.inf:
            self.proofs[done.answer.solver] += 1
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
        """End everything that runs; a solver that does not heed the stop is closed under way."""
        self._halt.set()
        deadline = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for solver in list(self._live.values()):
            solver.close()

    def _stopped(self) -> bool:
        """Whether nobody waits for answers any more: told so, or the thread that asks has ended, as at the end of Python.

        Threads inside a solver must end before Python does, or they bring it down.
        """
        return self._halt.is_set() or not self._driver.is_alive()

    def _work(self, slot: int, job: Any, task: Task) -> None:
        """Answer with the solver that leads; while none has won yet, the others try themselves on the same task."""
        leader, *others = self._order()
        open_race = self._raced < RACES and task.fixed is None and task.beside is None and not task.dive
        limit = min(task.seconds, _RACE_SECONDS) if open_race else task.seconds
        answer = self._ask(slot, leader, replace(task, seconds=limit))
        settled = _settled(answer)
        if open_race and not settled:
            self._raced += 1
            answer = self._race(slot, task, (leader, *others), answer)
        elif answer.status == "failed" and others:
            answer = self._ask(slot, others[0], task)
        self._answers.put((slot, Done(job, task, answer)))
        if open_race and settled and self._spent > _WORTH * (1 + self._raced) and self._raced < RACES:
            self._raced += 1
            # with solvers of its own: the slot is free again
            other = self._race(-1 - slot, task, (leader, *others), answer)
            if answer.status == "infeasible" != other.status and other.found:
                # a package where there was to be none: the books will say so
                self._answers.put((None, Done(job, task, other)))

    def _race(self, slot: int, task: Task, order: Sequence[int], first: Answer) -> Answer:
        """All but the leader get the task, with no more than the best time so far; returns the best answer."""
        answers = [first]
        self._lost[order[0]] += _price(first)
        limit = max(first.seconds, 0.05) if _settled(first) else min(task.seconds, _RACE_SECONDS)
        for i in order[1:]:
            answer = self._ask(slot, i, replace(task, seconds=limit))
            self._lost[i] += _price(answer)
            if _settled(answer):
                limit = min(limit, max(answer.seconds, 0.05))
            answers.append(answer)
        return _believed(self._program, task, answers)

    def _order(self) -> list[int]:
        """Solvers by the time they lost in races; before any, the one first that tends to win."""
        order = list(range(len(self._choices)))
        return sorted(order[::-1] if self._program.columns <= _SMALL else order, key=self._lost.__getitem__)

    def _ask(self, slot: int, choice: int, task: Task) -> Answer:
        if self._stopped():
            return Answer("stopped", why="stopped")
        key, began = (slot, choice), time.monotonic()
        try:
            if key not in self._live:
                self._live[key] = self._choices[choice](self._program)
            answer = self._live[key].solve(task, self._stopped)
        except Exception as error:  # whatever a solver does, it costs no more than the zone's turn
            self._drop(key)
            answer = Answer("failed", why=f"{type(error).__name__}: {error}")
        if self._stopped():  # perhaps made or used after all others were closed
            self._drop(key)
        answer = replace(answer, seconds=time.monotonic() - began)
        self._spent += answer.seconds
        if task.fixed is not None and answer.status != "failed":
            return replace(answer, status="stopped", bound=-math.inf)  # no proof: part of the programme was left out
        return answer

    def _drop(self, key: tuple[int, int]) -> None:
        solver = self._live.pop(key, None)
        if solver is not None:
            solver.close()


def _settled(answer: Answer) -> bool:
    return answer.status in ("optimal", "infeasible")


def _price(answer: Answer) -> float:
    """Seconds a race counts against a solver: more where it settled nothing, most where it showed nothing."""
    useful = answer.found or math.isfinite(answer.bound)
    return answer.seconds * (1 if _settled(answer) else 3 if useful else 10)


def _believed(program: Program, task: Task, answers: Sequence[Answer]) -> Answer:
    """The best answer; none that calls infeasible what another one shows a package of."""
    slack = 1e-9 * np.maximum(1.0, np.abs(task.uppers))
    shown = any((program.values(x) <= task.uppers + slack).all(axis=1).any() for a in answers for x in a.found)
    return max((a for a in answers if a.status != "infeasible" or not shown), key=_rank)


def _rank(answer: Answer) -> tuple[bool, bool, float]:
    return _settled(answer), answer.status != "failed", answer.bound
