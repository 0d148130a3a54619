"""Reads budgets: approved, variations and revised, by heading and on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.budgets.models import BudgetLine, BudgetVariation
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
