"""Tables of payment files: what a bank takes, files with their payments and signatures, and the bank's answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, String, UniqueConstraint, text
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
from app.payment_files.states import AnswerStatus, BankCodeKind, ChargeBearer, FileStatus, PurposePlacement, Repertoire


class BankProfile(Base):
    """What one bank takes, as data with its source; without an institution it came with the system, for everybody.

    In force once a second person confirmed it. `verified` says that the bank's own guide was seen.
    """

    __tablename__ = "bank_profile"
    __table_args__ = (
        one_of("code_kind", BankCodeKind),
        one_of("repertoire", Repertoire),
        one_of("purpose_placement", PurposePlacement),
        one_of("charge_bearer", ChargeBearer),
        CheckConstraint("(code_kind = 'NONE') = (code = '')", name="code_of_its_kind"),
        CheckConstraint("name_length BETWEEN 10 AND 140", name="name_length_sensible"),
        CheckConstraint("address_length BETWEEN 10 AND 70", name="address_length_sensible"),
        CheckConstraint("remittance_length BETWEEN 10 AND 140", name="remittance_length_sensible"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="second_person"),
        CheckConstraint("institution_id IS NULL OR entered_by_id IS NOT NULL", name="somebody_entered_it"),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID | None] = foreign_key("institution", nullable=True)
    name: Mapped[ShortText]
    code_kind: Mapped[str] = code_of(BankCodeKind)
    code: Mapped[str] = mapped_column(String(12), default="")
    repertoire: Mapped[str] = code_of(Repertoire)
    name_length: Mapped[int]
    address_length: Mapped[int]
    remittance_length: Mapped[int]
    address_structured: Mapped[bool]
    purpose_placement: Mapped[str] = code_of(PurposePlacement)
    charge_bearer: Mapped[str] = code_of(ChargeBearer)
    source: Mapped[LongText]
    verified: Mapped[bool]
    entered_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    entered_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    @property
    def in_force(self) -> bool:
        """Whether it came with the system or a second person confirmed it."""
        return self.institution_id is None or self.confirmed_by_id is not None


class PaymentFile(Base):
    """Payments of one account, currency and rail in one file for the bank; its bytes never change.

    `snapshot` is what was said, out of which the bytes can be made again; `signatories` is what the mandate asked for
    at the last signature.
    """

    __tablename__ = "payment_file"
    __table_args__ = (
        one_of("status", FileStatus),
        known_currency(),
        CheckConstraint("total_minor > 0 AND payment_count > 0", name="not_empty"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("signatories IN (1, 2)", name="signatories_known"),
        Index("ix_payment_file_list", "institution_id", "status", "made_at"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(35), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    profile_id: Mapped[UUID] = foreign_key("bank_profile")
    currency: Mapped[str] = currency_column()
    rail: Mapped[str] = mapped_column(String(35))
    execute_on: Mapped[date]
    purpose_code: Mapped[str] = mapped_column(String(10), default="")
    total_minor: Mapped[Minor]
    payment_count: Mapped[int]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = code_of(FileStatus)
    signatories: Mapped[int] = mapped_column(default=1)
    maker_id: Mapped[UUID] = foreign_key("person")
    made_at: Mapped[Instant]
    sent_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    bank_reference: Mapped[ShortText] = mapped_column(default="")
    withdrawn_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawal_reason: Mapped[LongText] = mapped_column(default="")
    version: Mapped[Version]

    payments: Mapped[list[FilePayment]] = relationship(order_by="FilePayment.number")
    signatures: Mapped[list[FileSignature]] = relationship(order_by="FileSignature.signed_at")
    answers: Mapped[list[BankAnswer]] = relationship(order_by="BankAnswer.taken_at")

    @property
    def total(self) -> Money:
        """What the file pays together, in its currency."""
        return Money(self.total_minor, Currency(self.currency))

    @property
    def digest(self) -> str:
        """The digest of its bytes in hexadecimal."""
        return self.sha256.hex()

    @property
    def filename(self) -> str:
        """The name under which it is saved."""
        return f"{self.reference}.xml"


class FilePayment(Base):
    """One disbursement in a payment file, and the newest word of the bank about it.

    `live` until the file is withdrawn: a disbursement is in one live file at most, and the index holds it there.
    """

    __tablename__ = "file_payment"
    __table_args__ = (
        one_of("answer", AnswerStatus),
        known_currency(),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        UniqueConstraint("payment_file_id", "number"),
        UniqueConstraint("payment_file_id", "end_to_end_id"),
        Index("uq_file_payment_live", "disbursement_id", unique=True, postgresql_where=text("live")),
    )

    id: Mapped[Key]
    payment_file_id: Mapped[UUID] = foreign_key("payment_file")
    number: Mapped[int]
    disbursement_id: Mapped[UUID] = foreign_key("disbursement")
    end_to_end_id: Mapped[str] = mapped_column(String(35))
    uetr: Mapped[UUID] = mapped_column(unique=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    live: Mapped[bool] = mapped_column(default=True)
    answer: Mapped[str] = code_of(AnswerStatus, default=AnswerStatus.NONE)
    bank_status: Mapped[str] = mapped_column(String(35), default="")
    reason_code: Mapped[str] = mapped_column(String(35), default="")
    reason_text: Mapped[LongText] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def amount(self) -> Money:
        """The amount paid."""
        return Money(self.amount_minor, Currency(self.currency))


class FileSignature(Base):
    """A signatory's signature on the bytes of a file, by their digest. Append-only."""

    __tablename__ = "file_signature"
    __table_args__ = (
        UniqueConstraint("payment_file_id", "signatory_id"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
    )

    id: Mapped[Key]
    payment_file_id: Mapped[UUID] = foreign_key("payment_file")
    signatory_id: Mapped[UUID] = foreign_key("person")
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[Instant]


class BankAnswer(Base):
    """An answer of the bank (pain.002), kept byte for byte; the same one is taken once. Append-only."""

    __tablename__ = "bank_answer"
    __table_args__ = (
        UniqueConstraint("payment_file_id", "sha256"),
        UniqueConstraint("payment_file_id", "message_id"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
    )

    id: Mapped[Key]
    payment_file_id: Mapped[UUID] = foreign_key("payment_file")
    message_id: Mapped[str] = mapped_column(String(35))
    filename: Mapped[ShortText]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    accepted: Mapped[int]
    rejected: Mapped[int]
    pending: Mapped[int]
    taken_by_id: Mapped[UUID] = foreign_key("person")
    taken_at: Mapped[Instant]
