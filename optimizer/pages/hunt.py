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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from ..choices import Choices, Package
from ..front import Front, Progress
from ..inputs.records import Case, Catalog
from ..questions import Question, ask
from ..saved import Known, keep
from ..solving import answer, searching, trimmed
from . import rooms
from .live import Picture, Spot, judged_spot, nondominated, ordered, spot_of
from .opening import carried, sketches

HEAD = struct.Struct(">Q")
SEED = 0


@dataclass(frozen=True)
class Task:
    """What the child is asked."""

    case: Case
    choices: Choices
    catalog: Catalog
    seconds: float
    packages: tuple[Package, ...]
    records: tuple[tuple[float, ...], ...] = ()  # corners below which nothing lies, proved before for these choices


def pictures(task: Task, stop: Callable[[], bool]) -> Iterator[Picture]:
    """The state of a search, as often as there is something new; the last one is done. The front is remembered."""
    question = ask(task.case, task.choices, task.catalog)
    collected, began = Collector(question), time.monotonic()
    now = Picture("searching", question.axes())
    packages = [*carried(question, task.packages), *sketches(question, stop)]
    now = replace(now, spots=collected.take(*packages))
    yield now
    for state in searching(question, time_limit=task.seconds, stop=stop, packages=packages, records=task.records):
        now = shown(now, state, collected)
        yield now
        if state.front is not None:
            keep(answer(question, state.front, SEED))
    if now.infeasible and not stop():
        yield replace(now, state="explaining")
        now = replace(now, why_nothing=rooms.why_none(question, stop))
    yield replace(now, state="done", seconds=time.monotonic() - began)


def remembered(question: Question, found: Known) -> Picture | None:
    """A front of this very question that was found before, proved or stopped; None if a package of it is not sound."""
    spots = [spot_of(question, package) for package in found.packages]
    sound = [spot for spot in spots if spot is not None]
    c = found.certificate
    return None if len(sound) < len(spots) else Picture(
        "done", question.axes(), ordered(sound), dict(c.gap), c.hypervolume_gap, len(c.open_zones), c.solves, c.seconds,
        certificate=c,
    )  # fmt: skip


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
        self.question = question
        self.known: dict[str, Spot] = {}

    def add(self, state: Progress) -> tuple[Spot, ...]:
        for solution in state.new:
            self._keep(self.question.programme.chosen(solution))
        return self._best()

    def take(self, *packages: Package) -> tuple[Spot, ...]:
        """Packages that were found outside the search."""
        for package in packages:
            self._keep(self.question.situation.indices(package))
        return self._best()

    def final(self, front: Front) -> tuple[Spot, ...]:
        """The front itself; a package that the judge rejects would make its certificate void."""
        found = [self._keep(self.question.programme.chosen(solution)) for solution in front.solutions]
        sound = [spot for spot in found if spot is not None]
        if len(sound) < len(found):
            raise RuntimeError("the judge rejects a package of the finished front")
        return ordered(sound)

    def _best(self) -> tuple[Spot, ...]:
        return ordered(nondominated([*self.known.values()]))

    def _keep(self, chosen: frozenset[int]) -> Spot | None:
        """The package as it goes into the front's file, so that a link finds it again; None if the judge rejects it."""
        spot = judged_spot(self.question, trimmed(self.question, chosen))
        if spot is not None:
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
