"""Tables of the corridor: rules, rates for their thresholds, lists of codes, tax filings of contracts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.contracts.states import Purpose
from app.corridor.states import AskKind, CodeList, ForeignCurrency, ProposalStatus, Step
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
from app.institutions.states import InstitutionKind, Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.whitelist.states import WhitelistKind


class CorridorRule(Base):
    """One version of one rule of a route, with its source. NULL in a condition means any; shipped rows name nobody.

    Of each code, route and purpose the newest confirmed version that has begun wins, and holds until its last day.
    """

    __tablename__ = "corridor_rule"
    __table_args__ = (
        one_of("from_side", Side),
        one_of("to_side", Side),
        one_of("purpose", Purpose),
        one_of("payer_kind", InstitutionKind),
        one_of("payee_kind", InstitutionKind),
        one_of("exempt_payer_kind", InstitutionKind),
        one_of("exempt_listed_on", WhitelistKind),
        one_of("above_currency", ForeignCurrency),
        one_of("kind", AskKind),
        one_of("code_list", CodeList),
        one_of("blocks", Step),
        one_of("status", ProposalStatus),
        known_currency(),
        CheckConstraint("from_side <> to_side", name="two_sides"),
        CheckConstraint("(above_minor IS NULL) = (above_currency IS NULL)", name="threshold_is_complete"),
        CheckConstraint("above_minor >= 0", name="threshold_not_negative"),
        CheckConstraint("(kind = 'CODE') = (code_list IS NOT NULL)", name="code_names_its_list"),
        CheckConstraint("(kind = 'DECLARATION') = (due_days IS NOT NULL)", name="declaration_has_its_days"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="dates_ordered"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint(
            "status <> 'CONFIRMED' OR proposed_by_id IS NULL OR decided_by_id IS NOT NULL", name="confirmed_is_complete"
        ),
        UniqueConstraint("code", "from_side", "to_side", "purpose", "number", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    from_side: Mapped[str] = code_of(Side)
    to_side: Mapped[str] = code_of(Side)
    purpose: Mapped[str | None] = code_of(Purpose, nullable=True)
    payer_kind: Mapped[str | None] = code_of(InstitutionKind, nullable=True)
    payee_kind: Mapped[str | None] = code_of(InstitutionKind, nullable=True)
    currency: Mapped[str | None] = currency_column(nullable=True)
    above_minor: Mapped[Minor | None]
    above_currency: Mapped[str | None] = currency_column(nullable=True)
    exempt_listed_on: Mapped[str | None] = code_of(WhitelistKind, nullable=True)
    exempt_payer_kind: Mapped[str | None] = code_of(InstitutionKind, nullable=True)
    kind: Mapped[str] = code_of(AskKind)
    title: Mapped[ShortText]
    how: Mapped[LongText]
    code_list: Mapped[str | None] = code_of(CodeList, nullable=True)
    suggested: Mapped[str] = mapped_column(String(40), default="")
    blocks: Mapped[str | None] = code_of(Step, nullable=True)
    valid_days: Mapped[int | None]
    due_days: Mapped[int | None]
    source: Mapped[LongText]
    verified: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    status: Mapped[str] = code_of(ProposalStatus)
    proposed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]


class CorridorRate(Base):
    """Units of a ledger currency for one unit of a threshold's currency: only to compare amounts with thresholds."""

    __tablename__ = "corridor_rate"
    __table_args__ = (
        one_of("base_currency", ForeignCurrency),
        known_currency(),
        one_of("status", ProposalStatus),
        CheckConstraint("rate > 0", name="rate_positive"),
        CheckConstraint("base_currency <> currency", name="two_currencies"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name="confirmed_is_complete"),
    )

    id: Mapped[Key]
    base_currency: Mapped[str] = currency_column()
    currency: Mapped[str] = currency_column()
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10))
    rate_date: Mapped[date]
    source: Mapped[LongText]
    status: Mapped[str] = code_of(ProposalStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]


class CorridorCode(Base):
    """One code of a list that a rule may ask for; its name is a reading of ours until somebody verified it."""

    __tablename__ = "corridor_code"
    __table_args__ = (one_of("code_list", CodeList), UniqueConstraint("code_list", "code", "edition"))

    id: Mapped[Key]
    code_list: Mapped[str] = code_of(CodeList)
    code: Mapped[str] = mapped_column(String(20))
    edition: Mapped[str] = mapped_column(String(40))
    name: Mapped[ShortText]
    source: Mapped[LongText]
    verified: Mapped[bool]


class TaxFiling(Base):
    """The tax filing of a contract: entered by one person, confirmed by another; later payments need no other."""

    __tablename__ = "tax_filing"
    __table_args__ = (
        known_currency(),
        one_of("status", ProposalStatus),
        CheckConstraint("value_minor > 0", name="value_positive"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name="confirmed_is_complete"),
    )

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract")
    form_number: Mapped[ShortText]
    verification_code: Mapped[ShortText]
    filed_on: Mapped[date]
    value_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    status: Mapped[str] = code_of(ProposalStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    @property
    def value(self) -> Money:
        """The contract's value as the filing states it, in the filing's currency."""
        return Money(self.value_minor, Currency(self.currency))
