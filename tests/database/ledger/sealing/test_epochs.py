"""Epochs: a new one begins when transaction ids start again; nothing that was posted before is passed over."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.ledger.sealing import epochs, sealer, status
from app.ledger.sealing.epochs import NoBooks
from app.ledger.sealing.sealer import IdsStartedAgain
from tests.builders.books import Book, open_book, post
from tests.builders.sealing import KEY, NOW, findings, seal
from tests.postgres import WorkerDatabase

pytestmark = pytest.mark.usefixtures("engine")

FAR_AHEAD = "4000000000000"


@pytest.fixture
def book(session: Session) -> Book:
    """A book with one sealed entry and one that no block has yet, both of an old server that was far ahead."""
    made = open_book(session)
    _post(session, made)
    seal(session)
    _post(session, made)
    return made


def _post(session: Session, book: Book) -> None:
    post(session, book.contribution("5.00"))
    session.commit()


def _of_the_old_server(database: WorkerDatabase) -> None:
    """Give entries and cursor ids as another server left them, which no tests of ours could wait for."""
    with database.superuser.transaction():
        database.superuser.execute("set local session_replication_role = replica")
        ahead = f"(xact::text::bigint + {FAR_AHEAD})::text::xid8"
        database.superuser.execute(
            f"update ledger.entry set xact = {ahead} where not exists"
            " (select from ledger.seal_leaf l where l.entry_id = entry.entry_id)"
        )
        database.superuser.execute(f"update ledger.seal_cursor set xact = {ahead}")


def test_a_sealer_says_what_to_do_when_ids_started_again(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    _of_the_old_server(worker_database)
    with pytest.raises(IdsStartedAgain, match="hetao ledger new-epoch --as"):
        sealer.seal(session, KEY, now=NOW)


def test_a_new_epoch_first_seals_what_was_posted_before_it_also_after_the_restore(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    _of_the_old_server(worker_database)
    _post(session, book)
    begun = epochs.begin(session, KEY, now=NOW)
    session.commit()
    assert (begun.number, begun.entries) == (2, 2)
    _post(session, book)
    assert status.lag(session, book.book_id, NOW).entries == 1
    assert [each.tree_size for each in seal(session)] == [4]
    assert status.lag(session, book.book_id, NOW).entries == 0
    assert findings(session, book) == []


def test_a_book_opened_in_a_new_epoch_belongs_to_it(session: Session, book: Book) -> None:
    epochs.begin(session, KEY, now=NOW)
    session.commit()
    later = open_book(session)
    _post(session, later)
    assert [(each.book_code, each.entries) for each in seal(session)] == [(later.code, 1)]


def test_the_cursor_does_not_enter_an_epoch_while_anything_before_it_is_unsealed(session: Session, book: Book) -> None:
    session.execute(text("select ledger.raise_epoch()"))
    with pytest.raises(IntegrityError) as refused:
        sealer.move_cursor(session, 2, "0", 0)
    assert refused.value.orig.diag.constraint_name == "seal.epoch"  # type: ignore[union-attr]


def test_sealing_goes_on_by_itself_from_one_epoch_into_the_next(session: Session, book: Book) -> None:
    session.execute(text("select ledger.raise_epoch()"))
    session.commit()
    _post(session, book)
    assert [each.entries for each in seal(session)] == [1, 1]
    assert findings(session, book) == []


def test_nobody_who_is_posting_takes_the_old_epoch_past_a_new_one(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    """An entry is under way when the epoch is to be raised: raising waits, here until it gives up."""
    post(session, book.contribution("5.00"))
    with worker_database.engine.connect() as other:
        other.execute(text("set local lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            other.execute(text("select ledger.raise_epoch()"))


def test_of_a_book_the_owner_changes_nothing_but_its_epoch_and_that_upwards(
    book: Book, worker_database: WorkerDatabase
) -> None:
    url = worker_database.owner_url.replace("postgresql+psycopg://", "postgresql://", 1)
    for change in ("code = 'OTHER'", "seal_epoch = seal_epoch - 1", "code = 'OTHER', seal_epoch = 9", "code = code"):
        with psycopg.connect(url) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"update ledger.book set {change}".encode())


def test_without_a_book_there_is_no_epoch_to_begin(session: Session) -> None:
    with pytest.raises(NoBooks):
        epochs.begin(session, KEY, now=NOW)
