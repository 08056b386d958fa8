"""The chosen package in short, beside the front: what it brings, what is in it, and the ways on."""

from __future__ import annotations

import streamlit as st

from ..answers import Option
from ..model.tree import MONTH_DAYS
from . import exports, nav, state
from .frames import as_text, measures_frame
from .live import Spot
from .words import amount, money, percent, protection

MOST_PINS = 4


def card() -> None:
    """The chosen package, or how to choose one."""
    spot = state.picked()
    option = None if spot is None else state.judged(spot)
    if spot is None or option is None:
        nothing()
        return
    st.subheader(f"Package {option.id}", anchor=False)
    place(spot)
    figures(option)
    frame = measures_frame(option, state.names())
    columns = ["branch", "measure", "led by", "in force"]
    if len(frame):
        st.table(
            as_text(frame[columns]), hide_index=True, border="horizontal",
            alt="Measures of the package: branch, measure, lead, date in force",
        )  # fmt: skip
    else:
        st.text("No measure at all: nothing is done.")
    actions(spot, option)


def nothing(where: str = "") -> None:
    """Why no package is shown; where: the page on which one is chosen, if it is another."""
    if st.session_state.get("picked") is None:
        st.subheader("No package chosen", anchor=False)
        st.caption(f"Click a point{where}, or take one from the list{' there' if where else ''}.")
    elif why := state.refused():
        st.subheader("The chosen package is not allowed under these choices", anchor=False)
        st.text(why)
    elif state.picture().state == "failed":
        st.caption("The chosen package could not be judged, since the search failed; the page Front says why.")
    else:
        st.caption("The chosen package is being judged.")


def place(spot: Spot) -> None:
    """How a package stands to the front, where it is not on it."""
    picture = state.picture()
    if picture.find(spot.key) is None:
        st.caption(
            "Not on this front yet; its figures are worked out anew from its measures." if picture.running else
            "Not on this front: another package there is as good, or better, to within the gap."
        )  # fmt: skip


def figures(option: Option) -> None:
    """Risk before and after, cost, days, coerciveness: computed values of the model."""
    e = option.evaluation
    parts = [
        ("Projected risk", f"{percent(e.baseline)} → {100 * e.risk:.1f} %"),
        ("Expected cost", money(e.values["cost"])),
        ("Days to protection", protection(e.values["days"], state.case().horizon_months * MONTH_DAYS)),
        ("Coerciveness", amount("coercion", e.values["coercion"])),
    ]
    with st.container(horizontal=True, gap="medium"):
        for name, value in parts:
            with st.container(width="content", gap=None):
                st.caption(name)
                st.markdown(f"**{value}**")


def actions(spot: Spot, option: Option, full: bool = True) -> None:
    """Ways on: the whole package, the comparison, the playbook."""
    with st.container(horizontal=True):
        if full and st.button("Read the whole package", type=nav.first_choice(), key="read"):
            nav.go("package")
        pins: tuple[str, ...] = st.session_state["pins"]
        held = any(p[0] == spot.key for p in pins)
        if st.button("Already in the comparison" if held else "Add to the comparison", key="pin", disabled=held):
            pin(spot, option)
            st.rerun(scope="app")
        exports.playbook_button(option)


def pin(spot: Spot, option: Option) -> None:
    """Keep a package for the comparison, with the case and the name it had."""
    title = f"{option.id} · {(state.case().title or state.case().id).split(':')[0]}"
    pins = tuple(p for p in st.session_state["pins"] if p[0] != spot.key)
    titles = {p[1] for p in pins}
    title = title if title not in titles else f"{title} ({len(pins) + 1})"
    st.session_state["pins"] = (*pins, (spot.key, title, st.session_state["case"], option))[-MOST_PINS:]
