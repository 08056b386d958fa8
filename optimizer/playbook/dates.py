"""Days of the plan as dates, and dates as people write them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from ..model.tree import MONTH_DAYS


def on(start: date, day: float) -> date:
    """The date of a day of the plan; a day that has begun counts."""
    return start + timedelta(days=int(day + 1e-6) if day >= 0 else -int(-day + 1 - 1e-6))


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def reviews(start: date, end: date, months: int) -> list[date]:
    """Every so many months after the start, up to the end."""
    found, k = [], months
    while (day := later(start, k)) <= end:
        found.append(day)
        k += months
    return found


def months_between(start: date, horizon_months: int) -> list[tuple[float, float]]:
    """Limits in days of each month of the plan."""
    return [(k * MONTH_DAYS, (k + 1) * MONTH_DAYS) for k in range(horizon_months)]
