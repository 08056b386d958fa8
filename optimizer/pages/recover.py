"""The case or the evidence in use can no longer be read: what is wrong, and the ways on."""

from __future__ import annotations

import streamlit as st

from . import guard, state


def needed() -> bool:
    """Show what is wrong and the ways on, if the data in use cannot be read; the address still holds what was set."""
    for what, read, change in (("evidence", state.catalog, _shipped), ("case", state.case, _first)):
        try:
            read()
        except Exception as error:
            guard.show(f"The {what} in use cannot be read. The address of this page still holds all that you set.",
                       guard.reasons(error))  # fmt: skip
            with st.container(horizontal=True):
                st.button("Try again", key="try again")
                change()
            return True
    return False


def _shipped() -> None:
    if st.session_state.get("overlay"):
        st.button("Plan with the shipped evidence", key="shipped evidence", on_click=state.take_overlay, args=(None,))


def _first() -> None:
    if st.session_state["case"] != state.FIRST_CASE:
        st.button("Take the first case", key="first case", on_click=state.take_case, args=(state.FIRST_CASE,))
