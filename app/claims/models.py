"""Tables of the claims slice: claims, their lines in the currency that was paid, and the papers behind each line."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.claims.states import ClaimStatus, FlagCode, LineKind, PaperKind, Place, Verdict
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
from app.kernel.currencies import Currency
from app.kernel.money import Money


class Claim(Base):
    """Cost that a team claims on one contract. The claimant is paid in `pay_currency`; the maker may be a delegate.

    `payable_minor` is what is owed after approval less the advance cleared, `carried_minor` the same as the book
    carries it in its functional currency.
    """

    __tablename__ = "claim"
    __table_args__ = (
        one_of("status", ClaimStatus),
        known_currency("pay_currency"),
        CheckConstraint("advance_minor >= 0", name="advance_not_negative"),
        CheckConstraint("checked_by_id NOT IN (made_by_id, claimant_id)", name="checker_apart"),
        CheckConstraint("approved_by_id NOT IN (made_by_id, claimant_id)", name="approver_apart"),
        CheckConstraint(
            "paid_by_id NOT IN (made_by_id, claimant_id, checked_by_id, approved_by_id)", name="payer_apart"
        ),
        CheckConstraint("status NOT IN ('APPROVED', 'PAID') OR approved_by_id IS NOT NULL", name="approved_by_someone"),
        CheckConstraint("status <> 'PAID' OR paid_by_id IS NOT NULL", name="paid_by_someone"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    contract_id: Mapped[UUID] = foreign_key("contract")
    claimant_id: Mapped[UUID] = foreign_key("person")
    made_by_id: Mapped[UUID] = foreign_key("person")
    made_at: Mapped[Instant]
    purpose: Mapped[ShortText]
    heading: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str] = code_of(Place)
    pay_currency: Mapped[str] = currency_column()
    advance_minor: Mapped[Minor] = mapped_column(default=0)
    declared: Mapped[bool] = mapped_column(default=False)
    negative_list_declared: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = code_of(ClaimStatus)
    status_reason: Mapped[LongText] = mapped_column(default="")
    follows_id: Mapped[UUID | None] = foreign_key("claim", nullable=True)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    event_id: Mapped[Ref | None]
    payable_minor: Mapped[Minor | None]
    carried_minor: Mapped[Minor | None]
    paid_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paid_on: Mapped[date | None]
    bank_account_id: Mapped[UUID | None] = foreign_key("bank_account", nullable=True)
    bank_reference: Mapped[ShortText] = mapped_column(default="")
    payment_entry_id: Mapped[int | None]
    version: Mapped[Version]

    lines: Mapped[list[ClaimLine]] = relationship(order_by="ClaimLine.number", cascade="all, delete-orphan")


class ClaimLine(Base):
    """One receipt or allowance, as far as it is typed. `rate` is contract currency for one unit of `currency`.

    `ends_on` is the last day of a journey or a stay that takes more than one day.
    """

    __tablename__ = "claim_line"
    __table_args__ = (
        one_of("kind", LineKind),
        one_of("place", Place),
        one_of("verdict", Verdict),
        known_currency(),
        UniqueConstraint("claim_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("tax_minor >= 0", name="tax_not_negative"),
        CheckConstraint("amount_minor IS NULL OR currency IS NOT NULL", name="amount_has_currency"),
        CheckConstraint("ends_on IS NULL OR cost_on IS NULL OR ends_on >= cost_on", name="days_in_order"),
    )

    id: Mapped[Key]
    claim_id: Mapped[UUID] = foreign_key("claim")
    number: Mapped[int]
    kind: Mapped[str] = code_of(LineKind)
    cost_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    heading: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str | None] = code_of(Place, nullable=True)
    who: Mapped[ShortText] = mapped_column(default="")
    purpose: Mapped[ShortText] = mapped_column(default="")
    currency: Mapped[str | None] = currency_column(nullable=True)
    amount_minor: Mapped[Minor | None]
    tax_minor: Mapped[Minor | None]
    seller: Mapped[ShortText] = mapped_column(default="")
    seller_number: Mapped[ShortText] = mapped_column(default="")
    invoice_code: Mapped[ShortText] = mapped_column(default="")
    invoice_number: Mapped[ShortText] = mapped_column(default="")
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    unit_rate: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    unit_source: Mapped[LongText] = mapped_column(default="")
    missing_receipt: Mapped[LongText] = mapped_column(default="")
    rate_id: Mapped[UUID | None] = foreign_key("exchange_rate", nullable=True)
    rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    verdict: Mapped[str | None] = code_of(Verdict, nullable=True)
    verdict_reason: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    papers: Mapped[list[ClaimPaper]] = relationship(order_by="ClaimPaper.id", cascade="all, delete-orphan")

    @property
    def amount(self) -> Money | None:
        """What was paid, in the currency it was paid in; None while it is not typed."""
        if self.amount_minor is None or self.currency is None:
            return None
        return Money(self.amount_minor, Currency(self.currency))

    @property
    def tax(self) -> Money | None:
        """The tax within the amount, in the same currency; None where none is stated."""
        if self.tax_minor is None or self.currency is None:
            return None
        return Money(self.tax_minor, Currency(self.currency))


class ClaimPaper(Base):
    """A document behind a line. A line that comes back in a claim of its own keeps its papers."""

    __tablename__ = "claim_paper"
    __table_args__ = (one_of("kind", PaperKind), UniqueConstraint("line_id", "document_id"))

    id: Mapped[Key]
    line_id: Mapped[UUID] = foreign_key("claim_line")
    document_id: Mapped[UUID] = foreign_key("document")
    kind: Mapped[str] = code_of(PaperKind)


class ClaimFlagClearance(Base):
    """Somebody judged a flag and cleared it, with the reason. `about` names the facts: others open it again."""

    __tablename__ = "claim_flag_clearance"
    __table_args__ = (one_of("code", FlagCode), UniqueConstraint("claim_id", "code", "about"))

    id: Mapped[Key]
    claim_id: Mapped[UUID] = foreign_key("claim")
    code: Mapped[str] = code_of(FlagCode)
    about: Mapped[str] = mapped_column(String(16))
    reason: Mapped[LongText]
    cleared_by_id: Mapped[UUID] = foreign_key("person")
    cleared_at: Mapped[Instant]
