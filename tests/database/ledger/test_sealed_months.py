"""Not even the owner's own hand, past every function, puts an entry into a sealed month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from sqlalchemy.orm import Session

from app.ledger import posting
from app.ledger.posting import PeriodState
from tests.builders.books import ACTOR, DAY, Book, open_book, post
from tests.database.ledger.test_constraints import HEADER, Owner, accounts, header_values, insert
from tests.database.ledger.test_periods import closing, sealed
from tests.postgres import WorkerDatabase

APRIL = date(2026, 4, 1)


@pytest.fixture
def book(session: Session) -> Book:
    """A book with one entry in March 2026."""
    made = open_book(session)
    post(session, made.contribution("10.00"))
    session.commit()
    return made


@pytest.fixture
def owner(worker_database: WorkerDatabase) -> Iterator[Owner]:
    """The owner of the tables, past every function."""
    with psycopg.connect(worker_database.owner_url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        yield connection
        connection.rollback()


def insert_in_march(owner: Owner, book: Book) -> None:
    bank, pocket = accounts(owner, book)
    insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))


def test_the_owner_inserts_nothing_into_the_partition_of_a_sealed_month(
    session: Session, book: Book, owner: Owner
) -> None:
    sealed(session, book)
    with pytest.raises(CheckViolation) as refused:
        insert_in_march(owner, book)
    assert refused.value.diag.constraint_name == "period.sealed"


def test_nor_into_a_month_before_a_sealed_one(session: Session, owner: Owner) -> None:
    made = open_book(session)
    post(session, made.contribution("10.00", APRIL))
    session.commit()
    sealed(session, made, APRIL)
    with pytest.raises(CheckViolation) as refused:
        insert_in_march(owner, made)
    assert refused.value.diag.constraint_name == "period.sealed"


def test_nor_through_the_table_over_the_partitions(session: Session, book: Book, owner: Owner) -> None:
    sealed(session, book)
    with pytest.raises(InsufficientPrivilege, match="insert into the partition"):
        owner.execute(HEADER.replace("entry_p2026", "entry").encode(), header_values(book.book_id, 2))


def test_the_owner_does_not_move_back_what_says_where_months_are_locked(
    session: Session, book: Book, owner: Owner
) -> None:
    sealed(session, book)
    with pytest.raises(InsufficientPrivilege, match="append-only"):
        owner.execute("update ledger.book set locked_before = '2000-01-01'")


def test_an_open_month_and_one_only_closing_take_what_is_right(session: Session, book: Book, owner: Owner) -> None:
    """So that the refusals above are known to come from the seal."""
    insert_in_march(owner, book)
    owner.rollback()
    closing(session, book)
    insert_in_march(owner, book)


def test_the_book_keeps_up_to_where_its_months_are_not_open(session: Session, book: Book, owner: Owner) -> None:
    def locked_before() -> object:
        owner.rollback()
        row = owner.execute("select locked_before from ledger.book where book_id = %s", [book.book_id]).fetchone()
        return row[0] if row else None

    closing(session, book, APRIL)
    closing(session, book, DAY)
    assert locked_before() == date(2026, 5, 1)
    posting.set_period(session, book.book_id, APRIL, PeriodState.OPEN, actor_id=ACTOR)
    session.commit()
    assert locked_before() == APRIL


INTO_EXCEPTIONS = (
    "insert into ledger.period_exception values (gen_random_uuid(), %s, '2026-03-01', gen_random_uuid(),"
    " gen_random_uuid(), %s, '2026-04-01', %s)"
)
INTO_NOTES = (
    "insert into ledger.period_note (book_id, month, check_code, note, actor_id, noted_at)"
    " values (%s, '2026-03-01', 'in-transit', ' ', gen_random_uuid(), now())"
)


def constraint_of(owner: Owner, statement: str, values: list[object]) -> str | None:
    with pytest.raises(CheckViolation) as refused:
        owner.execute(statement.encode(), values)
    owner.rollback()
    return refused.value.diag.constraint_name


def test_an_exception_says_why_and_ends_after_it_begins(book: Book, owner: Owner) -> None:
    """And so does a note say something."""
    assert constraint_of(owner, INTO_EXCEPTIONS, [book.book_id, " ", "2026-04-02"]) == "period_exception_reason"
    assert constraint_of(owner, INTO_EXCEPTIONS, [book.book_id, "Late", "2026-04-01"]) == "period_exception_expires"
    assert constraint_of(owner, INTO_NOTES, [book.book_id]) == "period_note_text"


def test_a_month_is_in_one_of_three_states_and_somebody_started_what_is_under_way(book: Book, owner: Owner) -> None:
    into = (
        "insert into ledger.period (book_id, month, state, changed_by, started_by)"
        " values (%s, '2026-03-01', %s, gen_random_uuid(), %s)"
    )
    assert constraint_of(owner, into, [book.book_id, "SHUT", ACTOR]) == "period_state_check"
    assert constraint_of(owner, into, [book.book_id, "CLOSING", None]) == "period_started"
