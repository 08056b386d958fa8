"""What a session holds: a case, one frozen `Choices`, the search, the chosen package. Pages read and change it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from ..answers import Option
from ..choices import Choices, Package
from ..inputs import load_case, load_catalog
from ..inputs.places import data_folder
from ..inputs.records import Case, Catalog
from ..judge.check import violations
from ..questions import Question
from ..solving import option
from ..wishes import checked
from . import guard, store
from .changes import changes_in_words
from .early import early
from .given_up import GivenUp, in_words
from .live import Picture, Spot, key_of, spot_of
from .own import own_case
from .plain import packed, packed_package, unpacked, unpacked_package
from .search import Search
from .words import Names

FIRST_CASE = "macedonia_2001"
OWN = "own:"  # a case of the planner's own, kept in the store under its digest
SECONDS = 60.0
MOST_OPTIONS = 200  # judged packages kept in a session


def _get(key: str, default: Any = None) -> Any:
    return st.session_state.get(key, default)


def begin() -> None:
    """On the first run of a session: take over what the link says."""
    if "choices" in st.session_state:
        return
    st.session_state.update(case=FIRST_CASE, choices=Choices(), picked=None, pins=(), faults={}, options={})
    wanted = st.query_params
    with told("link"):
        if "case" in wanted:
            named(str(wanted["case"]))
            st.session_state["case"] = str(wanted["case"])
        if "overlay" in wanted:
            st.session_state["overlay"] = store.overlay_of(str(wanted["overlay"]))
        if "q" in wanted:
            choices = unpacked(str(wanted["q"]))
            st.session_state["choices"] = checked(case(), choices, catalog())
        if "pick" in wanted:
            st.session_state["picked"] = unpacked_package(str(wanted["pick"]))


def write_link() -> None:
    """The address always restores what is on the screen."""
    fields = {"case": _get("case")}
    if _get("overlay"):
        fields["overlay"] = store.overlay_mark(_get("overlay"))
    if choices() != Choices():
        fields["q"] = packed(choices())
    if _get("picked") is not None:
        fields["pick"] = packed_package(_get("picked"))
    if st.query_params.to_dict() != fields:
        st.query_params.from_dict(fields)


class told:
    """What fails inside is shown on the page under a name, not raised."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        st.session_state["faults"] = {k: v for k, v in _get("faults", {}).items() if k != self.name}

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception):  # a rerun that is asked for is none, and goes through
            st.session_state["faults"] = _get("faults", {}) | {self.name: guard.reasons(error)}
            return True
        return False


def show_faults(name: str, head: str = "This cannot be used; nothing was changed.") -> None:
    """All faults that were told under a name."""
    found = _get("faults", {}).get(name)
    if found:
        guard.show(head, found)


# --- the case and its data -------------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=40)
def _read(name: str, stamp: int) -> Case:
    return load_case(name)


def named(name: str) -> Case:
    """A case by the name that the link gives it."""
    if name.startswith(OWN):
        return own_case(name.removeprefix(OWN), store.case_text(name.removeprefix(OWN)))
    file = data_folder("cases") / f"{name}.yaml"
    stamp = file.stat().st_mtime_ns if hasattr(file, "stat") and file.is_file() else 0
    return _read(name, stamp) if stamp else load_case(_only_shipped(name))


def _only_shipped(name: str) -> str:
    """A link may name a shipped case, never a file of the machine."""
    return name.replace("/", " ").replace("\\", " ").replace(".", " ")


def case() -> Case:
    return named(_get("case"))


def catalog() -> Catalog:
    return evidence(_get("overlay"))


def evidence(overlay: str | None) -> Catalog:
    """The shipped evidence, or that with a planner's own laid over it."""
    return load_catalog(store.overlay_folder(overlay) if overlay else None)


def choices() -> Choices:
    found: Choices = _get("choices")
    return found


def names() -> Names:
    return Names(case(), catalog())


def take_case(name: str) -> None:
    """Another case: choices that name partners or days of the old one go."""
    st.session_state.update(
        case=name, choices=Choices(objectives=choices().objectives), picked=None, earlier=None, given_up=()
    )
    _drop_search()


def take_overlay(name: str | None) -> None:
    st.session_state["overlay"] = name
    _drop_search()


def _drop_search() -> None:
    running: Search | None = _get("search")
    if running is not None:
        running.stop()
    st.session_state.update(search=None, options={})


# --- the choices -----------------------------------------------------------------------------------------------------


def change(**fields: Any) -> None:
    """Other choices; what cannot be used is refused with its reason, and the old ones stay."""
    take(replace(choices(), **fields))


def take(wanted: Choices) -> None:
    if wanted == choices():
        return
    with told("choices"):
        st.session_state["choices"] = checked(case(), wanted, catalog())
        if _get("search") is not None:
            start()


def undo() -> None:
    """Back to the case as it is coded, for the same objectives."""
    st.session_state["given_up"] = ()
    take(Choices(objectives=choices().objectives))


def repair(changes: tuple[str, ...], wanted: Choices) -> None:
    """Take a way out where nothing satisfies all; what it gives up is remembered for the playbook."""
    found = GivenUp(changes, choices(), wanted)
    take(wanted)
    st.session_state["given_up"] = (*_get("given_up", ()), found)


def given_up() -> tuple[str, ...]:
    """What was given up so that a package exists, in words."""
    return in_words(_get("given_up", ()), choices(), partial(changes_in_words, case(), catalog()))


def put(field: str, key: str, value: object) -> None:
    """Change one pair of a field such as `will`; None takes the pair out."""
    pairs = dict(getattr(choices(), field))
    pairs.pop(key, None)
    change(**{field: tuple((pairs if value is None else pairs | {key: value}).items())})


def bound(
    widget: Callable[..., Any], label: str, key: str, value: Any, save: Callable[[Any], None], **more: Any
) -> None:
    """A widget that takes its value from the choices and writes it back: it survives the change of pages."""

    def changed() -> None:
        with told("choices"):
            save(st.session_state[key])

    st.session_state[key] = value
    widget(label, key=key, on_change=changed, **more)


# --- the search ------------------------------------------------------------------------------------------------------


def seconds() -> float:
    return float(_get("seconds", SECONDS))


def search() -> Search | None:
    found: Search | None = _get("search")
    return found


def start(again: bool = False) -> None:
    """Begin a search for the present choices; what was found before stays on the screen until the new front comes.

    A front of this very question that is remembered answers it at once, proved or not, unless it is asked for again.
    """
    old, chosen = search(), _get("picked")
    packages: tuple[Package, ...] = () if chosen is None else (chosen,)
    if old is not None:
        old.stop()
        if old.picture.spots:
            st.session_state["earlier"] = old.picture
        packages += tuple(s.package for s in (_get("earlier") or old.picture).spots)
    new = Search(case(), choices(), catalog(), seconds(), packages, again)
    st.session_state.update(search=new, options={})


def prepare() -> None:
    """Look for the first packages while the planner reads, so that they are there when asked for."""
    data = (case(), choices(), catalog())
    if search() is None and _get("prepared") != (data[0].fingerprint, data[1]):
        st.session_state["prepared"] = (data[0].fingerprint, data[1])
        early(*data)


def ensure_search() -> Search:
    """The search for the present choices, begun if there is none."""
    found = search()
    if found is None or found.choices != choices() or found.case is not case():
        start()
    found = search()
    assert found is not None
    return found


def picture() -> Picture:
    found = search()
    return Picture() if found is None else found.picture


def pick(key: str | None) -> None:
    """Choose a package; no key leaves the choice as it is (a list that lost an entry says so by itself)."""
    found = picture().find(key)
    if found is not None:
        st.session_state["picked"] = found.package


def question() -> Question | None:
    """The question that is being answered, once it is ready."""
    found = search()
    return None if found is None else found.question


def picked() -> Spot | None:
    """The chosen package; one that is not on the front (of a link, or of before a change) is judged anew."""
    package: Package | None = _get("picked")
    if package is None:
        return None
    return picture().find(key_of(package)) or _restored(package)


def _restored(package: Package) -> Spot | None:
    asked, held = question(), _get("restored")
    if asked is None:
        return None
    if held is None or held[0] is not asked or held[1] != package:
        held = st.session_state["restored"] = (asked, package, spot_of(asked, package))
    spot: Spot | None = held[2]
    return spot and (picture().find(spot.key) or spot)


def refused() -> str:
    """Why the chosen package cannot be had under the present choices; empty where it can, or where none is chosen."""
    package, asked = _get("picked"), question()
    if package is None or asked is None or picked() is not None:
        return ""
    broken = violations(asked.case, package, asked.choices, asked.catalog)
    return broken[0].because if broken else "One of its measures is not on offer, or a rule made required is not kept."


def judged(spot: Spot) -> Option | None:
    """The judge's whole word on a package; None while its question is not ready."""
    asked = question()
    if asked is None:
        return None
    cache: dict[str, Option] = _get("options")
    if spot.key not in cache:
        if len(cache) >= MOST_OPTIONS:
            cache.clear()
        cache[spot.key] = option(asked, asked.situation.indices(spot.package))
    return replace(cache[spot.key], id=picture().label(spot.key))
