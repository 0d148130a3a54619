"""What a bank's statement says once it is read, whatever it was read from. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.kernel.currencies import Currency
from app.kernel.money import Money

Piece = TypeVar("Piece")

SHORTEST_NUMBER = 4
"""An account's number shorter than this is compared whole, never by its end."""


@dataclass(frozen=True, slots=True)
class LineRead:
    """One line of a statement: money in positive, money out negative.

    A line of a batch has several end-to-end references, or several UETRs, with a space between them. `charge` is what
    the bank says it took with this line, in the account's currency; `reversal` is what the bank marks as one.
    """

    booked_on: date
    value_on: date
    amount: Money
    bank_reference: str = ""
    end_to_end: str = ""
    text: str = ""
    uetr: str = ""
    mandate_reference: str = ""
    clearing_reference: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    charge: Money | None = None
    return_reason: str = ""
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class StatementRead:
    """A statement as read or typed. `account` is the account's number as the file states it; empty when typed.

    `sequence` counts a bank's statements of one account, where the bank counts them.
    """

    first_day: date
    last_day: date
    opening: Money
    closing: Money
    lines: tuple[LineRead, ...]
    account: str = ""
    bank_number: str = ""
    sequence: int | None = None

    @property
    def currency(self) -> Currency:
        """The statement's one currency."""
        return self.opening.currency


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """A notification of debits and credits as read: no balances. `account` is the number as the file states it."""

    account: str
    bank_number: str
    entries: tuple[LineRead, ...]
    currency: Currency


@dataclass(frozen=True, slots=True)
class AccountNamed:
    """An account as a file names it: its number in capitals and digits, and its currency; either may be empty."""

    number: str
    currency: str


def plain_number(written: str) -> str:
    """An account's number in capitals and digits only."""
    return re.sub(r"[^0-9A-Za-z]", "", written).upper()


def is_number_of(written: str, number: str) -> bool:
    """Whether a file's number is that account's: the same, or the same behind a bank's code or in an IBAN."""
    theirs, ours = plain_number(written), plain_number(number)
    return theirs == ours or (len(ours) >= SHORTEST_NUMBER and theirs.endswith(ours))


def pieces_of(pieces: Sequence[Piece], named: Callable[[Piece], AccountNamed], ours: AccountNamed) -> Sequence[Piece]:
    """The pieces of a file that are of our account, in its currency if any is; all of them where none is of it."""
    own = [each for each in pieces if ours.number and is_number_of(named(each).number, ours.number)]
    return [each for each in own if named(each).currency == ours.currency] or own or pieces
