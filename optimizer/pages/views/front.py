"""The front: it grows while the search runs; a click, or the table, opens a package."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

import pandas as pd
import streamlit as st

from ...front import Certificate
from .. import guard, marks, nav, picked, state
from ..charts import front as charts
from ..frames import regions_frame, spots_frame
from ..live import Picture
from ..words import DIGITS, MODEL_ONLY, SHORT, amount, axis_title

POLL = 0.4  # seconds between two looks at a running search
WORDS = {
    "waiting": "Waiting for another search on this machine to end",
    "preparing": "Preparing the question",
    "searching": "Searching",
    "explaining": "No package satisfies all requirements. Looking for those that collide",
}


ALT = "Front of packages: each mark is a package. The list below holds the same packages and opens them by keyboard."
LIVE, CARD = (
    "front live",
    "front card",
)  # fragments: the first is drawn again and again, the second when another is chosen


def draw() -> None:
    search = state.ensure_search()
    running = search.picture.running
    st.title("Front of packages", anchor=False)
    st.fragment(guard.part(_live), run_every=POLL if running else None, key=LIVE)(running)
    if search.picture.why_nothing is None and (search.picture.spots or search.picture.state != "failed"):
        waiting = _awaited()
        st.fragment(guard.part(_card), run_every=POLL if waiting else None, key=CARD)(waiting)
        st.caption(MODEL_ONLY)


def _awaited() -> bool:
    """Whether the package of a link is still to be judged."""
    return st.session_state.get("picked") is not None and state.question() is None and state.picture().running


def _card(was_awaited: bool) -> None:
    state.write_link()
    picked.card()
    if was_awaited and not _awaited():
        st.rerun()


def _live(was_running: bool) -> None:
    """All that changes while the search runs."""
    picture = state.picture()
    _status(picture)
    if picture.state == "failed":
        _failed(picture)
    elif picture.why_nothing is not None:
        _nothing(picture)
    else:
        _found(picture)
    if was_running != picture.running:  # only now: a run that ends before it has drawn would blank the page
        st.rerun()


def _failed(picture: Picture) -> None:
    """What went wrong, the way on, and what had been found by then."""
    found = " What it had found by then stands below, without proof." if picture.spots else ""
    guard.show(f"The search failed; nothing that you set is lost.{found}", [picture.fault])
    st.button("Search again", key="once more", on_click=state.start, args=(True,))
    if picture.spots:
        _found(picture)


def _status(picture: Picture) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        if picture.running:
            open_share = picture.hypervolume_gap
            settled = 0.0 if math.isnan(open_share) else max(0.0, min(1.0, 1 - open_share))
            st.progress(settled, text=f"{WORDS[picture.state]}: {_gap(picture)}, {picture.seconds:.0f} s")
        elif picture.state == "failed":
            st.text(f"Not finished: {_gap(picture)}.")
        else:
            st.text(f"{_verdict(picture)} {_seconds(picture):.0f} s, {picture.solves} solves.")
    with right:
        if picture.running:
            st.button("Stop", key="stop", on_click=_stop, width="stretch")
        elif picture.state != "failed" and not (picture.certificate and _settled(picture.certificate)):
            st.button("Search on" if picture.spots else "Search again", key="go on", on_click=state.start, args=(True,),
                      width="stretch")  # fmt: skip


def _seconds(picture: Picture) -> float:
    """How long was searched: as the certificate has it, so that a front that is remembered says the same."""
    return picture.seconds if picture.certificate is None else picture.certificate.seconds


def _settled(certificate: Certificate) -> bool:
    """Whether there is nothing to search on for."""
    return certificate.complete or certificate.infeasible


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
        by = _step(axis.key, gap * axis.resolution) if math.isfinite(gap) else "an unknown step"
        parts.append(f"{by} in {SHORT[axis.key].lower()}")
    return " or ".join(parts)


def _step(key: str, value: float) -> str:
    """A difference in an objective; one too small for its digits is not called none."""
    least = 10.0 ** -DIGITS[key] / (100 if amount(key, 0.0).endswith("%") else 1)
    text = amount(key, max(value, least)).replace(" %", " points")
    return f"less than {text}" if value < least else text


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
        marks.options(picture)
    with chart:
        _chart(picture, faded=False)
        if len(keys) > 2:
            marks.brushes(picture)
        if len(keys) == 2:
            st.caption(
                "Grey: no package can lie there (proved). Orange: not settled yet. Unshaded: reached or beaten by a "
                "package shown. Differences below the resolution are ties."
            )
    with st.expander("The same as a list", key="list"):
        _table(picture)


def _chart(picture: Picture, faded: bool) -> None:
    keys = tuple(a.key for a in picture.axes)
    titles = tuple(axis_title(k) for k in keys)
    points = charts.painted(marks.points(picture, keys), faded)
    view = marks.view(len(keys))
    if view == marks.LINES:
        spec, data = charts.parallel(titles), {"points": charts.as_lines(points, keys, titles)}
    elif view == marks.PANELS:
        spec, data = charts.panels(keys, titles), {"points": points}
    else:
        if len(keys) == 1:
            keys, titles = (*keys, "measures"), (*titles, "number of measures")
        ranges = [charts.span(points[k].tolist()) for k in keys[:2]]
        regions = regions_frame(picture, *ranges) if len(keys) == 2 and not faded else pd.DataFrame()
        spec = charts.plane(keys, titles)
        data = {"points": points, "ground": charts.grounded(regions, *ranges)}
    st.vega_lite_chart(
        {**deepcopy(spec), "datasets": data}, width="content" if view == marks.PANELS else "stretch", key="front chart",
        on_select=_clicked, selection_mode="pick", alt=ALT,
    )  # fmt: skip


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


# --- the same by keyboard --------------------------------------------------------------------------------------------


def _table(picture: Picture) -> None:
    keys = [a.key for a in picture.axes]
    frame = marks.brushed(spots_frame(picture), keys)
    labels = dict(zip(frame["key"], frame["label"], strict=True))
    chosen = state.picked()
    held = chosen.key if chosen and chosen.key in labels else None
    state.bound(
        st.selectbox, "Open a package", "open package", held, _pick, options=list(labels), index=None,
        format_func=labels.__getitem__, placeholder="choose one",
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
            "Apply",
            key=f"repair {number}",
            on_click=state.repair,
            args=(way.changes, way.choices),
            width="stretch",
            type=nav.first_choice(),
        )
    if not why.ways:
        st.text("Loosen one of the requirements in the sidebar.")
