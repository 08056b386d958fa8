"""Pieces of a playbook that every part uses: numbers with their range, studies with their findings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from .text import Plain


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
    """One finding of a study, what to do about it, and how far to trust it."""

    text: Plain
    remedy: Plain = ""
    sure: Plain = Field(default="", description="how exact it is in the model; blank: see the study")
    evidence: Plain = Field(default="", description="weakest grade of evidence that it rests on; blank: none")


class Study(Part):
    """A study that may or may not have been run for this plan: red team, doubt, explanation."""

    run: bool = Field(description="false: this part has not been run")
    how: Plain = Field(default="", description="what was done: how many draws or tries, from which seed")
    summary: Plain = ""
    findings: tuple[Finding, ...] = ()
