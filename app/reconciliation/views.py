"""What the pages and the API show of an account: where it stands, what is open, and a month with its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.money import Money
from app.kernel.spreadsheet_text import csv_file, harmless
from app.ledger import periods
from app.ledger.balances import PostingRow
from app.reconciliation import ageing, figures, matching_service, month_service, offering, queries, rules
from app.reconciliation.ageing import Aged
from app.reconciliation.figures import Reconciled
from app.reconciliation.matching import Suggestion
from app.reconciliation.models import BankLine, BankReconciliation
from app.reconciliation.offers import Offer
from app.reconciliation.states import MonthStatus

EARLIER_DAYS = 92
"""How far before the first statement postings are offered: a cheque or transfer under way is younger."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account in the list: how far its statements reach, and the last day that two people reconciled."""

    account: BankAccount
    statements: int
    reaches: date | None
    reconciled_to: date | None


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What is in no match yet, and what is likely the same money. `earlier` are postings before the first statement.

    `offers` are the steps that open lines let somebody take, by line.
    """

    figures: Reconciled
    suggestions: tuple[Suggestion, ...]
    earlier: tuple[PostingRow, ...]
    offers: Mapping[UUID, Offer]
    aged: tuple[Aged, ...]


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month of an account: its figures, how it stands, and what keeps it from being prepared."""

    month: date
    figures: Reconciled
    standing: BankReconciliation | None
    returned: Sequence[BankReconciliation]
    breaches: tuple[Breach, ...]

    @property
    def status(self) -> str:
        """PREPARED or APPROVED; OPEN before."""
        return self.standing.status if self.standing is not None else "OPEN"

    @property
    def as_prepared(self) -> bool:
        """Whether the figures are those that were prepared."""
        return self.standing is None or month_service.is_as_prepared(self.standing, self.figures)


def accounts(session: Session, actor: Actor) -> list[AccountView]:
    """Every account whose statements the actor may read."""
    found = queries.accounts(session, actor)
    counts = queries.statement_counts(session, (each.id for each in found))
    return [account_view(session, each, *counts.get(each.id, (0, None))) for each in found]


def account_view(session: Session, bank: BankAccount, statements: int, reaches: date | None) -> AccountView:
    """One account of the list."""
    done = [each.month for each in queries.months(session, bank.id) if each.status == MonthStatus.APPROVED]
    return AccountView(bank, statements, reaches, periods.month_end(max(done)) if done else None)


def open_items(session: Session, bank: BankAccount, today: date, *, earlier: bool = False) -> OpenItems:
    """What can be matched now; with `earlier`, postings of the three months before the first statement too."""
    found = figures.at_end_of(session, bank, max(today, _reach(session, bank, today)))
    suggested = matching_service.suggestions(session, bank, found, today)
    offered = offering.of_open_lines(session, bank, found, suggested)
    before: tuple[PostingRow, ...] = ()
    if earlier and found.begins is not None:
        matched = [each.key for each in queries.cleared_postings(session, bank.id)]
        first, last = found.begins - timedelta(days=EARLIER_DAYS), found.begins - timedelta(days=1)
        before = tuple(queries.postings(session, bank, first, last, matched))
    return OpenItems(
        found,
        tuple(offering.without_returns_to_book(suggested, offered)),
        before,
        offered,
        tuple(ageing.aged(found.lines, found.postings, found.currency, today)),
    )


def _reach(session: Session, bank: BankAccount, today: date) -> date:
    standing = queries.statements(session, bank.id)
    return standing[-1].last_day if standing else today


def month_view(session: Session, bank: BankAccount, month: date, today: date) -> MonthView:
    """A month at its end."""
    found = figures.at_end_of(session, bank, periods.month_end(month))
    standing = queries.month(session, bank.id, month)
    facts = month_service.month_facts(session, bank, month, found, "-", today)
    breaches = () if standing is not None else tuple(rules.month_breaches(facts))
    return MonthView(month, found, standing, queries.returned(session, bank.id, month), breaches)


def ageing_file(session: Session, bank: BankAccount, today: date) -> tuple[bytes, str, str]:
    """Every unmatched item of an account with its age, as CSV: content, media type and file name."""
    found = figures.at_end_of(session, bank, max(today, _reach(session, bank, today)))
    head = ("side", "day", "days", "age", "currency", "amount", "reference", "text")
    rows = [
        (side, day, days, age.value, amount.currency.value, amount.amount, harmless(reference), harmless(words))
        for side, day, days, age, amount, reference, words in ageing.table_rows(found.lines, found.postings, today)
    ]
    name = f"unmatched-{bank.currency}-{bank.number[-4:]}-{today.isoformat()}.csv"
    return csv_file(head, rows), "text/csv; charset=utf-8", name


def narrowed(items: OpenItems, age: str, order: str, today: date) -> tuple[list[BankLine], list[PostingRow]]:
    """The open lines and postings of one age, or of any; the oldest first, or the newest, or the largest amount."""
    lines = [line for line in items.figures.lines if age in ("", ageing.age_of(line.booked_on, today))]
    rows = [row for row in items.figures.postings if age in ("", ageing.age_of(row.effective_on, today))]
    if order == "amount":
        lines.sort(key=lambda line: -abs(line.amount_minor))
        rows.sort(key=lambda row: -abs(row.amount.minor))
    elif order == "newest":
        lines.reverse()
        rows.reverse()
    return lines, [*items.earlier, *rows]


def balances_beside(lines: Sequence[BankLine], opening: Money) -> list[tuple[BankLine, Money]]:
    """The lines of a statement, each with the balance after it."""
    shown, running = [], opening
    for line in lines:
        running = running + line.amount
        shown.append((line, running))
    return shown
