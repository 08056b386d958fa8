"""What a planner takes away: the playbook in several formats, the front as JSON and CSV. Made when asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from ..answers import Option
from ..inputs import InputError
from ..inputs.faults import Fault
from ..questions import Question
from . import guard, rooms, state
from .live import Picture, plan_front

DEPTH = "quick"  # ranges, replies and reasons in a second or two, so that one click still gives a playbook


def playbook_button(option: Option) -> None:
    """The playbook of a package, made on the click; the other formats behind it."""
    forms = rooms.playbook_forms()
    if not forms:
        st.button("Playbook", key="playbook", disabled=True, help="This build of Ohrid has no playbook room.")
        return
    record = _record_of(option)
    _download(option, forms[0], f"Playbook ({rooms.FORMS[forms[0]][0]})", "playbook", record)
    with st.popover("Other formats", key="formats"):
        for form in forms[1:]:
            _download(option, form, rooms.FORMS[form][0], f"playbook {form}", record)
    if fault := st.session_state["playbook record"].pop("fault", None):
        guard.show("The last playbook could not be made; nothing was downloaded.", fault)


def _download(option: Option, form: str, label: str, key: str, record: Callable[[], Any]) -> None:
    kept = st.session_state["playbook record"]

    def make() -> bytes:
        try:
            return rooms.exported(record(), form)
        except (
            Exception
        ) as error:  # no file is better than one that holds an error; the reason comes with the next look
            kept["fault"] = guard.reasons(error)
            raise

    st.download_button(
        label, data=make, key=key, mime=rooms.FORMS[form][1], on_click="ignore",
        file_name=f"playbook_{state.case().id}_{option.id.replace(' ', '_')}.{form}",
    )  # fmt: skip


def _record_of(option: Option) -> Callable[[], Any]:
    """The playbook's record, made on the first click and kept for the other formats while nothing changes."""
    search, kept = state.search(), st.session_state.setdefault("playbook record", {})
    question, picture = (None, None) if search is None else (search.question, search.picture)
    given_up = state.given_up()

    def record() -> Any:
        if question is None or picture is None:
            raise InputError([Fault("playbook", "", "", "", "the question is not ready", "Open the package again")])
        key = (option.id, option.package, given_up)
        if kept.get("key") != key or kept.get("picture") is not picture:
            kept.clear()
            kept.update(key=key, picture=picture, record=_made(question, picture, option, given_up))
        return kept["record"]

    return record


def _made(question: Question, picture: Picture, option: Option, given_up: tuple[str, ...]) -> Any:
    return rooms.playbook(question, plan_front(question, picture), option, DEPTH, given_up)


def front_buttons() -> None:
    """The front as data."""
    search = state.search()
    if search is None or search.question is None or not search.picture.spots:
        return
    question, picture, name = search.question, search.picture, state.case().id

    def as_json() -> str:
        return json.dumps(plan_front(question, picture).to_json(), indent=1, ensure_ascii=False)

    def as_csv() -> str:
        return str(plan_front(question, picture).to_frame().to_csv(index=False))

    with st.container(horizontal=True):
        st.download_button(
            "Front as JSON", as_json, f"front_{name}.json", "application/json", key="json", on_click="ignore"
        )
        st.download_button("Front as CSV", as_csv, f"front_{name}.csv", "text/csv", key="csv", on_click="ignore")
