"""The accounting of funds, on one page. All in the pocket's currency, in the owner's book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import Entry, EntryKind, Line, Rate, account, credit, debit, in_functional


def contribution(amount: Money, *, bank_account_id: UUID, pocket_id: UUID) -> Sequence[Line]:
    """Contribution received: Dr bank · Cr pocket (parent)."""
    return (
        debit(account(AccountCode.BANK, amount.currency, bank_account_id), amount),
        credit(account(AccountCode.POCKET, amount.currency, pocket_id), amount),
    )


def allocation(amount: Money, *, from_pocket_id: UUID, to_pocket_id: UUID) -> Sequence[Line]:
    """Allocation, or its return: Dr the pocket that gives · Cr the pocket that takes."""
    return (
        debit(account(AccountCode.POCKET, amount.currency, from_pocket_id), amount),
        credit(account(AccountCode.POCKET, amount.currency, to_pocket_id), amount),
    )


def entry(
    lines: Sequence[Line],
    *,
    book_id: UUID,
    effective_on: date,
    event_id: UUID,
    reason: str,
    functional: Currency,
    rate: Rate | None,
) -> Entry:
    """The lines as an entry of the book, translated by one rate where the pocket's currency is not the book's."""
    return Entry(book_id, effective_on, EntryKind.ACTUAL, event_id, reason, in_functional(lines, functional, rate))
