"""The country, the estimate, aims and options."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Bullets, Heading, Text, table
from ..record import Playbook
from ..text import listed
from .numbers import between, number


def country(p: Playbook) -> Iterator[Block]:
    a = p.assessments
    yield Heading("The country: who, why, and what can be moved")
    yield Text(a.trigger)
    yield Text(f"Stage: {a.stage}. Pace: {a.pace}. Level of concern: {p.about.concern}.")
    rows = [(s.name, s.role, listed(s.groups), s.notes) for s in a.parties]
    yield table("Parties", ("Party", "Role", "Target groups", "Notes"), rows, (3, 1.6, 2, 3.4))
    yield table(
        "Preconditions of genocidal violence (0 absent, 1 clearly present; judged)",
        ("Precondition", "Score", "Evidence"),
        [(n, f"{v:g}", e) for n, v, e in a.preconditions],
        (3, 0.8, 6),
        (1,),
    )
    yield table(
        "Points of leverage (0 to 1; judged)",
        ("What can be moved", "Value", "Meaning"),
        [(n, f"{v:g}", m) for n, v, m in a.leverage],
        (3.6, 0.8, 5.4),
        (1,),
    )
    yield Text(a.leverage_note)


def estimate(p: Playbook) -> Iterator[Block]:
    yield Heading("Estimate and impact if nothing is done")
    rows = [(name, number(q), between(q), q.grade, q.source) for name, q in p.assessments.estimate]
    yield table("Estimate", ("What", "Estimate", "Range", "Grade", "Basis"), rows, (2.6, 1.3, 1.7, 1.5, 3.2), (1,))
    yield Text("Ranges here run from the low to the high value of the case file.", "small")
    yield Bullets(p.assessments.impact)


def aims(p: Playbook) -> Iterator[Block]:
    yield Heading("Interests, objectives, end state and options")
    for title, lines in (
        ("Interests", p.aims.interests),
        ("Objectives", p.aims.objectives),
        ("Desired end state", p.aims.end_state),
    ):
        yield Heading(title, 2)
        yield Bullets(lines)
    yield Heading("Options by target group and level of escalation", 2)
    rows = [
        (c.group, c.stage, "; ".join(c.planned) or "none", "; ".join(c.open) or "none") for c in p.assessments.options
    ]
    yield table("Options", ("Target group", "Stage", "In this plan", "Also on offer there"), rows, (1.5, 1.5, 3.0, 4.3))
