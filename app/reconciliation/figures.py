"""How one bank account reconciles with the book at the end of a day: both balances and every difference between them.

bank + postings without a line - lines without a posting + brought forward = book, exactly, by construction. What is
brought forward is the difference that stood before the first statement, less the earlier postings that a match has
explained since. A match counts from its `cleared_on`: before that day its items are open, so that a day looked at later
shows what was open then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.institutions.models import BankAccount
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances, periods
from app.ledger.balances import PostingRow
from app.reconciliation import queries
from app.reconciliation.models import BankLine
from app.reconciliation.queries import Cleared


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One account at the end of `day`. `bank` is None where no statement reaches so far; amounts are the account's.

    `lines` are the bank's without a posting, `postings` the book's without a line; `forward` is brought forward.
    """

    day: date
    currency: Currency
    begins: date | None
    bank: Money | None
    book: Money
    forward: Money
    lines: tuple[BankLine, ...]
    postings: tuple[PostingRow, ...]

    @property
    def lines_sum(self) -> Money:
        """Lines without a posting together."""
        return total((line.amount for line in self.lines), self.currency)

    @property
    def postings_sum(self) -> Money:
        """Postings without a line together."""
        return total((row.amount for row in self.postings), self.currency)

    @property
    def paid_later(self) -> tuple[PostingRow, ...]:
        """Payments in the book that the bank has not made yet."""
        return tuple(row for row in self.postings if row.amount.minor < 0)

    @property
    def received_later(self) -> tuple[PostingRow, ...]:
        """Deposits in the book that the bank has not credited yet."""
        return tuple(row for row in self.postings if row.amount.minor >= 0)

    @property
    def expected(self) -> Money | None:
        """The bank's balance with everything known added and taken off: what the book should say."""
        return None if self.bank is None else self.bank + self.postings_sum - self.lines_sum

    @property
    def difference(self) -> Money | None:
        """The book's balance less the expected one: nil, or what was brought forward without an explanation."""
        return None if self.expected is None else self.book - self.expected

    @property
    def is_clean(self) -> bool:
        """Whether the bank says nothing that the book does not know, and nothing was brought forward."""
        return not self.lines and not self.difference and self.bank is not None


def at_end_of(session: Session, bank: BankAccount, day: date) -> Reconciled:
    """The account at the end of `day`, in its own currency, from posted entries and standing statements."""
    currency, nil = Currency(bank.currency), Money.zero(Currency(bank.currency))
    book = balances.account_balance(session, bank.institution_id, queries.key_of(bank), at=day).net
    standing = queries.statements(session, bank.id)
    if not standing or standing[0].first_day > day:
        return Reconciled(day, currency, None, None, book, nil, (), ())
    begins = standing[0].first_day
    covered = standing[-1].last_day >= day
    balance = standing[0].opening + Money(queries.lines_sum(session, bank.id, day), currency)
    cleared = queries.cleared_postings(session, bank.id)
    earlier = Money(sum(each.minor for each in cleared if each.effective_on < begins), currency)
    before = balances.account_balance(
        session, bank.institution_id, queries.key_of(bank), at=begins - timedelta(days=1)
    ).net
    return Reconciled(
        day,
        currency,
        begins,
        balance if covered else None,
        book,
        before - standing[0].opening - earlier,
        tuple(queries.open_lines(session, bank.id, day)),
        tuple(_open_postings(session, bank, begins, day, cleared)),
    )


def _open_postings(
    session: Session, bank: BankAccount, begins: date, day: date, cleared: Sequence[Cleared]
) -> list[PostingRow]:
    """The postings up to `day` that no match had cleared by then: all since `begins`, of earlier ones those matched."""
    by_then = [each.key for each in cleared if each.cleared_on <= day]
    later = {each.key: each.effective_on for each in cleared if each.cleared_on > day and each.effective_on < begins}
    rows = queries.postings(session, bank, min([begins, *later.values()]), day, by_then)
    return [row for row in rows if row.effective_on >= begins or (row.entry_id, row.line_no) in later]


def unreconciled_months(session: Session, bank: BankAccount, until: date) -> list[date]:
    """First days of the months from the first statement to the one `until` lies in that nobody has approved."""
    standing = queries.statements(session, bank.id)
    if not standing:
        return []
    approved = {row.month for row in queries.months(session, bank.id) if row.approved_at is not None}
    found, month = [], periods.month_start(standing[0].first_day)
    while month <= until:
        if month not in approved:
            found.append(month)
        month = periods.next_month(month)
    return found
