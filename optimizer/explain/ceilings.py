"""Where a ceiling eats the effect of measures, and how many of those under it add nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..answers import Option
from ..choices import Package
from ..judge.evaluate import Judge
from ..model.settings import WORDS_GROUP
from .records import Explanation
from .resolve import Resolver
from .words import NOTHING, Words, counted

CEILINGS = {
    "words": ("Words", WORDS_GROUP),
    "sanctions": ("Economic sanctions and threats of them", frozenset({"econ_sanction", "econ_threat"})),
    "soft": ("Measures short of force", None),
    "joint": ("All measures together", None),
}


def eaten(resolver: Resolver, words: Words, option: Option) -> Iterator[Explanation]:
    """Ceilings that bind in a part of the plan, and how many of the measures under them add nothing there."""
    bound = dict.fromkeys((c.name, c.node) for c in option.evaluation.ceilings if c.name in CEILINGS)
    for name, node in bound:
        title, families = CEILINGS[name]
        under = [
            k
            for k, m in enumerate(option.measures)
            if m.node in ("now", node)
            and (families is None or words.catalog.instruments[m.instrument].family in families)
        ]
        spare = _spare(resolver.judge, option, under)
        day = min(c.from_day for c in option.evaluation.ceilings if (c.name, c.node) == (name, node))
        where = f"{title} are at their ceiling {words.place(node)}, from day {day:.0f}"
        idle = (
            (
                f": {counted(len(spare), 'measure')} of the "
                f"{counted(len(under), 'measure').split()[0]} under it could go without the risk rising"
            )
            if spare
            else ": one more would add nothing there, though each of those chosen still counts somewhere"
        )
        grade = words.grade(option.measures[k].instrument for k in under)
        numbers = {
            "measures_under_it": float(len(under)),
            "measures_that_add_nothing": float(len(spare)),
            "from_day": day,
        }
        yield Explanation(
            "ceiling", f"{title.lower()}, {words.place(node)}", f"{where}{idle}.", "proven", grade, numbers
        )


def _spare(judge: Judge, option: Option, under: Sequence[int]) -> list[int]:
    """Measures that can be taken away together without raising the risk, one after the other."""
    gone: list[int] = []
    for k in under:
        rest = Package(tuple(m for j, m in enumerate(option.measures) if j not in (*gone, k)))
        if judge.evaluate(rest).risk <= option.evaluation.risk + NOTHING:
            gone.append(k)
    return gone
