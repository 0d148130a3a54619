"""Tables of the contracts slice: programmes and their terms, contracts, tranches, obligations, amendments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Numeric, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contracts.states import (
    AmendmentStatus,
    Basis,
    ContractStatus,
    FundingMode,
    ObligationKind,
    ObligationStatus,
    OverdueScope,
    ParameterStatus,
    Purpose,
    SpendingLimit,
    TermsFamily,
    TrancheCondition,
    WhitelistEffect,
)
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


class Programme(Base):
    """A funder's scheme: its terms family, currency, year end and basis."""

    __tablename__ = "programme"
    __table_args__ = (
        one_of("terms_family", TermsFamily),
        one_of("basis", Basis),
        one_of("spending_limit", SpendingLimit),
        one_of("whitelist_effect", WhitelistEffect),
        one_of("overdue_scope", OverdueScope),
        known_currency(),
        CheckConstraint("year_end_month BETWEEN 1 AND 12", name="year_end_month_known"),
        CheckConstraint("holdback_percent BETWEEN 0 AND 100", name="holdback_percent_range"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    funder_id: Mapped[UUID] = foreign_key("institution")
    name_en: Mapped[ShortText]
    name_zh_hant: Mapped[ShortText]
    name_zh_hans: Mapped[ShortText]
    terms_family: Mapped[str] = code_of(TermsFamily)
    currency: Mapped[str] = currency_column()
    year_end_month: Mapped[int]
    basis: Mapped[str] = code_of(Basis)
    holdback_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    spending_limit: Mapped[str] = code_of(SpendingLimit)
    whitelist_effect: Mapped[str] = code_of(WhitelistEffect)
    whitelist_kind: Mapped[str] = mapped_column(String(40), default="FUND_FLOW")
    overdue_scope: Mapped[str] = code_of(OverdueScope)
    collective_minutes_required: Mapped[bool]
    active: Mapped[bool]
    version: Mapped[Version]


class TermsParameter(Base):
    """One parameter of a programme's terms, as data: value, source, whether verified, dates in force.

    Entered by one officer and in force once confirmed by another. The newest confirmed row in force on a day wins.
    """

    __tablename__ = "terms_parameter"
    __table_args__ = (
        one_of("status", ParameterStatus),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="dates_ordered"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="second_person"),
    )

    id: Mapped[Key]
    programme_id: Mapped[UUID] = foreign_key("programme")
    name: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSONB)
    source: Mapped[LongText]
    verified: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    status: Mapped[str] = code_of(ParameterStatus)
    entered_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    entered_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)


class Contract(Base):
    """One funder, one grantee institution, one project, one currency, one programme's terms."""

    __tablename__ = "contract"
    __table_args__ = (
        one_of("status", ContractStatus),
        one_of("funding_mode", FundingMode),
        one_of("purpose", Purpose),
        known_currency(),
        CheckConstraint("funder_id <> grantee_id", name="two_parties"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("last_day >= first_day", name="dates_ordered"),
        CheckConstraint("signed_by_id IS NULL OR signed_by_id <> drafted_by_id", name="second_person_signs"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    agreement_number: Mapped[ShortText]
    project_id: Mapped[UUID] = foreign_key("project")
    programme_id: Mapped[UUID] = foreign_key("programme")
    funder_id: Mapped[UUID] = foreign_key("institution")
    grantee_id: Mapped[UUID] = foreign_key("institution")
    pocket_id: Mapped[UUID] = foreign_key("pocket")
    grantee_account_id: Mapped[UUID | None] = foreign_key("bank_account", nullable=True)
    funding_mode: Mapped[str] = code_of(FundingMode)
    purpose: Mapped[str] = code_of(Purpose)
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    budget_rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    first_day: Mapped[date]
    last_day: Mapped[date]
    governing_law: Mapped[ShortText]
    dispute_forum: Mapped[ShortText]
    status: Mapped[str] = code_of(ContractStatus)
    hold_id: Mapped[Ref | None]
    commitment_letter_id: Mapped[UUID | None] = foreign_key("document", nullable=True)
    minutes_document_id: Mapped[UUID | None] = foreign_key("document", nullable=True)
    negative_list_declared: Mapped[bool] = mapped_column(default=False)
    drafted_by_id: Mapped[UUID] = foreign_key("person")
    drafted_at: Mapped[Instant]
    signed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    signed_on: Mapped[date | None]
    closing_from: Mapped[date | None]
    closing_started_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    closed_on: Mapped[date | None]
    status_reason: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    tranches: Mapped[list[Tranche]] = relationship(back_populates="contract", order_by="Tranche.number")
    obligations: Mapped[list[Obligation]] = relationship(back_populates="contract", order_by="Obligation.due_on")


class Tranche(Base):
    """An instalment: amount, condition and holdback, in the contract's currency.

    The holdback is the part of the amount that is not payable before the final account has been accepted.
    """

    __tablename__ = "tranche"
    __table_args__ = (
        one_of("condition", TrancheCondition),
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("holdback_minor BETWEEN 0 AND amount_minor", name="holdback_within_amount"),
    )

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract")
    number: Mapped[int]
    amount_minor: Mapped[Minor]
    holdback_minor: Mapped[Minor]
    condition: Mapped[str] = code_of(TrancheCondition)
    due_on: Mapped[date]
    milestone: Mapped[ShortText]
    condition_met_on: Mapped[date | None]
    condition_met_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    condition_note: Mapped[LongText] = mapped_column(default="")
    is_final: Mapped[bool]

    contract: Mapped[Contract] = relationship(back_populates="tranches")


class Obligation(Base):
    """What the grantee owes by a date: a report, an account, the residue."""

    __tablename__ = "obligation"
    __table_args__ = (
        one_of("kind", ObligationKind),
        one_of("status", ObligationStatus),
        CheckConstraint("accepted_by_id IS NULL OR accepted_by_id <> submitted_by_id", name="second_person"),
    )

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract")
    kind: Mapped[str] = code_of(ObligationKind)
    title: Mapped[ShortText]
    period_first_day: Mapped[date | None]
    period_last_day: Mapped[date | None]
    due_on: Mapped[date] = mapped_column(index=True)
    original_due_on: Mapped[date]
    blocks_tranche: Mapped[bool]
    status: Mapped[str] = code_of(ObligationStatus)
    submitted_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    accepted_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    contract: Mapped[Contract] = relationship(back_populates="obligations")


class Amendment(Base):
    """A change to a contract, with what stood before and after; proposed by one person, approved by another."""

    __tablename__ = "amendment"
    __table_args__ = (
        one_of("status", AmendmentStatus),
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
    )

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract")
    number: Mapped[int]
    reason: Mapped[LongText]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    effective_on: Mapped[date]
    status: Mapped[str] = code_of(AmendmentStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    contract_version: Mapped[int]


class ConflictOfInterest(Base):
    """A declared interest of a person in a contract; who has one decides nothing about it."""

    __tablename__ = "conflict_of_interest"
    __table_args__ = (UniqueConstraint("contract_id", "person_id"),)

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract")
    person_id: Mapped[UUID] = foreign_key("person")
    statement: Mapped[LongText]
    declared_at: Mapped[Instant]
