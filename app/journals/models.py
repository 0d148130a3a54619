"""Tables of the journals slice: an entry by form, its lines, its evidence and its second person."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    Ref,
    ShortText,
    Version,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.journals.states import JournalKind, JournalStatus


class Journal(Base):
    """An entry by form in one institution's book, dated on the date of cost.

    A cost transfer moves cost of the entry `moves_entry_id`: in red ink (`red_entry_id`) and anew (`entry_id`).
    """

    __tablename__ = "journal"
    __table_args__ = (
        one_of("kind", JournalKind),
        one_of("status", JournalStatus),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> made_by_id", name="second_person"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    kind: Mapped[str] = code_of(JournalKind)
    effective_on: Mapped[date]
    reason: Mapped[LongText]
    bank_account_id: Mapped[UUID | None] = foreign_key("bank_account", nullable=True)
    counterparty: Mapped[ShortText]
    reverses_entry_id: Mapped[int | None]
    moves_entry_id: Mapped[int | None]
    negative_list_declared: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = code_of(JournalStatus)
    status_reason: Mapped[LongText] = mapped_column(default="")
    made_by_id: Mapped[UUID] = foreign_key("person")
    made_at: Mapped[Instant]
    approved_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    event_id: Mapped[Ref | None]
    entry_id: Mapped[int | None]
    red_entry_id: Mapped[int | None]
    version: Mapped[Version]

    lines: Mapped[list[JournalLine]] = relationship(order_by="JournalLine.number", cascade="all, delete-orphan")


class JournalLine(Base):
    """One line: a contract, a heading where cost is booked, and the amount in the currency it was incurred in.

    Cost in another currency than the contract's passes through the trading pair at `rate`
    (contract currency per one unit of `currency`), from the rate row named.
    """

    __tablename__ = "journal_line"
    __table_args__ = (
        known_currency(),
        UniqueConstraint("journal_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )

    id: Mapped[Key]
    journal_id: Mapped[UUID] = foreign_key("journal")
    number: Mapped[int]
    contract_id: Mapped[UUID] = foreign_key("contract")
    to_contract_id: Mapped[UUID | None] = foreign_key("contract", nullable=True)
    heading: Mapped[str | None] = mapped_column(String(40))
    to_heading: Mapped[str | None] = mapped_column(String(40))
    description: Mapped[ShortText]
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    rate_id: Mapped[UUID | None] = foreign_key("exchange_rate", nullable=True)
    place_of_spend: Mapped[str] = mapped_column(String(5), default="")


class JournalWorking(Base):
    """That a journal was computed, for which days, and the document that holds the calculation as it was shown.

    A journal that its maker corrects by hand loses it: it is then as they typed it.
    """

    __tablename__ = "journal_working"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_ordered"),)

    id: Mapped[Key]
    journal_id: Mapped[UUID] = foreign_key("journal", unique=True, index=False)
    document_id: Mapped[UUID] = foreign_key("document")
    first_day: Mapped[date]
    last_day: Mapped[date]
