"""Words of the slice: where a statement comes from, what a match rests on, how a month stands. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class StatementSource(StrEnum):
    """How a bank statement came in."""

    HAND = "HAND"
    CAMT_053 = "CAMT_053"
    CAMT_054 = "CAMT_054"
    MT940 = "MT940"
    TABLE = "TABLE"


SOURCE_LABELS = {
    StatementSource.HAND: _("By hand"),
    StatementSource.CAMT_053: _("camt.053 file"),
    StatementSource.CAMT_054: _("camt.054 notification"),
    StatementSource.MT940: _("MT940 file"),
    StatementSource.TABLE: _("CSV or XLSX file"),
}


class StatementStatus(StrEnum):
    """A statement stands until it is withdrawn; it is never changed."""

    STANDING = "STANDING"
    WITHDRAWN = "WITHDRAWN"


class FileStatus(StrEnum):
    """A file waits on its preview until somebody takes what it says."""

    WAITING = "WAITING"
    TAKEN = "TAKEN"


class Standing(StrEnum):
    """Where an entry that the bank notified stands: no statement reaches its day, one shows it, or none does."""

    WAITING = "WAITING"
    SHOWN = "SHOWN"
    MISSING = "MISSING"


STANDING_LABELS = {
    Standing.WAITING: _("The statement of that day has not come yet"),
    Standing.SHOWN: _("On a statement"),
    Standing.MISSING: _("Not on the statement of that day: ask the bank"),
}


class Basis(StrEnum):
    """What a match rests on."""

    BY_HAND = "BY_HAND"
    IDENTIFIER = "IDENTIFIER"
    BATCH = "BATCH"
    CHARGE = "CHARGE"
    REFERENCE = "REFERENCE"
    ONE_PAYMENT = "ONE_PAYMENT"
    ONE_REFERENCE = "ONE_REFERENCE"
    RETURNED = "RETURNED"
    AMOUNT_AND_DATE = "AMOUNT_AND_DATE"
    REVERSAL = "REVERSAL"


BASIS_LABELS = {
    Basis.BY_HAND: _("Chosen by hand"),
    Basis.IDENTIFIER: _("Same end-to-end identifier and amount"),
    Basis.BATCH: _("Several identified payments make up the line"),
    Basis.CHARGE: _("A payment and its charge make up the line"),
    Basis.REFERENCE: _("Same reference and amount"),
    Basis.ONE_PAYMENT: _("Several postings of one event make up the line"),
    Basis.ONE_REFERENCE: _("Several lines of one reference make up the posting"),
    Basis.RETURNED: _("A payment and its return by the bank; the book has neither"),
    Basis.AMOUNT_AND_DATE: _("Same amount, days close to each other"),
    Basis.REVERSAL: _("A posting and its reversal"),
}

CERTAIN = frozenset({Basis.IDENTIFIER, Basis.REFERENCE, Basis.REVERSAL})
"""Bases that agree by more than amount and day: these may be taken all at once."""


class Switch(StrEnum):
    """A setting that is on or off; whoever changes it says which."""

    ON = "ON"
    OFF = "OFF"


class MonthStatus(StrEnum):
    """A month's reconciliation is prepared by one person and approved by another; a returned one is history."""

    PREPARED = "PREPARED"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"


class DateForm(StrEnum):
    """How a bank's table writes days."""

    ISO = "YYYY-MM-DD"
    DAY_FIRST = "DD/MM/YYYY"
    MONTH_FIRST = "MM/DD/YYYY"
    COMPACT = "YYYYMMDD"


DATE_PATTERNS = {
    DateForm.ISO: "%Y-%m-%d",
    DateForm.DAY_FIRST: "%d/%m/%Y",
    DateForm.MONTH_FIRST: "%m/%d/%Y",
    DateForm.COMPACT: "%Y%m%d",
}


class DecimalMark(StrEnum):
    """How a bank's table writes the cents; the other mark may stand between thousands."""

    POINT = "POINT"
    COMMA = "COMMA"


DECIMAL_LABELS = {DecimalMark.POINT: _("1,234.50"), DecimalMark.COMMA: _("1.234,50")}
