"""What went wrong, said in its place on the page: the rest of the page stands, and nothing that a planner entered is lost."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from ..inputs import InputError

MOST = 50  # faults that are shown
HEAD = "This part of the page could not be shown. Nothing that you set is lost."


def reasons(error: Exception) -> list[str]:
    """What a person can do something with: all faults of data; of anything else its kind, the rest is in the server's log."""
    if isinstance(error, InputError):
        return [str(fault) for fault in error.faults]
    logging.getLogger(__name__).error("a part of the page failed", exc_info=error)
    if isinstance(error, OSError):
        return [
            f"The machine refused ({error.strerror or type(error).__name__}). Try again once it can; see the disk first."
        ]
    return [f"It ended unexpectedly ({type(error).__name__}). Try again; the server's log says more."]


def show(head: str, why: list[str]) -> None:
    """Reasons under a head, as plain text: what stands in a file is never read as a format."""
    st.error(head)
    st.code("\n".join(why[:MOST]), language=None, wrap_lines=True)


@contextmanager
def said(head: str = HEAD) -> Iterator[None]:
    """What fails inside is shown here; a rerun or a stop that Streamlit asks for goes through."""
    try:
        yield
    except Exception as error:
        show(head, reasons(error))


def part(draw: Callable[..., None]) -> Callable[..., None]:
    """The same drawing, for a fragment: it runs alone, where nobody else would catch what fails."""

    @functools.wraps(draw)
    def drawn(*args: Any) -> None:
        with said():
            draw(*args)

    return drawn
