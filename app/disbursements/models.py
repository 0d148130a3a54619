"""Tables of the disbursements slice. Postings and holds are the ledger's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
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
from app.disbursements.states import (
    ConversionSide,
    Decision,
    DisbursementStatus,
    Firmness,
    ResidueComponent,
    ResidueStatus,
)
from app.kernel.currencies import Currency, Market
from app.kernel.money import Money


class Disbursement(Base):
    """Money paid under a contract, in its currency, from a pocket of that currency to the grantee's account."""

    __tablename__ = "disbursement"
    __table_args__ = (
        one_of("status", DisbursementStatus),
        one_of("converts_at", ConversionSide),
        known_currency(),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> maker_id", name="payer_not_maker"),
        CheckConstraint("settled_by_id IS NULL OR settled_by_id <> released_by_id", name="settler_not_payer"),
        CheckConstraint("payer_charge_minor IS NULL OR payer_charge_minor >= 0", name="charge_not_negative"),
        Index("ix_disbursement_queue", "funder_id", "status", "requested_value_date"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[UUID] = foreign_key("contract")
    tranche_id: Mapped[UUID] = foreign_key("tranche")
    funder_id: Mapped[UUID] = foreign_key("institution")
    grantee_id: Mapped[UUID] = foreign_key("institution")
    pocket_id: Mapped[UUID] = foreign_key("pocket")
    payer_account_id: Mapped[UUID] = foreign_key("bank_account")
    payee_account_id: Mapped[UUID] = foreign_key("bank_account")
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    converts_at: Mapped[str | None] = code_of(ConversionSide, nullable=True)
    requested_value_date: Mapped[date]
    purpose: Mapped[LongText]
    warning_reason: Mapped[LongText] = mapped_column(default="")
    status: Mapped[str] = code_of(DisbursementStatus)
    revision: Mapped[int] = mapped_column(default=1)
    hold_id: Mapped[Ref | None]
    minutes_document_id: Mapped[UUID | None] = foreign_key("document", nullable=True)
    maker_id: Mapped[UUID] = foreign_key("person")
    made_at: Mapped[Instant]
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    released_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    release_date: Mapped[date | None]
    release_event_id: Mapped[Ref | None]
    release_entry_id: Mapped[int | None]
    booking_rate: Mapped[Decimal | None] = mapped_column(Numeric(24, 14))
    booking_rate_base: Mapped[str | None] = currency_column(nullable=True)
    settled_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    settled_on: Mapped[date | None]
    settlement_bank_reference: Mapped[ShortText] = mapped_column(default="")
    settlement_entry_id: Mapped[int | None]
    debited_minor: Mapped[Minor | None]
    debited_currency: Mapped[str | None] = currency_column(nullable=True)
    settlement_rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    settlement_rate_base: Mapped[str | None] = currency_column(nullable=True)
    settlement_rate_source: Mapped[ShortText] = mapped_column(default="")
    settlement_quote_id: Mapped[Ref | None]
    dealt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    payer_charge_minor: Mapped[Minor | None]
    charge_entry_id: Mapped[int | None]
    bounced_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    bounced_on: Mapped[date | None]
    bounce_bank_reference: Mapped[ShortText] = mapped_column(default="")
    bounce_reason: Mapped[LongText] = mapped_column(default="")
    status_reason: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    decisions: Mapped[list[CheckerDecision]] = relationship(order_by="CheckerDecision.decided_at")
    documents: Mapped[list[RouteDocument]] = relationship(order_by="RouteDocument.title")
    releases: Mapped[list[Release]] = relationship(order_by="Release.signed_at")
    receipts: Mapped[list[Receipt]] = relationship(order_by="Receipt.confirmed_at")

    @property
    def amount(self) -> Money:
        """The amount paid, in the contract's currency."""
        return Money(self.amount_minor, Currency(self.currency))

    @property
    def receipt(self) -> Receipt | None:
        """The grantee's confirmation that stands, if one does; a withdrawn one is history."""
        return next((receipt for receipt in self.receipts if receipt.reversed_on is None), None)


class CheckerDecision(Base):
    """A checker's decision on one revision, with the digest of what was consented to. Append-only."""

    __tablename__ = "checker_decision"
    __table_args__ = (
        one_of("decision", Decision),
        CheckConstraint("octet_length(consented_sha256) = 32", name="sha256_length"),
        Index(
            "uq_checker_decision_approval",
            "disbursement_id",
            "revision",
            "checker_id",
            unique=True,
            postgresql_where=text("decision = 'APPROVED'"),
        ),
    )

    id: Mapped[Key]
    disbursement_id: Mapped[UUID] = foreign_key("disbursement")
    revision: Mapped[int]
    decision: Mapped[str] = code_of(Decision)
    checker_id: Mapped[UUID] = foreign_key("person")
    on_behalf_of_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    consented_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[LongText]
    batch_reference: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[Instant]


class Release(Base):
    """A signatory's release under the bank mandate; a mandate with two signatories needs two rows of one revision."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("disbursement_id", "revision", "signatory_id"),)

    id: Mapped[Key]
    disbursement_id: Mapped[UUID] = foreign_key("disbursement")
    revision: Mapped[int]
    signatory_id: Mapped[UUID] = foreign_key("person")
    signed_at: Mapped[Instant]


class BankMandate(Base):
    """How many signatories a funder's bank account needs, from which amount, as data with its source."""

    __tablename__ = "bank_mandate"
    __table_args__ = (
        CheckConstraint("signatories IN (1, 2)", name="signatories_known"),
        CheckConstraint("above_minor >= 0", name="above_not_negative"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="second_person"),
    )

    id: Mapped[Key]
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    above_minor: Mapped[Minor]
    signatories: Mapped[int]
    source: Mapped[ShortText]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)


class RouteDocument(Base):
    """A piece of the file of one remittance (paper, filing, code, note, declaration), by the code of its rule.

    Listed by one person, confirmed by another; `number` is what identifies it: a paper's number, a code, a note's text.
    """

    __tablename__ = "route_document"
    __table_args__ = (
        UniqueConstraint("disbursement_id", "code"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> listed_by_id", name="second_person"),
    )

    id: Mapped[Key]
    disbursement_id: Mapped[UUID] = foreign_key("disbursement")
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[ShortText]
    number: Mapped[ShortText]
    dated_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    document_id: Mapped[UUID | None] = foreign_key("document", nullable=True)
    listed_by_id: Mapped[UUID] = foreign_key("person")
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Receipt(Base):
    """What the grantee's bank received: the grantee's own fact, at its own date and dealt rate."""

    __tablename__ = "receipt"
    __table_args__ = (
        known_currency("received_currency"),
        known_currency("charge_currency"),
        Index("uq_receipt_standing", "disbursement_id", unique=True, postgresql_where=text("reversed_on IS NULL")),
        CheckConstraint("received_minor > 0", name="received_positive"),
        CheckConstraint("charge_minor >= 0", name="charge_not_negative"),
    )

    id: Mapped[Key]
    disbursement_id: Mapped[UUID] = foreign_key("disbursement")
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    value_date: Mapped[date]
    bank_reference: Mapped[ShortText]
    received_minor: Mapped[Minor]
    received_currency: Mapped[str] = currency_column()
    charge_minor: Mapped[Minor]
    charge_currency: Mapped[str] = currency_column()
    dealt_rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    rate_base_currency: Mapped[str | None] = currency_column(nullable=True)
    rate_source: Mapped[ShortText] = mapped_column(default="")
    quote_id: Mapped[UUID | None] = foreign_key("bank_quote", nullable=True)
    dealt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    difference_reason: Mapped[LongText] = mapped_column(default="")
    confirmed_by_id: Mapped[UUID] = foreign_key("person")
    confirmed_at: Mapped[Instant]
    entry_id: Mapped[int | None]
    reversed_on: Mapped[date | None]
    reversed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    reversal_reason: Mapped[LongText] = mapped_column(default="")

    @property
    def received(self) -> Money:
        """What stood on the bank's line, net of charges the bank deducted."""
        return Money(self.received_minor, Currency(self.received_currency))

    @property
    def charge(self) -> Money:
        """The payee's charges, in the currency the bank stated them in."""
        return Money(self.charge_minor, Currency(self.charge_currency))


class BankQuote(Base):
    """What a bank quoted for one payment: `rate` of the other currency for `unit` of `base_currency`. Append-only.

    `dearer_percent` is how much dearer what is bought was than at `reference_rate_id`, the day's reference rate.
    """

    __tablename__ = "bank_quote"
    __table_args__ = (
        one_of("side", ConversionSide),
        one_of("firmness", Firmness),
        one_of("market", Market),
        known_currency("sold_currency"),
        known_currency("bought_currency"),
        known_currency("base_currency"),
        CheckConstraint("sold_currency <> bought_currency", name="two_currencies"),
        CheckConstraint("unit IN (1, 100)", name="unit_known"),
        CheckConstraint("rate > 0", name="rate_positive"),
        CheckConstraint("valid_until > asked_at", name="ends_after_it_was_asked"),
    )

    id: Mapped[Key]
    disbursement_id: Mapped[UUID] = foreign_key("disbursement")
    side: Mapped[str] = code_of(ConversionSide)
    bank: Mapped[ShortText]
    sold_currency: Mapped[str] = currency_column()
    bought_currency: Mapped[str] = currency_column()
    base_currency: Mapped[str] = currency_column()
    unit: Mapped[int]
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10))
    market: Mapped[str] = code_of(Market)
    firmness: Mapped[str] = code_of(Firmness)
    asked_at: Mapped[Instant]
    valid_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    source: Mapped[ShortText]
    bank_reference: Mapped[ShortText] = mapped_column(default="")
    document_id: Mapped[UUID | None] = foreign_key("document", nullable=True)
    reference_rate_id: Mapped[UUID | None] = foreign_key("exchange_rate", nullable=True)
    dearer_percent: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    kept_by_id: Mapped[UUID] = foreign_key("person")
    kept_at: Mapped[Instant]

    withdrawal: Mapped[QuoteWithdrawal | None] = relationship(lazy="joined")


class QuoteWithdrawal(Base):
    """A quote was kept by mistake: it stays on record and counts for nothing. Append-only."""

    __tablename__ = "quote_withdrawal"

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("bank_quote.id"), primary_key=True)
    reason: Mapped[LongText]
    withdrawn_by_id: Mapped[UUID] = foreign_key("person")
    withdrawn_at: Mapped[Instant]


class ResidueReturn(Base):
    """Unspent money returned to the funder, by component, in the contract's currency."""

    __tablename__ = "residue_return"
    __table_args__ = (
        one_of("status", ResidueStatus),
        known_currency(),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="second_person"),
        CheckConstraint("received_by_id IS NULL OR received_by_id <> entered_by_id", name="receiver_not_enterer"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[UUID] = foreign_key("contract")
    currency: Mapped[str] = currency_column()
    from_account_id: Mapped[UUID] = foreign_key("bank_account")
    to_account_id: Mapped[UUID] = foreign_key("bank_account")
    sent_on: Mapped[date]
    bank_reference: Mapped[ShortText]
    dealt_rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    rate_base_currency: Mapped[str | None] = currency_column(nullable=True)
    rate_source: Mapped[ShortText] = mapped_column(default="")
    paid_minor: Mapped[Minor | None]
    paid_currency: Mapped[str | None] = currency_column(nullable=True)
    status: Mapped[str] = code_of(ResidueStatus)
    event_id: Mapped[Ref]
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    received_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    received_on: Mapped[date | None]
    received_bank_reference: Mapped[ShortText] = mapped_column(default="")
    sent_entry_id: Mapped[int | None]
    received_entry_id: Mapped[int | None]
    status_reason: Mapped[LongText] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    components: Mapped[list[ResidueReturnComponent]] = relationship(order_by="ResidueReturnComponent.component")

    @property
    def total(self) -> Money:
        """The whole return, in the contract's currency."""
        return Money(sum(part.amount_minor for part in self.components), Currency(self.currency))


class ResidueReturnComponent(Base):
    """One component of a residue return: grant of this year, of earlier years, interest, other."""

    __tablename__ = "residue_return_component"
    __table_args__ = (
        one_of("component", ResidueComponent),
        UniqueConstraint("residue_return_id", "component"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )

    id: Mapped[Key]
    residue_return_id: Mapped[UUID] = foreign_key("residue_return")
    component: Mapped[str] = code_of(ResidueComponent)
    amount_minor: Mapped[Minor]
