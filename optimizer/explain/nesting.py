"""What stays and what goes as the money shrinks from the envelope to nothing, as a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..questions import Question
from .asks import Ask, Candidate, Found
from .live import Stop, measured, never
from .records import Exactness
from .resolve import resolver_of
from .words import Words, counted, listed, start

if TYPE_CHECKING:
    import pandas as pd

SECONDS = 20.0


@dataclass(frozen=True)
class Rung:
    """The best package for one amount of money. `risk_at_least`: no package for this money leaves less."""

    money_musd: float
    cost_musd: float
    risk: float
    risk_at_least: float
    instruments: frozenset[str]
    exactness: Exactness


@dataclass(frozen=True)
class Nesting:
    """Rungs from much money to none. `last_cut`: instruments, those that stay longest first."""

    sentence: str
    rungs: tuple[Rung, ...]
    last_cut: tuple[str, ...]
    names: dict[str, str]
    exactness: Exactness

    def to_frame(self) -> pd.DataFrame:
        """One row for each amount of money and instrument: money_musd, risk, instrument (its name), held."""
        import pandas as pd

        rows = [
            {"money_musd": r.money_musd, "risk": r.risk, "instrument": self.names[key], "held": key in r.instruments}
            for r in self.rungs
            for key in self.last_cut
        ]
        return pd.DataFrame(rows, columns=["money_musd", "risk", "instrument", "held"])


def nesting(question: Question, steps: int = 8, *, seconds: float = SECONDS, stop: Stop = never) -> Nesting:
    """The best package for each of some amounts of money, from the envelope (or what the best package costs) down to
    nothing.
    """
    rungs = tuple(_rungs(question, steps, seconds, stop))
    words = Words(question.case, question.catalog)
    held: dict[str, int] = {}
    for rung in rungs:
        for key in rung.instruments:
            held[key] = held.get(key, 0) + 1
    order = tuple(sorted(held, key=lambda k: (-held[k], k)))
    exactness: Exactness = "proven" if all(r.exactness == "proven" for r in rungs) else "gap"
    return Nesting(
        _sentence(words, rungs, order), rungs, order, {k: words.catalog.instruments[k].name for k in order}, exactness
    )


def _rungs(question: Question, steps: int, seconds: float, stop: Stop) -> Iterator[Rung]:
    resolver, left = resolver_of(question), measured(seconds)
    top = resolver.best(Ask("risk"), max(left() / (steps + 1), 0.1), stop=stop)
    money = question.situation.settings.budget if top.best is None else top.best.values["cost"]
    near: Candidate | None = top.best
    if top.best is not None:
        yield _rung(money, top, top.best)
    for k in range(1, steps + 1):
        if stop():
            return
        share = money * (1 - k / steps)
        found = resolver.best(Ask("risk", {"cost": share}), left() / (steps + 1 - k), near, stop=stop)
        if found.best is not None:
            near = found.best
            yield _rung(share, found, found.best)


def _rung(money: float, found: Found, best: Candidate) -> Rung:
    instruments = frozenset(m.instrument for m in best.package.measures)
    return Rung(money, best.values["cost"], best.values["risk"], found.bound, instruments, found.exactness)


def _sentence(words: Words, rungs: tuple[Rung, ...], order: tuple[str, ...]) -> str:
    if not rungs or not order:
        return "No package with any measure was found."
    last = [k for k in order if k in next((r.instruments for r in reversed(rungs) if r.instruments), frozenset())]
    low = next(r for r in reversed(rungs) if r.instruments)
    first = [k for k in reversed(order) if k in rungs[0].instruments and all(k not in r.instruments for r in rungs[1:])]
    early = f" First to go: {listed(words.tool(k) for k in first[:3])}." if first else ""
    others = f", with {counted(len(last) - 3, 'other')}" if len(last) > 3 else ", when all else is cut"
    return (
        f"{start(listed(words.tool(k) for k in last[:3]))} {'is' if len(last) == 1 else 'are'} "
        f"still in at {low.money_musd:,.1f} M USD{others}.{early}"
    )


def nesting_chart(frame: pd.DataFrame) -> Any:
    """An Altair chart of `Nesting.to_frame()`: which instruments are held at which money."""
    import altair as alt

    order = list(dict.fromkeys(frame["instrument"]))
    held = frame[frame["held"]]
    return (
        alt.Chart(held)
        .mark_square(size=160)
        .encode(
            x=alt.X("money_musd:Q", title="Expected cost at most (M USD of 2020)", scale=alt.Scale(reverse=True)),
            y=alt.Y("instrument:N", sort=order, title=None, axis=alt.Axis(labelLimit=320)),
            color=alt.Color(
                "risk:Q", title="Risk that is left", scale=alt.Scale(scheme="blues"), legend=alt.Legend(format=".0%")
            ),
            tooltip=[
                alt.Tooltip("instrument:N", title="Instrument"),
                alt.Tooltip("money_musd:Q", title="M USD", format=",.1f"),
                alt.Tooltip("risk:Q", title="Risk", format=".1%"),
            ],
        )
        .properties(title="What stays as the money shrinks")
    )
