"""Tables of banks' notices: a notice of an account, its entries, and the identifiers by which payments find them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    Ref,
    ShortText,
    currency_column,
    foreign_key,
    known_currency,
)
from app.kernel.currencies import Currency
from app.kernel.money import Money


class BankNotice(Base):
    """A bank's notification of debits and credits on one account. Append-only; `file_id` is the file it came in."""

    __tablename__ = "bank_notice"

    id: Mapped[Key]
    bank_account_id: Mapped[UUID] = foreign_key("bank_account")
    institution_id: Mapped[UUID] = foreign_key("institution")
    file_id: Mapped[Ref]
    bank_number: Mapped[str] = mapped_column(String(60), default="")
    taken_by_id: Mapped[UUID] = foreign_key("person")
    taken_at: Mapped[Instant]

    entries: Mapped[list[BankNoticeEntry]] = relationship(back_populates="notice", order_by="BankNoticeEntry.number")


class BankNoticeEntry(Base):
    """One booking a bank told of: money in positive, money out negative, in the account's currency. Append-only.

    An entry of a batch has several end-to-end references, or several UETRs, with a space between them.
    """

    __tablename__ = "bank_notice_entry"
    __table_args__ = (
        known_currency(),
        CheckConstraint("amount_minor <> 0", name="amount_not_nil"),
        UniqueConstraint("notice_id", "number"),
        Index("ix_bank_notice_entry_reference", "bank_account_id", "bank_reference"),
    )

    id: Mapped[Key]
    notice_id: Mapped[UUID] = foreign_key("bank_notice", index=False)
    bank_account_id: Mapped[UUID] = foreign_key("bank_account", index=False)
    number: Mapped[int]
    booked_on: Mapped[date]
    value_on: Mapped[date]
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    bank_reference: Mapped[ShortText] = mapped_column(default="")
    end_to_end: Mapped[LongText] = mapped_column(default="")
    uetr: Mapped[LongText] = mapped_column(default="")
    text: Mapped[str] = mapped_column(String(500), default="")
    clearing_reference: Mapped[ShortText] = mapped_column(default="")
    counterparty: Mapped[ShortText] = mapped_column(default="")
    counterparty_account: Mapped[str] = mapped_column(String(40), default="")
    charge_minor: Mapped[Minor | None]
    return_reason: Mapped[ShortText] = mapped_column(default="")
    reversal: Mapped[bool] = mapped_column(default=False)

    notice: Mapped[BankNotice] = relationship(back_populates="entries")
    marks: Mapped[list[BankNoticeMark]] = relationship()

    @property
    def amount(self) -> Money:
        """Money in positive, money out negative."""
        return Money(self.amount_minor, Currency(self.currency))

    @property
    def charge(self) -> Money | None:
        """What the bank says it took with this entry, in the account's currency; None where it says nothing."""
        return None if self.charge_minor is None else Money(self.charge_minor, Currency(self.currency))


class BankNoticeMark(Base):
    """A plain identifier of an entry: an end-to-end reference or a UETR in capitals and digits."""

    __tablename__ = "bank_notice_mark"

    entry_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("bank_notice_entry.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
