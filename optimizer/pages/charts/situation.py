"""Charts of a case: when the harm is expected, and scores from 0 to 1."""

from __future__ import annotations

import altair as alt
import pandas as pd

from .theme import BLUE, GREY, LABEL, ORANGE, Drawn


def tempo(frame: pd.DataFrame, branch_month: float | None) -> Drawn:
    """Share of the harm by month; the branch day as a dashed line."""
    bars = (
        alt.Chart(frame)
        .mark_bar(color=BLUE, size=14)
        .encode(
            x=alt.X(
                "month:Q",
                title="month of the plan",
                axis=alt.Axis(tickMinStep=1),
                scale=alt.Scale(nice=False, padding=12),
            ),
            y=alt.Y("share:Q", title="share of the harm (%)"),
            tooltip=["month:Q", "date:N", alt.Tooltip("share:Q", format=".1f")],
        )
    )
    if branch_month is None:
        return alt.layer(bars).properties(height=220)
    mark = pd.DataFrame({"month": [branch_month + 0.5]})
    return alt.layer(bars, alt.Chart(mark).mark_rule(color=ORANGE, strokeDash=[5, 3], strokeWidth=2).encode(x="month:Q")
                     ).properties(height=220)  # fmt: skip


def scores(frame: pd.DataFrame, title: str) -> Drawn:
    """One bar for each factor, from 0 to 1, with its value in figures."""
    y = alt.Y("factor:N", sort=list(frame["factor"]), title=None, axis=alt.Axis(labelLimit=230, labelFontSize=LABEL))
    x = alt.X("value:Q", title=title, scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(frame).encode(x=x, y=y, tooltip=["factor:N", "value:Q", "note:N"])
    text = base.mark_text(align="left", dx=4, color=GREY, fontSize=LABEL).encode(
        text=alt.Text("value:Q", format=".2~f")
    )
    return alt.layer(base.mark_bar(color=BLUE, height=14), text).properties(height=28 * len(frame) + 60)


def baselines(frame: pd.DataFrame) -> Drawn:
    """Both baselines: a point each, with the range where one is known; `frame` has view, value, low, high (%)."""
    y = alt.Y("view:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelFontSize=LABEL))
    base = alt.Chart(frame).encode(y=y)
    tips = ["view:N", alt.Tooltip("value:Q", format=".1f"), "low:Q", "high:Q"]
    ranges = base.mark_rule(color=BLUE, strokeWidth=4, opacity=0.4).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(filled=True, size=150, color=BLUE, shape="diamond").encode(
        x=alt.X("value:Q", title="chance within a year (%)", scale=alt.Scale(domainMin=0)),
        tooltip=tips,
    )
    return alt.layer(ranges, dots).properties(height=34 * len(frame) + 80)
