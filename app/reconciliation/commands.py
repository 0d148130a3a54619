"""What the verbs of reconciliation are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.money import Money
from app.reconciliation.statements import LineRead
from app.reconciliation.states import DateForm, DecimalMark
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class EnterStatement:
    """A statement typed from paper, with the paper itself if there is a file of it."""

    first_day: date
    last_day: date
    opening: Money
    closing: Money
    lines: tuple[LineRead, ...] = ()
    bank_number: str = ""
    evidence: Upload | None = None


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Which column of a bank's table says what, how it writes days and cents, and what the table leaves out.

    Either `amount` names one signed column, or `paid_in` and `paid_out` name two.
    """

    booked_on: str = ""
    value_on: str = ""
    amount: str = ""
    paid_in: str = ""
    paid_out: str = ""
    reference: str = ""
    text: str = ""
    date_form: DateForm = DateForm.ISO
    decimal_mark: DecimalMark = DecimalMark.POINT
    first_day: date | None = None
    last_day: date | None = None
    opening: Money | None = None
    closing: Money | None = None


@dataclass(frozen=True, slots=True)
class BringFile:
    """A bank's file: camt.053, MT940, or a table with its layout."""

    file: Upload
    layout: TableLayout


@dataclass(frozen=True, slots=True)
class Seen:
    """A step on a record as the page showed it."""

    version: int


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A step that says why."""

    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class MatchItems:
    """Lines of the bank, and postings of the book as `entry-line`."""

    lines: tuple[UUID, ...] = ()
    postings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SwitchAutomatic:
    """Whether lines match by themselves where identifier and amount agree."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class PrepareMonth:
    """A month's reconciliation, with a note on what stays open."""

    note: str = ""
