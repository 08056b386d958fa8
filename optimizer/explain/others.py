"""What else is as good: packages near a chosen one in every objective, and far from each other in what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..answers import Option, PlanFront
from ..choices import Package
from ..questions import Question
from .asks import Ask, Candidate, Found
from .live import Stop, measured, never
from .near import WORTH
from .records import Exactness, Explanation
from .resolve import Resolver, resolver_of
from .words import NAMES, Words, counted, listed, start

SECONDS = 20.0


@dataclass(frozen=True)
class Alternatives:
    """Packages within the margin that each differ from the option and from each other by `distance` pairs of measure
    and lead.

    `complete`: proven that no further one exists besides these.
    """

    sentence: str
    found: tuple[Explanation, ...]
    complete: bool
    exactness: Exactness


def difference_of(one: Package, other: Package) -> int:
    """Pairs of measure and lead (in their part of the plan) that one has and the other has not."""
    return len(_pairs(one) ^ _pairs(other))


def _pairs(package: Package) -> frozenset[tuple[str, str, str]]:
    return frozenset((m.instrument, m.lead, m.node) for m in package.measures)


def alternatives(
    question: Question, option: Option, within: float = 0.02, distance: int = 3, count: int = 5,
    front: PlanFront | None = None, *, seconds: float = SECONDS, stop: Stop = never,
) -> Alternatives:  # fmt: skip
    """Up to `count` packages no worse than the option by more than the share `within` in any objective.

    `front`: the front that the option is from; its packages are tried first.
    """
    resolver, words = resolver_of(question, front), Words(question.case, question.catalog)
    bounds = {o.key: _loosened(option.objectives[o.key], within) for o in question.objectives}
    near, left = resolver.judged(option.package), measured(seconds)
    found, complete = list[Candidate](), False
    while len(found) < count and not stop() and left() > 0.05:
        answer = _further(resolver, [near, *found], bounds, distance, left() / (count - len(found)), stop)
        if answer.best is None and not answer.none and left() > WORTH:  # what the others would have had is free
            answer = _further(resolver, [near, *found], bounds, distance, left(), stop)
        complete = answer.none
        if answer.best is None or not _holds(answer.best, near, found, bounds, distance):
            break
        found.append(answer.best)
    told = tuple(_told(words, option, c) for c in found)
    exactness: Exactness = "proven" if complete or len(told) == count else "gap"
    return Alternatives(_sentence(len(told), count, within, distance, complete), told, complete, exactness)


def _further(
    resolver: Resolver, taken: list[Candidate], bounds: Mapping[str, float], distance: int, seconds: float, stop: Stop
) -> Found:
    """A package within the bounds and far from all that are taken: any will do, so that none is made better."""
    key = next(iter(bounds))
    ask = Ask(key, bounds, rows=tuple(_apart(resolver, c.package, distance) for c in taken))
    return resolver.best(ask, seconds, taken[0], stop=stop, enough=bounds[key])


def _loosened(value: float, within: float) -> float:
    return value + within * abs(value)


def _holds(new: Candidate, near: Candidate, found: list[Candidate], bounds: Mapping[str, float], distance: int) -> bool:
    """Both guarantees, read from the judge's numbers and the packages themselves."""
    close = all(new.values[k] <= v * (1 + 1e-6) + 1e-9 for k, v in bounds.items())
    return close and all(difference_of(new.package, c.package) >= distance for c in (near, *found))


def _apart(resolver: Resolver, package: Package, distance: int) -> tuple[Mapping[int, float], float]:
    """At least `distance` pairs differ: what is left out of the package, plus what is new. Starts do not count."""
    pairs = _pairs(package)
    columns = resolver.question.situation.columns
    weights = {i: 1.0 if (c.tool.id, c.ally.id, c.node) in pairs else -1.0 for i, c in enumerate(columns)}
    return weights, float(len(pairs) - distance)


def _value(words: Words, key: str, value: float) -> str:
    said = words.amount(key, value)
    return said if words.is_never(key, value) else f"{NAMES[key]} {said}"


def _told(words: Words, option: Option, candidate: Candidate) -> Explanation:
    gone, new = _pairs(option.package) - _pairs(candidate.package), _pairs(candidate.package) - _pairs(option.package)
    values = [_value(words, k, candidate.values[k]) for k in option.objectives]
    others = {(tool, node): lead for tool, lead, node in new}
    moved = {(tool, node): (lead, others[tool, node]) for tool, lead, node in gone if (tool, node) in others}
    parts = [
        (
            "without ",
            [_led(words, pair) for pair in sorted(gone) if (pair[0], pair[2]) not in moved],
        ),
        ("with ", [_led(words, pair) for pair in sorted(new) if (pair[0], pair[2]) not in moved]),
        (
            "",
            [
                f"{_where(words, *k)} led by {words.partner(b)} instead of {words.partner(a)}"
                for k, (a, b) in sorted(moved.items())
            ],
        ),
    ]
    sentence = f"{start('; '.join(head + listed(names) for head, names in parts if names))}: {listed(values)}."
    tools = {tool for tool, _, _ in gone | new}
    numbers = {k: candidate.values[k] for k in option.objectives} | {"pairs_that_differ": float(len(gone | new))}
    return Explanation(
        "alternative", "another package as good", sentence, "proven", words.grade(tools), numbers, candidate.package
    )


def _where(words: Words, tool: str, node: str) -> str:
    return words.tool(tool) if node == "now" else f"{words.tool(tool)} {words.place(node)}"


def _led(words: Words, pair: tuple[str, str, str]) -> str:
    tool, lead, node = pair
    return f"{words.tool(tool)} led by {words.partner(lead)}" + ("" if node == "now" else f" {words.place(node)}")


def _sentence(found: int, count: int, within: float, distance: int, complete: bool) -> str:
    margin = (
        f"within {100 * within:g} % in every objective and at least "
        f"{counted(distance, 'measure or lead', 'measures or leads')} apart"
    )
    if found == count:
        return f"{start(_are(found))} {margin} from each other."
    if complete:
        return (
            f"There are no more than {counted(found, 'other package')} {margin} to be had, chosen one after the other."
            if found
            else f"No other package is {margin}."
        )
    if not found:
        return f"No other package was found {margin}; time ran out before it was known whether there is one."
    return f"{start(_are(found))} {margin}; time ran out before it was known whether there are more."


def _are(found: int) -> str:
    return f"{counted(found, 'other package')} {'is' if found == 1 else 'are'}"
