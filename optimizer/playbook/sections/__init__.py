"""The sections of the document, in their order."""

from __future__ import annotations

from .proof import evidence, notes
from .situation import aims, country, estimate
from .work import authority, contingencies, dates, preparation, tasks
from .worth import alternatives, money, risk, rules, studies

SECTIONS = (
    country, estimate, aims, tasks, authority, preparation, contingencies, money, risk, studies, rules, alternatives,
    dates, evidence, notes,
)  # fmt: skip

__all__ = ["SECTIONS"]
