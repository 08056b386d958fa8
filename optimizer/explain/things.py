"""What is asked for: an instrument, a partner, a start, a part of the plan, or any of these together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..inputs.faults import Fault, InputError, did_you_mean
from ..model.situation import Column
from ..questions import Question
from .partners import is_many
from .words import Words, start

BEFORE = r" (?:of|to|on|by|for|with|that|against|enforced|tied|or) "  # ends the noun that carries the number
THEY = {"lead it ": "lead them ", "begin it ": "begin them ", "for it": "for them", "it is ": "they are ",
        "it stays": "they stay", "turns it on": "turns them on", "it needs": "they need", "it would": "they would",
        "it cannot": "they cannot"}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """What is asked for.

    An instrument, a partner (leading), a start day, a part of the plan, or any of these together.
    """

    instrument: str | None = None
    partner: str | None = None
    start_day: float | None = None
    node: str | None = None


def check(question: Question, things: tuple[Thing, ...]) -> None:
    """Names that the case does not know, all at once."""
    known: dict[str, list[str]] = {
        "instrument": list(question.catalog.instruments), "partner": [p.partner for p in question.case.partners],
        "node": [n.name for n in question.situation.tree.nodes],
    }  # fmt: skip
    faults = [
        Fault("question", "why not", name, str(value), "it is not known here", did_you_mean(str(value), names))
        for t in things for name, names in known.items()
        if (value := getattr(t, name)) is not None and value not in names
    ]  # fmt: skip
    faults += [
        Fault(
            "question",
            "why not",
            "",
            "",
            "nothing is asked for",
            "Name an instrument, a partner, a start or a part of the plan",
        )
        for t in things
        if t == Thing()
    ]
    if faults:
        raise InputError(faults)


def name_of(words: Words, thing: Thing) -> str:
    what = words.tool(thing.instrument) if thing.instrument else "a measure"
    who = f" led by {words.partner(thing.partner)}" if thing.partner else ""
    when = f" begun on day {thing.start_day:.0f}" if thing.start_day is not None else ""
    return f"{what}{who}{when}{' ' + words.place(thing.node) if thing.node else ''}"


def columns_of(question: Question, thing: Thing) -> frozenset[int]:
    """The columns that would be the thing."""
    return frozenset(i for i, c in enumerate(question.situation.columns) if is_meant(thing, c))


def is_meant(thing: Thing, column: Column) -> bool:
    """Whether a measure is what is asked for."""
    who = thing.instrument in (None, column.tool.id) and thing.partner in (None, column.ally.id)
    when = thing.start_day is None or abs(column.start - thing.start_day) < 0.5
    return who and when and thing.node in (None, column.node)


def impossible(words: Words, thing: Thing, because: str) -> str:
    """That something cannot be, and why; `because` speaks of it as 'it'."""
    heads = re.split(BEFORE, words.tool(thing.instrument))[0].split(" and ") if thing.instrument else []
    many = any(is_many(head) for head in heads)  # 'warning and alert networks are', 'cultural and sporting boycott is'
    if many:
        for one, more in THEY.items():
            because = because.replace(one, more)
    return f"{start(name_of(words, thing))} {'are' if many else 'is'} not possible here: {because}."


def things_of(text: str) -> tuple[Thing, ...]:
    """`instrument`, `instrument@partner`, `@partner`, with `:day` at the end for a start.

    Two joined by `+` are asked for together.
    """
    return tuple(_thing(part.strip()) for part in text.split("+"))


def _thing(text: str) -> Thing:
    head, _, day = text.partition(":")
    instrument, _, partner = head.partition("@")
    try:
        start_day = float(day) if day else None
    except ValueError:
        raise InputError(
            [
                Fault(
                    "command line",
                    "",
                    "--why-not",
                    text,
                    f"{day!r} is no day",
                    "Write instrument@partner:day, for example ceasefire_monitoring@osce:30",
                )
            ]
        ) from None
    return replace(Thing(), instrument=instrument or None, partner=partner or None, start_day=start_day)
