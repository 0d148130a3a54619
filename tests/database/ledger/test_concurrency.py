"""Many at once: limits hold, duplicates count once, a close never misses a posting, and nobody deadlocks for good."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.errors import Refusal, RuleBreached
from app.kernel.identity import new_id
from app.ledger import balances, holds, posting
from app.ledger.checking import check
from app.ledger.posting import Consumption, Order, PeriodState
from tests.builders.books import ACTOR, DAY, Book, hkd, open_book, post, reverse
from tests.postgres import WorkerDatabase

AT_ONCE = 20
Outcome = str


@pytest.fixture
def many(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An engine on which every session has its own connection."""
    engine = create_engine(worker_database.url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def book(many: Engine) -> Book:
    """A book whose pocket has 100.00."""
    with Session(many) as session, session.begin():
        made = open_book(session)
        post(session, made.contribution("100.00"))
    return made


def all_at_once(many: Engine, jobs: list[Callable[[Session], object]]) -> list[Outcome]:
    """Run every job in its own transaction, started together; what each came to: `done` or the refusal's code."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[Session], object]) -> Outcome:
        with Session(many) as session:
            session.execute(text("select 1"))
            session.rollback()
            gate.wait(timeout=30)
            try:
                with session.begin():
                    job(session)
            except Refusal as refusal:
                return refusal.breaches[0].code
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def assert_books_agree(many: Engine) -> None:
    with Session(many) as session:
        assert check(session).differences == ()


def test_twenty_spend_from_one_pocket_and_exactly_what_fits_is_spent(many: Engine, book: Book) -> None:
    outcomes = all_at_once(many, [lambda session: post(session, book.spending("9.00"))] * AT_ONCE)
    assert sorted(outcomes) == ["done"] * 11 + ["pocket.insufficient"] * 9
    with Session(many) as session:
        position = balances.pocket_position(session, book.pocket.subject_id)  # type: ignore[arg-type]
        assert position is not None
        assert position.available == hkd("1.00")
    assert_books_agree(many)


def test_twenty_hold_on_one_pocket_and_exactly_what_fits_is_held(many: Engine, book: Book) -> None:
    def hold(session: Session) -> object:
        return holds.open_hold(
            session,
            book.book_id,
            book.pocket,
            hkd("9.00"),
            contract_id=new_id(),
            actor_id=ACTOR,
            idempotency_key=new_id(),
        )

    outcomes = all_at_once(many, [hold] * AT_ONCE)
    assert sorted(outcomes) == ["done"] * 11 + ["pocket.insufficient"] * 9
    assert_books_agree(many)


def test_a_storm_of_duplicates_posts_each_entry_once(many: Engine, book: Book) -> None:
    orders = [(book.spending("1.00"), new_id()) for _ in range(10)]
    jobs = [lambda session, entry=entry, key=key: post(session, entry, key) for entry, key in orders * 2]
    assert all_at_once(many, jobs) == ["done"] * AT_ONCE  # type: ignore[arg-type]
    with Session(many) as session:
        assert balances.account_balance(session, book.book_id, book.pocket).debit == hkd("10.00")
    assert_books_agree(many)


def test_one_of_many_reversals_of_an_entry_goes_through(many: Engine, book: Book) -> None:
    with Session(many) as session, session.begin():
        entry_id = post(session, book.spending("10.00")).entry_id
    outcomes = all_at_once(many, [lambda session: reverse(session, entry_id)] * 8)
    assert sorted(outcomes) == ["done"] + ["reversal.once"] * 7
    assert_books_agree(many)


def test_a_hold_is_used_up_by_one_of_many(many: Engine, book: Book) -> None:
    with Session(many) as session, session.begin():
        hold_id = hold_all(session, book)

    def release(session: Session) -> object:
        return post(session, book.spending("60.00"), consumes=[Consumption(hold_id, hkd("60.00"))])

    outcomes = all_at_once(many, [release] * 8)
    assert sorted(outcomes) == ["done"] + ["hold.insufficient"] * 7
    assert_books_agree(many)


def hold_all(session: Session, book: Book) -> UUID:
    made = holds.open_hold(
        session,
        book.book_id,
        book.pocket,
        hkd("100.00"),
        contract_id=new_id(),
        actor_id=ACTOR,
        idempotency_key=new_id(),
    )
    return made.hold_id


def test_children_moved_at_once_never_exceed_their_parent(many: Engine, book: Book) -> None:
    with Session(many) as session, session.begin():
        parent = hold_all(session, book)

    def move(session: Session) -> object:
        return holds.move_hold(
            session, parent, hkd("9.00"), disbursement_id=new_id(), actor_id=ACTOR, idempotency_key=new_id()
        )

    outcomes = all_at_once(many, [move] * AT_ONCE)
    assert sorted(outcomes) == ["done"] * 11 + ["hold.insufficient"] * 9
    assert_books_agree(many)


def test_an_account_opened_by_many_at_once_is_one_account(many: Engine) -> None:
    with Session(many) as session, session.begin():
        made = open_book(session)
    assert all_at_once(many, [lambda session: post(session, made.contribution("1.00"))] * 8) == ["done"] * 8
    with Session(many) as session:
        assert balances.account_balance(session, made.book_id, made.bank).net == hkd("8.00")
    assert_books_agree(many)


def test_batches_over_two_books_in_either_order_do_not_deadlock(many: Engine, book: Book) -> None:
    with Session(many) as session, session.begin():
        other = open_book(session)
        post(session, other.contribution("100.00"))

    def both(first: Book, second: Book) -> Callable[[Session], object]:
        def job(session: Session) -> object:
            orders = [Order(b.spending("1.00"), new_id()) for b in (first, second, first, second)]
            return posting.post_all(session, orders, actor_id=ACTOR)

        return job

    jobs = [both(book, other), both(other, book)] * 8
    assert all_at_once(many, jobs) == ["done"] * 16
    assert_books_agree(many)


def test_a_month_closed_under_fire_has_exactly_what_was_posted_before(many: Engine, book: Book) -> None:
    day = date(2026, 5, 4)

    def close(session: Session) -> object:
        posting.set_period(session, book.book_id, day, PeriodState.CLOSING, actor_id=ACTOR)
        seen = balances.account_balance(session, book.book_id, book.bank).net
        closed_at.append(seen)
        return seen

    closed_at: list[object] = []
    jobs: list[Callable[[Session], object]] = [lambda session: post(session, book.contribution("1.00", day))] * 15
    outcomes = all_at_once(many, [*jobs, close])
    assert set(outcomes) <= {"done", "period.closed"}
    with Session(many) as session:
        assert [balances.account_balance(session, book.book_id, book.bank).net] == closed_at
    with pytest.raises(RuleBreached, match=r"period\.closed"), Session(many) as session:
        post(session, book.contribution("1.00", day))


def test_a_posting_waits_for_a_close_under_way_and_is_then_refused(many: Engine, book: Book) -> None:
    with Session(many) as closer, ThreadPoolExecutor(1) as pool:
        posting.set_period(closer, book.book_id, DAY, PeriodState.CLOSING, actor_id=ACTOR)
        waiting = pool.submit(all_at_once, many, [lambda session: post(session, book.contribution("1.00"))])
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        closer.commit()
        assert waiting.result(timeout=30) == ["period.closed"]
