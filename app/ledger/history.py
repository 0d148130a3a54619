"""Balances on two axes: at the end of a day, and as known at a block of the book's seal.

What a block made known stays as it was: entries dated back afterwards, and reversals, belong to later blocks. Without a
block everything posted counts, sealed or not. Read from closes and day rows (`balance_close`, `balance_day`), never by
adding up the journal, so the cost depends on days and accounts and not on the number of entries.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.balances import NO_SUBJECT, Balance, TrialBalanceRow
from app.ledger.chart import AccountCode
from app.ledger.entries import LAST_DAY, AccountKey


def balance_as_known(
    session: Session, book_id: UUID, key: AccountKey, at: date, known_at: int | None = None
) -> Balance:
    """The turnover of one account up to the end of day `at`, as known at block `known_at`; nil if never used.

    In the account's currency, nothing rounded; holds have no history, so `held` is nil. Raises NotFound for a block
    that is not there.
    """
    _require_block(session, book_id, known_at)
    values = {
        "book": book_id,
        "code": key.code.value,
        "currency": key.currency.value,
        "subject": key.subject_id or NO_SUBJECT,
        "at": at,
        "block": known_at,
    }
    row = session.execute(_ACCOUNT, values).one_or_none()
    debit, credit = (row.debit, row.credit) if row else (0, 0)
    nil = Money.zero(key.currency)
    return Balance(Money(int(debit), key.currency), Money(int(credit), key.currency), nil)


def trial_balance_as_known(
    session: Session, book_id: UUID, at: date | None = None, known_at: int | None = None
) -> list[TrialBalanceRow]:
    """Every account of a book that had moved by the end of day `at` (None: ever), as known at block `known_at`.

    By code, subject and currency; balances debit-positive, each currency sums to nil. Raises NotFound for a block that
    is not there.
    """
    _require_block(session, book_id, known_at)
    rows = session.execute(_BOOK, {"book": book_id, "at": at or LAST_DAY, "block": known_at})
    result = []
    for row in rows:
        currency = Currency(row.currency)
        debit, credit = Money(int(row.debit), currency), Money(int(row.credit), currency)
        result.append(
            TrialBalanceRow(
                book_id,
                row.book_code,
                AccountCode(row.code),
                None if row.subject_id == NO_SUBJECT else row.subject_id,
                debit,
                credit,
                debit - credit,
                Money(int(row.functional), Currency(row.functional_currency)),
            )
        )
    return result


def _require_block(session: Session, book_id: UUID, known_at: int | None) -> None:
    if known_at is None:
        return
    query = text("select exists (select from ledger.seal_block where book_id = :book and block_no = :block)")
    if not session.execute(query, {"book": book_id, "block": known_at}).scalar_one():
        message = _("This book has no block %(block)s.")
        raise NotFound(Breach("block.not-found", message, params={"block": known_at}, field="known_at"))


_ACCOUNT = text(
    "select s.debit, s.credit from ledger.account a"
    " cross join lateral ledger.account_standing(a.book_id, a.account_id, :at, cast(:block as bigint)) s"
    " where a.book_id = :book and a.code = :code and a.currency = :currency and a.subject_id = :subject"
)
_BOOK = text(
    "select k.code as book_code, a.code, a.subject_id, a.currency, k.functional_currency, s.debit, s.credit,"
    " s.functional from ledger.book_standing(:book, :at, cast(:block as bigint)) s"
    " join ledger.account a using (account_id) join ledger.book k on k.book_id = a.book_id"
    " order by k.code, a.code, a.subject_id, a.currency"
)
