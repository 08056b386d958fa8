"""What a larger catalog costs: `python -m benchmarks.growth [--case C] [--seconds N] [--factors 1 2 4 8]`.

The catalog is made larger by tools drawn from its own distributions: each new one has the words of a shipped tool and the
numbers of another of its family, which may be the same, spread by a tenth. It goes the way of a user's own tables, through
the reader's checks. Prints a table and draws `benchmarks/growth.svg`, for which Altair needs the package vl-convert-python.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optimizer import Choices, load_case, load_catalog, solve
from optimizer.front import Progress
from optimizer.inputs.places import data_folder

Row = dict[str, str]
NUMBERS = (
    "cost_low_musd",
    "cost_mid_musd",
    "cost_high_musd",
    "cost_monthly_musd",
    "effect_low",
    "effect_mid",
    "effect_high",
)
SPREAD = 0.1  # of the logarithm: about what tells tools of one family apart in the tables beyond their ranges
DRAWN = Path(__file__).parent / "growth.svg"


def table(name: str) -> list[Row]:
    """The rows of a shipped table."""
    text = (data_folder("catalog") / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def enlarged(factor: int, rng: np.random.Generator) -> dict[str, list[Row]]:
    """The rows that make the catalog that many times as large, by table."""
    tools = table("instruments")
    found: dict[str, list[Row]] = {"instruments": [], "partner_fit": [], "intrusion": []}
    for copy in range(2, factor + 1):
        names = {tool["id"]: f"{tool['id']}_{copy}" for tool in tools}
        found["instruments"] += [_drawn(tool, tools, names, copy, rng) for tool in tools]
        for other, key in (("partner_fit", "instrument_id"), ("intrusion", "instrument")):
            found[other] += [{**row, key: names[row[key]]} for row in table(other) if row[key] in names]
    return found


def _drawn(tool: Row, tools: Sequence[Row], names: dict[str, str], copy: int, rng: np.random.Generator) -> Row:
    """A tool with the words of one and the numbers of another of its family."""
    family = [other for other in tools if other["family"] == tool["family"]]
    donor = family[int(rng.integers(len(family)))]
    by = {"cost": float(np.exp(rng.normal(0, SPREAD))), "effect": float(np.exp(rng.normal(0, SPREAD)))}
    numbers = {name: _times(donor[name], by[name.split("_")[0]], name) for name in NUMBERS}
    apart = ";".join(
        names.get(other, other) for other in tool["excludes"].split(";")
    )  # of the same copy: both must say so
    lasts = {"typical_duration_months": donor["typical_duration_months"], "excludes": apart}
    return {**tool, **numbers, **lasts, "id": names[tool["id"]], "name": f"{tool['name']} ({copy})"}


def _times(value: str, factor: float, name: str) -> str:
    if not value:
        return value
    most = 1.0 if name.startswith("effect") else np.inf
    return f"{min(float(value) * factor, most):.4g}"


def write(rows: dict[str, list[Row]], folder: Path) -> None:
    """The tables as files in a folder."""
    for name, lines in rows.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)


def measured(case: str, factor: int, seconds: float, workers: int) -> dict[str, Any]:
    """One search with the catalog so many times as large."""
    with tempfile.TemporaryDirectory() as folder:
        if factor > 1:
            write(enlarged(factor, np.random.default_rng(factor)), Path(folder))
        catalog = load_catalog(folder if factor > 1 else None)
        first: list[float] = []

        def watch(state: Progress) -> None:
            if len(state.points):
                first.append(time.monotonic() - began)

        began, cpu = time.monotonic(), time.process_time()
        front = solve(
            load_case(case), choices=Choices(objectives=("risk", "cost")), catalog=catalog, time_limit=seconds,
            workers=workers, on_progress=watch,
        )  # fmt: skip
        c = front.certificate
        return {
            "tools": len(catalog.instruments), "packages": len(front), "first front, s": first[0] if first else float("nan"),
            "end, s": time.monotonic() - began, "own CPU, s": time.process_time() - cpu, "solves": c.solves,
            "gap, resolutions": max(c.gap.values()), "state": "complete" if c.complete else c.stopped_by,
        }  # fmt: skip


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Seconds and solves over the number of tools."""
    import altair as alt

    data = [
        {"tools": row["tools"], "what": what, "value": row[what]}
        for row in rows
        for what in ("first front, s", "end, s", "solves", "gap, resolutions")
    ]
    chart = (
        alt.Chart(alt.Data(values=data))
        .mark_line(point=True)
        .encode(
            x=alt.X("tools:Q", title="tools in the catalog", scale=alt.Scale(type="log", base=2)),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
        )
        .properties(width=180, height=140)
        .facet(column=alt.Column("what:N", title=None))
        .resolve_scale(y="independent")
    )
    chart.save(str(path))


def main() -> None:
    """Run, print and draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--case", default="rwanda_1993")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--factors", type=int, nargs="*", default=[1, 2, 4, 8])
    options = parser.parse_args()
    rows = []
    for factor in options.factors:
        rows.append(measured(options.case, factor, options.seconds, options.workers))
        if len(rows) == 1:
            print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
        cells = [f"{v:.3g}" if isinstance(v, float) else str(v) for v in rows[-1].values()]
        print("| " + " | ".join(cells) + " |", flush=True)
    draw(rows, DRAWN)


if __name__ == "__main__":
    main()
