"""Charts of a front: two objectives as a plane, three with colour or as linked panels, more as parallel coordinates.

Each is a drawing that never changes while a front grows: all that changes is in its named data, `points` and `ground`. So the
browser moves the marks and never draws the chart anew, and a click always meets it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
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
    "evolutionary search": (SKY, "triangle-down"),
}
BESIDE = {"align": "left", "dx": 13, "baseline": "middle"}
NAMED: dict[str, dict[str, Any]] = {  # kind -> where its name stands, if not above the mark: some marks meet
    "your aim": {"dy": -28},
    "best of each (ideal)": BESIDE,
    "worst of each (nadir)": BESIDE | {"align": "right", "dx": -13},
    "doing nothing": BESIDE | {"align": "right", "dx": -13},
}
PLAIN = ("package", "evolutionary search")  # kinds without a name beside the mark
ROOM = 0.08  # of the span, left free around the points
HEIGHT, PANEL = 420, 195  # pixels; three panels fit into a page 1280 wide
DRAWN = ["colour", "shape", "size", "opacity"]


def span(values: Iterable[float]) -> tuple[float, float]:
    """The range of an axis with some room around it."""
    values = list(values)
    low, high = min(values), max(values)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return (max(0.0, low - room) if low >= 0 else low - room, high + room)


def painted(points: pd.DataFrame, faded: bool = False) -> pd.DataFrame:
    """The points with the colour, shape, size and opacity of their kind; `faded`: they answer an earlier question."""
    kinds = points["kind"]
    return points.assign(
        colour=[MARKS[k][0] for k in kinds], shape=[MARKS[k][1] for k in kinds],
        size=[90 if k in PLAIN else 190 for k in kinds], opacity=0.35 if faded else 0.95,
    )  # fmt: skip


def grounded(regions: pd.DataFrame, x_range: tuple[float, float], y_range: tuple[float, float]) -> pd.DataFrame:
    """The ground of a plane: its corners, and the steps of the certified region where a bound is known."""
    if regions.empty:
        regions = pd.DataFrame({"x": x_range, "proved": y_range[0], "open": y_range[0]})
    return regions.assign(floor=y_range[0], top=y_range[1])


def as_lines(points: pd.DataFrame, keys: Sequence[str], titles: Sequence[str]) -> pd.DataFrame:
    """Points for parallel coordinates: one row for each objective, placed from best (0) to worst (1) of those shown."""
    rows = []
    for key, title in zip(keys, titles, strict=True):
        low, high = points[key].min(), points[key].max()
        place = (points[key] - low) / ((high - low) or 1.0)
        columns = points[["key", "label", "kind", "text", *DRAWN]]
        rows.append(columns.assign(objective=title, value=points[key], place=place))
    return pd.concat(rows, ignore_index=True)


@lru_cache(maxsize=32)
def plane(keys: tuple[str, ...], titles: tuple[str, ...]) -> dict[str, Any]:
    """Two objectives, with the certified region; a third one as colour."""
    pick = _pick()
    return _sized(alt.layer(*_ground(titles), *_marks(keys, titles, pick)).properties(height=HEIGHT))


@lru_cache(maxsize=32)
def panels(keys: tuple[str, ...], titles: tuple[str, ...]) -> dict[str, Any]:
    """Every two of the objectives side by side; what is brushed in one panel stays clear in all of them."""
    pick, brush = _pick(), alt.selection_interval(name="brush")
    named = dict(zip(keys, titles, strict=True))
    drawn = [
        alt.layer(*_marks(pair, tuple(named[k] for k in pair), pick, brush)).properties(width=PANEL, height=PANEL + 90)
        for pair in combinations(keys, 2)
    ]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Automatically deduplicated")  # one selection in all panels is what is meant
        return _sized(alt.concat(*drawn, columns=3))


@lru_cache(maxsize=32)
def parallel(titles: tuple[str, ...]) -> dict[str, Any]:
    """Each package a line across the objectives, on scales from best (below) to worst (above) of those shown."""
    pick = _pick()
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("objective:N", sort=list(titles), title=None, axis=_named_axis()),
        y=alt.Y("place:Q", title="best of those shown (0) to worst (1)", scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("colour:N", scale=None), detail="key:N",
        tooltip=[alt.Tooltip("label:N", title="package"), "kind:N", "objective:N", alt.Tooltip("value:Q", format=",.3~f")],
    )  # fmt: skip
    lines = base.mark_line().encode(
        strokeWidth=alt.condition(pick, alt.value(5), alt.value(1.5)),
        opacity=alt.Opacity("opacity:Q", scale=None),
    )
    dots = base.mark_point(filled=True, cursor="pointer").encode(
        shape=alt.Shape("shape:N", scale=None), size=alt.Size("size:Q", scale=None),
        stroke=alt.condition(pick, alt.value(RED), alt.value("transparent")),
        strokeWidth=alt.condition(pick, alt.value(5), alt.value(1.5)),
    )  # fmt: skip
    names = (
        base.transform_filter(alt.datum.text != "")
        .transform_filter(alt.datum.objective == titles[-1])
        .mark_text(align="left", dx=10, fontSize=LABEL - 1, color=GREY)
        .encode(text="text:N", color=alt.value(GREY))
    )
    return _sized(alt.layer(lines, dots.add_params(pick), names).properties(height=HEIGHT))


def _named_axis() -> alt.Axis:
    """Every objective by its name, the unit below it: on one line, five of them would push each other off the axis."""
    lines = "[split(datum.label, ' (')[0], '(' + split(datum.label, ' (')[1]]"
    return alt.Axis(labelAngle=0, labelLimit=140, labelOverlap=False, labelExpr=lines, grid=True)


def _pick() -> alt.Parameter:
    return alt.selection_point(name="pick", fields=["key"], on="click", empty=False)


def _sized(chart: Drawn) -> dict[str, Any]:
    made: dict[str, Any] = chart.configure_axis(labelFontSize=LABEL, titleFontSize=LABEL).to_dict()
    return made


def _marks(
    keys: tuple[str, ...], titles: tuple[str, ...], pick: alt.Parameter, brush: alt.Parameter | None = None
) -> list[Drawn]:
    """The packages with the names of special ones beside them."""
    x, y = _axis(alt.X, keys[0], titles[0], brush is not None), _axis(alt.Y, keys[1], titles[1], brush is not None)
    tips = [alt.Tooltip("label:N", title="package"), alt.Tooltip("kind:N"), *_tips(keys, titles)]
    clear = alt.Opacity("opacity:Q", scale=None)
    paint: Any = alt.Color("colour:N", scale=None)
    if len(keys) > 2:
        paint = alt.Color(f"{keys[2]}:Q", title=titles[2], scale=alt.Scale(scheme="cividis"))
    data = alt.Chart(alt.NamedData("points"))
    dots = data.mark_point(filled=True, cursor="pointer").encode(
        x=x, y=y, color=paint, tooltip=tips,
        shape=alt.Shape("shape:N", scale=None), size=alt.Size("size:Q", scale=None),
        opacity=clear if brush is None else alt.condition(brush, clear, alt.value(0.12)),
        stroke=alt.condition(pick, alt.value(RED), alt.value("transparent")),
        strokeWidth=alt.condition(pick, alt.value(5), alt.value(1.5)),
    )  # fmt: skip
    named = data.transform_filter(alt.datum.text != "").encode(x=x, y=y, text="text:N")
    names = [
        named.transform_filter(alt.FieldOneOfPredicate("kind", kinds)).mark_text(
            fontSize=LABEL - 1, color=GREY, **place
        )
        for kinds, place in [([k for k in MARKS if k not in NAMED], {"dy": -14}), *(([k], v) for k, v in NAMED.items())]
    ]
    return [dots.add_params(*[p for p in (pick, brush) if p is not None]), *names]


def _tips(keys: tuple[str, ...], titles: tuple[str, ...]) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{k}:Q", title=t, format=",.3~f") for k, t in zip(keys, titles, strict=True)]


def _axis(channel: Any, field: str, title: str, padded: bool = False) -> Any:
    return channel(f"{field}:Q", title=title, scale=alt.Scale(zero=False, nice=False, padding=14 if padded else 0))


def _ground(titles: tuple[str, ...]) -> list[Drawn]:
    """Below: no package can lie there, proved. Between: not settled yet. The corners hold the axes."""
    base = alt.Chart(alt.NamedData("ground")).encode(x=_axis(alt.X, "x", titles[0]))
    step: dict[str, Any] = {"interpolate": "step-after", "clip": True, "line": False, "tooltip": None}
    floor, proved = _axis(alt.Y, "floor", titles[1]), _axis(alt.Y, "proved", titles[1])
    return [
        base.mark_rule(opacity=0).encode(y=floor, y2="top:Q"),
        base.mark_area(color=PROVED, opacity=0.22, **step).encode(y=floor, y2="proved:Q"),
        base.mark_area(color=OPEN, opacity=0.22, **step).encode(y=proved, y2="open:Q"),
    ]
