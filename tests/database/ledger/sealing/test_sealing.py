"""Sealing: what is committed gets a place and a signature, once, in the order of commits, and can be verified apart."""

from __future__ import annotations

import os
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.ledger.sealing import bundle, keys, proofs, sealer
from app.ledger.sealing.keys import NoKey, SealKey
from tests.builders.books import Book, open_book, post, reverse
from tests.builders.sealing import KEY, NOW, findings, proof_verifier, seal, seal_what_is_ripe, settle, verifier
from tests.postgres import WorkerDatabase, connect

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def book(session: Session) -> Book:
    made = open_book(session)
    session.commit()
    return made


def posted(session: Session, book: Book, times: int = 1, day: date = date(2026, 3, 2)) -> list[int]:
    made = [post(session, book.contribution(f"{n + 1}.00", day)).entry_id for n in range(times)]
    session.commit()
    return made


def test_what_is_committed_is_sealed_and_verifies(session: Session, book: Book) -> None:
    posted(session, book, 3)
    assert [(each.block_no, each.entries, each.tree_size) for each in seal(session)] == [(1, 3, 3)]
    assert findings(session, book) == []


def test_nothing_new_makes_no_block(session: Session, book: Book) -> None:
    posted(session, book)
    seal(session)
    assert seal(session) == []


def test_blocks_follow_each_other(session: Session, book: Book) -> None:
    for _ in range(4):
        posted(session, book, 2)
        seal(session)
    assert [each.head.tree_size for each in bundle.blocks(session, book.book_id)] == [2, 4, 6, 8]
    assert findings(session, book) == []


def test_vouchers_are_numbered_without_gaps_in_each_month(session: Session, book: Book) -> None:
    posted(session, book, 2, date(2026, 3, 2))
    posted(session, book, 1, date(2026, 2, 27))
    seal(session)
    posted(session, book, 1, date(2026, 3, 1))
    seal(session)
    found = session.execute(
        text("select month, voucher_no from ledger.seal_leaf where book_id = :b order by leaf_no"), {"b": book.book_id}
    )
    march, february = date(2026, 3, 1), date(2026, 2, 1)
    assert [tuple(row) for row in found] == [(march, 1), (march, 2), (february, 1), (march, 3)]


def test_a_reversal_is_sealed_beside_its_original(session: Session, book: Book) -> None:
    first = posted(session, book)[0]
    reverse(session, first)
    session.commit()
    seal(session)
    assert findings(session, book) == []


def test_books_are_sealed_apart(session: Session, book: Book) -> None:
    other = open_book(session)
    posted(session, book, 2)
    posted(session, other, 1)
    assert {each.book_code: each.tree_size for each in seal(session)} == {book.code: 2, other.code: 1}
    assert findings(session, book) == findings(session, other) == []


def test_a_tree_over_many_tiles_verifies(session: Session, book: Book) -> None:
    posted(session, book, 300)
    seal(session, at_most=200)
    seal(session)
    posted(session, book, 230)
    seal(session)
    assert session.scalar(text("select count(*) from ledger.seal_node")) == 2
    assert findings(session, book) == []


def test_the_time_of_a_block_never_goes_back(session: Session, book: Book) -> None:
    posted(session, book)
    seal(session, now=NOW)
    posted(session, book)
    seal(session, now=NOW - timedelta(hours=1))
    times = [each.head.sealed_at for each in bundle.blocks(session, book.book_id)]
    assert times == [NOW, NOW]
    assert findings(session, book) == []


@pytest.mark.parametrize(("same", "sealed"), [(False, 2), (True, 0)], ids=["elsewhere", "here"])
def test_only_a_transaction_of_this_database_holds_sealing_back(
    session: Session, book: Book, worker_database: WorkerDatabase, same: bool, sealed: int
) -> None:
    place = worker_database.name if same else "postgres"
    with connect(worker_database.superuser_url, place) as other, other.transaction():
        other.execute("SELECT pg_current_xact_id()")
        posted(session, book, 2)
        posted(session, open_book(session))
        assert sum(each.entries for each in seal_what_is_ripe(session) if each.book_code == book.code) == sealed


def test_an_entry_committed_late_under_an_early_number_is_sealed_and_a_naive_sealer_skips_it(
    engine: Engine, session: Session, book: Book
) -> None:
    other = open_book(session)
    posted(session, other)
    naive: list[int] = []

    def go_by_numbers() -> None:
        past = max(naive, default=0)
        found = session.scalars(text("select entry_id from ledger.entry where entry_id > :past"), {"past": past})
        naive.extend(found)
        session.commit()

    with Session(engine) as slow:
        late = post(slow, book.contribution("7.00")).entry_id
        early = posted(session, other)[0]
        assert late < early
        go_by_numbers()
        seal_what_is_ripe(session)
        slow.commit()
    go_by_numbers()
    seal(session)
    assert late not in naive
    assert {late, early} <= set(session.scalars(text("select entry_id from ledger.seal_leaf")))
    assert findings(session, book) == findings(session, other) == []


def test_writers_at_work_lose_no_entry_to_the_sealer(engine: Engine, session: Session, book: Book) -> None:
    posted(session, book)
    made: list[int] = []
    done = threading.Event()

    def write() -> None:
        with Session(engine) as mine:
            for _ in range(25):
                made.append(post(mine, book.contribution("1.00")).entry_id)
                mine.commit()

    def follow() -> None:
        with Session(engine) as mine:
            while not done.is_set():
                seal_what_is_ripe(mine)

    writers = [threading.Thread(target=write) for _ in range(4)]
    follower = threading.Thread(target=follow)
    for each in (*writers, follower):
        each.start()
    for each in writers:
        each.join()
    done.set()
    follower.join()
    seal(session)
    assert set(made) <= set(session.scalars(text("select entry_id from ledger.seal_leaf")))
    assert findings(session, book) == []


def test_a_second_sealer_finds_the_first_at_work(engine: Engine, session: Session, book: Book) -> None:
    posted(session, book)
    with Session(engine) as other:
        other.execute(text("select ledger.begin_sealing()"))
        assert sealer.seal(session, KEY, now=NOW) is None
        other.rollback()
    session.rollback()
    assert len(seal(session)) == 1


def test_a_sealer_that_dies_half_way_leaves_nothing(session: Session, book: Book) -> None:
    posted(session, book, 2)
    settle(session)
    assert sealer.seal(session, KEY, now=NOW)
    session.rollback()
    assert session.scalar(text("select count(*) from ledger.seal_leaf")) == 0
    assert [each.tree_size for each in seal(session)] == [2]
    assert findings(session, book) == []


def test_another_key_does_not_seal(session: Session, book: Book) -> None:
    posted(session, book)
    seal(session)
    with pytest.raises(NoKey, match="rotate-key"):
        sealer.seal(session, SealKey.of_seed(os.urandom(32)), now=NOW)


def test_a_key_introduces_its_successor(session: Session, book: Book) -> None:
    posted(session, book)
    seal(session)
    successor = SealKey.of_seed(os.urandom(32))
    keys.rotate(session, KEY, successor, now=NOW)
    session.commit()
    posted(session, book)
    settle(session)
    sealer.seal(session, successor, now=NOW)
    session.commit()
    assert [each.key_id for each in keys.known(session)] == [KEY.key_id, successor.key_id]
    assert findings(session, book) == []


def test_a_checkpoint_kept_earlier_is_part_of_the_later_book(session: Session, book: Book) -> None:
    posted(session, book, 2)
    seal(session)
    kept = bundle.checkpoint(session, book.book_id)
    posted(session, book, 3)
    seal(session)
    assert findings(session, book, kept) == []


def test_reasons_can_be_left_out_of_a_bundle(session: Session, book: Book) -> None:
    posted(session, book)
    seal(session)
    lines = list(bundle.lines(session, book.book_id, reasons=False))
    assert not any("A test entry" in line for line in lines)
    assert verifier.verify(line.encode() for line in lines).findings == []


@pytest.mark.parametrize("entries", [1, 2, 3, 7, 300])
def test_every_kind_of_proof_holds_and_a_changed_one_does_not(session: Session, book: Book, entries: int) -> None:
    made = posted(session, book, entries)
    seal(session)
    posted(session, book, 5)
    seal(session)
    account = session.scalar(text("select min(account_id) from ledger.account where book_id = :b"), {"b": book.book_id})
    for proof in (
        proofs.of_entry(session, made[-1]),
        proofs.of_entry(session, made[0], 1),
        proofs.of_balance(session, account),
        proofs.of_balance(session, account, 1),
        proofs.of_growth(session, book.book_id, 1),
    ):
        assert proof is not None
        assert proof_verifier.check_proof(proof) == []
        assert _broken(proof)


def _broken(proof: dict[str, Any]) -> list[str]:
    if proof["proves"] == "growth":
        changed = proof | {"path": [*proof["path"][:-1], "00" * 32]}
    else:
        changed = proof | {"text": proof["text"].replace('"book":"0', '"book":"1', 1)}
    found: list[str] = proof_verifier.check_proof(changed)
    return found


def test_an_unsealed_entry_has_no_proof(session: Session, book: Book) -> None:
    made = posted(session, book)[0]
    assert proofs.of_entry(session, made) is None
