"""Tables of the budgets slice: a contract is known here by its id only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.budgets.states import RequestKind, RequestStatus
from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    Ref,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)


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


class BudgetRequest(Base):
    """What one person asks of the funder about a budget and another decides, with its reason and its document.

    An item of a one-line vote names its `line`, a row code; a year's budget names its `year` of the contract, counted
    from 1, and its `lines`: row code (or `TOTAL`) to amount as decimal text, in the contract's currency. The newest
    approved one of a year is in force.
    """

    __tablename__ = "budget_request"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("status", RequestStatus),
        known_currency(),
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("(kind = 'ITEM') = (line <> '')", name="item_names_its_line"),
        CheckConstraint("(kind = 'YEAR') = (year > 0)", name="year_is_named"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="second_person"),
        CheckConstraint("(status = 'PROPOSED') = (decided_by_id IS NULL)", name="decided_by_someone"),
    )

    id: Mapped[Key]
    contract_id: Mapped[Ref] = mapped_column(index=True)
    number: Mapped[int]
    kind: Mapped[str] = code_of(RequestKind)
    line: Mapped[str] = mapped_column(String(40), default="")
    year: Mapped[int] = mapped_column(default=0)
    lines: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    currency: Mapped[str] = currency_column()
    reason: Mapped[LongText]
    document_id: Mapped[UUID | None] = foreign_key("document", nullable=True)
    status: Mapped[str] = code_of(RequestStatus)
    asked_by_id: Mapped[UUID] = foreign_key("person")
    asked_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision: Mapped[LongText] = mapped_column(default="")
