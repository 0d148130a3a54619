"""The story's calendar: everything is counted from the day it is loaded. Working days are Monday to Friday. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.contracts.terms.schedule import months_later
from app.kernel.clock import BUSINESS_ZONE

STORY_MONTHS = 24
"""Two fiscal years."""

SATURDAY = 5


def months_before(day: date, months: int) -> date:
    """`day` moved back by whole months."""
    return months_later(day, -months)


def working(day: date) -> date:
    """The day itself, or the next Monday when it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def worked(day: date) -> date:
    """The day itself, or the Friday before when it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def shifted(day: date, working_days: int) -> date:
    """So many working days after `day`, or before it when negative. Nil gives the working day itself."""
    step = timedelta(days=1 if working_days >= 0 else -1)
    moved = working(day)
    for _ in range(abs(working_days)):
        moved += step
        while moved.weekday() >= SATURDAY:
            moved += step
    return moved


def instant(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a business day, in UTC."""
    return datetime.combine(day, time(hour, minute), BUSINESS_ZONE).astimezone(UTC)
