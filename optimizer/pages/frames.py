"""Frames that the charts and tables of the pages draw. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from ..answers import Option
from ..inputs.records import Case
from ..judge.evaluate import Judged
from ..knee import knee
from ..model.rules import accountable_node, backing, backing_by
from ..model.situation import Situation
from ..model.tree import MONTH_DAYS
from ..questions import Question
from .live import Picture, Spot
from .words import Names, calendar, day_text, literal, node_name, plain, sentence, shown


def spots_frame(picture: Picture) -> pd.DataFrame:
    """One row a package: key, label, values in the unit of the pages, number of measures."""
    keys = [a.key for a in picture.axes]
    rows = [
        {"key": s.key, "label": f"P{n}", **values_of(keys, s.values), "measures": len(s.package.measures)}
        for n, s in enumerate(picture.spots, start=1)
    ]
    return pd.DataFrame(rows, columns=["key", "label", *keys, "measures"])


ORDER = ("now", "escalates", "settles", "drags_on")  # other branches follow, by name


def values_of(keys: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    return {k: shown(k, v) for k, v in zip(keys, values, strict=True)}


def knee_of(spots: Sequence[Spot]) -> Spot | None:
    """The knee of a front; None where there is nothing to weigh."""
    return spots[knee([s.values for s in spots])] if len(spots) > 2 else None


def nearest(picture: Picture, aim: Mapping[str, float]) -> Spot | None:
    """The package that misses an aim by least, in resolutions (Chebyshev distance of reference points)."""
    if not picture.spots or not aim:
        return None

    def miss(spot: Spot) -> float:
        parts = zip(picture.axes, spot.values, strict=True)
        return max((shown(a.key, v) - aim[a.key]) / shown(a.key, a.resolution) for a, v in parts if a.key in aim)

    return min(picture.spots, key=miss)


def regions_frame(picture: Picture, x_range: tuple[float, float], y_range: tuple[float, float]) -> pd.DataFrame:
    """Steps over the first objective: below `proved` no package can lie, between it and `open` it is not settled."""
    gaps = [picture.gap.get(a.key, math.inf) * a.resolution for a in picture.axes]
    if len(picture.axes) != 2 or not picture.spots or not all(map(math.isfinite, gaps)):
        return pd.DataFrame(columns=["x", "proved", "open"])
    keys = [a.key for a in picture.axes]
    points = [(shown(keys[0], s.values[0]), shown(keys[1], s.values[1])) for s in picture.spots]
    gx, gy = (shown(k, g) for k, g in zip(keys, gaps, strict=True))
    moved = [(x - gx, y - gy) for x, y in points]
    xs = sorted({x_range[0], x_range[1], *(x for x, _ in points), *(x for x, _ in moved)})
    rows = [
        {"x": x, "proved": _floor(moved, x, y_range), "open": _floor(points, x, y_range)}
        for x in xs
        if x_range[0] <= x <= x_range[1]
    ]
    return pd.DataFrame(rows)


def _floor(points: Iterable[tuple[float, float]], x: float, y_range: tuple[float, float]) -> float:
    least = min((py for px, py in points if px <= x + 1e-12), default=y_range[1])
    return min(max(least, y_range[0]), y_range[1])


def measures_frame(option: Option, names: Names) -> pd.DataFrame:
    """What, who, when and in which branch."""
    rows = []
    for j in option.evaluation.measures:
        m = j.measure
        rows.append(
            {
                "branch": node_name(m.node),
                "measure": names.tool(m.instrument),
                "kind": sentence(plain(j.mode)),
                "led by": names.partner(m.lead),
                "with": ", ".join(names.partner(q) for q in m.joined) or "-",
                "decided": day_text(names.case, m.start_day),
                "in force": day_text(names.case, j.in_force_day),
                "ends": day_text(names.case, j.end_day),
                "cost (M USD)": round(j.cost_musd, 1),
                "evidence": names.grade(m.instrument),
            }
        )
    return pd.DataFrame(rows)


def timeline_frame(option: Option, names: Names) -> pd.DataFrame:
    """Two stretches a measure: preparing (decision to first effect) and in force."""
    rows = []
    for number, j in enumerate(option.evaluation.measures, start=1):
        name = f"{names.tool(j.measure.instrument)} · {names.partner(j.measure.lead)}"
        for stretch, begin, end in (
            ("preparing", j.measure.start_day, j.in_force_day),
            ("in force", j.in_force_day, j.end_day),
        ):
            rows.append(
                {
                    "number": number, "measure": name, "branch": node_name(j.measure.node), "stretch": stretch,
                    "from": begin, "to": max(begin, end), "from date": calendar(names.case, begin).isoformat(),
                    "to date": calendar(names.case, end).isoformat(), "key": f"{j.measure.instrument} {j.measure.node}",
                }
            )  # fmt: skip
    columns = ["number", "measure", "branch", "stretch", "from", "to", "from date", "to date", "key"]
    return pd.DataFrame(rows, columns=columns)


def money_frame(option: Option, question: Question) -> pd.DataFrame:
    """Money spent by each day on every path, cumulated: set-up at the start, running cost while in force."""
    tree, rows = question.situation.tree, []
    days = sorted({*_marks(option, tree.horizon), *(k * MONTH_DAYS for k in range(question.case.horizon_months + 1))})
    for end in tree.ends:
        path = {"now", end.name}
        on_path = [j for j in option.evaluation.measures if j.measure.node in path]
        for day in days:
            spent = sum(spent_by(question, j, day) for j in on_path)
            rows.append({"path": node_name(end.name), "day": day, "spent": spent})
    return pd.DataFrame(rows, columns=["path", "day", "spent"])


def _marks(option: Option, horizon: float) -> set[float]:
    marks = {0.0, horizon}
    for j in option.evaluation.measures:
        marks |= {j.measure.start_day, j.in_force_day, j.end_day}
    return {m for m in marks if 0 <= m <= horizon}


def spent_by(question: Question, judged: Judged, day: float) -> float:
    """Million USD of one measure spent by a day."""
    if day < judged.measure.start_day:
        return 0.0
    tool = question.catalog.instruments[judged.measure.instrument]
    generic = question.situation.settings.allies[judged.measure.lead].generic.id
    times = question.catalog.fits[generic, tool.id].cost_multiplier
    running = tool.cost_monthly_musd * times
    whole = max(0.0, judged.end_day - judged.in_force_day) / MONTH_DAYS
    so_far = min(max(0.0, day - judged.in_force_day) / MONTH_DAYS, whole)
    return judged.cost_musd - running * (whole - so_far)


def load_frame(option: Option, question: Question, names: Names) -> pd.DataFrame:
    """Leads (and shares for joining) of every partner over time on every path, beside its capacity."""
    settings, tree, rows = question.situation.settings, question.situation.tree, []
    share = question.catalog.value("join_capacity_share")
    partners = sorted({p for m in option.measures for p in (m.lead, *m.joined)})
    days = sorted({*_marks(option, tree.horizon), *(n.start for n in tree.nodes)})
    for end in tree.ends:
        judged = [j for j in option.evaluation.measures if j.measure.node in ("now", end.name)]
        for partner in partners:
            joins = {n.name: share * sum(partner in j.measure.joined for j in judged if j.measure.node == n.name)
                     for n in tree.nodes}  # fmt: skip
            for day in days:
                leads = sum(j.measure.lead == partner and j.measure.start_day <= day < j.end_day for j in judged)
                node = "now" if day < end.start or end.name == "now" else end.name
                rows.append({"partner": names.partner(partner), "path": node_name(end.name), "day": day,
                             "load": leads + joins[node], "capacity": settings.allies[partner].capacity})  # fmt: skip
    return pd.DataFrame(rows, columns=["partner", "path", "day", "load", "capacity"])


def hazard_frame(option: Option, case: Case) -> pd.DataFrame:
    """Risk that falls in each month-long stretch, before and after, with the band of the baseline's own range."""
    base = option.evaluation.baseline
    low, high = (
        math.log1p(-b) / math.log1p(-base) for b in (case.baseline_risk.low, case.baseline_risk.high)
    )  # the hazard is proportional to -ln(1 - P0)
    rows = []
    for p in option.evaluation.risk_path:
        months = (p.to_day - p.from_day) / MONTH_DAYS
        before = 100 * p.hazard / months
        for series, value in (("if nothing is done", before), ("with this package", before * p.u)):
            rows.append({"branch": node_name(p.node), "from": p.from_day, "to": p.to_day, "series": series,
                         "value": value, "low": value * low, "high": value * high,
                         "fall": 100 * (1 - p.u)})  # fmt: skip
    return pd.DataFrame(rows)


def threats_frame(option: Option, situation: Situation, names: Names) -> pd.DataFrame:
    """One row for each threat or promise and each deed of the package that makes it good."""
    chosen = situation.indices(option.package)
    judged = {(j.measure.instrument, j.measure.node): j for j in option.evaluation.measures}
    rows = []
    for index in sorted(i for i in chosen if i < len(situation.columns)):
        column = situation.columns[index]
        if not column.tool.needs_backing_by:
            continue
        place = node_name(accountable_node(situation, column).name)
        by = set(backing_by(situation, column)) & chosen
        deeds = [i for i in backing(situation, column) if i in chosen] if by else []
        threat = judged[column.tool.id, column.node]
        for i in (*deeds,) or (None,):
            deed = None if i is None else situation.columns[i]
            j = None if deed is None else judged[deed.tool.id, deed.node]
            rows.append(
                {
                    "threat": f"{column.tool.name} · {names.partner(column.ally.id)}",
                    "kind": column.tool.mode, "from": threat.in_force_day, "tested": place,
                    "deed": "nothing in this package" if deed is None else
                            f"{deed.tool.name} · {names.partner(deed.ally.id)}",
                    "deed in": "" if deed is None else node_name(deed.node),
                    "ready": threat.in_force_day if j is None else j.in_force_day, "backed": deed is not None,
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["threat", "kind", "from", "tested", "deed", "deed in", "ready", "backed"])


def rules_frame(option: Option, locators: Mapping[str, str]) -> pd.DataFrame:
    """Rule audit; rules that are not kept come first."""
    rows = [
        {
            "rule": r.id, "title": r.title, "state": r.state,
            "kept": "yes" if r.kept else "no", "why": sentence(r.because), "price (risk points)": round(r.price, 3),
            "seed": locators.get(r.id, ""),
        }
        for r in sorted(option.rules, key=lambda r: (r.kept or r.state == "off", r.state == "off", r.id))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def tempo_frame(case: Case) -> pd.DataFrame:
    """Share of the harm expected in each month of the horizon."""
    rows = [
        {"month": k, "share": 100 * s, "date": calendar(case, (k - 0.5) * MONTH_DAYS).isoformat()}
        for k, s in enumerate(case.tempo.hazard_profile, start=1)
    ]
    return pd.DataFrame(rows)


def scores_frame(record: object, texts: Mapping[str, str]) -> pd.DataFrame:
    """Leverage factors or preconditions as rows: what it is, its value from 0 to 1, and a note."""
    rows = []
    for key, text in texts.items():
        value = getattr(record, key, None)
        score, note = getattr(value, "score", value), getattr(value, "evidence", "")
        if isinstance(score, (int, float)) and not isinstance(score, bool):
            rows.append({"factor": sentence(plain(key)), "value": float(score), "note": note or text})
    return pd.DataFrame(rows, columns=["factor", "value", "note"])


def differences(options: Mapping[str, Option], names: Names) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measures of several packages side by side: those not in all of them, then those in all of them."""
    held = {title: {_line(j, names): _who(j, names) for j in o.evaluation.measures} for title, o in options.items()}
    order = {node_name(n): k for k, n in enumerate(ORDER)}
    every = sorted({line for lines in held.values() for line in lines}, key=lambda line: (order.get(line[0], 9), *line))
    rows = [{"branch": b, "measure": m, **{t: held[t].get((b, m), "-") for t in held}} for b, m in every]
    table = pd.DataFrame(rows, columns=["branch", "measure", *held])
    same = table[list(held)].nunique(axis=1) == 1 if len(table) else pd.Series(dtype=bool)
    return table[~same].reset_index(drop=True), table[same].reset_index(drop=True)


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame for `st.table`, which reads formats: its words, as they stand."""

    def text(value: object) -> object:
        return literal(value) if isinstance(value, str) else value

    return frame.map(text).rename(index=text, columns=text)


def _line(judged: Judged, names: Names) -> tuple[str, str]:
    return node_name(judged.measure.node), names.tool(judged.measure.instrument)


def _who(judged: Judged, names: Names) -> str:
    return f"{names.partner(judged.measure.lead)}, in force day {judged.in_force_day:.0f}"
