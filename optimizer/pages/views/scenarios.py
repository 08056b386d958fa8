"""Saved scenarios: a name, a link that restores everything, clone, export and import."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import streamlit as st

from ...choices import Choices, Package
from ...inputs import InputError
from ...inputs.faults import Fault
from ...wishes import checked
from .. import exports, guard, nav, state, store
from ..changes import changes_in_words
from ..plain import choices_from, packed, packed_package, unpacked, unpacked_package

MOST_BYTES = 1_000_000


def draw() -> None:
    st.title("Scenarios", anchor=False)
    st.caption(
        "A scenario is a case with your choices. It is kept on this machine; the address of the page holds the same."
    )
    _save()
    with guard.said("The saved scenarios cannot be read. What is set now can still be taken with you, below."):
        _saved()
    left, right = st.columns(2, gap="large")
    with left, guard.said():
        _export()
    with right, guard.said():
        _import()


def _save() -> None:
    number = st.session_state.setdefault("saves", 0)  # a name that was saved goes; one that could not be saved stays
    with st.form("save form"):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        name = left.text_input("Save what is set now as", key=f"scenario name {number}", max_chars=120)
        if right.form_submit_button("Save", type=nav.first_choice(), width="stretch"):
            with state.told("save"):
                st.session_state["kept"] = store.save(_present(name or state.case().title))
                st.session_state["saves"] = number + 1
                st.rerun()
    state.show_faults("save", "It could not be saved; the address of this page still holds all that you set.")
    if st.session_state.get("kept"):
        st.success("Saved.")
        st.text(f"Name: {st.session_state.pop('kept')}")


def _present(name: str) -> store.Scenario:
    return store.Scenario(name, st.session_state["case"], packed(state.choices()), _pick(), "", overlay=_overlay())


def _overlay() -> str | None:
    """The evidence laid over, as in a link."""
    name = st.session_state.get("overlay")
    return store.overlay_mark(name) if name else None


def _pick() -> str | None:
    """The chosen package as in a link."""
    package: Package | None = st.session_state.get("picked")
    return None if package is None else packed_package(package)


def _saved() -> None:
    saved = store.scenarios()
    st.subheader(f"{len(saved)} saved", anchor=False)
    state.show_faults("scenario", "This could not be done; nothing was changed.")
    if not saved:
        st.text("Nothing is saved yet.")
    for scenario in saved:
        _one(scenario)


def _one(scenario: store.Scenario) -> None:
    with st.container(border=True):
        left, *buttons = st.columns([6, 1, 1, 1], vertical_alignment="center")
        left.text(scenario.name)
        left.caption(f"{scenario.case_id.split(':')[0].replace('_', ' ')} · saved {scenario.saved}")
        left.text(_words(scenario))
        if buttons[0].button("Open", key=f"open {scenario.name}", width="stretch"):
            _open(scenario)
        if buttons[1].button("Clone", key=f"clone {scenario.name}", width="stretch"):
            with state.told("scenario"):
                store.save(scenario)
                st.rerun()
        if buttons[2].button("Delete", key=f"delete {scenario.name}", width="stretch"):
            with state.told("scenario"):
                store.remove(scenario.name)
                st.rerun()


def _words(scenario: store.Scenario) -> str:
    try:
        case = state.named(scenario.case_id)
        said = changes_in_words(case, state.catalog(), unpacked(scenario.choices))
    except (InputError, KeyError):
        return "This scenario rests on data that are not on this machine any more."
    if scenario.overlay:
        said = [*said, f"own evidence: {scenario.overlay.rpartition('~')[0]}"]
    return "; ".join(said) or "the case as it is coded"


def _open(scenario: store.Scenario) -> None:
    with state.told("scenario"):
        restore(scenario.case_id, unpacked(scenario.choices), _package(scenario.picked), scenario.overlay)
        nav.go("front")
    st.rerun()  # it could not be opened: the reason stands above the list


def _package(pick: object) -> Package | None:
    return unpacked_package(pick) if isinstance(pick, str) else None


def restore(name: str, choices: Choices, picked: Package | None, overlay: str | None) -> None:
    """Take over a case with choices and evidence, or raise InputError and leave all as it is."""
    laid = store.overlay_of(overlay) if overlay else None
    checked(state.named(name), choices, state.evidence(laid))
    state.take_case(name)
    st.session_state.update(choices=choices, picked=picked, overlay=laid)


def _export() -> None:
    st.subheader("Take it with you", anchor=False)
    text = json.dumps(_plain(), indent=1, ensure_ascii=False)
    st.download_button("Scenario as JSON", text, f"scenario_{state.case().id}.json", "application/json", key="scenario json",
                       on_click="ignore")  # fmt: skip
    exports.front_buttons()
    st.text("Link to this state, on this machine:")
    st.code(link(), language=None, wrap_lines=True)


def link() -> str:
    """The address that restores what is set now."""
    q = f"&overlay={quote(_overlay() or '')}" if _overlay() else ""
    q += f"&q={packed(state.choices())}" if state.choices() != Choices() else ""
    pick = f"&pick={_pick()}" if _pick() is not None else ""
    return f"/front?case={st.session_state['case']}{q}{pick}"


def _plain() -> dict[str, Any]:
    from ...answers import chosen_fields

    name = str(st.session_state["case"])
    own = store.case_text(name.removeprefix(state.OWN)) if name.startswith(state.OWN) else None
    return {"ohrid_scenario": 1, "case": name, "case_text": own, "choices": chosen_fields(state.choices()),
            "picked": _pick(), "overlay": _overlay()}  # fmt: skip


def _import() -> None:
    st.subheader("Bring one in", anchor=False)
    given = st.file_uploader("Scenario (JSON)", type=["json"], key="scenario file", max_upload_size=1)
    if given is not None and st.session_state.get("scenario taken") != given.file_id:
        st.session_state["scenario taken"] = given.file_id
        with state.told("scenario file"):
            st.session_state["kept"] = take(given.getvalue())
    state.show_faults("scenario file", "This file cannot be used; nothing was changed.")
    if st.session_state.get("kept"):
        st.success("The scenario is in use and saved.")
        st.session_state.pop("kept")


def take(data: bytes) -> str:
    """Use and save the scenario in a file; InputError says all that is wrong with it."""
    read = _read(data)
    choices = choices_from(read.get("choices", {}), "scenario")
    name, text = str(read.get("case", "")), read.get("case_text")
    if isinstance(text, str):
        name = _own(text)
    overlay = read.get("overlay")
    restore(name, choices, _package(read.get("picked")), overlay if isinstance(overlay, str) else None)
    return store.save(_present("imported scenario"))


def _own(text: str) -> str:
    from ..own import read_case

    read_case(text)
    return state.OWN + store.keep_case(text)


def _read(data: bytes) -> dict[str, Any]:
    reason = "the file is no scenario of this program"
    try:
        read = json.loads(data[:MOST_BYTES].decode("utf-8"))
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict) or read.get("ohrid_scenario") != 1:
        raise InputError([Fault("scenario", "", "", "", reason, "Give a file that was saved with Scenario as JSON")])
    return read
