"""The pages and the ways between them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Literal

import streamlit as st

TITLES = {
    "situation": "Situation",
    "front": "Front",
    "package": "Package",
    "compare": "Compare",
    "evidence": "Evidence",
    "scenarios": "Scenarios",
}


def pages() -> list[st.Page]:
    """Made anew on every run: Streamlit knows them by their path."""
    return [_page(key) for key in TITLES]


def _page(key: str) -> st.Page:
    return st.Page(_drawn(key), title=TITLES[key], url_path=key, default=key == "situation")


def _drawn(key: str) -> Callable[[], None]:
    def draw() -> None:
        import_module(f"optimizer.pages.views.{key}").draw()

    draw.__name__ = key
    return draw


def go(key: str) -> None:
    """Open another page."""
    st.switch_page(_page(key))


def first_choice() -> Literal["primary", "secondary"]:
    """How the button that matters most is drawn: in colour, but for dark pages, where its white letters were too faint."""
    return "secondary" if st.context.theme.type == "dark" else "primary"
