"""A case of one's own: edit the shipped text or load a file; all faults beside the text, nothing lost."""

from __future__ import annotations

import streamlit as st

from ..inputs import InputError
from . import state, store
from .own import MOST_TEXT, read_case, text_of

HEIGHT = 420


def draw() -> None:
    with st.expander(
        "Edit this case, or load your own", key="editor", expanded=bool(st.session_state.get("faults", {}).get("case"))
    ):
        st.caption("The whole case as text (YAML). The shipped file is never changed: a case of your own is kept on this "
                   "machine and named in the link.")  # fmt: skip
        given = st.file_uploader("Load a case file", type=["yaml", "yml"], key="case file", max_upload_size=2)
        if given is not None and st.session_state.get("case file taken") != given.file_id:
            st.session_state["case file taken"] = given.file_id
            _load(given.getvalue())
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.session_state.setdefault("draft", _own_text())
            if st.session_state.get("draft of") != st.session_state["case"]:
                st.session_state.update({"draft of": st.session_state["case"], "draft": _own_text()})
            st.session_state["case text"] = st.session_state["draft"]
            st.text_area("Case text", key="case text", height=HEIGHT, max_chars=MOST_TEXT, on_change=_remember)
        with right:
            _check()


def _own_text() -> str:
    name = str(st.session_state["case"])
    return (store.case_text(name.removeprefix(state.OWN)) or "") if name.startswith(state.OWN) else text_of(name)


def _remember() -> None:
    st.session_state["draft"] = st.session_state["case text"]


def _load(data: bytes) -> None:
    """Take over a file if it is text; what is wrong in it is said beside it."""
    with state.told("case"):
        text = data.decode("utf-8-sig", "replace")
        st.session_state.update({"draft": text, "draft of": st.session_state["case"]})
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
        return
    if text == _own_text():
        st.caption("No faults. This is the case in use; change the text on the left.")
        return
    st.success("No faults.")
    st.text(
        f"{case.title or case.id}: baseline {100 * case.baseline_risk.p_one_year:.0f} %, {len(case.partners)} partners"
    )
    st.button("Use this case", type="primary", key="use own", on_click=_use, args=(text,))


def _use(text: str) -> None:
    name = state.OWN + store.keep_case(text)
    state.take_case(name)
    st.session_state["draft of"] = name
