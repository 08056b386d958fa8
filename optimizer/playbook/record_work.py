"""The record, second part: tasks, people, preparations, branches, money, dates."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from .parts import Part, Quantity
from .text import Plain


class Key(Part):
    """A measure as the optimizer knows it; kept for the re-check, never printed."""

    instrument: str
    lead: str
    node: str
    start_day: float
    joined: tuple[str, ...] = ()
    in_force_day: float | None = None
    end_day: float | None = None


class Task(Part):
    """One measure: who does what, from when to when, at what cost and with what effect."""

    number: int
    phase: Plain
    name: Plain
    does: Plain = Field(description="what kind of tool it is, in words")
    lead: Plain
    partners: tuple[Plain, ...] = Field(description="partners that take part")
    start: date
    in_force: date
    in_force_low: date = Field(description="with the short lead time")
    in_force_high: date = Field(description="with the long lead time")
    end: date
    cost: Quantity
    effect: Quantity = Field(description="relative fall in risk if it stood alone, in its own phase")
    groups: tuple[Plain, ...]
    approval: Plain
    backing: Plain = Field(description="the threat it executes, the promise it keeps, or what executes and keeps it")
    harm: Plain = Field(description="how it can do harm")
    review: bool = Field(description="true: only after legal review")
    note: Plain = Field(default="", description="free text; people edit it")
    key: Key | None = Field(description="blank where names are redacted")


class Responsibility(Part):
    """A partner and what is asked of it."""

    partner: Plain
    leads: tuple[int, ...] = Field(description="numbers of tasks")
    joins: tuple[int, ...]
    at_once: int = Field(description="most tasks led at once on any path")
    capacity: int = Field(description="tasks that it can lead at once")
    will: float = Field(description="readiness in this case, 0 to 1, judged")
    available: date
    decides: Plain = Field(description="how it decides")
    limits: tuple[Plain, ...]


class Voice(Part):
    """Who speaks on one channel."""

    channel: Plain
    who: Plain
    why: Plain


class Authority(Part):
    """Lines of authority and coordination."""

    lines: tuple[Plain, ...]
    voices: tuple[Voice, ...]


class Preparation(Part):
    """A step that has to be taken before a measure can begin."""

    number: int
    kind: Plain
    step: Plain
    who: Plain
    due: date
    late: bool = Field(description="true: the day lies before the plan's first day")
    tasks: tuple[int, ...]


class Trigger(Part):
    """Something that can be seen, and by whom."""

    text: Plain
    seen_by: Plain
    grade: Plain


class Contingency(Part):
    """The playbook of one branch."""

    phase: Plain
    chance: Quantity
    hazard: Quantity = Field(description="hazard against the case's own after the branch day")
    triggers: tuple[Trigger, ...]
    tasks: tuple[int, ...]
    carries: tuple[Plain, ...] = Field(description="threats executed and promises kept, in words")
    risk: Quantity = Field(description="chance of mass killing from the branch day on, if this branch comes")
    cost: Quantity


class Month(Part):
    """Money of one month, million USD of 2020; `amounts` in the order of `Money.phases`."""

    first_day: date
    amounts: tuple[float, ...]


class Money(Part):
    """Money now and in reserve."""

    phases: tuple[Plain, ...]
    months: tuple[Month, ...]
    now: Quantity
    reserve: Quantity = Field(description="the dearest branch")
    expected: Quantity
    envelope: float
    by_partner: tuple[tuple[Plain, float], ...] = Field(description="on its dearest path")
    basis: Plain


class Date(Part):
    """A date in the calendar."""

    day: date
    what: Plain
    kind: Literal["start", "in force", "decision", "review", "preparation"]
    detail: Plain = ""
