"""Measures that need a mandate sooner than the case expects one."""

from __future__ import annotations

from collections.abc import Iterable

from .inputs.records import Case
from .judge.evaluate import Judged
from .model.tree import MONTH_DAYS

NEVER = 99  # the code of a case for a mandate that was not in reach
BODIES = ("unsc", "regional")


def late_mandates(measures: Iterable[Judged], case: Case) -> list[Judged]:
    """Those that would be in force before a mandate is expected."""
    expected = case.legitimacy.expected_months_to_authorization * MONTH_DAYS
    return [j for j in measures if j.gate in BODIES and j.in_force_day < expected]


def when_expected(case: Case) -> str:
    """When the case expects a mandate, in words."""
    months = case.legitimacy.expected_months_to_authorization
    if months >= NEVER:
        return "not in reach as things stood"
    return f"expected in month {months:g}" if months else "expected at once"
