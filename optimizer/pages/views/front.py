"""The front: it grows while the search runs; a click, or the table, opens a package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from ...replay import actual
from .. import picked, rooms, state
from ..background import Work
from ..charts import front as charts
from ..frames import knee, nearest, regions_frame, spots_frame
from ..live import Picture
from ..words import DIGITS, MODEL_ONLY, SHORT, amount, axis_title, shown

POLL = 0.4  # seconds between two looks at a running search
WORDS = {
    "waiting": "Waiting for another search on this machine to end",
    "preparing": "Preparing the question",
    "searching": "Searching",
    "explaining": "No package satisfies all requirements. Looking for those that collide",
}


LIVE, CARD = (
    "front live",
    "front card",
)  # fragments: the first is drawn again and again, the second when another is chosen


def draw() -> None:
    search = state.ensure_search()
    running = search.picture.running
    st.title("Front of packages", anchor=False)
    st.fragment(_live, run_every=POLL if running else None, key=LIVE)(running)
    if search.picture.why_nothing is None and search.picture.state != "failed":
        waiting = _awaited()
        st.fragment(_card, run_every=POLL if waiting else None, key=CARD)(waiting)
        st.caption(MODEL_ONLY)


def _awaited() -> bool:
    """Whether a package that the link names is still to be found, or to be judged."""
    search, spot = state.search(), state.picked()
    if search is None or st.session_state.get("picked") is None:
        return False
    return search.question is None if spot is not None else search.picture.running


def _card(was_awaited: bool) -> None:
    picked.card()
    state.write_link()
    if was_awaited and not _awaited():
        st.rerun()


def _live(was_running: bool) -> None:
    """All that changes while the search runs."""
    picture = state.picture()
    _status(picture)
    if picture.state == "failed":
        st.error("The search failed; nothing of yours is lost.")
        st.code(picture.fault, language=None, wrap_lines=True)
    elif picture.why_nothing is not None:
        _nothing(picture)
    else:
        _found(picture)
    if was_running != picture.running:  # only now: a run that ends before it has drawn would blank the page
        st.rerun()


def _status(picture: Picture) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        if picture.running:
            open_share = picture.hypervolume_gap
            settled = 0.0 if math.isnan(open_share) else max(0.0, min(1.0, 1 - open_share))
            st.progress(settled, text=f"{WORDS[picture.state]}: {_gap(picture)}, {picture.seconds:.0f} s")
        else:
            st.text(f"{_verdict(picture)} {picture.seconds:.0f} s, {picture.solves} solves.")
    with right:
        if picture.running:
            st.button("Stop", key="stop", on_click=_stop, width="stretch")
        elif picture.spots and not (picture.certificate and picture.certificate.complete):
            st.button("Go on", key="go on", on_click=state.start, args=(True,), width="stretch")


def _stop() -> None:
    search = state.search()
    if search is not None:
        search.stop()


def _gap(picture: Picture) -> str:
    count = len(picture.spots)
    head = f"{count} package{'' if count == 1 else 's'}"
    known = {k: g for k, g in picture.gap.items() if math.isfinite(g)}
    if not known or not picture.spots:
        return f"{head}, no bound yet"
    return f"{head}, an unseen one could be better by at most {_by(picture)}"


def _by(picture: Picture) -> str:
    parts = []
    for axis in picture.axes:
        gap = picture.gap.get(axis.key, math.inf)
        by = (
            amount(axis.key, gap * axis.resolution).replace(" %", " points")
            if math.isfinite(gap)
            else "an unknown step"
        )
        parts.append(f"{by} of {SHORT[axis.key].lower()}")
    return " or ".join(parts)


def _verdict(picture: Picture) -> str:
    certificate = picture.certificate
    if picture.infeasible:
        return "Proved: no package satisfies all requirements."
    if certificate is None:
        return f"Stopped: {_gap(picture)}." if picture.spots else "Stopped before anything was found."
    if not picture.spots:
        return "The search ended without a package and without a proof that there is none. Give it more time."
    if certificate.complete:
        return f"Complete, proved: {len(picture.spots)} packages; any other is better by at most {_by(picture)}."
    why = {"time limit": "Time is up", "stopped": "Stopped"}.get(certificate.stopped_by, "Not complete")
    return f"{why}: {_gap(picture)}."


# --- what was found --------------------------------------------------------------------------------------------------


def _found(picture: Picture) -> None:
    earlier: Picture | None = st.session_state.get("earlier")
    keys = [a.key for a in picture.axes]
    if not picture.spots:
        if earlier is not None and earlier.spots:
            with st.container():  # the same place and name as the new chart, so that none is taken away in between
                _chart(earlier, faded=True)
                st.caption("Greyed: the front of the earlier question, until the new one comes.")
            return
        st.info("The first packages appear here as soon as they are found." if picture.running else
                "There is nothing to show yet.")  # fmt: skip
        return
    chart, options = st.container(), st.popover("Marks and views", key="views")
    with options:
        _options(picture)
    with chart:
        _chart(picture, faded=False)
        if len(keys) == 2:
            st.caption(
                "Grey: no package can lie there (proved). Orange: not settled yet. White: reached or beaten by a package "
                "shown. Differences below the resolution are ties."
            )
    with st.expander("The same as a list", key="list"):
        _table(picture)


def _options(picture: Picture) -> None:
    st.checkbox("Mark doing nothing", key="mark nothing")
    if state.case().actual_actions:
        st.checkbox("Mark what was really done (no branches, acts as coded)", key="mark actual")
    st.checkbox("Mark ideal and nadir", key="mark ends")
    _evolution(picture)
    st.checkbox("Aim for values of my own", key="mark aim")
    if st.session_state.get("mark aim"):
        for axis, best in zip(picture.axes, picture.spots[0].values, strict=True):
            st.number_input(f"At most: {axis_title(axis.key)}", value=float(round(shown(axis.key, best), 2)),
                            key=f"aim {axis.key}")  # fmt: skip
    if len(picture.axes) >= 3:
        st.radio("View", ["plane with colour", "parallel lines"], key="view many",
                 index=0 if len(picture.axes) == 3 else 1, horizontal=True)  # fmt: skip
        for axis in picture.axes:
            values = [shown(axis.key, s.values[picture.axes.index(axis)]) for s in picture.spots]
            low, high = math.floor(min(values)), math.ceil(max(values))
            st.slider(f"Show only: {axis_title(axis.key)}", float(low), float(max(high, low + 1)),
                      (float(low), float(max(high, low + 1))), key=f"brush {axis.key}")  # fmt: skip


def _evolution(picture: Picture) -> None:
    """Overlay of the evolutionary engine: asked for, run beside, marked as without proof."""
    search = state.search()
    work: Work | None = st.session_state.get("evolved")
    if search is None or search.question is None or picture.running:
        st.caption("The evolutionary search can be laid over a finished front.")
        return
    make = rooms.evolution(search.question, [s.package for s in picture.spots])
    if make is not None and (work is None or st.session_state.get("evolved for") is not search):
        if st.button("Overlay the evolutionary search", key="evolve"):
            st.session_state.update({"evolved": Work(make), "evolved for": search})
            st.rerun()
    elif work is not None and work.running:
        st.caption("The evolutionary search is running; its packages appear when it ends.")
        st.button("Look again", key="look")
    elif work is not None:
        st.caption(work.said[0].sentence if work.said else work.fault)


def _evolved() -> list[dict[str, float]]:
    work: Work | None = st.session_state.get("evolved")
    if work is None or work.running or not work.said or st.session_state.get("evolved for") is not state.search():
        return []
    return [{k: shown(k, v) for k, v in row.items()} for row in work.said[0].rows]


def _chart(picture: Picture, faded: bool) -> None:
    keys = [a.key for a in picture.axes]
    points = _points(picture, keys)
    alt = _alt(picture)
    many = len(keys) >= 3
    how: dict[str, Any] = {"on_select": _clicked, "selection_mode": "pick", "key": "front chart"}
    if (
        many
        and st.session_state.get("view many", "parallel lines" if len(keys) > 3 else "plane with colour")
        == "parallel lines"
    ):
        chart: Any = charts.parallel(points, keys, [axis_title(k) for k in keys], faded)
    elif len(keys) == 1:
        chart = charts.plane(points.assign(measures=points["measures"]), pd.DataFrame(), (keys[0], "measures"),
                             (axis_title(keys[0]), "number of measures"), faded=faded)  # fmt: skip
    else:
        ranges = [charts.span(points[k].tolist()) for k in keys[:2]]
        regions = pd.DataFrame() if many or faded else regions_frame(picture, ranges[0], ranges[1])
        titles = (axis_title(keys[0]), axis_title(keys[1]))
        colour = keys[2] if many else ""
        chart = charts.plane(
            points, regions, (keys[0], keys[1]), titles, colour, axis_title(colour) if colour else "", faded
        )
    st.altair_chart(chart, width="stretch", alt=alt, **how)


def _alt(picture: Picture) -> str:
    parts = []
    for k, axis in enumerate(picture.axes):
        values = [s.values[k] for s in picture.spots]
        parts.append(
            f"{SHORT[axis.key].lower()} from {amount(axis.key, min(values))} to {amount(axis.key, max(values))}"
        )
    return f"Front of {len(picture.spots)} packages: {', '.join(parts)}. The table beside it holds the same packages."


def _clicked() -> None:
    """A click on a point picks its package; a click beside all points leaves the choice as it is."""
    found = st.session_state["front chart"].selection.get("pick") or []
    if found and isinstance(found[0].get("key"), str) and state.picture().find(found[0]["key"]):
        state.pick(found[0]["key"])
        st.rerun([CARD])  # the chart marks the point itself; to draw thousands of points again would take seconds


def _pick(key: str | None) -> None:
    """Choose a package from a list: the card shows it, and the chart marks it."""
    state.pick(key)
    st.rerun([LIVE, CARD])


def _points(picture: Picture, keys: Sequence[str]) -> pd.DataFrame:
    """The packages with their kinds, and the marks that were asked for."""
    points = spots_frame(picture)
    best, chosen, aim = knee(picture.spots), st.session_state.get("picked"), _aim(keys)
    close = nearest(picture, aim)
    kinds = {best.key if best else "": "knee", close.key if close else "": "closest to your aim", chosen: "chosen"}
    points = points.assign(kind=[kinds.get(k, "package") for k in points["key"]])
    if len(keys) >= 3:
        points = _brushed(points, keys)
    points = points.assign(text=[f"{r.label} {r.kind}" if r.kind != "package" else "" for r in points.itertuples()])
    extra = pd.DataFrame(_marks(picture, keys, aim))
    return pd.concat([points, extra], ignore_index=True) if len(extra) else points


def _brushed(points: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    inside = pd.Series(True, index=points.index)
    for key in keys:
        low, high = st.session_state.get(f"brush {key}", (-math.inf, math.inf))
        inside &= points[key].between(low, high)
    return points[inside] if inside.any() else points


def _aim(keys: Sequence[str]) -> dict[str, float]:
    if not st.session_state.get("mark aim"):
        return {}
    return {k: float(st.session_state[f"aim {k}"]) for k in keys if st.session_state.get(f"aim {k}") is not None}


def _marks(picture: Picture, keys: Sequence[str], aim: dict[str, float]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def mark(kind: str, values: dict[str, float]) -> None:
        if all(k in values for k in keys):
            rows.append({"key": f"mark {kind}", "label": "-", "kind": kind, "text": kind, "measures": 0,
                         **{k: values[k] for k in keys}})  # fmt: skip

    if st.session_state.get("mark nothing") or st.session_state.get("mark actual"):
        done = actual_values(state.case().id, state.case(), state.choices())
        if st.session_state.get("mark nothing"):
            mark("doing nothing", done["nothing"])
        if st.session_state.get("mark actual") and "actual" in done:
            mark("what was really done", done["actual"])
    if st.session_state.get("mark ends"):
        columns = list(zip(*(s.values for s in picture.spots), strict=True))
        mark("best of each (ideal)", {k: shown(k, min(c)) for k, c in zip(keys, columns, strict=True)})
        mark("worst of each (nadir)", {k: shown(k, max(c)) for k, c in zip(keys, columns, strict=True)})
    if aim:
        mark("your aim", aim)
    for number, values in enumerate(_evolved()):
        mark("evolutionary search", values)
        rows[-1].update({"key": f"evolved {number}", "text": ""})
    return rows


@st.cache_data(show_spinner=False, max_entries=50)
def _actual_values(case_print: str, _case: Any, choices: Any) -> dict[str, dict[str, float]]:
    done = actual(_case, replace(choices, objectives=("risk", "cost")))
    e = done.option.evaluation
    horizon = max(p.to_day for p in e.risk_path)
    nothing = {"risk": 100 * e.baseline, "cost": 0.0, "days": horizon, "coercion": 0.0}
    return {"nothing": nothing, "actual": {k: shown(k, v) for k, v in e.values.items()}}


def actual_values(name: str, case: Any, choices: Any) -> dict[str, dict[str, float]]:
    """Doing nothing, and what was really done, in the units of the pages."""
    return _actual_values(case.fingerprint, case, choices)


# --- the same by keyboard --------------------------------------------------------------------------------------------


def _table(picture: Picture) -> None:
    keys = [a.key for a in picture.axes]
    frame = spots_frame(picture)
    labels = dict(zip(frame["key"], frame["label"], strict=True))
    chosen = state.picked()
    options = [None, *frame["key"]]
    state.bound(
        st.selectbox, "Open a package", "open package", chosen.key if chosen else None, _pick, options=options,
        format_func=lambda k: "choose one" if k is None else labels.get(k, "earlier package"),
    )  # fmt: skip
    table = frame.drop(columns=["key"]).rename(columns={"label": "package"} | {k: axis_title(k) for k in keys})
    numbers = {axis_title(k): st.column_config.NumberColumn(format=f"%.{DIGITS[k]}f") for k in keys}
    st.dataframe(
        table, hide_index=True, key="front table", on_select=_row(list(frame["key"])), selection_mode="single-row",
        height=min(420, 38 + 35 * len(table)), alt="Packages of the front with their objectives", column_config=numbers,
    )  # fmt: skip


def _row(keys: list[str]) -> Any:
    def chosen() -> None:
        rows = st.session_state["front table"].selection.rows
        if rows and rows[0] < len(keys):
            _pick(keys[rows[0]])

    return chosen


# --- nothing satisfies all -------------------------------------------------------------------------------------------


def _nothing(picture: Picture) -> None:
    why = picture.why_nothing
    assert why is not None
    st.error("No package satisfies all requirements together.")
    st.text(why.sentence)
    if why.ways:
        st.subheader("Ways out, the smallest first", anchor=False)
    for number, way in enumerate(why.ways, start=1):
        left, right = st.columns([5, 1], vertical_alignment="center", border=True)
        left.text(way.sentence)
        right.button(
            "Apply", key=f"repair {number}", on_click=state.take, args=(way.choices,), width="stretch", type="primary"
        )
    if not why.ways:
        st.text("Loosen one of the requirements in the sidebar.")
