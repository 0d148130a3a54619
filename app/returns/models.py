"""Tables of the returns slice: a return and its rows, what an institution's columns mean, and open purchase orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

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
from app.returns.states import ReturnStatus, RowKind


class SpendingReturn(Base):
    """One file of a contract's spending. Its rows are written when it is submitted, and posted by a second person.

    `columns` and `headings` are what the institution's columns and words meant when it was submitted. `known_count` are
    rows of the file that an earlier return had brought already.
    """

    __tablename__ = "spending_return"
    __table_args__ = (
        one_of("status", ReturnStatus),
        CheckConstraint("posted_by_id IS NULL OR posted_by_id <> made_by_id", name="second_person"),
        CheckConstraint("octet_length(file_sha256) = 32", name="sha256_length"),
        Index(
            "uq_spending_return_live_file",
            "contract_id",
            "file_sha256",
            unique=True,
            postgresql_where=text("status IN ('DRAFT', 'SUBMITTED', 'POSTED')"),
        ),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    contract_id: Mapped[UUID] = foreign_key("contract")
    file_name: Mapped[ShortText]
    file_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    bank_account_id: Mapped[UUID | None] = foreign_key("bank_account", nullable=True)
    negative_list_declared: Mapped[bool] = mapped_column(default=False)
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    headings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    row_count: Mapped[int] = mapped_column(default=0)
    known_count: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = code_of(ReturnStatus)
    status_reason: Mapped[LongText] = mapped_column(default="")
    made_by_id: Mapped[UUID] = foreign_key("person")
    made_at: Mapped[Instant]
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    posted_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    event_id: Mapped[Ref | None]
    version: Mapped[Version]


class ReturnRow(Base):
    """One row: what the file said, its amount in the contract's currency (`booked_minor`), and its entry once posted.

    `live` falls when the return is refused or withdrawn: then the key may be brought again.
    """

    __tablename__ = "return_row"
    __table_args__ = (
        one_of("kind", RowKind),
        known_currency(),
        UniqueConstraint("return_id", "line"),
        CheckConstraint("octet_length(digest) = 32", name="digest_length"),
        Index("uq_return_row_live_key", "contract_id", "row_key", unique=True, postgresql_where=text("live")),
    )

    id: Mapped[Key]
    return_id: Mapped[UUID] = foreign_key("spending_return", index=False)
    contract_id: Mapped[UUID] = foreign_key("contract", index=False)
    line: Mapped[int]
    row_key: Mapped[str] = mapped_column(String(130))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    live: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[str] = code_of(RowKind)
    heading: Mapped[str | None] = mapped_column(String(40))
    cost_on: Mapped[date]
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    booked_minor: Mapped[Minor]
    rate_id: Mapped[UUID | None] = foreign_key("exchange_rate", nullable=True, index=False)
    payee: Mapped[ShortText]
    payee_number: Mapped[ShortText]
    description: Mapped[ShortText]
    document_code: Mapped[ShortText]
    document_number: Mapped[ShortText]
    order_number: Mapped[ShortText]
    entry_id: Mapped[int | None]

    @property
    def amount(self) -> Money:
        """The amount as the file gives it; negative is red ink."""
        return Money(self.amount_minor, Currency(self.currency))


class ReturnLayout(Base):
    """What the columns and words of one institution's files mean: column to its name, words to heading."""

    __tablename__ = "return_layout"

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution", unique=True)
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    headings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    currency: Mapped[str | None] = currency_column(nullable=True)
    changed_by_id: Mapped[UUID] = foreign_key("person")
    changed_at: Mapped[Instant]


class PurchaseOrder(Base):
    """An order a finance system reports as open: what of it is still committed, in the contract's currency.

    Its id is the source of its commitment in the ledger.
    """

    __tablename__ = "purchase_order"
    __table_args__ = (
        known_currency(),
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("open_minor >= 0", name="open_not_negative"),
    )

    id: Mapped[Key]
    contract_id: Mapped[UUID] = foreign_key("contract", index=False)
    number: Mapped[ShortText]
    heading: Mapped[str] = mapped_column(String(40))
    ordered_on: Mapped[date]
    payee: Mapped[ShortText]
    description: Mapped[ShortText]
    open_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    return_id: Mapped[UUID] = foreign_key("spending_return")

    @property
    def open(self) -> Money:
        """What is still committed."""
        return Money(self.open_minor, Currency(self.currency))
