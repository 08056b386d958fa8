"""The playbook: one validated, frozen record. Every format is a view of it (MODEL.md, section 12)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .text import Plain

SCHEMA_VERSION = 1


class Part(BaseModel):
    """A piece of a playbook: checked when it is made, then unchangeable."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Quantity(Part):
    """A number with its range; blank low or high: no range is known."""

    low: float | None = Field(description="low end, in the unit")
    mid: float = Field(description="value used, in the unit")
    high: float | None = Field(description="high end, in the unit")
    unit: Plain = Field(description="unit")
    grade: Plain = Field(description="grade of the evidence, in words")
    source: Plain = Field(description="where the number comes from, in words")


class Finding(Part):
    """One finding of a study and what to do about it."""

    text: Plain
    remedy: Plain = ""


class Study(Part):
    """A study that may or may not have been run for this plan: red team, doubt, explanation."""

    run: bool = Field(description="false: this part has not been run")
    summary: Plain = ""
    findings: tuple[Finding, ...] = ()


class About(Part):
    """What this document is, and what it was made from."""

    title: Plain
    subtitle: Plain
    kind: Literal["crisis prevention plan", "crisis response plan"]
    concern: Plain = Field(description="level of concern and why")
    classification: Plain = Field(description="the user's own wording; blank: none")
    as_of: date
    start: date = Field(description="day 0 of the plan")
    end: date
    horizon_months: int
    branch_date: date | None
    package: Plain = Field(description="which package of the front, as the front calls it")
    picked: Plain = Field(description="how it was picked, in words")
    certificate: Plain = Field(description="how sure it is that no better package was missed, in words")
    case: str
    case_fingerprint: str
    data_fingerprint: str
    seed: int
    choices: dict[str, Any] = Field(description="the planner's choices as data, for the re-check")
    requirements: tuple[Plain, ...] = Field(description="the planner's own requirements, in words")
    repairs: tuple[Plain, ...] = Field(description="what was given up so that a plan exists")
    redacted: tuple[Literal["partners", "instruments"], ...] = ()


class Summary(Part):
    """The page that a minister reads."""

    headline: Plain
    situation: Plain
    does: tuple[Plain, ...] = Field(description="what the plan does, in lines")
    decide: tuple[Plain, ...] = Field(description="what has to be decided, and by when")
    wrong: tuple[Plain, ...] = Field(description="what can go wrong")
    sure: Plain = Field(description="how sure this is")


class Stakeholder(Part):
    """A party to the crisis."""

    name: Plain
    role: Plain
    groups: tuple[Plain, ...] = Field(description="target groups of Table 2 that it belongs to")
    notes: Plain


class Cell(Part):
    """Options for one target group at one stage of escalation."""

    group: Plain
    stage: Plain
    planned: tuple[Plain, ...]
    open: tuple[Plain, ...] = Field(description="on offer there, not in this plan")


class Assessments(Part):
    """The three assessments: target country, estimate and impact, options."""

    trigger: Plain
    stage: Plain
    pace: Plain
    parties: tuple[Stakeholder, ...]
    preconditions: tuple[tuple[Plain, float, Plain], ...] = Field(description="name, score 0 to 1, evidence")
    leverage: tuple[tuple[Plain, float, Plain], ...] = Field(description="name, value 0 to 1, what it means")
    leverage_note: Plain
    estimate: tuple[tuple[Plain, Quantity], ...]
    impact: tuple[Plain, ...]
    options: tuple[Cell, ...]


class Aims(Part):
    """Interests, objectives and the desired end state."""

    interests: tuple[Plain, ...]
    objectives: tuple[Plain, ...]
    end_state: tuple[Plain, ...]


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


class Step(Part):
    """Risk over one stretch of time."""

    phase: Plain
    start: date
    end: date
    before: float = Field(description="hazard if nothing is done")
    left: float = Field(description="share of it that is left")


class Risk(Part):
    """Risk before and after."""

    before: Quantity
    after: Quantity
    fall: Quantity = Field(description="relative fall, at the middle baseline")
    outside: float = Field(description="outside view of the baseline, yearly")
    steps: tuple[Step, ...]
    how: Plain


class RuleCheck(Part):
    """One rule on this plan."""

    title: Plain
    state: Plain
    where: Plain = Field(description="what looks after it: the rows of the plan, the numbers, or this document")
    checked: bool = Field(description="true: the plan itself was checked against it")
    kept: bool = Field(description="false only where it was checked and is broken")
    words: Plain
    price: float = Field(description="risk points; what the exception is priced at")


class Evidence(Part):
    """One number of the plan with its grade and sources."""

    what: Plain
    value: Quantity
    references: tuple[Plain, ...] = Field(description="full references, each with seen or recalled")


class Alternative(Part):
    """Another package, and why it was not chosen."""

    name: Plain
    risk: float
    cost: float
    others: Plain = Field(description="further objectives, in words")
    differs: Plain
    why_not: Plain


class Date(Part):
    """A date in the calendar."""

    day: date
    what: Plain
    kind: Literal["start", "in force", "decision", "review", "preparation"]
    detail: Plain = ""


class Written(Part):
    """What people may edit, once more as it was written: an edited record is compared with this."""

    tasks: tuple[Task, ...]
    envelope: float
    notes: dict[str, Plain]


class Playbook(Part):
    """A plan that people can act on; money in million USD of 2020, days count from `about.start`."""

    schema_version: int = SCHEMA_VERSION
    about: About
    summary: Summary
    assessments: Assessments
    aims: Aims
    tasks: tuple[Task, ...]
    responsibilities: tuple[Responsibility, ...]
    authority: Authority
    preparations: tuple[Preparation, ...]
    contingencies: tuple[Contingency, ...]
    money: Money
    risk: Risk
    red_team: Study
    doubt: Study
    explanations: Study
    rehearsal: tuple[Plain, ...]
    rules: tuple[RuleCheck, ...]
    alternatives: tuple[Alternative, ...]
    change: tuple[Plain, ...] = Field(description="what would change the recommendation")
    evidence: tuple[Evidence, ...]
    dates: tuple[Date, ...]
    notes: dict[str, Plain] = Field(description="the planner's notes by section; people edit them")
    partners: dict[str, Plain] = Field(description="names of the case's partners, for reading edits; blank if redacted")
    written: Written = Field(description="never edit this: edits are found by comparing with it")

    def as_written(self) -> Playbook:
        """The record with dates, leads, money and notes as they were written."""
        w = self.written
        money = self.money.model_copy(update={"envelope": w.envelope})
        return self.model_copy(update={"tasks": w.tasks, "money": money, "notes": w.notes})

    def task(self, number: int) -> Task:
        return next(t for t in self.tasks if t.number == number)
