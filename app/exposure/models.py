"""The table of the exposure slice: notes of forward cover. Balances and holds are the ledger's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    ShortText,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.exposure.states import CoverStatus
from app.kernel.currencies import Currency
from app.kernel.money import Money


class ForwardCover(Base):
    """A bank's promise to sell `amount` for a pocket's currency between two days, noted and never booked.

    `amount_minor` is in `currency`, what the bank will deliver; `rate` is of the other currency for one `rate_base`.
    """

    __tablename__ = "forward_cover"
    __table_args__ = (
        one_of("status", CoverStatus),
        known_currency(),
        known_currency("rate_base"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("rate > 0", name="rate_positive"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> entered_by_id", name="second_person"),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution")
    pocket_id: Mapped[UUID] = foreign_key("pocket")
    bank: Mapped[ShortText]
    bank_reference: Mapped[ShortText]
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10))
    rate_base: Mapped[str] = currency_column()
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[LongText] = mapped_column(default="")
    status: Mapped[str] = code_of(CoverStatus)
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def amount(self) -> Money:
        """What the bank will deliver."""
        return Money(self.amount_minor, Currency(self.currency))
