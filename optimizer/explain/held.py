"""What holds a measure in a package: the requirements that the rest would break without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..answers import Option
from ..choices import Measure, Package
from ..model.rows import Row
from .records import Explanation
from .resolve import Resolver
from .words import Words, start


def held_by(resolver: Resolver, words: Words, option: Option) -> Iterator[Explanation]:
    """The requirements that the rest of the package would break without a measure, and what they speak of."""
    situation, chosen = resolver.question.situation, situation_indices(resolver, option)
    place = dict(zip(option.measures, _columns(resolver, option), strict=True))
    for measure in option.measures:
        column = situation.columns[place[measure]]
        joins = frozenset(situation.joins_by.get((column.tool.id, column.node), ()))
        less = chosen - {place[measure]} - joins
        broken = _reasons(words, resolver.known.rows, chosen, less)
        dropped = _reasons(words, resolver.question.priced, chosen, less)
        name = words.measure(measure)
        for because in broken:
            sentence = _held_sentence(words, name, because)
            yield Explanation("held_by", name, sentence, "proven", words.grade([measure.instrument]))
        for because in dropped:
            sentence = f"Without {name}, a preferred rule would be broken: {because}."
            yield Explanation("held_by", name, sentence, "proven", words.grade([measure.instrument]))


def _held_sentence(words: Words, name: str, because: str) -> str:
    """A broken row's own words as what the measure is there for."""
    threat, found, rest = because.partition(" needs one of these")
    if found:
        where = next((place for place in words.places() if place in rest), "")
        when = f" {where}" if where else ""
        return f"{start(name)} makes good the {threat}: without it nothing would stand ready behind that{when}."
    resting, found, _ = because.partition(" needs in place: ")
    if found:
        return f"{start(name)} has to be in place for {resting}."
    return f"{start(name)} has to stay while the rest does: {because}."


def _reasons(words: Words, rows: Sequence[Row], chosen: frozenset[int], less: frozenset[int]) -> list[str]:
    broken = (row for row in rows if row.kept(chosen) and not row.kept(less))
    return list(dict.fromkeys(words.plain(row.because) for row in broken))


def situation_indices(resolver: Resolver, option: Option) -> frozenset[int]:
    return resolver.question.situation.indices(option.package)


def _columns(resolver: Resolver, option: Option) -> list[int]:
    situation = resolver.question.situation
    return [
        next(iter(situation.indices(Package((Measure(m.instrument, m.lead, m.node, m.start_day),)))))
        for m in option.measures
    ]
