"""Tables of the manpower schedule: engagements of staff, their months, and what was confirmed and cleared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contracts.models import Contract
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
from app.manpower.states import ContributionKind


class StaffEngagement(Base):
    """A person's work on one contract, from one month to another. Months are their first days.

    A person is known by the institution's staff code, and across institutions by ORCID iD where it is stated. The rate
    and the employer's contribution are for a whole month of full time, in one currency.
    """

    __tablename__ = "staff_engagement"
    __table_args__ = (
        one_of("contribution_kind", ContributionKind),
        known_currency(),
        UniqueConstraint("contract_id", "staff_code", "first_month"),
        Index("ix_staff_engagement_person", "institution_id", "staff_code"),
        CheckConstraint("monthly_rate_minor >= 0", name="rate_not_negative"),
        CheckConstraint("contribution_minor >= 0", name="contribution_not_negative"),
        CheckConstraint("percent > 0 AND percent <= 100", name="share_of_time"),
        CheckConstraint("last_month >= first_month", name="months_ordered"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution", index=False)
    contract_id: Mapped[UUID] = foreign_key("contract")
    staff_code: Mapped[str] = mapped_column(String(60))
    person_name: Mapped[ShortText]
    orcid: Mapped[str | None] = mapped_column(String(19), index=True)
    post: Mapped[ShortText]
    heading: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = currency_column()
    monthly_rate_minor: Mapped[Minor]
    contribution_kind: Mapped[str] = code_of(ContributionKind)
    contribution_minor: Mapped[Minor]
    percent: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    first_month: Mapped[date]
    last_month: Mapped[date]
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    version: Mapped[Version]

    contract: Mapped[Contract] = relationship()
    months: Mapped[list[StaffMonth]] = relationship(order_by="StaffMonth.month", cascade="all, delete-orphan")

    @property
    def monthly_rate(self) -> Money:
        """Pay of a whole month of full time."""
        return Money(self.monthly_rate_minor, Currency(self.currency))

    @property
    def contribution(self) -> Money:
        """The employer's contribution for a whole month of full time, in the currency of the rate."""
        return Money(self.contribution_minor, Currency(self.currency))


class StaffMonth(Base):
    """What the contract bears of one month, in the contract's currency. Without amounts: not known yet.

    Pay in another currency is converted at `rate` (contract currency per one unit of the engagement's), from the rate
    row named.

    `is_typed`: a person entered the month itself, so that a change of the engagement leaves it alone.
    """

    __tablename__ = "staff_month"
    __table_args__ = (
        known_currency(),
        UniqueConstraint("engagement_id", "month"),
        CheckConstraint("pay_minor >= 0", name="pay_not_negative"),
        CheckConstraint("contribution_minor >= 0", name="contribution_not_negative"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="share_of_time"),
        CheckConstraint("(pay_minor IS NULL) = (contribution_minor IS NULL)", name="both_or_neither"),
        CheckConstraint("extract(day from month) = 1", name="first_day"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("staff_engagement")
    month: Mapped[date]
    percent: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    currency: Mapped[str] = currency_column()
    pay_minor: Mapped[Minor | None]
    contribution_minor: Mapped[Minor | None]
    is_typed: Mapped[bool] = mapped_column(default=False)
    rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    rate_id: Mapped[UUID | None] = foreign_key("exchange_rate", nullable=True)

    @property
    def pay(self) -> Money | None:
        """Pay charged to the contract; None while it is not known."""
        return None if self.pay_minor is None else Money(self.pay_minor, Currency(self.currency))

    @property
    def contribution(self) -> Money | None:
        """Contribution charged to the contract; None while it is not known."""
        return None if self.contribution_minor is None else Money(self.contribution_minor, Currency(self.currency))


class StaffMonthConfirmation(Base):
    """One month of a contract's schedule laid beside its ledger, with the difference explained. Contract currency."""

    __tablename__ = "staff_month_confirmation"
    __table_args__ = (known_currency(), UniqueConstraint("contract_id", "month"))

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract")
    month: Mapped[date]
    currency: Mapped[str] = currency_column()
    scheduled_minor: Mapped[Minor]
    booked_minor: Mapped[Minor]
    reason: Mapped[LongText]
    confirmed_by_id: Mapped[UUID] = foreign_key("person")
    confirmed_at: Mapped[Instant]

    @property
    def scheduled(self) -> Money:
        """Pay and contributions of the schedule when it was confirmed."""
        return Money(self.scheduled_minor, Currency(self.currency))

    @property
    def booked(self) -> Money:
        """What stood on the staff headings when it was confirmed."""
        return Money(self.booked_minor, Currency(self.currency))


class StaffTimeClearance(Base):
    """Time above 100 % in one month, looked at and cleared up to a total; more than that raises the flag again."""

    __tablename__ = "staff_time_clearance"
    __table_args__ = (UniqueConstraint("engagement_id", "month"),)

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("staff_engagement")
    month: Mapped[date]
    total_percent: Mapped[Decimal] = mapped_column(Numeric(9, 4))
    reason: Mapped[LongText]
    cleared_by_id: Mapped[UUID] = foreign_key("person")
    cleared_at: Mapped[Instant]
