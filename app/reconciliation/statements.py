"""What a bank's statement says once it is read, whatever it was read from. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.kernel.currencies import Currency
from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LineRead:
    """One line of a statement: money in positive, money out negative."""

    booked_on: date
    value_on: date
    amount: Money
    bank_reference: str = ""
    end_to_end: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class StatementRead:
    """A statement as read or typed. `account` is the account's number as the file states it; empty when typed."""

    first_day: date
    last_day: date
    opening: Money
    closing: Money
    lines: tuple[LineRead, ...]
    account: str = ""
    bank_number: str = ""

    @property
    def currency(self) -> Currency:
        """The statement's one currency."""
        return self.opening.currency
