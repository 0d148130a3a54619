"""Many entries in one call: written by few statements, checked as if they came one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.errors import Refusal, RuleBreached
from app.kernel.identity import new_id
from app.ledger import balances, fund_control, posting
from app.ledger.balances import Selection
from app.ledger.chart import AccountCode
from app.ledger.checking import check
from app.ledger.entries import AccountKey, Dimensions, Entry, cost, credit, debit
from app.ledger.fund_control import Limit
from app.ledger.headings import Heading
from app.ledger.posting import Order, Posted
from tests.builders.books import ACTOR, DAY, Book, hkd, open_book, post
from tests.postgres import WorkerDatabase

PAID, TRANSIT = AccountCode.GRANTS_PAID, AccountCode.PAYMENTS_IN_TRANSIT
MANY = 100


@pytest.fixture
def book(session: Session) -> Book:
    return open_book(session)


@pytest.fixture
def many(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An engine on which every session has its own connection."""
    engine = create_engine(worker_database.url, poolclass=NullPool)
    yield engine
    engine.dispose()


def orders(entries: Sequence[Entry]) -> list[Order]:
    return [Order(entry, new_id()) for entry in entries]


def post_all(session: Session, batch: Sequence[Order]) -> tuple[Posted, ...]:
    return posting.post_all(session, batch, actor_id=ACTOR)


def paid(book: Book, amount: str, day: date = DAY) -> Entry:
    """Dr grants paid · Cr payments in transit."""
    return book.entry(debit(book.plain(PAID), hkd(amount)), credit(book.plain(TRANSIT), hkd(amount)), day=day)


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.breaches[0].code


def test_a_batch_on_two_hot_accounts_posts_the_right_sums(session: Session, book: Book) -> None:
    made = post_all(session, orders([paid(book, f"{number}.01") for number in range(1, MANY + 1)]))
    assert [posted.entry_id for posted in made] == sorted({posted.entry_id for posted in made})
    assert balances.account_balance(session, book.book_id, book.plain(PAID)).debit == hkd("5051.00")
    assert balances.account_balance(session, book.book_id, book.plain(TRANSIT)).credit == hkd("5051.00")
    assert check(session).differences == ()


def test_the_entries_of_a_batch_keep_their_own_lines(session: Session, book: Book) -> None:
    batch = orders([paid(book, f"{number}.00", date(2024 + number % 3, 5, number)) for number in range(1, 13)])
    for order, posted in zip(batch, post_all(session, batch), strict=True):
        rows = balances.postings(session, Selection(entry_id=posted.entry_id))
        assert [(row.effective_on, row.amount) for row in rows] == [
            (order.entry.effective_on, line.amount) for line in order.entry.lines
        ]


def test_an_entry_of_ten_thousand_lines_stays_whole(session: Session, book: Book) -> None:
    lines = [debit(book.plain(PAID), hkd("0.01")) for _ in range(9_999)]
    made = post(session, book.entry(*lines, credit(book.plain(TRANSIT), hkd("99.99"))))
    assert len(balances.postings(session, Selection(entry_id=made.entry_id), limit=20_000)) == 10_000
    assert balances.account_balance(session, book.book_id, book.plain(PAID)).debit == hkd("99.99")
    assert check(session).differences == ()


def test_a_batch_spends_what_an_earlier_entry_brought(session: Session, book: Book) -> None:
    post_all(session, orders([book.contribution("7.00"), book.spending("7.00"), book.contribution("1.00")]))
    assert balances.account_balance(session, book.book_id, book.pocket).net == hkd("-1.00")


@pytest.mark.parametrize("years", [(2026, 2026, 2026), (2026, 2027, 2025), (2027, 2026, 2027)])
def test_no_entry_spends_what_a_later_one_brings(session: Session, book: Book, years: tuple[int, int, int]) -> None:
    days = [date(year, 3, 2) for year in years]
    entries = [
        book.contribution("5.00", days[0]),
        book.spending("7.50", day=days[1]),
        book.contribution("100.00", days[2]),
    ]
    with pytest.raises(RuleBreached) as refused:
        post_all(session, orders(entries))
    assert code_of(refused) == "pocket.insufficient"
    assert refused.value.breaches[0].params["short_by"] == "HKD 2.50"


def test_no_entry_uses_room_that_a_later_one_gives_back_to_a_budget(session: Session, book: Book) -> None:
    contract = new_id()
    fund_control.set_limits(
        session, contract, book.book_id, book.currency, [Limit("TRAVEL", hkd("10.00"), (Heading.TRAVEL,), True)]
    )
    tags = Dimensions(contract_id=contract)
    travel = cost(Heading.TRAVEL, book.currency)
    spent = [book.entry(debit(travel, hkd(a), tags), credit(book.bank, hkd(a), tags)) for a in ("6.00", "5.00")]
    given = book.entry(debit(book.bank, hkd("6.00"), tags), credit(travel, hkd("6.00"), tags))
    with session.begin_nested() as kept:
        assert len(post_all(session, orders([spent[0], given, spent[1]]))) == 3
        kept.rollback()
    with pytest.raises(RuleBreached) as refused:
        post_all(session, orders([*spent, given]))
    assert code_of(refused) == "budget.exceeded"


def test_the_57th_wrong_of_a_hundred_leaves_nothing(session: Session, database_digest: Callable[[], str]) -> None:
    book = open_book(session)
    session.commit()
    before = database_digest()
    entries = [paid(book, "1.00") for _ in range(MANY)]
    entries[56] = book.spending("1.00")
    with pytest.raises(RuleBreached) as refused:
        post_all(session, orders(entries))
    assert code_of(refused) == "pocket.insufficient"
    session.rollback()
    assert database_digest() == before


def test_a_batch_half_known_posts_the_other_half(session: Session, book: Book) -> None:
    batch = orders([paid(book, "1.00") for _ in range(10)])
    first = post_all(session, batch[::2])
    made = post_all(session, batch)
    assert [posted.replayed for posted in made] == [True, False] * 5
    assert [posted.entry_id for posted in made[::2]] == [posted.entry_id for posted in first]
    assert balances.account_balance(session, book.book_id, book.plain(PAID)).debit == hkd("10.00")


def test_a_key_twice_in_a_batch_is_one_entry(session: Session, book: Book) -> None:
    order = Order(paid(book, "1.00"), new_id())
    made = post_all(session, [order, *orders([paid(book, "2.00")]), order])
    assert [posted.replayed for posted in made] == [False, False, True]
    assert made[0].entry_id == made[2].entry_id
    assert balances.account_balance(session, book.book_id, book.plain(PAID)).debit == hkd("3.00")


def test_a_key_twice_in_a_batch_with_different_contents_is_refused(session: Session, book: Book) -> None:
    key = new_id()
    with pytest.raises(RuleBreached) as refused:
        post_all(session, [Order(paid(book, "1.00"), key), Order(paid(book, "2.00"), key)])
    assert code_of(refused) == "key.reused"


def test_an_entry_posted_alone_is_known_to_a_batch(session: Session, book: Book) -> None:
    order = Order(paid(book, "1.00"), new_id())
    alone = post(session, order.entry, order.idempotency_key)
    assert post_all(session, [order])[0] == Posted(alone.entry_id, True)


def test_four_importers_over_the_same_accounts_in_opposite_orders_all_finish(many: Engine) -> None:
    with Session(many) as session, session.begin():
        book = open_book(session)
        pockets = [AccountKey(AccountCode.POCKET, book.currency, new_id()) for _ in range(20)]
    gate = Barrier(4)

    def bring(number: int) -> int:
        order = pockets if number % 2 else pockets[::-1]
        done = 0
        with Session(many) as session:
            gate.wait(timeout=30)
            for _ in range(5):
                with session.begin():
                    entries = [book.entry(debit(book.bank, hkd("1.00")), credit(p, hkd("1.00"))) for p in order]
                    done += len(post_all(session, orders(entries)))
        return done

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(bring, range(4))) == [100] * 4
    with Session(many) as session:
        assert balances.account_balance(session, book.book_id, book.bank).net == hkd("400.00")
        assert check(session).differences == ()
