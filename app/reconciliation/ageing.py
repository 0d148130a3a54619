"""How old what is unmatched is, on either side of a bank account. Pure.

A line's age counts from the day it is booked, a posting's from its own day, both to the day that is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.balances import PostingRow
from app.reconciliation.models import BankLine


class Age(StrEnum):
    """How many days old."""

    WEEK = "0-7"
    MONTH = "8-30"
    QUARTER = "31-90"
    OLDER = "over-90"


AGE_LABELS = {
    Age.WEEK: _("0 to 7 days"),
    Age.MONTH: _("8 to 30 days"),
    Age.QUARTER: _("31 to 90 days"),
    Age.OLDER: _("Over 90 days"),
}
_LAST_DAYS = ((7, Age.WEEK), (30, Age.MONTH), (90, Age.QUARTER))


@dataclass(frozen=True, slots=True)
class Aged:
    """What is unmatched of one age, in one currency: lines as the bank signs them, postings debit positive."""

    age: Age
    lines: int
    lines_sum: Money
    postings: int
    postings_sum: Money


def age_of(day: date, today: date) -> Age:
    """The age of what bears that day; what lies in the future is of the youngest."""
    days = (today - day).days
    return next((age for last, age in _LAST_DAYS if days <= last), Age.OLDER)


def aged(lines: Iterable[BankLine], postings: Iterable[PostingRow], currency: Currency, today: date) -> list[Aged]:
    """Every age with what is unmatched of it, the youngest first; nothing is left out or counted twice."""
    by_age: dict[Age, tuple[list[Money], list[Money]]] = {age: ([], []) for age in Age}
    for line in lines:
        by_age[age_of(line.booked_on, today)][0].append(line.amount)
    for row in postings:
        by_age[age_of(row.effective_on, today)][1].append(row.amount)
    return [
        Aged(age, len(bank), total(bank, currency), len(book), total(book, currency))
        for age, (bank, book) in by_age.items()
    ]


def table_rows(
    lines: Sequence[BankLine], postings: Sequence[PostingRow], today: date
) -> list[tuple[str, date, int, Age, Money, str, str]]:
    """Every unmatched item, the oldest first: side, day, days old, age, amount, the bank's reference, and its text."""
    bank = [
        ("bank", line.booked_on, line.amount, line.bank_reference, line.text or line.counterparty) for line in lines
    ]
    book = [("book", row.effective_on, row.amount, f"{row.entry_id}-{row.line_no}", row.reason) for row in postings]
    return [
        (side, day, max((today - day).days, 0), age_of(day, today), amount, reference, text)
        for side, day, amount, reference, text in sorted([*bank, *book], key=lambda item: (item[1], item[0], item[3]))
    ]
