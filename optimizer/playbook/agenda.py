"""Starts, days in force, decision points, reviews and preparations, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .context import Context
from .dates import reviews
from .record import About, Date, Preparation, Task
from .tables import numbers


def agenda(ctx: Context, done: Sequence[Task], steps: Sequence[Preparation], head: About) -> tuple[Date, ...]:
    """Every date of the plan."""
    found = [_of_task(t, "start") for t in done] + [_of_task(t, "in force") for t in done]
    if head.branch_date:
        found.append(Date(day=head.branch_date, what="Decision: which contingency playbook begins", kind="decision"))
    days = reviews(ctx.start, head.end, int(numbers()["review_months"].mid))
    found += [Date(day=d, what=f"Review {k} of the plan", kind="review") for k, d in enumerate(days, start=1)]
    found += [Date(day=p.due, what=f"{p.kind}: {p.step}", kind="preparation", detail=p.who) for p in steps]
    return tuple(sorted(found, key=lambda d: (d.day, d.kind, d.what)))


def _of_task(task: Task, kind: Literal["start", "in force"]) -> Date:
    day, word = (task.start, "begins") if kind == "start" else (task.in_force, "in force")
    return Date(
        day=day, what=f"Task {task.number}: {task.name} {word}", kind=kind, detail=f"{task.phase}; {task.lead} leads"
    )
