"""Tables of the exchange_rates slice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, ShortText, code_of, currency_column, foreign_key, known_currency, one_of
from app.kernel.currencies import Market


class RateKind(StrEnum):
    """What a rate is for: budget (contract), booking (day of cost), dealt (bank's actual), period end (translation)."""

    BUDGET = "BUDGET"
    BOOKING = "BOOKING"
    DEALT = "DEALT"
    PERIOD_END = "PERIOD_END"


class RateStatus(StrEnum):
    """A rate entered by hand takes effect when a second person confirms it; bundled history is confirmed as loaded."""

    ENTERED = "ENTERED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


class ExchangeRate(Base):
    """How many units of `quote_currency` are paid for `unit` units of `base_currency`, with source, date and time.

    `rate` is per `unit` (1 or 100) as published; `per_one` gives the rate per one unit, exactly.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (
        one_of("kind", RateKind),
        one_of("status", RateStatus),
        one_of("market", Market),
        known_currency("base_currency"),
        known_currency("quote_currency"),
        CheckConstraint("base_currency <> quote_currency", name="two_currencies"),
        CheckConstraint("unit IN (1, 100)", name="unit_known"),
        CheckConstraint("rate > 0", name="rate_positive"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="second_person"),
        Index("ix_exchange_rate_institution_id", "institution_id", postgresql_where=text("institution_id IS NOT NULL")),
    )

    id: Mapped[Key]
    kind: Mapped[str] = code_of(RateKind)
    base_currency: Mapped[str] = currency_column()
    quote_currency: Mapped[str] = currency_column()
    market: Mapped[str] = code_of(Market)
    unit: Mapped[int]
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10))
    rate_date: Mapped[date] = mapped_column(index=True)
    quoted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    source: Mapped[ShortText]
    institution_id: Mapped[UUID | None] = foreign_key("institution", nullable=True, index=False)
    note: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = code_of(RateStatus)
    entered_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    entered_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def per_one(self) -> Decimal:
        """Units of the quote currency for one unit of the base currency; exact, not rounded."""
        return self.rate / self.unit
