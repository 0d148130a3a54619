"""Kinds of the manpower schedule, and what a month is; pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum

from app.ledger.headings import Heading


class ContributionKind(StrEnum):
    """The employer's contribution on top of the pay: Hong Kong's MPF or the Mainland's social insurance."""

    NONE = "NONE"
    MPF = "MPF"
    SOCIAL_INSURANCE = "SOCIAL_INSURANCE"


PAY_HEADINGS = (Heading.SALARY, Heading.STUDENT_STIPEND, Heading.LABOUR, Heading.PERFORMANCE_PAY)
"""Headings of pay; contributions are booked on `CONTRIBUTIONS`."""

CONTRIBUTIONS = Heading.SOCIAL_INSURANCE
STAFF_HEADINGS = (*PAY_HEADINGS, CONTRIBUTIONS)


def month_of(day: date) -> date:
    """The first day of the day's month, by which a month is known."""
    return day.replace(day=1)


def last_day_of(month: date) -> date:
    """The last day of a month, whose booking rate converts what was earned in it."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Every month from the first to the last, both included."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(date(at // 12, at % 12 + 1, 1) for at in range(start, end + 1))
