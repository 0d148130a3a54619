"""What a balance of a past day costs, read from closes and day rows, beside adding up the postings in the same run.

A database of its own is started in a temporary home and left behind by nobody. Entries stand over the days of one year
on two hot accounts and some hundred others, are sealed in blocks, and nine months are closed. The reference is one
query each over the same postings; the answers have to be equal to the cent.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, history, periods, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Entry, EntryKind, credit, debit
from app.ledger.posting import Order, PeriodState
from app.ledger.sealing import sealer, status
from app.ledger.sealing.keys import SealKey
from benchmarks.scratch import scratch_database

ENTRIES = 50_000
BANKS = 200
BATCH = 500
YEAR = date(2025, 1, 1)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
MAKER, SECOND = (UUID(f"00000000-0000-7000-8000-0000000000a{n}") for n in (1, 2))
Answer = TypeVar("Answer")
PAST = date(2025, 11, 14)
"""A day in an open month: the close of September and a month and a half of days."""


def main() -> None:
    """Build the book, then print one line of JSON per measurement."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with scratch_database({"synchronous_commit": "off"}):
        measure(wanted)


def measure(wanted: int) -> None:
    """Everything that needs the database."""
    book_id = new_id()
    banks = [AccountKey(AccountCode.BANK, Currency.HKD, new_id()) for _ in range(BANKS)]
    hot = AccountKey(AccountCode.INSTITUTION_CLEARING, Currency.HKD)
    with unit_of_work() as session:
        posting.open_book(session, book_id, "BENCH", Currency.HKD)
    for start in range(0, wanted, BATCH):
        with unit_of_work() as session:
            orders = [_order(book_id, banks[n % BANKS], hot, n) for n in range(start, min(start + BATCH, wanted))]
            posting.post_all(session, orders, actor_id=MAKER)
    _seal(book_id)
    with unit_of_work() as session:
        session.execute(text("analyze"))
    with unit_of_work() as session:
        _balance(session, book_id, hot, wanted)
        _trial_balance(session, book_id, wanted)
        _as_known(session, book_id, hot, wanted)


def _order(book_id: UUID, bank: AccountKey, hot: AccountKey, number: int) -> Order:
    amount = Money(100 + number % 900, Currency.HKD)
    day = YEAR + timedelta(days=number * 7 % 365)
    lines = (debit(bank, amount), credit(hot, amount))
    return Order(Entry(book_id, day, EntryKind.ACTUAL, new_id(), "A measured entry", lines), new_id())


def _seal(book_id: UUID) -> None:
    """Seal everything in blocks of 2,000, then close January to September."""
    key = SealKey.of_seed(bytes(range(32)))
    while True:
        with unit_of_work() as session:
            if not sealer.seal(session, key, now=NOW, at_most=2_000):
                break
    for month in range(1, 10):
        first_day = date(2025, month, 1)
        with unit_of_work() as session:
            posting.set_period(session, book_id, first_day, PeriodState.CLOSING, actor_id=MAKER)
            periods.seal_month(session, book_id, first_day, actor_id=SECOND, pack=b"pack")


_SUMMED = text(
    "select coalesce(sum(p.amount_minor), 0) from ledger.account a join ledger.posting p using (account_id)"
    " where a.book_id = :book and a.code = :code and p.effective_on <= :at"
)


def _balance(session: Session, book_id: UUID, hot: AccountKey, wanted: int) -> None:
    values = {"book": book_id, "code": hot.code.value, "at": PAST}
    summed, reference = _timed(lambda: int(session.execute(_SUMMED, values).scalar_one()))
    read, ours = _timed(lambda: history.balance_as_known(session, book_id, hot, PAST).net.minor)
    _say("balance of a hot account at a past day", wanted, read == summed, ours, reference)


def _trial_balance(session: Session, book_id: UUID, wanted: int) -> None:
    summed, reference = _timed(lambda: balances.trial_balance(session, book_id, PAST))
    read, ours = _timed(lambda: history.trial_balance_as_known(session, book_id, PAST))
    _say(f"trial balance of {BANKS + 1} accounts at a past day", wanted, read == summed, ours, reference)


_SUMMED_AS_KNOWN = text(
    "select coalesce(sum(p.amount_minor), 0) from ledger.account a join ledger.posting p using (account_id)"
    " join ledger.seal_leaf l on l.entry_id = p.entry_id"
    " where a.book_id = :book and a.code = :code and p.effective_on <= :at and l.block_no <= :block"
)


def _as_known(session: Session, book_id: UUID, hot: AccountKey, wanted: int) -> None:
    newest = status.last_block(session, book_id)
    block = newest.number // 2 if newest else 0
    values = {"book": book_id, "code": hot.code.value, "at": PAST, "block": block}
    summed, reference = _timed(lambda: int(session.execute(_SUMMED_AS_KNOWN, values).scalar_one()))
    read, ours = _timed(lambda: history.balance_as_known(session, book_id, hot, PAST, block).net.minor)
    _say("the same as known at the middle block", wanted, read == summed, ours, reference)


def _timed(job: Callable[[], Answer]) -> tuple[Answer, float]:
    """The answer and the median of eleven runs in milliseconds, after one that is not counted."""
    answer, seconds = job(), []
    for _ in range(11):
        start = time.perf_counter()
        answer = job()
        seconds.append(time.perf_counter() - start)
    return answer, statistics.median(seconds) * 1000


def _say(what: str, entries: int, equal: bool, ours: float, reference: float) -> None:
    facts = {"what": what, "entries": entries, "equal": equal, "ms": round(ours, 2), "summing_ms": round(reference, 2)}
    print(json.dumps(facts | {"times_faster": round(reference / ours, 1)}), flush=True)


if __name__ == "__main__":
    main()
