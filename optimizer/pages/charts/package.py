"""Charts of one package: timeline, money, partner load, hazard, and threats with what backs them."""

from __future__ import annotations

import altair as alt
import pandas as pd

from .theme import BLUE, GREY, LABEL, RED, Drawn, colours, dashes

ROW = 28  # pixels for each row of a timeline
CHROME = 130  # pixels for legend and axis: the height that the page gives a chart holds them too


def timeline(frame: pd.DataFrame, branch_day: float | None) -> Drawn:
    """Gantt: pale while a measure is prepared, full while it is in force; colour and order by branch."""
    branches = list(dict.fromkeys(frame["branch"]))
    rows = frame.assign(row=frame["measure"] + frame["branch"].map(lambda b: "" if b == "Now" else f" ({b.lower()})"))
    order = list(dict.fromkeys(rows["row"]))
    y = alt.Y("row:N", sort=order, title=None, axis=alt.Axis(labelLimit=380, labelFontSize=LABEL - 1))
    tips = ["measure:N", "branch:N", "stretch:N", "from date:N", "to date:N"]
    bars = (
        alt.Chart(rows)
        .mark_bar(height=13, cornerRadius=2, stroke=GREY, strokeWidth=0.5)
        .encode(
            x=alt.X("from:Q", title="days from the start"), x2="to:Q", y=y,
            color=alt.Color("branch:N", scale=alt.Scale(domain=branches, range=colours(branches)),
                            legend=alt.Legend(title=None, orient="top", symbolStrokeWidth=0)),
            opacity=alt.Opacity("stretch:N", scale=alt.Scale(domain=["preparing", "in force"], range=[0.3, 0.95]), legend=None),
            tooltip=tips,
        )
    )  # fmt: skip
    layers: list[Drawn] = [bars, *([] if branch_day is None else [_rule(branch_day)])]
    return alt.layer(*layers).properties(height=ROW * len(order) + CHROME)


def _rule(day: float) -> Drawn:
    return alt.Chart(pd.DataFrame({"day": [day]})).mark_rule(color=GREY, strokeDash=[4, 4]).encode(x="day:Q")


def money(frame: pd.DataFrame, budget: float) -> Drawn:
    """Money spent by each day on every path, beside the envelope where it is near."""
    paths = list(dict.fromkeys(frame["path"]))
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("day:Q", title="days from the start"),
            y=alt.Y("spent:Q", title="spent by then (M USD of 2020)"),
            color=alt.Color("path:N", scale=alt.Scale(domain=paths, range=colours(paths)),
                            legend=alt.Legend(title=None, orient="top")),
            strokeDash=alt.StrokeDash("path:N", scale=alt.Scale(domain=paths, range=dashes(paths)), legend=None),
            tooltip=["path:N", alt.Tooltip("day:Q", format=".0f"), alt.Tooltip("spent:Q", format=",.1f")],
        )
    )  # fmt: skip
    near = frame["spent"].max() > 0.3 * budget if len(frame) else False
    limit = alt.Chart(pd.DataFrame({"budget": [budget]})).mark_rule(color=RED, strokeDash=[4, 4]).encode(y="budget:Q")
    return alt.layer(lines, *([limit] if near else [])).properties(height=260)


def load(frame: pd.DataFrame) -> Drawn:
    """Measures that each partner leads or carries with others, over time, under its capacity (dashed)."""
    paths = list(dict.fromkeys(frame["path"]))
    base = alt.Chart(frame).encode(x=alt.X("day:Q", title="days"))
    steps = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        y=alt.Y("load:Q", title="measures at once", scale=alt.Scale(domainMin=0)),
        color=alt.Color("path:N", scale=alt.Scale(domain=paths, range=colours(paths)),
                        legend=alt.Legend(title=None, orient="top")),
        strokeDash=alt.StrokeDash("path:N", scale=alt.Scale(domain=paths, range=dashes(paths)), legend=None),
        tooltip=["partner:N", "path:N", "day:Q", "load:Q", "capacity:Q"],
    )  # fmt: skip
    limit = base.mark_line(color=GREY, strokeDash=[3, 3], strokeWidth=2).encode(y="capacity:Q", detail="partner:N")
    title = alt.Facet("partner:N", title=None, header=alt.Header(labelFontSize=LABEL, labelLimit=230))
    return alt.layer(limit, steps).properties(width=215, height=110).facet(facet=title, columns=3)


def hazard(frame: pd.DataFrame) -> Drawn:
    """Risk a month before and after the package, with the band of the baseline's range."""
    series = ["if nothing is done", "with this package"]
    scale = alt.Scale(domain=series, range=[RED, BLUE])
    both = pd.concat([frame.assign(day=frame["from"]), frame.assign(day=frame["to"] - 1e-6)]).sort_values("day")
    base = alt.Chart(both).encode(
        x=alt.X("day:Q", title="days from the start"),
        color=alt.Color("series:N", scale=scale, legend=alt.Legend(title=None, orient="top", symbolOpacity=1)),
    )
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title="risk a month (points)"), y2="high:Q")
    tips = ["series:N", "branch:N", alt.Tooltip("value:Q", format=".2f", title="risk points a month"),
            alt.Tooltip("low:Q", format=".2f"), alt.Tooltip("high:Q", format=".2f")]  # fmt: skip
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=series, range=[[5, 3], [1, 0]]), legend=None)
    line = base.mark_line(strokeWidth=2.5).encode(y="value:Q", strokeDash=dash, tooltip=tips)
    order = list(dict.fromkeys(frame["branch"]))
    facet = alt.Facet("branch:N", sort=order, title=None, header=alt.Header(labelFontSize=LABEL))
    return (
        alt.layer(band, line)
        .properties(width=330, height=150)
        .facet(facet=facet, columns=2)
        .resolve_scale(x="independent")
    )


def threats(frame: pd.DataFrame, branch_day: float | None) -> Drawn:
    """An arrow from each threat or promise to the deed that makes it good, ready in the branch where it is tested."""
    rows = list(dict.fromkeys([*frame["threat"], *frame["deed"]]))
    ends = pd.concat(
        [
            frame.assign(day=frame["from"], row=frame["threat"], end="threat or promise"),
            frame[frame["backed"]].assign(day=frame["ready"], row=frame["deed"], end="deed ready"),
        ]
    )
    kinds = ["threat or promise", "deed ready"]
    legend = alt.Legend(title=None, orient="top")
    dots = (
        alt.Chart(ends)
        .mark_point(filled=True, size=170, opacity=1)
        .encode(
            x=alt.X("day:Q", title="days from the start"), y=_row("row", rows),
            tooltip=["threat:N", "tested:N", "deed:N", "deed in:N"],
            shape=alt.Shape("end:N", scale=alt.Scale(domain=kinds, range=["circle", "square"]), legend=legend),
            color=alt.Color("end:N", scale=alt.Scale(domain=kinds, range=[RED, BLUE]), legend=legend),
        )
    )  # fmt: skip
    layers = [*_arrows(frame[frame["backed"]], rows), dots, *([] if branch_day is None else [_rule(branch_day)])]
    return alt.layer(*layers).properties(height=ROW * len(rows) + CHROME)


def _row(field: str, rows: list[str]) -> alt.Y:
    return alt.Y(f"{field}:N", sort=rows, scale=alt.Scale(domain=rows), title=None, axis=alt.Axis(labelLimit=380))


def _arrows(frame: pd.DataFrame, rows: list[str]) -> list[Drawn]:
    """Along the row of the threat to the day on which its deed is ready, and from there to the deed's own row."""
    down = frame.assign(
        down=[rows.index(d) > rows.index(t) for t, d in zip(frame["threat"], frame["deed"], strict=True)]
    )
    base = alt.Chart(down)
    along = base.mark_rule(color=GREY, strokeWidth=2).encode(
        x=alt.X("from:Q", title="days from the start"), x2="ready:Q", y=_row("threat", rows)
    )
    across = base.mark_rule(color=GREY, strokeWidth=2).encode(x="ready:Q", y=_row("threat", rows), y2="deed:N")
    heads = [
        base.transform_filter(f"datum.down == {str(way).lower()}")
        .mark_point(shape=shape, filled=True, size=150, color=GREY, opacity=1, yOffset=offset)
        .encode(x="ready:Q", y=_row("deed", rows))
        for way, shape, offset in ((True, "triangle-down", -13), (False, "triangle-up", 13))
    ]
    return [along, across, *heads]
