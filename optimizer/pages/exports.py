"""What a planner takes away: the playbook in several formats, the front as JSON and CSV. Made when asked for."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from ..answers import Option
from ..inputs import InputError
from . import rooms, state
from .live import plan_front


def playbook_button(option: Option) -> None:
    """The playbook of a package, made on the click; the other formats behind it."""
    forms = rooms.playbook_forms()
    if not forms:
        st.button("Playbook", key="playbook", disabled=True, help="This build of Ohrid has no playbook room.")
        return
    _download(option, forms[0], f"Playbook ({rooms.FORMS[forms[0]][0]})", "playbook")
    with st.popover("Other formats", key="formats"):
        for form in forms[1:]:
            _download(option, form, rooms.FORMS[form][0], f"playbook {form}")


def _download(option: Option, form: str, label: str, key: str) -> None:
    st.download_button(
        label, data=_made(option, form), key=key, mime=rooms.FORMS[form][1], on_click="ignore",
        file_name=f"playbook_{state.case().id}_{option.id.replace(' ', '_')}.{form}",
    )  # fmt: skip


def _made(option: Option, form: str) -> Callable[[], bytes]:
    search = state.search()

    def make() -> bytes:
        if search is None or search.question is None:
            return b"The question is not ready; open the package again."
        try:
            return rooms.playbook(search.question, plan_front(search.question, search.picture), option, form)
        except InputError as error:
            return str(error).encode()

    return make


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
