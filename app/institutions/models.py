"""Tables of institutions, their bank accounts and the cooling policy of changed accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    ShortText,
    Version,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.institutions import identifiers
from app.institutions.states import BankAccountStatus, InstitutionKind, InstitutionStatus, Side
from app.kernel.languages import nearest


class Institution(Base):
    """A legal body on one side. Its id is also the key of its ledger book."""

    __tablename__ = "institution"
    __table_args__ = (
        one_of("side", Side),
        one_of("kind", InstitutionKind),
        one_of("status", InstitutionStatus),
        known_currency("functional_currency"),
        CheckConstraint("year_end_month BETWEEN 1 AND 12", name="year_end_month_known"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    side: Mapped[str] = code_of(Side)
    kind: Mapped[str] = code_of(InstitutionKind)
    name_en: Mapped[ShortText]
    name_zh_hant: Mapped[str] = mapped_column(String(200), default="")
    name_zh_hans: Mapped[str] = mapped_column(String(200), default="")
    industry: Mapped[str] = mapped_column(String(100), default="")
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    br_number: Mapped[str | None] = mapped_column(String(8), unique=True)
    lei: Mapped[str | None] = mapped_column(String(20), unique=True)
    address: Mapped[str] = mapped_column(String(400), default="")
    year_end_month: Mapped[int] = mapped_column(default=12)
    functional_currency: Mapped[str] = currency_column()
    data_residency: Mapped[str] = code_of(Side)
    status: Mapped[str] = code_of(InstitutionStatus, default=InstitutionStatus.ACTIVE)
    opened_by_id: Mapped[UUID | None] = mapped_column(Uuid)
    opened_at: Mapped[Instant]
    version: Mapped[Version]

    accounts: Mapped[list[BankAccount]] = relationship(
        back_populates="institution", foreign_keys="BankAccount.institution_id", order_by="BankAccount.entered_at"
    )

    def name(self, language: str = "en") -> str:
        """The institution's name in `language`, or in the nearest one there is."""
        return nearest(language, self.name_en, self.name_zh_hant, self.name_zh_hans)


class BankAccount(Base):
    """An account of an institution. A change is a new row that replaces the old one once it is verified."""

    __tablename__ = "bank_account"
    __table_args__ = (
        one_of("status", BankAccountStatus),
        one_of("bank_side", Side),
        known_currency(),
        CheckConstraint("verified_by_id IS NULL OR verified_by_id <> entered_by_id", name="verifier_is_another"),
        CheckConstraint(
            "status NOT IN ('VERIFIED', 'REPLACED') OR"
            " (verified_by_id IS NOT NULL AND verified_at IS NOT NULL AND cooling_until IS NOT NULL)",
            name="verified_is_complete",
        ),
        Index(
            "uq_bank_account_live",
            "institution_id",
            "currency",
            "number",
            unique=True,
            postgresql_where=text("status IN ('ENTERED', 'VERIFIED')"),
        ),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution")
    currency: Mapped[str] = currency_column()
    label: Mapped[str] = mapped_column(String(100), default="")
    bank_name: Mapped[ShortText]
    bank_side: Mapped[str] = code_of(Side)
    bic: Mapped[str | None] = mapped_column(String(11))
    cnaps: Mapped[str | None] = mapped_column(String(12))
    hk_bank_code: Mapped[str | None] = mapped_column(String(3))
    number: Mapped[str] = mapped_column(String(34))
    holder_name: Mapped[ShortText]
    status: Mapped[str] = code_of(BankAccountStatus, default=BankAccountStatus.ENTERED)
    replaces_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("bank_account.id"))
    change_reason: Mapped[str] = mapped_column(String(400), default="")
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    verified_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    call_back_note: Mapped[str] = mapped_column(String(1000), default="")
    cooling_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refusal_reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[Version]

    institution: Mapped[Institution] = relationship(back_populates="accounts", foreign_keys=[institution_id])

    @property
    def masked_number(self) -> str:
        """The number with all but its last four places hidden; what every screen shows by default."""
        return identifiers.masked_account(self.number)

    @property
    def number_digest(self) -> str:
        """A short digest of where money would go, for telling whether the account changed since consent."""
        return identifiers.account_digest(self.currency, self.bic, self.cnaps, self.hk_bank_code, self.number)

    def is_payable(self, now: datetime) -> bool:
        """Whether money may go here: verified by a second person and past its cooling period."""
        return (
            self.status == BankAccountStatus.VERIFIED and self.cooling_until is not None and now >= self.cooling_until
        )


class CoolingPolicy(Base):
    """How many days a newly verified account waits before it can be paid; NULL institution is the default for all."""

    __tablename__ = "cooling_policy"
    __table_args__ = (
        CheckConstraint("days BETWEEN 0 AND 90", name="days_sensible"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="confirmer_is_another"),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID | None] = foreign_key("institution", nullable=True)
    days: Mapped[int]
    source: Mapped[LongText]
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]
