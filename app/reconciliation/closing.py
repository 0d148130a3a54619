"""What the closing of a book's month asks of its bank accounts: how each stands at the month's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.kernel.money import Money
from app.ledger import periods
from app.reconciliation import figures, queries
from app.reconciliation.states import MonthStatus


@dataclass(frozen=True, slots=True)
class AtMonthEnd:
    """One account for which statements are kept, at the end of a month. `old_lines` keep the month from being sealed.

    Sums are in the account's currency: lines as the bank signs them, postings debit positive.
    """

    account_id: UUID
    name: str
    lines: int
    lines_sum: Money
    old_lines: int
    postings: int
    postings_sum: Money
    approved: bool


def at_month_end(session: Session, institution_id: UUID, last_day: date) -> list[AtMonthEnd]:
    """The accounts of a book whose statements began by that day; those without statements are not kept here."""
    days = policies.days(session, PolicyName.UNMATCHED_LINE_DAYS, last_day)
    oldest = last_day - timedelta(days=days - 1)
    found = []
    for bank in queries.accounts_of_book(session, institution_id):
        standing = figures.at_end_of(session, bank, last_day)
        if standing.begins is None:
            continue
        row = queries.month(session, bank.id, periods.month_start(last_day))
        found.append(
            AtMonthEnd(
                bank.id,
                f"{bank.currency} {bank.masked_number}",
                len(standing.lines),
                standing.lines_sum,
                sum(line.booked_on <= oldest for line in standing.lines),
                len(standing.postings),
                standing.postings_sum,
                row is not None and row.status == MonthStatus.APPROVED,
            )
        )
    return found
