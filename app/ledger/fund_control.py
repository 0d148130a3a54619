"""What contracts may still spend, limit by limit: the database keeps the cells in step and refuses what is beyond them.

A cell is one limit of one contract: a line of its budget, a ceiling by ratio, or the whole. Which limits there are, and
which of them bind, is decided by whoever knows the contract's terms; here they are stored, counted and kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode, cost_code
from app.ledger.entries import FIRST_DAY, LAST_DAY
from app.ledger.headings import Heading
from app.ledger.refusals import refusals

WHOLE_LIFE = 0
"""The year of a cell that counts over the whole life of its contract."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit as the terms set it, in the contract's currency. `enforced`: the database refuses spending beyond it.

    `counts` are the headings whose cost it limits; `raised_by` the accounts whose credits raise it (money received)
    and whose debits lower it (money returned). A limit of a year of the contract counts the days named; without any, a
    year of the calendar is meant.
    """

    line: str
    budget: Money
    counts: tuple[Heading, ...]
    enforced: bool
    raised_by: tuple[AccountCode, ...] = ()
    year: int = WHOLE_LIFE
    first_day: date | None = None
    last_day: date | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that count."""
        whole = (FIRST_DAY, LAST_DAY) if self.year == WHOLE_LIFE else (date(self.year, 1, 1), date(self.year, 12, 31))
        return self.first_day or whole[0], self.last_day or whole[1]


@dataclass(frozen=True, slots=True)
class Cell:
    """How one limit stands, in the contract's currency. Amounts are never negative but `actual`, `received`, `left`.

    `committed` is submitted and not yet posted, `actual` is posted less red ink, `exceeded` is what facts (a bank's own
    charge, money gone back, a lowered budget) have put beyond the limit.
    """

    line: str
    year: int
    budget: Money
    received: Money
    committed: Money
    actual: Money
    exceeded: Money
    enforced: bool
    headings: tuple[Heading, ...]
    first_day: date
    last_day: date

    @property
    def limit(self) -> Money:
        """What may be spent in all: the budget and what has been received on top of it."""
        return self.budget + self.received

    @property
    def used(self) -> Money:
        """Committed and actual."""
        return self.committed + self.actual

    @property
    def left(self) -> Money:
        """What may still be spent; negative where facts have gone beyond the limit."""
        return self.limit - self.used


@dataclass(frozen=True, slots=True)
class CostLine:
    """Cost on its way: on which contract and heading, in the contract's currency, more than nil."""

    contract_id: UUID
    book_id: UUID
    heading: Heading
    amount: Money
    effective_on: date


def set_limits(session: Session, contract_id: UUID, book_id: UUID, currency: Currency, limits: Iterable[Limit]) -> None:
    """Put these limits in place of the contract's present ones; what is spent and committed is counted afresh.

    Spending that a lowered limit finds beyond it stays, as exceeded. Waits for whoever spends on the contract now.
    """
    cells = [
        {
            "line": limit.line,
            "year": limit.year,
            "first_day": limit.days[0].isoformat(),
            "last_day": limit.days[1].isoformat(),
            "budget": limit.budget.minor,
            "enforced": limit.enforced,
            "counts": [cost_code(heading).value for heading in limit.counts],
            "raised_by": [code.value for code in limit.raised_by],
        }
        for limit in limits
    ]
    values = {"contract": contract_id, "book": book_id, "currency": currency.value, "cells": json.dumps(cells)}
    with refusals():
        session.execute(_SET, values)


def commit_cost(session: Session, source_id: UUID, lines: Iterable[CostLine]) -> None:
    """Commit these lines for a source (a journal), in place of what it committed before; no lines release it.

    Posting an entry whose approval is the source turns its commitments into cost by itself. Raises RuleBreached
    `budget.exceeded` where a limit that binds has less left.
    """
    plain = [
        {
            "book": str(line.book_id),
            "contract": str(line.contract_id),
            "code": cost_code(line.heading).value,
            "currency": line.amount.currency.value,
            "amount": line.amount.minor,
            "on": line.effective_on.isoformat(),
        }
        for line in lines
    ]
    with refusals():
        session.execute(_COMMIT, {"source": source_id, "lines": json.dumps(plain)})


def cells_of(session: Session, contract_id: UUID) -> Sequence[Cell]:
    """Every limit of a contract as it stands, by line and year; empty before the contract is signed."""
    return [
        Cell(
            line=row.line,
            year=row.year,
            budget=Money(row.budget_minor, Currency(row.currency)),
            received=Money(row.received_minor, Currency(row.currency)),
            committed=Money(row.committed_minor, Currency(row.currency)),
            actual=Money(row.actual_minor, Currency(row.currency)),
            exceeded=Money(row.exceeded_minor, Currency(row.currency)),
            enforced=row.enforced,
            headings=tuple(Heading[AccountCode(code).name] for code in row.counts),
            first_day=row.first_day,
            last_day=row.last_day,
        )
        for row in session.execute(_CELLS, {"contract": contract_id})
    ]


def committed_by(session: Session, source_id: UUID) -> tuple[CostLine, ...]:
    """What a source commits now, line by line, in each contract's currency."""
    return tuple(
        CostLine(
            row.contract_id,
            row.book_id,
            Heading[AccountCode(row.code).name],
            Money(row.amount_minor, Currency(row.currency)),
            row.effective_on,
        )
        for row in session.execute(_COMMITTED, {"source": source_id})
    )


def waiting_cost(session: Session, contract_id: UUID, currency: Currency) -> dict[Heading, Money]:
    """Cost on its way under a contract by heading, in its currency, whatever kind of record it waits in."""
    rows = session.execute(_WAITING, {"contract": contract_id, "currency": currency.value})
    return {Heading[AccountCode(row.code).name]: Money(int(row.amount), currency) for row in rows}


_SET = text("select ledger.set_budget_cells(:contract, :book, :currency, cast(:cells as jsonb))")
_COMMIT = text("select ledger.commit_cost(:source, cast(:lines as jsonb))")
_CELLS = text("select * from ledger.budget_cell where contract_id = :contract order by line, year")
_WAITING = text(
    "select code, sum(amount_minor) as amount from ledger.commitment"
    " where contract_id = :contract and currency = :currency group by 1 order by 1"
)
_COMMITTED = text("select * from ledger.commitment where source_id = :source order by number")
