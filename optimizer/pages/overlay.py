"""A planner's own evidence: tables laid over the shipped ones row by row, under a name; checked before they count."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from ..inputs import InputError, load_catalog
from ..inputs.faults import Fault
from ..inputs.reader import overlaid
from . import state, store
from .own import renamed

NONE = "shipped evidence only"


def draw() -> None:
    """Choose, load and check an overlay."""
    st.subheader("Your own evidence", anchor=False)
    known = [NONE, *store.overlays()]
    present = st.session_state.get("overlay")
    state.bound(
        st.selectbox, "Plan with", "overlay to take", present if present in known else NONE,
        lambda v: state.take_overlay(None if v == NONE else v), options=known,
    )  # fmt: skip
    with st.form("overlay form", clear_on_submit=False):
        name = st.text_input("Name of a new overlay", key="overlay name", max_chars=60)
        files = st.file_uploader("Tables (CSV or XLSX) with the rows that you change", type=["csv", "xlsx"],
                                 accept_multiple_files=True, key="overlay files")  # fmt: skip
        if st.form_submit_button("Check and keep"):
            with state.told("overlay"):
                keep(name, files or [])
                st.session_state["overlay kept"] = name
                st.rerun()  # so that the list above has it
    if st.session_state.pop("overlay kept", None):
        st.success("No faults. The overlay is kept; choose it above.")
    state.show_faults("overlay", "These tables cannot be used; nothing was kept.")


def keep(name: str, files: list[Any]) -> None:
    """Check tables in a folder of their own, then keep them under a name; InputError with all faults."""
    if not name.strip():
        raise InputError([Fault("overlay", "", "name", "", "it has no name", "Give it one")])
    if store.overlay_folder(name).exists():  # what was planned with it rests on its numbers
        raise InputError([Fault("overlay", "", "name", name, "there is one of this name", "Give it another name")])
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            (Path(folder) / Path(file.name).name).write_bytes(file.getvalue())
        try:
            overlaid(Path(folder))
            load_catalog(folder)
        except InputError as error:
            raise InputError([renamed(f, f"{folder}/", "") for f in error.faults]) from None
        shutil.copytree(folder, store.overlay_folder(name))
