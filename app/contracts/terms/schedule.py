"""What a grantee will owe, worked out from the terms: pure dates, no database."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.contracts.states import ObligationKind
from app.contracts.terms.family import Every, Family, Owed

LONGEST_MONTHS = 600
"""No schedule runs longer; a parameter beyond this is taken as this."""


@dataclass(frozen=True, slots=True)
class PlannedObligation:
    """One thing owed: `first_day` to `last_day` (inclusive) is what it covers."""

    kind: ObligationKind
    title: str
    first_day: date
    last_day: date
    due_on: date
    blocks_tranche: bool


def months_later(day: date, months: int) -> date:
    """`day` moved by whole months; the end of a month stays the end of a month (28 Feb + 1 is 31 Mar)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, longest if at_end else min(day.day, longest))


def year_ends(first_day: date, last_day: date, month: int) -> tuple[date, ...]:
    """Last days of `month` from `first_day` up to, not including, `last_day`: the last year is the final account's."""
    ends = (date(y, month, calendar.monthrange(y, month)[1]) for y in range(first_day.year, last_day.year + 1))
    return tuple(end for end in ends if first_day <= end < last_day)


def months_of(parameters: Mapping[str, Any], name: str, otherwise: int) -> int:
    """A parameter that counts months: a whole number from 0 up to the longest; anything else gives `otherwise`."""
    value = parameters.get(name)
    if type(value) is not int or value < 0:
        return otherwise
    return min(value, LONGEST_MONTHS)


def plan(
    family: Family, parameters: Mapping[str, Any], first_day: date, last_day: date, year_end_month: int
) -> tuple[PlannedObligation, ...]:
    """Everything owed under the family's terms for a contract of these days, by due date."""
    planned = [
        PlannedObligation(
            rule.kind,
            rule.title,
            start,
            end,
            months_later(end, months_of(parameters, f"{rule.name}_due_months", 3)),
            rule.blocks_tranche,
        )
        for rule in family.owed
        for start, end in _periods(rule, parameters, first_day, last_day, year_end_month)
    ]
    return tuple(sorted(planned, key=lambda each: (each.due_on, each.kind)))


def _periods(
    rule: Owed, parameters: Mapping[str, Any], first_day: date, last_day: date, year_end_month: int
) -> Iterator[tuple[date, date]]:
    if rule.every is Every.END:
        yield first_day, last_day
        return
    start = first_day
    if rule.every is Every.YEAR_END:
        for end in year_ends(first_day, last_day, year_end_month):
            yield start, end
            start = end + timedelta(days=1)
        return
    step = max(1, months_of(parameters, f"{rule.name}_every_months", 12))
    count = 1
    while (end := months_later(first_day, step * count) - timedelta(days=1)) < last_day:
        yield start, end
        start, count = end + timedelta(days=1), count + 1
