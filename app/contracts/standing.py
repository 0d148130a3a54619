"""How a contract's money stands: contracted, received, spent, held, left. Amounts come from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.budgets.queries import Budget, budget_by_heading
from app.contracts import payments_seen
from app.contracts.models import Contract, Programme
from app.contracts.queries import amount_of
from app.contracts.states import SpendingLimit
from app.contracts.terms import family
from app.contracts.terms.family import Row
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances, fund_control
from app.ledger.chart import AccountCode, heading_of
from app.ledger.entries import FIRST_DAY
from app.ledger.headings import Heading

INCOME = (
    AccountCode.INTEREST,
    AccountCode.SPONSORSHIP_CASH,
    AccountCode.SALE_OF_ASSETS,
    AccountCode.OTHER_INCOME,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract's money on a day, all in its currency. `held` is cost on its way that nobody has approved yet."""

    contracted: Money
    received: Money
    spent: Money
    held: Money
    other_income: Money
    limit: SpendingLimit
    paid_by_funder: Money
    reserved_by_funder: Money

    @property
    def limit_amount(self) -> Money:
        """What spending is measured against: money received, or the amount contracted, as the programme says."""
        return self.received if self.limit is SpendingLimit.RECEIVED else self.contracted

    @property
    def remaining(self) -> Money:
        """What can still be spent now: the limit less spent and held. Negative when overspent."""
        return self.limit_amount - self.spent - self.held

    @property
    def not_received(self) -> Money:
        """Contracted and not received yet."""
        return self.contracted - self.received

    @property
    def due_to_institution(self) -> Money:
        """Spent beyond what was received: the institution has pre-financed it. Nil otherwise."""
        over = self.spent - self.received
        return over if over.minor > 0 else Money.zero(over.currency)


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """One row of the family: its budget where there is one by heading, what is spent, held and left."""

    row: Row
    budget: Money | None
    spent: Money
    held: Money

    @property
    def left(self) -> Money | None:
        """Budget less spent and held; None without a budget by heading."""
        return None if self.budget is None else self.budget - self.spent - self.held


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the contract's page and the PI's page show about money."""

    standing: Standing
    lines: tuple[HeadingLine, ...]
    budget: Budget

    @property
    def used_lines(self) -> tuple[HeadingLine, ...]:
        """Rows that carry anything at all."""
        return tuple(line for line in self.lines if line.budget or line.spent or line.held)


def figures(
    session: Session, contract: Contract, today: date, payments: Sequence[payments_seen.Payment] | None = None
) -> Figures:
    """The contract's money up to the end of `today`, from the grantee's book, rolled up under the family's rows.

    `payments` under the contract are read where they are not handed in.
    """
    currency = Currency(contract.currency)
    nil = Money.zero(currency)
    programme = session.get_one(Programme, contract.programme_id)
    terms = family(programme.terms_family)
    received, other, spent = _booked(session, contract.id, contract.grantee_id, currency, today)
    held = fund_control.waiting_cost(session, contract.id, currency)
    payments = payments_seen.payments_of(session, contract.id) if payments is None else payments
    budget = budget_by_heading(session, contract.id, today, currency)
    standing = Standing(
        contracted=amount_of(contract),
        received=received,
        spent=total(spent.values(), currency),
        held=total(held.values(), currency),
        other_income=other,
        limit=SpendingLimit(programme.spending_limit),
        paid_by_funder=total((p.amount for p in payments if p.status in payments_seen.PAID), currency),
        reserved_by_funder=total((p.amount for p in payments if p.status in payments_seen.RESERVED), currency),
    )
    held_by_row = {row.code: amount for row, amount in terms.roll_up(held, nil)}
    revised = {row.heading: row.revised for row in budget.rows} if budget.by_heading else None
    lines = tuple(
        HeadingLine(row, None if revised is None else revised.get(row.code, nil), amount, held_by_row[row.code])
        for row, amount in terms.roll_up(spent, nil)
    )
    return Figures(standing, lines, budget)


def _booked(
    session: Session, contract_id: UUID, book_id: UUID, currency: Currency, today: date
) -> tuple[Money, Money, Mapping[Heading, Money]]:
    """Grant received, other income and cost by heading in the grantee's book, in the contract's currency."""
    received, other = Money.zero(currency), Money.zero(currency)
    spent: dict[Heading, Money] = {}
    for row in balances.contract_activity(session, contract_id, FIRST_DAY, today):
        if row.book_id != book_id or row.currency is not currency:
            continue
        heading = heading_of(row.code)
        if heading is not None:
            spent[heading] = spent.get(heading, Money.zero(currency)) + row.closing
        elif row.code is AccountCode.GRANT_RECEIVED:
            received = received - row.closing
        elif row.code in INCOME:
            other = other - row.closing
    return received, other, spent
