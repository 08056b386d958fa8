"""The first packages of a question, found once, and before they are asked for where a planner still reads. No Streamlit here."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator

from ..choices import Choices
from ..inputs.records import Case, Catalog
from ..questions import Question
from ..solving import fingerprint
from .hunt import Collector
from .live import Held, Spot, prepared
from .opening import sketches

ASKING = threading.Lock()
KEPT = 8  # questions whose first packages are kept


class Early:
    """A question and its first packages, as a thread finds them; whoever needs them waits at `question` and `growing`."""

    def __init__(self, case: Case, choices: Choices, catalog: Catalog) -> None:
        self.data = case, choices, catalog
        self._spots: tuple[Spot, ...] = ()
        self._question: Question | None = None
        self._fault: Exception | None = None
        self._done, self._news = False, threading.Condition()
        threading.Thread(target=self._run, daemon=True, name="ohrid-early").start()

    @property
    def failed(self) -> bool:
        return self._fault is not None

    @property
    def ready(self) -> bool:
        return self._done

    def question(self) -> Question:
        """The question, once it is ready; what was wrong with it is raised."""
        with self._news:
            self._news.wait_for(lambda: self._question is not None or self._done)
        if self._question is None:
            assert self._fault is not None
            raise self._fault
        return self._question

    def growing(self) -> Iterator[tuple[Spot, ...]]:
        """The packages known by now, then all of them again whenever there is one more, to the last."""
        seen, done = -1, False
        while not done:
            with self._news:
                self._news.wait_for(lambda: self._done or len(self._spots) > seen)
                spots, done = self._spots, self._done
            if len(spots) > seen:
                seen = len(spots)
                yield spots
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        try:
            question = prepared(*self.data)
            self._tell(question, ())
            collected = Collector(question)
            for package in sketches(question, lambda: False):
                self._tell(question, collected.take(package))
        except Exception as error:  # whoever waits raises it
            self._fault = error
        finally:
            with self._news:
                self._done = True
                self._news.notify_all()

    def _tell(self, question: Question, spots: tuple[Spot, ...]) -> None:
        with self._news:
            self._question, self._spots = question, spots
            self._news.notify_all()


def early(case: Case, choices: Choices, catalog: Catalog) -> Early:
    """The first packages of a question: begun when it is named for the first time, and again where that failed."""
    asked = fingerprint(case, catalog), choices, Held(case, catalog)
    with ASKING:
        if _early(*asked).failed:
            _early.cache_clear()
        return _early(*asked)


@functools.lru_cache(maxsize=KEPT)
def _early(prints: str, choices: Choices, held: Held) -> Early:
    return Early(held.case, choices, held.catalog)
