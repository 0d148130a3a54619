"""Tables of the funds slice. Balances are not here: they are the ledger's."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, String, UniqueConstraint
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
from app.funds.states import FundKind, MovementKind, MovementStatus


class Fund(Base):
    """A fund, or a sub-fund when it has a parent; belongs to one institution and its book."""

    __tablename__ = "fund"
    __table_args__ = (one_of("kind", FundKind), CheckConstraint("parent_id <> id", name="not_own_parent"))

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    parent_id: Mapped[UUID | None] = foreign_key("fund", nullable=True)
    kind: Mapped[str] = code_of(FundKind)
    name_en: Mapped[ShortText]
    name_zh_hant: Mapped[ShortText]
    name_zh_hans: Mapped[ShortText]
    purpose: Mapped[LongText]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    created_by_id: Mapped[UUID] = foreign_key("person")
    version: Mapped[Version]

    pockets: Mapped[list[Pocket]] = relationship(back_populates="fund", order_by="Pocket.currency")


class Pocket(Base):
    """One currency of a fund; its id is the subject of the pocket's account in the ledger."""

    __tablename__ = "pocket"
    __table_args__ = (known_currency(), UniqueConstraint("fund_id", "currency"))

    id: Mapped[Key]
    fund_id: Mapped[UUID] = foreign_key("fund")
    currency: Mapped[str] = currency_column()

    fund: Mapped[Fund] = relationship(back_populates="pockets")


class FundMovement(Base):
    """A contribution or an allocation, from draft to posted, in one currency."""

    __tablename__ = "fund_movement"
    __table_args__ = (
        one_of("kind", MovementKind),
        one_of("status", MovementStatus),
        known_currency(),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> entered_by_id", name="second_person"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    kind: Mapped[str] = code_of(MovementKind)
    from_pocket_id: Mapped[UUID | None] = foreign_key("pocket", nullable=True)
    to_pocket_id: Mapped[UUID] = foreign_key("pocket")
    bank_account_id: Mapped[UUID | None] = foreign_key("bank_account", nullable=True)
    contributor: Mapped[ShortText]
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    value_date: Mapped[date]
    reason: Mapped[LongText]
    status: Mapped[str] = code_of(MovementStatus)
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    approved_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    event_id: Mapped[UUID | None]
    version: Mapped[Version]
