"""The tables that people edit and that are read back: tasks, money, notes."""

from __future__ import annotations

from . import words
from .record import Playbook, Task

TASK_HEAD = ("No.", "Measure", "Lead", "With", "Starts", "In force", "Ends", "Cost", "Note")
NOTE_HEAD = ("Section", "Note")
MONEY_HEAD = ("Money", "Million USD of 2020", "Range")
SECTION_NAMES = {
    "general": "General",
    "situation": "Situation",
    "aims": "Aims",
    "tasks": "Tasks",
    "authority": "Authority",
    "preparation": "Preparation",
    "contingency": "Contingencies",
    "money": "Money",
    "risk": "Risk",
    "rules": "Rules",
}


def task_row(task: Task) -> tuple[str, ...]:
    """The row that people edit: dates, leads, money and notes."""
    return (
        str(task.number), task.name, task.lead, ", ".join(task.partners), str(task.start), str(task.in_force), str(task.end),
        cost_text(task.cost.mid), task.note,
    )  # fmt: skip


def cost_text(amount: float) -> str:
    """Money with as many digits as an edit can carry, and no more."""
    return f"{amount:.2f}".rstrip("0").rstrip(".") if amount < 100 else f"{amount:.1f}".rstrip("0").rstrip(".")


def money_rows(p: Playbook) -> list[tuple[str, str, str]]:
    m = p.money
    named = (
        ("Now", m.now),
        ("Reserve: the dearest branch", m.reserve),
        ("Expected: now and the branches by their chances", m.expected),
    )
    rows = [(name, cost_text(q.mid), words.span(q.low, q.high, words.musd)) for name, q in named]
    return [*rows, ("Envelope", cost_text(m.envelope), m.basis)]
