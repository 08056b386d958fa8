"""First sketches: a chain of packages that grows by the measure with the most risk saved for its money. No proof in it.

They are shown until the search has its own, and the search starts from them. Every one is judged and checked like any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..choices import Measure, Package
from ..judge.evaluate import judge_of
from ..model.situation import Column
from ..questions import Question
from ..solving import exact_of
from .live import spot_of

MOST_TOOLS = 24  # candidates of the chain, those with the largest effect first
SECONDS = 1.2  # for the whole chain; the search waits so long


def sketches(question: Question, stop: Callable[[], bool]) -> Iterator[Package]:
    """Packages that the question allows, cheap ones first."""
    judge, ends = judge_of(question.case, question.choices, question.catalog), time.monotonic() + SECONDS
    candidates = [c.measure for c in _candidates(question)]
    package = Package(tuple(_forced(question, candidates)))

    def fits(wanted: Package) -> bool:
        return exact_of(question, question.situation.indices(wanted)) is not None

    while time.monotonic() < ends and not stop():
        before = judge.evaluate(package)
        if fits(package):
            yield package
        rest = [m for m in candidates if m.instrument not in {n.instrument for n in package.measures}]
        rated = [(_worth(before.values, judge.evaluate(_grown(package, m)).values), m) for m in rest]
        better = sorted((pair for pair in rated if pair[0] > 0), key=lambda pair: -pair[0])
        following = next((m for _, m in better if time.monotonic() < ends and fits(_grown(package, m))), None)
        if following is None:
            return
        package = _grown(package, following)


def carried(question: Question, packages: Iterable[Package]) -> Iterator[Package]:
    """Packages of an earlier question that this one allows too."""
    return (package for package in dict.fromkeys(packages) if spot_of(question, package) is not None)


def _forced(question: Question, candidates: list[Measure]) -> Iterator[Measure]:
    for tool in question.choices.force_in:
        yield from [m for m in candidates if m.instrument == tool][:1]


def _grown(package: Package, measure: Measure) -> Package:
    return replace(package, measures=(*package.measures, measure))


def _worth(before: dict[str, float], after: dict[str, float]) -> float:
    """Risk saved for each million (at least one million, so that the nearly free ones do not drown the rest)."""
    return (before["risk"] - after["risk"]) / max(1.0, after["cost"] - before["cost"])


def _candidates(question: Question) -> list[Column]:
    """The best placed lead and earliest start of each instrument that stands alone: no threat, no prerequisite."""
    best: dict[str, Column] = {}
    for column in question.situation.columns:
        if column.node == "now" and not column.tool.needs_backing_by and not column.tool.requires:
            held = best.get(column.tool.id)
            if held is None or (column.fit, -column.in_force) > (held.fit, -held.in_force):
                best[column.tool.id] = column
    return sorted(best.values(), key=lambda c: -max(c.effects.values()))[:MOST_TOOLS]
