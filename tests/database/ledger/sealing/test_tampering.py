"""The tamper matrix: whoever can write every table still cannot change a sealed book without being found out.

Each change is made as the superuser, with triggers off and checks dropped, and taken back afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.kernel.identity import new_id
from app.ledger.sealing import attaching, bundle, keys, sealer, verifying
from app.ledger.sealing.canonical import attached_text
from app.ledger.sealing.keys import SealKey
from app.ledger.sealing.merkle import leaf_hash
from tests.builders.books import Book, open_book, post, reverse
from tests.builders.sealing import KEY, NOW, seal, settle
from tests.postgres import WorkerDatabase, database_url

SUCCESSOR = SealKey.of_seed(bytes(range(1, 33)))

SEALED = {
    "entry": "book_id = :book and entry_id = :entry",
    "posting": "book_id = :book and entry_id = :entry and line_no = 2",
    "account": "account_id = (select min(account_id) from ledger.account where book_id = :book)",
    "seal_key": "previous_id is not null",
    "seal_block": "book_id = :book and block_no = 2",
    "seal_leaf": "book_id = :book and leaf_no = 2",
    "seal_node": "book_id = :book and node_no = 0",
    "seal_witness": "book_id = :book",
    "attached": "subject = 'audit sample ENG-1/1'",
    "seal_attached": "attached_id = (select attached_id from ledger.attached where subject = 'audit sample ENG-1/1')",
    "balance_day": (
        "ctid = (select min(d.ctid) from ledger.balance_day d join ledger.account using (account_id)"
        " where book_id = :book)"
    ),
    "sealed_balance": "account_id = (select min(account_id) from ledger.account where book_id = :book)",
}
"""Every sealed table, and a row of it."""

NOT_COVERED = {"seal_witness": ["book_id", "block_no", "witness", "received_at"]}
"""A countersignature taken away or put under another name is missed by its holder; it proves what it signs."""

CHANGES = {
    "bigint": "coalesce({0}, 0) + 1000",
    "integer": "coalesce({0}, 0) + 1000",
    "smallint": "coalesce({0}, 0) + 1000",
    "text": "coalesce({0}, '') || 'x'",
    "uuid": "gen_random_uuid()",
    "date": "coalesce({0}, date '2026-03-02') + 1",
    "boolean": "not {0}",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "xid8": "({0}::text::bigint + 1)::text::xid8",
    "bytea": (
        "case when {0} is null then decode(repeat('00', 32), 'hex') else set_byte({0}, 0, get_byte({0}, 0) # 1) end"
    ),
}


CONSTRAINTS = """
    select conrelid::regclass::text, conname from pg_constraint
    where connamespace = 'ledger'::regnamespace and conrelid <> 0 and contype in ('c', 'f', 'u', 'p')
      and conparentid = 0 and coninhcount = 0 and conrelid not in ('ledger.entry'::regclass, 'ledger.posting'::regclass)
    order by contype in ('u', 'p')"""


@pytest.fixture
def book(session: Session) -> Book:
    """A book with every kind of line, in three blocks under two keys, with a witness and a whole tile.

    Two digests are attached to its second block.
    """
    book = open_book(session)
    for n in range(256):
        post(session, book.contribution(f"{n + 1}.00", date(2026, 3, 1 + n % 28)))
    session.commit()
    seal(session)
    paid = post(session, book.spending("250.00", new_id()))
    reverse(session, paid.entry_id)
    for number in (1, 2):
        attaching.attach(session, book.book_id, f"audit sample ENG-1/{number}", bytes([number]) * 32)
    session.commit()
    seal(session)
    keys.rotate(session, KEY, SUCCESSOR, now=NOW)
    post(session, book.contribution("5.00", date(2026, 2, 3)))
    session.commit()
    settle(session)
    sealer.seal(session, SUCCESSOR, now=NOW)
    last = bundle.blocks(session, book.book_id)[-1]
    witness = SealKey.of_seed(os.urandom(32))
    session.execute(
        text("select ledger.add_witness(:book, :block, 'hetao-ledger/OTHER', :public, :signature)"),
        {
            "book": book.book_id,
            "block": last.head.block_no,
            "public": witness.public,
            "signature": witness.sign(last.head.text),
        },
    )
    session.commit()
    return book


@pytest.fixture
def intruder(book: Book, worker_database: WorkerDatabase) -> Iterator[Session]:
    """A superuser for whom, once the book stands, no trigger fires and no check holds; everything is rolled back."""
    engine = create_engine(database_url(worker_database.superuser_url, worker_database.name))
    with Session(engine) as session:
        session.execute(text("set local session_replication_role = replica"))
        for table, name in session.execute(text(CONSTRAINTS)).all():
            session.execute(text(f'alter table {table} drop constraint if exists "{name}" cascade'))
        session.execute(text("alter table ledger.account alter account_id drop identity"))
        yield session
        session.rollback()
    engine.dispose()


def findings(session: Session, book: Book, checkpoint: str | None = None) -> tuple[str, ...]:
    notes = [("kept", checkpoint)] if checkpoint else []
    return verifying.verify(session, book.book_id, notes).findings


def columns(session: Session, table: str) -> list[tuple[str, str]]:
    rows = session.execute(
        text(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'ledger' and table_name = :table order by ordinal_position"
        ),
        {"table": table},
    )
    return [(row.column_name, row.data_type) for row in rows]


def an_entry(session: Session, book: Book) -> int:
    found: int = session.scalar(
        text("select entry_id from ledger.seal_leaf where book_id = :book and leaf_no = 100"), {"book": book.book_id}
    )
    return found


@pytest.mark.parametrize("table", SEALED)
def test_one_changed_value_is_found_in_every_column(intruder: Session, book: Book, table: str) -> None:
    about: dict[str, Any] = {"book": book.book_id, "entry": an_entry(intruder, book)}
    assert findings(intruder, book) == ()
    unnoticed = []
    for column, kind in columns(intruder, table):
        undo = intruder.begin_nested()
        changed = intruder.execute(
            text(f"update ledger.{table} set {column} = {CHANGES[kind].format(column)} where {SEALED[table]}"), about
        )
        assert changed.rowcount == 1, column  # type: ignore[attr-defined]
        if not findings(intruder, book):
            unnoticed.append(column)
        undo.rollback()
    assert unnoticed == NOT_COVERED.get(table, [])


@pytest.mark.parametrize("leaf", ["0", "100", "(select max(leaf_no) from ledger.seal_leaf where book_id = :book)"])
@pytest.mark.parametrize("table", ["entry", "posting", "seal_leaf"])
def test_a_deleted_row_is_found(intruder: Session, book: Book, table: str, leaf: str) -> None:
    which = f"book_id = :book and leaf_no = {leaf}"
    if table != "seal_leaf":
        which = f"entry_id = (select entry_id from ledger.seal_leaf where {which})"
    gone = intruder.execute(text(f"delete from ledger.{table} where {which}"), {"book": book.book_id})
    assert gone.rowcount  # type: ignore[attr-defined]
    assert findings(intruder, book)


def test_an_entry_deleted_with_everything_about_it_is_found(intruder: Session, book: Book) -> None:
    entry = an_entry(intruder, book)
    for table in ("posting", "entry", "seal_leaf"):
        intruder.execute(text(f"delete from ledger.{table} where entry_id = :entry"), {"entry": entry})
    assert findings(intruder, book)


def test_an_entry_slipped_in_is_found(intruder: Session, book: Book) -> None:
    about = {"entry": an_entry(intruder, book)}
    intruder.execute(
        text("create temporary table copied on commit drop as select * from ledger.entry where entry_id = :entry"),
        about,
    )
    intruder.execute(text("update copied set entry_id = entry_id + 1000000"))
    intruder.execute(text("insert into ledger.entry_p2026 select * from copied"))
    assert any("never sealed" in each for each in findings(intruder, book))


def test_two_swapped_entries_are_found(intruder: Session, book: Book) -> None:
    about = {"book": book.book_id}
    intruder.execute(
        text(
            "update ledger.seal_leaf l set entry_id = o.entry_id, effective_on = o.effective_on, salt = o.salt,"
            " leaf_hash = o.leaf_hash from ledger.seal_leaf o where l.book_id = :book and o.book_id = :book"
            " and l.leaf_no in (10, 38) and o.leaf_no = 48 - l.leaf_no"
        ),
        about,
    )
    assert findings(intruder, book)


def test_digests_swapped_between_two_attachments_are_found_in_both(intruder: Session, book: Book) -> None:
    intruder.execute(
        text(
            "update ledger.attached a set sha256 = o.sha256 from ledger.attached o"
            " where a.book_id = :book and o.book_id = :book and o.attached_id <> a.attached_id"
        ),
        {"book": book.book_id},
    )
    found = findings(intruder, book)
    assert [each for each in found if "it was changed" in each and "audit sample ENG-1/1" in each]
    assert [each for each in found if "it was changed" in each and "audit sample ENG-1/2" in each]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (["attached"], "attachment to block 2: its subject is missing"),
        (["seal_attached"], "block 2: what is attached to it is not what was sealed"),
        (["seal_attached", "attached"], "block 2: what is attached to it is not what was sealed"),
    ],
    ids=["digest", "place", "both"],
)
def test_an_attachment_taken_away_is_found(intruder: Session, book: Book, tables: list[str], said: str) -> None:
    (first,) = intruder.scalars(text("select attached_id from ledger.attached where subject like '%/1'")).all()
    for table in tables:
        intruder.execute(text(f"delete from ledger.{table} where attached_id = :id"), {"id": first})
    assert said in findings(intruder, book)


@pytest.mark.parametrize("block", [1, 2])
def test_an_attachment_slipped_into_a_block_is_found(intruder: Session, book: Book, block: int) -> None:
    slipped_in = attaching.attach(intruder, book.book_id, "audit sample ENG-1/3", bytes(32))
    row = intruder.execute(
        text("select book_id, attached_id, subject, sha256, attached_at from ledger.attached where attached_id = :id"),
        {"id": slipped_in},
    ).one()
    intruder.execute(
        text("insert into ledger.seal_attached values (:id, :book, :block, :hash)"),
        {"id": slipped_in, "book": book.book_id, "block": block, "hash": leaf_hash(attached_text(row))},
    )
    assert f"block {block}: what is attached to it is not what was sealed" in findings(intruder, book)


def test_a_cut_off_tail_is_found_with_a_checkpoint_and_only_with_one(intruder: Session, book: Book) -> None:
    kept = bundle.checkpoint(intruder, book.book_id)
    cut_off_last_block(intruder, book)
    assert findings(intruder, book) == ()  # what nobody outside has seen, nobody can miss
    assert any("tail was cut off" in each for each in findings(intruder, book, kept))


def cut_off_last_block(intruder: Session, book: Book) -> None:
    about = {"book": book.book_id}
    last = "(select max(block_no) from ledger.seal_block where book_id = :book)"
    intruder.execute(
        text(
            f"with gone as (select entry_id from ledger.seal_leaf where book_id = :book and block_no = {last}),"
            " p as (delete from ledger.posting where entry_id in (select entry_id from gone))"
            " delete from ledger.entry where entry_id in (select entry_id from gone)"
        ),
        about,
    )
    of_book = "account_id in (select account_id from ledger.account where book_id = :book)"
    intruder.execute(text(f"delete from ledger.balance_day where {of_book} and block_no = {last}"), about)
    intruder.execute(text(f"delete from ledger.sealed_balance where {of_book}"), about)
    intruder.execute(
        text(
            "insert into ledger.sealed_balance select account_id, sum(debit_minor), sum(credit_minor),"
            f" sum(functional_minor) from ledger.balance_day where {of_book} group by account_id"
        ),
        about,
    )
    for table in ("seal_witness", "seal_leaf", "seal_block"):
        intruder.execute(text(f"delete from ledger.{table} where book_id = :book and block_no = {last}"), about)
    intruder.execute(text("delete from ledger.seal_key where previous_id is not null"))


def test_an_edited_head_is_found(intruder: Session, book: Book) -> None:
    intruder.execute(
        text(
            "update ledger.seal_block set root = set_byte(root, 5, 7), block_hash = block_hash where book_id = :book"
            " and block_no = 3"
        ),
        {"book": book.book_id},
    )
    found = findings(intruder, book)
    assert any("block 3" in each and "root" in each for each in found)
    assert any("block 3" in each and "signed" in each for each in found)


def test_a_book_sealed_anew_with_a_forged_key_is_found_with_a_checkpoint(intruder: Session, book: Book) -> None:
    kept = bundle.checkpoint(intruder, book.book_id)
    about = {"book": book.book_id}
    intruder.execute(
        text("update ledger.entry set reason = 'Another reason' where entry_id = :entry"),
        {"entry": an_entry(intruder, book)},
    )
    for table in ("seal_witness", "seal_leaf", "seal_block", "seal_node", "seal_attached"):
        intruder.execute(text(f"delete from ledger.{table} where book_id = :book"), about)
    for table in ("balance_day", "sealed_balance", "seal_key"):
        intruder.execute(text(f"delete from ledger.{table}"))
    intruder.execute(text("update ledger.seal_cursor set xact = '0', entry_id = 0"))
    intruder.execute(text("alter table ledger.sealed_balance add primary key (account_id)"))
    sealer.seal(intruder, SealKey.of_seed(os.urandom(32)), now=NOW)
    assert findings(intruder, book) == ()
    found = findings(intruder, book, kept)
    assert any("sealed anew" in each for each in found)


def test_a_truncated_file_is_found(session: Session, book: Book) -> None:
    lines = [line.encode() for line in bundle.lines(session, book.book_id)]
    for cut in (1, 2, len(lines) // 2, len(lines) - 2):
        assert verifying.script().verify(lines[:-cut]).findings


def test_rubbish_is_named_and_not_a_crash(session: Session, book: Book) -> None:
    found = verifying.script().verify([b"\xff\xfe rubbish\n", b"entry 00 [1,2]\n", b"block {}\n"]).findings
    assert any("line 1" in each for each in found)
