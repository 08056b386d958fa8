"""What other rooms say of a package: explanations, ranges, red team; a plain 'not run' until one is asked for."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from ..answers import Option
from ..questions import Question
from . import guard, rooms, state
from .background import Said, Work
from .frames import as_text
from .live import Spot, plan_front
from .words import literal, sentence

POLL = 0.5  # seconds between two looks at a running study


def explanations(spot: Spot, option: Option, question: Question) -> None:
    """Why this, why not that, what one step more would buy, what else is as good."""
    front = partial(plan_front, question, state.picture())
    _study("Why is each measure in?", f"why {spot.key}", rooms.explained(question, option, front))
    st.subheader("Why is something not in?", anchor=False)
    held = {m.instrument for m in option.measures}
    tools = [k for k in question.catalog.instruments if k not in held]
    tool = st.selectbox("Instrument", tools, format_func=state.names().tool, key="why not tool")
    _study(f"Why not {state.names().tool(tool).lower()}?", f"not {spot.key} {tool}", rooms.why_not(question, option, tool, front),
           head=False)  # fmt: skip
    _study("What would one step more buy?", f"step {spot.key}", rooms.steps(question, option, front))
    _study("What else is nearly as good?", f"else {spot.key}", rooms.others(question, option, front))


def ranges(spot: Spot, option: Option, question: Question) -> None:
    """The package under uncertainty and under attack."""
    _study("How wide is the range?", f"range {spot.key}", rooms.ranges(question, option))
    _study("What may the perpetrators reply?", f"red {spot.key}", rooms.red_team(question, option, state.names()))


def _study(title: str, key: str, make: rooms.Made | None, head: bool = True) -> None:
    if head:
        st.subheader(title, anchor=False)
    if make is None:
        st.caption("Not run: this build of Ohrid has no room for it.")
        return
    works: dict[str, Work] = st.session_state.setdefault("works", {})
    work = works.get(key)
    if work is None:
        left, right = st.columns([1, 4], vertical_alignment="center")
        if left.button("Ask", key=f"ask {key}", help=literal(title)):
            works[key] = Work(make)
            st.rerun()
        right.caption("Not run yet. It takes up to half a minute; you can go on meanwhile.")
        return
    st.fragment(guard.part(_show), run_every=POLL if work.running else None)(work, key, work.running)


def _show(work: Work, key: str, was_running: bool) -> None:
    if was_running and not work.running:
        st.rerun()
    _told([s for s in work.said if not s.group])
    for group in dict.fromkeys(s.group for s in work.said if s.group):
        with st.expander(group, key=f"{group} {key}", expanded=True):
            _told([s for s in work.said if s.group == group])
    if work.running:
        left, right = st.columns([1, 4], vertical_alignment="center")
        left.button("Stop", key=f"stop {key}", on_click=work.stop)
        right.caption("Being worked out.")
    elif work.fault:
        st.code(work.fault, language=None, wrap_lines=True)
    elif not work.said:
        st.caption("Nothing was found to say within the time.")


def _told(found: list[Said]) -> None:
    for said in found:
        st.text(f"{sentence(said.sentence)}{f' [{said.sure}]' if said.sure else ''}")
        if said.rows:
            st.table(as_text(pd.DataFrame(said.rows)), hide_index=True, border="horizontal", alt=said.sentence)
