"""The search of a front as a stream of pictures; it runs in a process of its own, so that the page never waits for it.

Parent and child talk through pipes: one pickled task in, pickled pictures out, each with its length before it; a closed or
written input ends the search. Nothing else is ever read from these pipes.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import IO

from ..choices import Choices, Package
from ..front import Front, Progress
from ..inputs import load_catalog
from ..inputs.records import Case, Catalog
from ..questions import Question, ask
from ..saved import Known, keep, known, rebuilt
from ..solving import answer, exact_values, searching
from . import rooms
from .live import Picture, Spot, key_of, nondominated, ordered
from .opening import carried, sketches

HEAD = struct.Struct(">Q")
SEED = 0
GENTLE = 5  # the search yields to the page


@dataclass(frozen=True)
class Task:
    """What the child is asked."""

    case: Case
    choices: Choices
    catalog: Catalog
    seconds: float
    packages: tuple[Package, ...]


def pictures(task: Task, stop: Callable[[], bool]) -> Iterator[Picture]:
    """The state of a search, as often as there is something new; the last one is done."""
    question = ask(task.case, task.choices, task.catalog)
    collected, began = Collector(question), time.monotonic()
    now = Picture("searching", question.axes())
    remembered = known(task.case, task.choices, SEED) if _shipped(task) else None
    if remembered is not None and remembered.certificate.complete and rebuilt(question, remembered, SEED) is not None:
        yield _as_remembered(now, remembered, collected)
        return
    packages = []
    for package, values in first_packages(question, task.packages, stop):
        packages.append(package)
        now = replace(now, spots=collected.take(package, values))
    yield now
    for state in searching(question, time_limit=task.seconds, stop=stop, packages=packages):
        now = shown(now, state, collected)
        yield now
        if state.front is not None and _shipped(task):
            keep(answer(question, state.front, SEED))
    if now.infeasible and not stop():
        yield replace(now, state="explaining")
        now = replace(now, why_nothing=rooms.why_none(question, stop))
    yield replace(now, state="done", seconds=time.monotonic() - began)


def _shipped(task: Task) -> bool:
    """Whether the catalog is the shipped one: fronts of a planner's overlay are not remembered."""
    return task.catalog.fingerprint == load_catalog().fingerprint


def _as_remembered(now: Picture, found: Known, collected: Collector) -> Picture:
    """A proved front that was found before for the same data, choices and code: every link to it stays good."""
    spots: tuple[Spot, ...] = ()
    for package, values in carried(collected.question, found.packages):
        spots = collected.take(package, values)
    c = found.certificate
    return replace(
        now, state="done", spots=spots, gap=dict(c.gap), hypervolume_gap=c.hypervolume_gap, solves=c.solves,
        certificate=c, seconds=c.seconds,
    )  # fmt: skip


def first_packages(
    question: Question, packages: Sequence[Package], stop: Callable[[], bool]
) -> Iterator[tuple[Package, dict[str, float]]]:
    """Sketches, and what an earlier question has left."""
    return chain(sketches(question, stop), carried(question, packages))


def shown(before: Picture, state: Progress, collected: Collector) -> Picture:
    """The picture after a step of the search."""
    spots = collected.final(state.front) if state.front is not None else collected.add(state)
    return replace(
        before, spots=spots, gap=dict(state.gap), hypervolume_gap=state.hypervolume_gap, open_zones=state.open_zones,
        solves=state.solves, certificate=None if state.front is None else state.front.certificate,
    )  # fmt: skip


class Collector:
    """Packages found so far, with the judge's values, so that a front can be shown before it is complete."""

    def __init__(self, question: Question) -> None:
        self.question, self.exact = question, exact_values(question)
        self.known: dict[str, Spot] = {}

    def add(self, state: Progress) -> tuple[Spot, ...]:
        for solution in state.new:
            values = self.exact(solution)
            if values is not None:
                self._keep(solution, values)
        return ordered(nondominated([*self.known.values()]))

    def take(self, package: Package, values: Mapping[str, float]) -> tuple[Spot, ...]:
        """A package with values by objective, found outside the search."""
        keys = [o.key for o in self.question.objectives]
        if all(k in values for k in keys):
            package = self.question.situation.package(self.question.situation.indices(package))  # one order for all
            spot = Spot(key_of(package), tuple(values[k] for k in keys), package)
            self.known[spot.key] = spot
        return ordered(nondominated([*self.known.values()]))

    def final(self, front: Front) -> tuple[Spot, ...]:
        pairs = zip(front.solutions, front.points, strict=True)
        return ordered([self._keep(solution, point.tolist()) for solution, point in pairs])

    def _keep(self, solution: Mapping[str, float], values: Sequence[float]) -> Spot:
        package = self.question.situation.package(self.question.programme.chosen(solution))
        spot = Spot(key_of(package), tuple(map(float, values)), package)
        self.known[spot.key] = spot
        return spot


# --- the child -------------------------------------------------------------------------------------------------------


def write(pipe: IO[bytes], thing: object) -> None:
    data = pickle.dumps(thing, protocol=5)
    pipe.write(HEAD.pack(len(data)) + data)
    pipe.flush()


def read(pipe: IO[bytes]) -> object:
    """The next thing from our own child or parent; None at the end."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    return pickle.loads(pipe.read(HEAD.unpack(head)[0]))


def child() -> None:
    """Answer one task on standard input with pictures on standard output."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a solver prints must not get among the pictures
    task, stopped = read(sys.stdin.buffer), threading.Event()
    assert isinstance(task, Task)
    os.nice(GENTLE)

    def listen() -> None:
        sys.stdin.buffer.read(1)  # a byte, or the end because the page is gone
        stopped.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        for picture in pictures(task, stopped.is_set):
            write(out, picture)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:
        write(out, error)
        raise


if __name__ == "__main__":
    from optimizer.pages import hunt  # under its own name, so that what is pickled is found by the parent

    hunt.child()
