"""Charts of a front: two objectives as a plane, three with colour, more as parallel coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from .theme import BLUE, GREEN, GREY, LABEL, OPEN, ORANGE, PROVED, PURPLE, RED, SKY, Drawn

MARKS: dict[str, tuple[str, str]] = {  # kind -> colour, shape
    "package": (BLUE, "circle"),
    "knee": (ORANGE, "diamond"),
    "closest to your aim": (GREEN, "triangle-up"),
    "chosen": (RED, "circle"),
    "your aim": (GREEN, "cross"),
    "doing nothing": (GREY, "square"),
    "what was really done": (PURPLE, "triangle-down"),
    "best of each (ideal)": (GREY, "triangle-left"),
    "worst of each (nadir)": (GREY, "triangle-right"),
    "earlier front": (GREY, "circle"),
    "evolutionary search": (SKY, "triangle-down"),
}
SPECIAL = [kind for kind in MARKS if kind not in ("package", "earlier front", "evolutionary search")]
ROOM = 0.08  # of the span, left free around the points


def span(values: Iterable[float]) -> tuple[float, float]:
    """The range of an axis with some room around it."""
    values = list(values)
    low, high = min(values), max(values)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return (max(0.0, low - room) if low >= 0 else low - room, high + room)


def plane(
    points: pd.DataFrame, regions: pd.DataFrame, keys: tuple[str, str], titles: tuple[str, str], colour: str = "",
    colour_title: str = "", faded: bool = False,
) -> Drawn:  # fmt: skip
    """Two objectives; `points` has key, label, kind and the two columns, `regions` has x, proved, open.

    colour: column of a third objective.  faded: the points answer an earlier question.
    """
    x = alt.X(f"{keys[0]}:Q", title=titles[0], scale=alt.Scale(domain=span(points[keys[0]]), nice=False))
    y = alt.Y(f"{keys[1]}:Q", title=titles[1], scale=alt.Scale(domain=span(points[keys[1]]), nice=False))
    pick = alt.selection_point(name="pick", fields=["key"], on="click", empty=False)
    tips = [alt.Tooltip("label:N", title="package"), alt.Tooltip("kind:N"), *_tips(keys, titles)]
    layers: list[Any] = [*_regions(regions, points, keys)]
    shape = alt.Shape("kind:N", scale=_scale(points, 1), legend=alt.Legend(title=None, orient="top", columns=5))
    paint: Any = alt.Color("kind:N", scale=_scale(points, 0), legend=alt.Legend(title=None, orient="top", columns=5))
    if colour:
        paint = alt.Color(f"{colour}:Q", title=colour_title, scale=alt.Scale(scheme="cividis"))
    dots = alt.Chart(points).mark_point(filled=True, strokeWidth=1.5, cursor="pointer")
    layers.append(
        dots.encode(
            x=x, y=y, shape=shape, color=paint, tooltip=tips,
            size=alt.condition(alt.FieldOneOfPredicate(field="kind", oneOf=SPECIAL), alt.value(190), alt.value(90)),
            opacity=alt.value(0.35) if faded else alt.value(0.95),
            stroke=alt.condition(pick, alt.value(RED), alt.value("transparent")),
            strokeWidth=alt.condition(pick, alt.value(5), alt.value(1.5)),
        ).add_params(pick)
    )  # fmt: skip
    special = points[points["kind"].isin(SPECIAL)]
    layers.append(
        alt.Chart(special).mark_text(dy=-14, fontSize=LABEL - 1, color=GREY).encode(x=x, y=y, text=alt.Text("text:N"))
    )
    return alt.layer(*layers).properties(height=420).configure_axis(labelFontSize=LABEL, titleFontSize=LABEL)


def _tips(keys: tuple[str, ...], titles: tuple[str, ...]) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{k}:Q", title=t, format=",.3~f") for k, t in zip(keys, titles, strict=True)]


def _scale(points: pd.DataFrame, which: int) -> alt.Scale:
    kinds = [k for k in MARKS if k in set(points["kind"])]
    return alt.Scale(domain=kinds, range=[MARKS[k][which] for k in kinds])


def _regions(regions: pd.DataFrame, points: pd.DataFrame, keys: tuple[str, str]) -> list[Drawn]:
    """Below: no package can lie there, proved. Between: not settled yet."""
    if regions.empty:
        return []
    floor = span(points[keys[1]])[0]
    base = alt.Chart(regions.assign(floor=floor))
    step: dict[str, Any] = {"interpolate": "step-after", "clip": True, "line": False, "tooltip": None}
    proved = base.mark_area(color=PROVED, opacity=0.22, **step).encode(x="x:Q", y="floor:Q", y2="proved:Q")
    unsettled = base.mark_area(color=OPEN, opacity=0.22, **step).encode(x="x:Q", y="proved:Q", y2="open:Q")
    return [proved, unsettled]


def parallel(points: pd.DataFrame, keys: Sequence[str], titles: Sequence[str], faded: bool = False) -> Drawn:
    """Each package a line across the objectives, on scales from best (below) to worst (above) of the front."""
    pick = alt.selection_point(name="pick", fields=["key"], on="click", empty=False)
    rows = []
    for key, title in zip(keys, titles, strict=True):
        low, high = points[key].min(), points[key].max()
        place = (points[key] - low) / ((high - low) or 1.0)
        columns = points[["key", "label", "kind"]]
        rows.append(columns.assign(objective=title, value=points[key], place=place))
    long = pd.concat(rows, ignore_index=True)
    base = alt.Chart(long).encode(
        x=alt.X("objective:N", sort=list(titles), title=None, axis=alt.Axis(labelAngle=0, labelLimit=180)),
        y=alt.Y("place:Q", title="best of the front (0) to worst (1)"),
        color=alt.Color("kind:N", scale=_scale(points, 0), legend=alt.Legend(title=None, orient="top")),
        detail="key:N",
        tooltip=["label:N", "objective:N", alt.Tooltip("value:Q", format=",.3~f")],
        opacity=alt.value(0.3 if faded else 0.75),
    )
    lines = base.mark_line(strokeWidth=2)
    dots = base.mark_point(filled=True, size=70, cursor="pointer").encode(
        shape=alt.Shape("kind:N", scale=_scale(points, 1), legend=None)
    )
    chart = alt.layer(lines, dots.add_params(pick))
    return chart.properties(height=420).configure_axis(labelFontSize=LABEL, titleFontSize=LABEL)
