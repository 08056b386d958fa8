"""Charts of doubt: values in, Altair chart out; nothing here knows a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .core import Core
from .information import Worth
from .measures import Row
from .sensitivity import Bar


def _frame(rows: list[dict[str, Any]], columns: Sequence[str]) -> Any:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def ranges_chart(rows: Sequence[Row]) -> Any:
    """Projected risk of each package: 5 to 95 %, mean, and mean of the worst tenth."""
    import altair as alt

    data = _frame(
        [
            {"package": r.id, "low": 100 * r.p05, "high": 100 * r.p95, "mean": 100 * r.mean, "worst": 100 * r.cvar}
            for r in rows
        ],
        ("package", "low", "high", "mean", "worst"),
    )
    base = alt.Chart(data).encode(y=alt.Y("package:N", sort=None, title="Package"))
    span = base.mark_rule(size=3).encode(x=alt.X("low:Q", title="Projected risk, %"), x2="high:Q")
    mean = base.mark_point(filled=True, size=70).encode(x="mean:Q", tooltip=["package", "low", "mean", "high", "worst"])
    worst = base.mark_tick(color="firebrick", thickness=2).encode(x="worst:Q")
    return span + mean + worst


def core_chart(core: Core, kind: str = "instrument", names: dict[str, str] | None = None, most: int = 25) -> Any:
    """Share of the good packages that hold each instrument, partner or pair."""
    import altair as alt

    rows = [i for i in core.indices if i.kind == kind][:most]
    data = _frame(
        [{"name": (names or {}).get(i.name, i.name), "share": 100 * i.share, "standing": i.standing} for i in rows],
        ("name", "share", "standing"),
    )
    return (
        alt.Chart(data, title=f"{core.draws} draws")
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title="Good packages that hold it, %", scale=alt.Scale(domain=[0, 100])),
            y=alt.Y("name:N", sort=None, title=None),
            color=alt.Color("standing:N", title=None, sort=["core", "borderline", "exterior"]),
            tooltip=["name", "share", "standing"],
        )
    )


def tornado_chart(bars: Sequence[Bar]) -> Any:
    """How far each number, from its low to its high, moves a package's risk."""
    import altair as alt

    data = _frame(
        [{"number": b.title, "low": 100 * b.risk_at_low, "high": 100 * b.risk_at_high} for b in bars],
        ("number", "low", "high"),
    )
    return (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X("low:Q", title="Projected risk, %", scale=alt.Scale(zero=False)),
            x2="high:Q",
            y=alt.Y("number:N", sort=None, title=None),
            tooltip=["number", "low", "high"],
        )
    )


def worth_chart(worths: Sequence[Worth]) -> Any:
    """What learning each group of numbers gains, in risk points."""
    import altair as alt

    data = _frame(
        [
            {
                "what": w.title,
                "gain": 100 * w.gain,
                "low": 100 * max(0.0, w.gain - 2 * w.error),
                "high": 100 * (w.gain + 2 * w.error),
            }
            for w in worths
        ],
        ("what", "gain", "low", "high"),
    )
    base = alt.Chart(data).encode(y=alt.Y("what:N", sort=None, title=None))
    bars = base.mark_bar().encode(x=alt.X("gain:Q", title="Gain, risk points"), tooltip=["what", "gain"])
    return bars + base.mark_rule().encode(x="low:Q", x2="high:Q")
