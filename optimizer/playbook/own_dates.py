"""Dates that people set by hand, against what the model knows of partners, phases and lead times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ..choices import Measure
from ..judge.evaluate import Judge
from ..judge.measures import timed
from .dates import on
from .record import Task


def date_faults(judge: Judge, plan_start: date, measure: Measure, task: Task) -> Iterator[str]:
    """What people's own dates must keep: partners there, inside the phase, no sooner than the lead time allows."""
    scene, start = judge.scene, plan_start
    item = timed(scene, measure)
    computed = timed(scene, replace(measure, in_force_day=None, end_day=None))
    node, who = item.node, item.lead.name
    name = f"Task {task.number} ({task.name})"
    if item.start < item.lead.available_day - 1:
        yield f"{name}: {who} is available only from {on(start, item.lead.available_day)}"
    if not node.start - 1 < item.start < node.end:
        yield f"{name} begins outside its phase, which runs from {on(start, node.start)} to {on(start, node.end)}"
    if item.in_force < computed.in_force - 1:
        yield f"{name} cannot be in force on {on(start, item.in_force)}: it takes until {on(start, computed.in_force)}"
    if item.in_force < item.start:
        yield f"{name} would be in force before it begins"
    if item.end <= item.in_force:
        yield f"{name} would end before it is in force"
    if item.end > computed.end + 1 and measure.end_day is not None and measure.in_force_day is None:
        months = item.tool.typical_duration_months
        yield f"{name} would run longer than the {months:g} months that its cost and effect are known for"
