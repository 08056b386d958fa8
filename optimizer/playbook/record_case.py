"""The record, first part: the three assessments and the aims."""

from __future__ import annotations

from pydantic import Field

from .parts import Part, Quantity
from .text import Plain


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
