"""What a planner adds to the front: marks, an aim of one's own, ranges to look at, the evolutionary search laid over it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from ..answers import Axis
from ..choices import Choices, Package
from ..inputs.records import Case, Catalog
from ..judge.evaluate import judge_of
from ..replay import actual
from ..solving import fingerprint
from . import guard, rooms, state
from .background import Work
from .frames import knee_of, nearest, spots_frame
from .live import Picture
from .words import DIGITS, SHORT, axis_title, shown

PLANE, PANELS, LINES = "plane with colour", "linked panels", "parallel lines"
VIEWS = {3: (PLANE, PANELS, LINES)}  # by number of objectives; two are a plane, more than three are lines
_HAIR = 1e-6  # a value on the edge of a range lies within it
POLL = 1.0  # seconds between two looks at the evolutionary search

Values = dict[str, float]  # objective -> value in the unit of the pages


def look(key: str, default: Any = None) -> Any:
    """How a planner wants to see the front; it outlives a change of pages, as no widget does."""
    return st.session_state.setdefault("look", {}).get(key, default)


def _see(key: str) -> Callable[[Any], None]:
    return lambda value: st.session_state["look"].update({key: value})


def view(objectives: int) -> str:
    """The way of drawing: the one chosen, or what suits the number of objectives."""
    allowed = VIEWS.get(objectives, (LINES,)) if objectives > 2 else (PLANE,)
    wanted = look("view")
    return str(wanted) if wanted in allowed else allowed[0]


# --- choosing what is shown ------------------------------------------------------------------------------------------


def options(picture: Picture) -> None:
    """Marks and views to choose from."""
    if len(picture.axes) in VIEWS:
        state.bound(st.segmented_control, "View", "view", view(len(picture.axes)), _see("view"),
                    options=VIEWS[len(picture.axes)], required=True)  # fmt: skip
    _check("Mark doing nothing", "nothing")
    if state.case().actual_actions:
        _check("Mark what was really done (no branches, acts as coded)", "actual")
    _check("Mark ideal and nadir", "ends")
    _check("Aim for values of my own", "aim")
    if look("aim"):
        for axis, best in zip(picture.axes, picture.spots[0].values, strict=True):
            held = st.session_state["look"].setdefault(f"aim {axis.key}", round(shown(axis.key, best), 2))
            state.bound(st.number_input, f"At most: {axis_title(axis.key)}", f"aim {axis.key}", float(held),
                        _see(f"aim {axis.key}"))  # fmt: skip
        st.caption("The package that misses the aim by least is marked; a difference counts in resolutions.")
    _evolution(picture)


def _check(label: str, key: str) -> None:
    state.bound(st.checkbox, label, f"mark {key}", bool(look(key)), _see(key))


def brushes(picture: Picture) -> None:
    """One range for each objective, in the order of the axes: packages outside of one are left out."""
    for column, axis in zip(st.columns(len(picture.axes)), picture.axes, strict=True):
        low, high = _limits(picture, axis)
        wanted = look(f"brush {axis.key}") or (low, high)
        held = (min(max(low, wanted[0]), high), max(min(high, wanted[1]), low))
        with column:
            state.bound(st.slider, f"Show only: {SHORT[axis.key].lower()}", f"brush {axis.key}", held,
                        _see(f"brush {axis.key}"), min_value=low, max_value=high, step=10.0 ** -DIGITS[axis.key],
                        format=f"%.{DIGITS[axis.key]}f")  # fmt: skip

    keys = [a.key for a in picture.axes]
    if excluded(spots_frame(picture), keys):
        st.caption("No package lies within these ranges: all are shown.")


def _limits(picture: Picture, axis: Axis) -> tuple[float, float]:
    values = [round(shown(axis.key, s.values[picture.axes.index(axis)]), 9) for s in picture.spots]
    low = float(math.floor(min(values)))
    return low, max(float(math.ceil(max(values))), low + 1)


def _evolution(picture: Picture) -> None:
    """Overlay of the evolutionary engine: asked for, run beside, marked as without proof."""
    question, search = state.question(), state.search()
    if question is None or picture.running:
        st.caption("The evolutionary search can be laid over a finished front.")
        return
    work = _work()
    if work is None:
        make = rooms.evolution(question, [s.package for s in picture.spots])
        if make is not None and st.button("Overlay the evolutionary search", key="evolve"):
            st.session_state.update({"evolved": Work(make), "evolved for": search})
            st.rerun()
    else:
        st.fragment(guard.part(_evolving), run_every=POLL if work.running else None)(work, work.running)


def _evolving(work: Work, was_running: bool) -> None:
    if was_running and not work.running:
        st.rerun()
    st.caption("The evolutionary search is running; its packages appear when it ends." if work.running
               else work.said[0].sentence if work.said else work.fault)  # fmt: skip


def _work() -> Work | None:
    """The evolutionary search over the present front, if one was asked for."""
    work: Work | None = st.session_state.get("evolved")
    return work if st.session_state.get("evolved for") is state.search() else None


# --- what is shown ---------------------------------------------------------------------------------------------------


def points(picture: Picture, keys: Sequence[str]) -> pd.DataFrame:
    """The packages with their kinds, and the marks that were asked for."""
    aim = {k: float(look(f"aim {k}")) for k in keys if look("aim") and look(f"aim {k}") is not None}
    best, close, spot = knee_of(picture.spots), nearest(picture, aim), state.picked()
    kinds = {found.key: kind for found, kind in
             ((best, "knee"), (close, "closest to your aim"), (spot, "chosen")) if found is not None}  # fmt: skip
    found = spots_frame(picture)
    found = brushed(found.assign(kind=[kinds.get(k, "package") for k in found["key"]]), keys)
    found = found.assign(text=[f"{r.label} {r.kind}" if r.kind != "package" else "" for r in found.itertuples()])
    marks = [_mark(kind, values, keys) for kind, values in _marked(picture, keys, aim) if set(keys) <= set(values)]
    laid = _evolved(keys)
    extra = [*marks, *laid]
    return pd.concat([found, pd.DataFrame(extra)], ignore_index=True) if extra else found


def excluded(found: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Whether no package is within all ranges."""
    return not _inside(found, keys).any()


def brushed(found: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The packages within all ranges; all of them where none is."""
    inside = _inside(found, keys)
    return found[inside] if inside.any() else found


def _inside(found: pd.DataFrame, keys: Sequence[str]) -> Any:
    inside = pd.Series(True, index=found.index)
    for key in keys if len(keys) > 2 else ():
        low, high = look(f"brush {key}") or (-math.inf, math.inf)
        inside &= found[key].between(low - _HAIR, high + _HAIR)
    return inside


def _mark(kind: str, values: Values, keys: Sequence[str], text: str | None = None, number: int = 0) -> dict[str, Any]:
    return {"key": f"mark {kind} {number}", "label": "-", "kind": kind, "text": kind if text is None else text,
            "measures": 0, **{k: values[k] for k in keys}}  # fmt: skip


def _marked(picture: Picture, keys: Sequence[str], aim: Values) -> list[tuple[str, Values]]:
    found: list[tuple[str, Values]] = []
    if look("nothing"):
        found.append(("doing nothing", _nothing()))
    if look("actual") and state.case().actual_actions:
        data = fingerprint(state.case(), state.catalog())
        found.append(("what was really done", _actual(data, state.case(), state.catalog(), state.choices())))
    if look("ends"):
        columns = list(zip(*(s.values for s in picture.spots), strict=True))
        found.append(("best of each (ideal)", {k: shown(k, min(c)) for k, c in zip(keys, columns, strict=True)}))
        found.append(("worst of each (nadir)", {k: shown(k, max(c)) for k, c in zip(keys, columns, strict=True)}))
    return [*found, *([("your aim", aim)] if aim else [])]


def _evolved(keys: Sequence[str]) -> list[dict[str, Any]]:
    """Packages of the evolutionary search; the first one carries its name."""
    work, kind = _work(), "evolutionary search"
    if work is None or work.running or not work.said:
        return []
    rows = [{k: shown(k, v) for k, v in row.items()} for row in work.said[0].rows]
    return [_mark(kind, row, keys, None if n == 0 else "", n) for n, row in enumerate(rows) if set(keys) <= set(row)]


def _nothing() -> Values:
    """Doing nothing, as the judge sees it."""
    asked = state.question()
    if asked is None:
        return {}
    evaluation = judge_of(asked.case, asked.choices, asked.catalog).evaluate(Package())
    return {k: shown(k, v) for k, v in asked.values(frozenset(), evaluation).items()}


@st.cache_data(show_spinner=False, max_entries=50)
def _actual(data: str, _case: Case, _catalog: Catalog, choices: Choices) -> Values:
    """What was really done, in the units of the pages; data: fingerprint of case and catalog."""
    done = actual(_case, replace(choices, objectives=("risk", "cost")), _catalog)
    return {k: shown(k, v) for k, v in done.option.evaluation.values.items()}
