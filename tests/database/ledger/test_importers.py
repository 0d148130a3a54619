"""Four importers over the same accounts in opposite orders: nobody deadlocks, and every sum is right."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.checking import check
from app.ledger.entries import AccountKey, Entry, credit, debit
from app.ledger.posting import Order, post_all
from tests.builders.books import ACTOR, Book, hkd, open_book
from tests.postgres import WorkerDatabase

IMPORTERS, BATCHES, ACCOUNTS = 4, 8, 12


@pytest.fixture
def many(engine: Engine, worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An engine on which every session has its own connection."""
    made = create_engine(worker_database.url, poolclass=NullPool)
    yield made
    made.dispose()


def test_four_importers_in_opposite_orders_never_deadlock_and_the_sums_are_right(many: Engine) -> None:
    with Session(many) as session, session.begin():
        book = open_book(session)
    banks = [AccountKey(AccountCode.BANK, Currency.HKD, new_id()) for _ in range(ACCOUNTS)]
    pockets = [AccountKey(AccountCode.POCKET, Currency.HKD, new_id()) for _ in range(ACCOUNTS)]
    gate = threading.Barrier(IMPORTERS)

    def batch(number: int) -> list[Order]:
        pairs = list(zip(banks, pockets, strict=True))
        if number == 1:
            pairs.reverse()
        elif number > 1:
            random.Random(number).shuffle(pairs)
        return [Order(_contribution(book, bank, pocket), new_id()) for bank, pocket in pairs]

    def importing(number: int) -> int:
        with Session(many) as session:
            gate.wait(timeout=30)
            for _ in range(BATCHES):
                post_all(session, batch(number), actor_id=ACTOR)
                session.commit()
        return number

    with ThreadPoolExecutor(IMPORTERS) as pool:  # a deadlock would be raised here: nothing tries again
        assert sorted(pool.map(importing, range(IMPORTERS))) == list(range(IMPORTERS))
    with Session(many) as session:
        for pocket in pockets:
            assert balances.account_balance(session, book.book_id, pocket).credit == hkd(f"{IMPORTERS * BATCHES}.00")
        assert check(session).differences == ()


def _contribution(book: Book, bank: AccountKey, pocket: AccountKey) -> Entry:
    return book.entry(debit(bank, hkd("1.00")), credit(pocket, hkd("1.00")))
