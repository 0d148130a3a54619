"""Tables of reconciliation: files of banks, statements with their lines, matches, and the months reconciled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    ShortText,
    Version,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.reconciliation.states import Basis, FileStatus, MonthStatus, StatementSource, StatementStatus


class BankFile(Base):
    """A file as a bank made it, kept byte for byte; the same bytes for the same account are kept once.

    `asked` is what was typed beside it: for a table, which column says what, the balances and the days.
    """

    __tablename__ = "bank_file"
    __table_args__ = (
        one_of("source", StatementSource),
        one_of("status", FileStatus),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        UniqueConstraint("bank_account_id", "sha256"),
    )

    id: Mapped[Key]
    bank_account_id: Mapped[UUID] = foreign_key("bank_account", index=False)
    institution_id: Mapped[UUID] = foreign_key("institution")
    source: Mapped[str] = code_of(StatementSource)
    status: Mapped[str] = code_of(FileStatus)
    filename: Mapped[ShortText]
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    brought_by_id: Mapped[UUID] = foreign_key("person")
    brought_at: Mapped[Instant]
    version: Mapped[Version]

    @property
    def digest(self) -> str:
        """The digest of its bytes in hexadecimal."""
        return self.sha256.hex()


class BankStatement(Base):
    """What a bank says of one account and currency for a span of days: opening + lines = closing, in minor units."""

    __tablename__ = "bank_statement"
    __table_args__ = (
        one_of("source", StatementSource),
        one_of("status", StatementStatus),
        known_currency(),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        Index(
            "uq_bank_statement_span",
            "bank_account_id",
            "first_day",
            unique=True,
            postgresql_where=text("status = 'STANDING'"),
        ),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    institution_id: Mapped[UUID] = foreign_key("institution")
    currency: Mapped[str] = currency_column()
    bank_number: Mapped[str] = mapped_column(String(60), default="")
    sequence: Mapped[int | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    opening_minor: Mapped[Minor]
    closing_minor: Mapped[Minor]
    source: Mapped[str] = code_of(StatementSource)
    file_id: Mapped[UUID | None] = foreign_key("bank_file", nullable=True)
    status: Mapped[str] = code_of(StatementStatus, default=StatementStatus.STANDING)
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    withdrawal_reason: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    lines: Mapped[list[BankLine]] = relationship(back_populates="statement", order_by="BankLine.number")

    @property
    def opening(self) -> Money:
        """The balance before the first day; positive is money of the institution's."""
        return Money(self.opening_minor, Currency(self.currency))

    @property
    def closing(self) -> Money:
        """The balance at the end of the last day."""
        return Money(self.closing_minor, Currency(self.currency))


class BankLine(Base):
    """One line of a statement, as the bank wrote it: money in is positive, money out negative.

    A line of a batch has several end-to-end references, or several UETRs, with a space between them.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        known_currency(),
        CheckConstraint("amount_minor <> 0", name="amount_not_nil"),
        UniqueConstraint("statement_id", "number"),
    )

    id: Mapped[Key]
    statement_id: Mapped[UUID] = foreign_key("bank_statement", index=False)
    number: Mapped[int]
    booked_on: Mapped[date]
    value_on: Mapped[date]
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    bank_reference: Mapped[ShortText]
    end_to_end: Mapped[LongText]
    text: Mapped[str] = mapped_column(String(500))
    uetr: Mapped[LongText] = mapped_column(default="")
    mandate_reference: Mapped[ShortText] = mapped_column(default="")
    clearing_reference: Mapped[ShortText] = mapped_column(default="")
    counterparty: Mapped[ShortText] = mapped_column(default="")
    counterparty_account: Mapped[str] = mapped_column(String(40), default="")
    charge_minor: Mapped[Minor | None]
    return_reason: Mapped[ShortText] = mapped_column(default="")
    reversal: Mapped[bool] = mapped_column(default=False)

    statement: Mapped[BankStatement] = relationship(back_populates="lines")

    @property
    def amount(self) -> Money:
        """Money in positive, money out negative."""
        return Money(self.amount_minor, Currency(self.currency))

    @property
    def charge(self) -> Money | None:
        """What the bank says it took with this line, in the account's currency; None where it says nothing."""
        return None if self.charge_minor is None else Money(self.charge_minor, Currency(self.currency))


class AutomaticMatching(Base):
    """Whether lines of an account match by themselves where identifier and amount agree, and who said so when.

    No row means that it was never switched on.
    """

    __tablename__ = "bank_automatic_matching"

    bank_account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("bank_account.id"), primary_key=True)
    is_on: Mapped[bool]
    changed_by_id: Mapped[UUID] = foreign_key("person")
    changed_at: Mapped[Instant]


class BankMatch(Base):
    """Lines of the bank and postings of the book that are the same money: their sums agree exactly.

    It counts from `cleared_on`: the latest day of what it holds, or the first day after the months approved by then.
    """

    __tablename__ = "bank_match"
    __table_args__ = (one_of("basis", Basis),)

    id: Mapped[Key]
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    basis: Mapped[str] = code_of(Basis)
    cleared_on: Mapped[date]
    matched_by_id: Mapped[UUID] = foreign_key("person")
    matched_at: Mapped[Instant]

    lines: Mapped[list[MatchedLine]] = relationship(cascade="all, delete-orphan")
    postings: Mapped[list[MatchedPosting]] = relationship(cascade="all, delete-orphan")


class MatchedLine(Base):
    """A line of the bank in a match; a line is in one match at most."""

    __tablename__ = "bank_match_line"

    line_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("bank_line.id"), primary_key=True)
    match_id: Mapped[UUID] = foreign_key("bank_match")


class MatchedPosting(Base):
    """A posting of the book in a match, with its day and amount (debit positive); it is in one match at most."""

    __tablename__ = "bank_match_posting"

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    match_id: Mapped[UUID] = foreign_key("bank_match")
    effective_on: Mapped[date]
    amount_minor: Mapped[Minor]


class BankReconciliation(Base):
    """One account's month, prepared by one person and approved by another, with the figures both saw (minor units).

    bank + postings without a line - lines without a posting + brought forward = book.
    """

    __tablename__ = "bank_reconciliation"
    __table_args__ = (
        one_of("status", MonthStatus),
        known_currency(),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> prepared_by_id", name="second_person"),
        CheckConstraint("status <> 'APPROVED' OR approved_by_id IS NOT NULL", name="approved_is_complete"),
        CheckConstraint(
            "bank_minor + postings_minor - lines_minor + forward_minor = book_minor", name="balances_reconcile"
        ),
        Index(
            "uq_bank_reconciliation_standing",
            "bank_account_id",
            "month",
            unique=True,
            postgresql_where=text("status <> 'RETURNED'"),
        ),
    )

    id: Mapped[Key]
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    institution_id: Mapped[UUID] = foreign_key("institution")
    month: Mapped[date]
    currency: Mapped[str] = currency_column()
    status: Mapped[str] = code_of(MonthStatus)
    bank_minor: Mapped[Minor]
    book_minor: Mapped[Minor]
    postings_minor: Mapped[Minor]
    lines_minor: Mapped[Minor]
    forward_minor: Mapped[Minor]
    open_postings: Mapped[int]
    open_lines: Mapped[int]
    note: Mapped[LongText] = mapped_column(default="")
    prepared_by_id: Mapped[UUID] = foreign_key("person")
    prepared_at: Mapped[Instant]
    approved_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    return_reason: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]
