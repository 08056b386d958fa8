"""A case of one's own: edit the shipped one in tables or as text, or load a file; all faults beside it, nothing lost."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ..inputs import InputError
from . import guard, nav, state, store, warm
from .case_tables import SECTIONS, data_of, put, table, text_of
from .edited import edits
from .own import MOST_TEXT, read_case, shipped_text
from .words import plain

HEIGHT = 420
MOST_EDITS = 20  # lines; a whole other case would fill the page


def draw() -> None:
    with st.expander(
        "Edit this case, or load your own", key="editor", expanded=bool(st.session_state.get("faults", {}).get("case"))
    ):
        st.fragment(guard.part(_edit), key="case editor")()


def _edit() -> None:
    """Drawn alone when something is edited: a part that is chosen stands there before the hand is at the table."""
    st.caption("The shipped file is never changed: a case of your own is kept on this machine and named in the link.")
    given = st.file_uploader("Load a case file", type=["yaml", "yml"], key="case file", max_upload_size=2)
    if given is not None and st.session_state.get("case file taken") != given.file_id:
        st.session_state["case file taken"] = given.file_id
        _load(given.getvalue())
    if "draft" not in st.session_state or st.session_state.get("draft of") != st.session_state["case"]:
        _draft(_own_text(), st.session_state["case"])
    left, right = st.columns([3, 2], gap="medium")
    with left:
        ways = ["as tables", "as text"]
        way = st.segmented_control("Edit", ways, default=ways[0], required=True, key="edit as", on_change=_settle)
        _tables() if way == ways[0] else _text()
    with right:
        _check()


def _text() -> None:
    st.session_state["case text"] = st.session_state["draft"]
    st.text_area("Case text (YAML)", key="case text", height=HEIGHT, max_chars=MOST_TEXT, on_change=_remember)


def _tables() -> None:
    """One part of the draft as a table. Its widget keeps what was edited; the draft is that laid over the base."""
    section = st.selectbox("Part of the case", list(SECTIONS), key="edit part", on_change=_settle)
    key = f"table {section} {st.session_state['draft number']}"
    if key not in st.session_state:
        st.session_state["base"] = st.session_state["draft"]
    try:
        base = data_of(st.session_state["base"])
    except InputError:
        base = None
    frame = None if base is None else table(base, section)
    if base is None or frame is None:
        st.text("The text cannot be read as a table; mend it as text first.")
        return
    rows: Literal["dynamic", "fixed"] = "dynamic" if section in ("Partners", "Parties") else "fixed"
    fixed = [c for c in ("what", "month") if c in frame]
    warm.editors()
    edited = st.data_editor(frame, key=key, num_rows=rows, disabled=fixed, hide_index=True, height=HEIGHT,
                            column_config={str(c): plain(str(c)) for c in frame},
                            alt=f"Editor: {section.lower()} of the case")  # fmt: skip
    if not edited.equals(frame) or st.session_state["draft"] != st.session_state["base"]:
        data = put(base, section, edited)
        st.session_state["draft"] = st.session_state["base"] if data == base else text_of(data)
    st.caption("Several entries of one cell are set apart by a bar: |" if section in ("Partners", "Parties") else
               "What is no number is named as a fault beside the table, and stays as you typed it.")  # fmt: skip


def _draft(text: str, of: str) -> None:
    """Another draft: tables begin anew."""
    number = st.session_state.get("draft number", 0) + 1
    st.session_state.update({"draft": text, "draft of": of, "draft number": number})


def _settle() -> None:
    """Before another way or part is shown: what was edited becomes the base of the next table."""
    st.session_state["draft number"] += 1


def _own_text() -> str:
    name = str(st.session_state["case"])
    return (store.case_text(name.removeprefix(state.OWN)) or "") if name.startswith(state.OWN) else shipped_text(name)


def _remember() -> None:
    _draft(st.session_state["case text"], st.session_state["case"])


def _load(data: bytes) -> None:
    """Take over a file if it is text; what is wrong in it is said beside it."""
    with state.told("case"):
        text = data.decode("utf-8-sig", "replace")
        _draft(text, st.session_state["case"])
        read_case(text)


def _check() -> None:
    text = st.session_state["draft"]
    try:
        case = read_case(text)
    except InputError as error:
        st.error(
            f"{len(error.faults)} fault{'s' if len(error.faults) > 1 else ''} in your text; the case in use is as before."
        )
        st.code("\n".join(str(f) for f in error.faults[:40]), language=None, wrap_lines=True)
        _edits(text)
        return
    if text == _own_text():
        st.caption("No faults. This is the case in use; change it on the left.")
        return
    st.success("No faults.")
    st.text(
        f"{case.title or case.id}: baseline {100 * case.baseline_risk.p_one_year:.0f} %, {len(case.partners)} partners"
    )
    st.button("Use this case", type=nav.first_choice(), key="use own", on_click=_use, args=(text,))
    state.show_faults("own case", "The case could not be kept; it stands on the left as you wrote it.")
    _edits(text)


def _edits(text: str) -> None:
    """What differs from the case in use: a key that was lost or hit twice shows here."""
    try:
        found = list(edits(data_of(_own_text()), data_of(text)))
    except InputError:
        return
    if found:
        st.caption(f"{len(found)} value{'s' if len(found) > 1 else ''} changed:")
        more = [f"and {len(found) - MOST_EDITS} more"] if len(found) > MOST_EDITS else []
        st.code("\n".join([*found[:MOST_EDITS], *more]), language=None, wrap_lines=True)


def _use(text: str) -> None:
    with state.told("own case"):
        name = state.OWN + store.keep_case(text)
        state.take_case(name)
        st.session_state["draft of"] = name
        st.rerun()
