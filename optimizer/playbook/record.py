"""The playbook: one validated, frozen record. Every format is a view of it (MODEL.md, section 12)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from .parts import Finding, Part, Quantity, Study
from .record_case import Aims, Assessments, Cell, Stakeholder
from .record_proof import Alternative, Evidence, Risk, RuleCheck, Step
from .record_work import (
    Authority,
    Contingency,
    Date,
    Key,
    Money,
    Month,
    Preparation,
    Responsibility,
    Task,
    Trigger,
    Voice,
)
from .text import Plain

SCHEMA_VERSION = 2

__all__ = [
    "About",
    "Aims",
    "Alternative",
    "Assessments",
    "Authority",
    "Cell",
    "Contingency",
    "Date",
    "Evidence",
    "Finding",
    "Key",
    "Money",
    "Month",
    "Part",
    "Playbook",
    "Preparation",
    "Quantity",
    "Responsibility",
    "Risk",
    "RuleCheck",
    "Stakeholder",
    "Step",
    "Study",
    "Summary",
    "Task",
    "Trigger",
    "Voice",
    "Written",
]


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
    depth: Literal["none", "quick", "full"] = Field(
        description="how far ranges, red team and explanations were studied"
    )
    redacted: tuple[Literal["partners", "instruments"], ...] = ()


class Summary(Part):
    """The page that a minister reads."""

    headline: Plain
    situation: Plain
    does: tuple[Plain, ...] = Field(description="what the plan does, in lines")
    decide: tuple[Plain, ...] = Field(description="what has to be decided, and by when")
    wrong: tuple[Plain, ...] = Field(description="what can go wrong")
    sure: Plain = Field(description="how sure this is")


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
