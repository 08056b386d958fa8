"""Being written."""

from __future__ import annotations

import streamlit as st


def draw() -> None:
    st.info("This page is being written.")
