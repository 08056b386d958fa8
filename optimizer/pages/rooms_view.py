"""What other rooms say of a package: explanations, ranges, red team; a plain 'not run' where nothing was asked yet."""

from __future__ import annotations

import streamlit as st

from ..answers import Option
from ..questions import Question
from .live import Spot


def explanations(spot: Spot, option: Option, question: Question) -> None:
    st.info("Not run: this build of Ohrid has no explanations yet.")


def ranges(spot: Spot, option: Option, question: Question) -> None:
    st.info("Not run: this build of Ohrid has no red team and no ranges yet.")
