"""The evidence: every number with its range, grade and sources; one's own changes as a named overlay."""

from __future__ import annotations

import streamlit as st

from .. import overlay, state
from ..tables import TABLES, found


def draw() -> None:
    st.title("Evidence", anchor=False)
    st.caption(
        "Effects are judged priors from cases and studies; most rest on few cases. Each is given as mid (low to high), with "
        "its grade. Nothing here is changed by the page: a change of your own is laid over it under a name."
    )
    kind = st.segmented_control("Table", list(TABLES), default="Instruments", required=True, key="evidence table")
    words = st.text_input(
        "Search", key="evidence search", placeholder="words that a row holds, such as: sanctions limited"
    )
    frame = found(TABLES[kind](state.catalog()), words or "")
    grades = sorted(set(frame["grade"])) if "grade" in frame else []
    wanted = st.multiselect("Grade of the evidence", grades, key="evidence grade") if grades else []
    if wanted:
        frame = frame[frame["grade"].isin(wanted)]
    st.text(f"{len(frame)} rows")
    st.dataframe(frame, hide_index=True, height=520, alt=f"Table of the evidence: {kind.lower()}")
    overlay.draw()
