"""A search that is watched in the terminal and can be ended with Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .answers import PlanFront
from .choices import Choices
from .front import Progress
from .inputs.records import Case
from .questions import ask
from .saved import keep, known, rebuilt
from .solving import solve


def watched(case: Case, choices: Choices, time_limit: float | None, workers: int, seed: int) -> PlanFront:
    """Solve; show the shrinking gap on a terminal, one line at the end elsewhere."""
    stopped = threading.Event()
    found = known(case, choices, seed)
    previous = None if found is None else rebuilt(ask(case, choices), found, seed)
    if previous is not None and previous.certificate.complete:
        return previous
    with _ctrl_c(stopped), _line() as show:
        front = solve(
            case,
            choices=choices,
            time_limit=time_limit,
            workers=workers,
            seed=seed,
            on_progress=show,
            stop=stopped.is_set,
            previous=previous,
        )
    keep(front)
    return front


@contextmanager
def _ctrl_c(stopped: threading.Event) -> Iterator[None]:
    """The first Ctrl-C asks the search to end with what it has; the second one ends the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def ask(number: int, frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _line() -> Iterator[_Show]:
    if not sys.stderr.isatty():
        yield _Show(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        yield _Show(bar)


class _Show:
    """Writes the state of a search into a progress bar, or nowhere."""

    def __init__(self, bar: object) -> None:
        self.bar = bar
        self.task = bar.add_task("searching", total=100) if bar is not None else None  # type: ignore[attr-defined]

    def __call__(self, state: Progress) -> None:
        if self.bar is None:
            return
        open_ = state.hypervolume_gap
        settled = 0.0 if open_ != open_ else 100 * (1 - open_)
        worst = max(state.gap.values(), default=float("inf"))
        gap = "gap not known yet" if worst == float("inf") else f"gap {worst:.1f} resolutions"
        text = f"{len(state.points)} packages, {gap}, Ctrl-C keeps them"
        self.bar.update(self.task, completed=settled, description=text)  # type: ignore[attr-defined]
