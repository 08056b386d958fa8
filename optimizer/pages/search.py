"""One search of a planner: a thread that listens to the process that searches. Read `picture`, call `stop`."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from ..choices import Choices, Package
from ..inputs.faults import InputError
from ..inputs.records import Case, Catalog
from ..questions import Question
from ..saved import known
from .early import early
from .hunt import SEED, Collector, Task, read, remembered, write
from .live import Picture, nondominated, ordered, prepared
from .opening import carried

AT_ONCE = threading.BoundedSemaphore(2)  # searches that run side by side on this machine; others wait their turn
CHILD = "from optimizer.pages.gentle import search; search()"
PATIENCE = 20.0  # seconds that a stopped process has for its last word


class Search:
    """A search in the background; it goes on when the page is changed."""

    def __init__(
        self,
        case: Case,
        choices: Choices,
        catalog: Catalog,
        seconds: float = 60.0,
        packages: Sequence[Package] = (),
        again: bool = False,
    ) -> None:
        """packages: to start from.  again: search on where a front of this very question is remembered."""
        self.case, self.choices, self.catalog = case, choices, catalog
        self.task, self.again = Task(case, choices, catalog, seconds, tuple(packages)), again
        self.picture = Picture()
        self.question: Question | None = None
        self._stopped, self._lock = threading.Event(), threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._began = time.monotonic()
        threading.Thread(target=self._run, daemon=True, name="ohrid-search").start()

    def stop(self) -> None:
        """End with what it has: at once for the planner; the solver follows as soon as it heeds."""
        self._stopped.set()
        if self.picture.running:
            self._show(self.picture)

    def _run(self) -> None:
        try:
            if self._remembered():
                return
            while not AT_ONCE.acquire(timeout=0.1):
                if not self.picture.spots:  # nobody has to wait for the first packages
                    self._first("waiting")
                if self._stopped.is_set():
                    return
            try:
                self._search()
            finally:
                AT_ONCE.release()
        except InputError as error:
            self._fail(str(error))
        except Exception as error:  # a thread has nobody above it: the page says that it failed
            logging.getLogger(__name__).exception("the search failed")
            self._fail(f"The search ended unexpectedly ({type(error).__name__}).")

    def _remembered(self) -> bool:
        """Take over what is known of this question, if it is sound; whether that answers it."""
        found = known(self.case, self.choices, SEED, self.catalog)
        if found is None:
            return False
        self.question = prepared(self.case, self.choices, self.catalog)
        before = remembered(self.question, found)
        if before is None:
            return False
        self.task = replace(self.task, packages=(*found.packages, *self.task.packages), records=found.records)
        if self.again or before.infeasible:  # which requirements collide is not remembered
            self._show(replace(before, state="searching", certificate=None))
            return False
        self._show(before)
        return True

    def _search(self) -> None:
        self._show(replace(self.picture, state="preparing"))
        known = early(self.case, self.choices, self.catalog)
        if known.ready and not self.picture.spots:  # before the half second that a process takes to begin
            self._first()
        self._process = process = subprocess.Popen(
            [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            threading.Thread(target=self._guard, args=(process,), daemon=True).start()
            if not self.picture.spots:
                self._first()
            while (message := read(process.stdout)) is not None:
                if isinstance(message, Exception):
                    raise message
                assert isinstance(message, Picture)
                self._show(message if message.spots or not self.picture.spots or message.certificate else self.picture)
        finally:
            process.kill()
            process.wait()
        if self.picture.running:
            self._fail("The search ended before its last word; start it again.")

    def _guard(self, process: subprocess.Popen[bytes]) -> None:
        """Hand the task to the process, later a stop, and end it if it does not heed.

        The task is larger than a pipe, so that writing it lasts until the process has started: about a second.
        """
        assert process.stdin is not None
        try:
            write(process.stdin, self.task)
        except OSError:  # it has ended already; whoever reads its pictures says so
            return
        while process.poll() is None and not self._stopped.wait(0.2):
            pass
        if process.poll() is None:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _first(self, state: str = "searching") -> None:
        """The first packages, from this process, while the other one is still starting."""
        known = early(self.case, self.choices, self.catalog)
        self.question = question = known.question()
        collected, empty = Collector(question), Picture(state, question.axes())
        before = collected.take(*carried(question, self.task.packages))
        for spots in known.growing():
            self._show(replace(empty, spots=ordered(nondominated([*before, *spots]))))
            if self._stopped.is_set():
                return

    def _fail(self, why: str) -> None:
        with self._lock:
            self.picture = replace(self.picture, state="failed", fault=why)

    def _show(self, picture: Picture) -> None:
        """Take over a picture, with the time as the planner lives it; after a stop it is always a last one."""
        with self._lock:
            stopped = self._stopped.is_set()
            passed = self.picture.seconds if stopped else time.monotonic() - self._began
            first = self.picture.first_seconds or (passed if picture.spots else None)
            seconds = passed if stopped else picture.seconds or passed
            state = "done" if stopped else picture.state
            self.picture = replace(picture, state=state, seconds=seconds, first_seconds=first)
