"""Tables of the budgets slice: a contract is known here by its id only."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, LongText, Minor, Ref, currency_column, foreign_key, known_currency


class BudgetLine(Base):
    """The approved budget of one heading of a contract, in the contract's currency.

    `heading` is the code of a row of the contract's terms family (`MANPOWER`, `EQUIPMENT`: see `contracts.terms`), so
    that the budget stands under the funder's own names; modes without a budget by heading have one line `TOTAL`.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        known_currency(),
        UniqueConstraint("contract_id", "heading"),
        CheckConstraint("approved_minor >= 0", name="approved_not_negative"),
    )

    id: Mapped[Key]
    contract_id: Mapped[Ref] = mapped_column(index=True)
    heading: Mapped[str] = mapped_column(String(40))
    approved_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    justification: Mapped[LongText]


class BudgetVariation(Base):
    """An approved change to one heading's budget, signed, with the amendment that made it."""

    __tablename__ = "budget_variation"
    __table_args__ = (known_currency(), CheckConstraint("change_minor <> 0", name="change_not_nil"))

    id: Mapped[Key]
    contract_id: Mapped[Ref] = mapped_column(index=True)
    heading: Mapped[str] = mapped_column(String(40))
    change_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    effective_on: Mapped[date]
    amendment_id: Mapped[Ref]
    reason: Mapped[LongText]
    approved_by_id: Mapped[UUID] = foreign_key("person")
    approved_at: Mapped[Instant]
