"""Reads budgets: approved, variations and revised, by heading and on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.budgets.models import BudgetLine, BudgetRequest, BudgetVariation
from app.budgets.states import RequestKind, RequestStatus
from app.kernel.currencies import Currency
from app.kernel.money import Money, total

TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One heading (a row code of the terms family, or `TOTAL`): columns (a), (b) and (c) of Statement A."""

    heading: str
    approved: Money
    variations: Money

    @property
    def revised(self) -> Money:
        """Approved plus variations, in the contract's currency."""
        return self.approved + self.variations


@dataclass(frozen=True, slots=True)
class Budget:
    """A contract's budget on a day, in its currency. `by_heading` is False where only the total is budgeted."""

    currency: Currency
    rows: tuple[BudgetRow, ...]

    @property
    def by_heading(self) -> bool:
        """Whether the budget stands by heading rather than on the total only."""
        return any(row.heading != TOTAL for row in self.rows)

    @property
    def approved(self) -> Money:
        """Sum of the approved amounts."""
        return total((row.approved for row in self.rows), self.currency)

    @property
    def variations(self) -> Money:
        """Sum of the signed variations."""
        return total((row.variations for row in self.rows), self.currency)

    @property
    def revised(self) -> Money:
        """Approved plus variations."""
        return self.approved + self.variations

    def row(self, heading: str) -> BudgetRow | None:
        """The row of a heading, if budgeted."""
        return next((row for row in self.rows if row.heading == heading), None)


def budget_by_heading(session: Session, contract_id: UUID, at: date, currency: Currency | None = None) -> Budget:
    """The contract's budget with the variations effective on or before `at`; headings in the order of entry.

    `currency` is needed only for a contract that may have no budget yet (CNY is assumed then).
    """
    lines = session.scalars(select(BudgetLine).where(BudgetLine.contract_id == contract_id).order_by(BudgetLine.id))
    approved = {line.heading: Money(line.approved_minor, Currency(line.currency)) for line in lines}
    sums = (
        select(BudgetVariation.heading, BudgetVariation.currency, func.sum(BudgetVariation.change_minor))
        .where(BudgetVariation.contract_id == contract_id, BudgetVariation.effective_on <= at)
        .group_by(BudgetVariation.heading, BudgetVariation.currency)
        .order_by(BudgetVariation.heading)
    )
    changes = {heading: Money(int(minor), Currency(code)) for heading, code, minor in session.execute(sums)}
    known = next(iter([*approved.values(), *changes.values()]), None)
    used = known.currency if known else (currency or Currency.CNY)
    nil = Money.zero(used)
    headings = dict.fromkeys([*approved, *changes])
    rows = tuple(BudgetRow(name, approved.get(name, nil), changes.get(name, nil)) for name in headings)
    return Budget(used, rows)


def lines_of(session: Session, contract_id: UUID) -> Sequence[BudgetLine]:
    """The approved lines as entered."""
    return session.scalars(
        select(BudgetLine).where(BudgetLine.contract_id == contract_id).order_by(BudgetLine.id)
    ).all()


def variations_of(session: Session, contract_id: UUID) -> Sequence[BudgetVariation]:
    """Every variation of a contract, newest first."""
    statement = (
        select(BudgetVariation)
        .where(BudgetVariation.contract_id == contract_id)
        .order_by(BudgetVariation.effective_on.desc(), BudgetVariation.id.desc())
    )
    return session.scalars(statement).all()


def requests_of(session: Session, contract_id: UUID) -> Sequence[BudgetRequest]:
    """Everything asked of the funder about a contract's budget, newest first."""
    statement = select(BudgetRequest).where(BudgetRequest.contract_id == contract_id)
    return session.scalars(statement.order_by(BudgetRequest.number.desc())).all()


def approved_items(session: Session, contract_id: UUID) -> Sequence[BudgetRequest]:
    """Items approved for a contract under a one-line vote, in the order they were asked for."""
    statement = select(BudgetRequest).where(
        BudgetRequest.contract_id == contract_id,
        BudgetRequest.kind == RequestKind.ITEM,
        BudgetRequest.status == RequestStatus.APPROVED,
    )
    return session.scalars(statement.order_by(BudgetRequest.number)).all()


def year_budgets(session: Session, contract_id: UUID) -> Mapping[int, Mapping[str, Money]]:
    """The budget in force of each year of a contract that has one: row code to amount in the contract's currency."""
    statement = select(BudgetRequest).where(
        BudgetRequest.contract_id == contract_id,
        BudgetRequest.kind == RequestKind.YEAR,
        BudgetRequest.status == RequestStatus.APPROVED,
    )
    found = session.scalars(statement.order_by(BudgetRequest.decided_at, BudgetRequest.number))
    return {row.year: amounts_of(row) for row in found}


def amounts_of(request: BudgetRequest) -> dict[str, Money]:
    """A year's budget as asked for, by row code, in the contract's currency."""
    return {line: Money.parse(text, Currency(request.currency)) for line, text in request.lines.items()}
