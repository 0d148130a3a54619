"""Attaching: a digest is in the book's next block, once, and whoever holds the checkpoint can check it apart."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.ledger.sealing import attaching, bundle, proofs, sealer, status
from app.ledger.sealing.epochs import begin
from tests.builders.books import Book, open_book, post
from tests.builders.sealing import KEY, NOW, findings, proof_verifier, seal, settle

DIGEST = bytes(range(32))
SUBJECT = "audit sample ENG-2026-001/1"


@pytest.fixture
def book(session: Session) -> Book:
    """A book with one entry, in no block yet."""
    made = open_book(session)
    post(session, made.contribution("1.00"))
    session.commit()
    return made


def attach(session: Session, book: Book, subject: str = SUBJECT) -> None:
    attaching.attach(session, book.book_id, subject, DIGEST)
    session.commit()


def block_of(session: Session, book: Book, subject: str = SUBJECT) -> int | None:
    found = attaching.of_subject(session, book.book_id, subject)
    assert found is not None
    return found.block_no


def test_a_digest_goes_into_the_next_block_with_its_entries(session: Session, book: Book) -> None:
    attach(session, book)
    assert [(each.entries, each.attached) for each in seal(session)] == [(1, 1)]
    assert block_of(session, book) == 1
    assert findings(session, book) == []


def test_without_a_new_entry_it_has_a_block_of_its_own_and_the_book_goes_on_from_there(
    session: Session, book: Book
) -> None:
    seal(session)
    attach(session, book)
    seal(session)
    attach(session, book, "audit sample ENG-2026-001/2")
    assert [(each.block_no, each.entries, each.attached) for each in seal(session)] == [(3, 0, 1)]
    assert seal(session) == []
    post(session, book.contribution("2.00"))
    session.commit()
    seal(session)
    assert [each.head.tree_size for each in bundle.blocks(session, book.book_id)] == [1, 1, 1, 2]
    assert findings(session, book) == []
    growth = proofs.of_growth(session, book.book_id, 1, 4)
    assert growth is not None
    assert proof_verifier.check_proof(growth) == []


def test_a_book_without_entries_keeps_it_until_its_first_entry(session: Session) -> None:
    empty = open_book(session)
    attach(session, empty)
    assert seal(session) == []
    post(session, empty.contribution("1.00"))
    session.commit()
    assert [(each.entries, each.attached) for each in seal(session)] == [(1, 1)]
    assert findings(session, empty) == []


def test_a_digest_committed_late_is_in_the_block_after(engine: Engine, session: Session, book: Book) -> None:
    settle(session)
    with Session(engine) as late:
        attaching.attach(late, book.book_id, SUBJECT, DIGEST)
        attach(session, book, "audit sample ENG-2026-001/2")
        sealer.seal(session, KEY, now=NOW)
        session.commit()
        late.commit()
    seal(session)
    assert block_of(session, book, "audit sample ENG-2026-001/2") == 1
    assert block_of(session, book) == 2
    assert findings(session, book) == []


def test_a_new_epoch_takes_it_along(session: Session, book: Book) -> None:
    attach(session, book)
    begin(session, KEY, now=NOW)
    session.commit()
    attach(session, book, "audit sample ENG-2026-001/2")
    seal(session)
    assert [block_of(session, book, each) for each in (SUBJECT, "audit sample ENG-2026-001/2")] == [1, 2]
    assert [each.head.seal_epoch for each in bundle.blocks(session, book.book_id)] == [1, 2]
    assert findings(session, book) == []


def test_what_waits_is_counted_and_as_old_as_the_oldest(session: Session, book: Book) -> None:
    seal(session)
    assert status.lag(session, book.book_id, NOW).attached == 0
    attach(session, book)
    waiting = status.lag(session, book.book_id, NOW)
    assert (waiting.entries, waiting.attached) == (0, 1)
    assert waiting.oldest_at == session.scalar(text("select attached_at from ledger.attached"))
    seal(session)
    assert status.lag(session, book.book_id, NOW) == status.Lag()


@pytest.mark.parametrize("others", [0, 1, 4])
def test_its_proof_holds_and_a_changed_one_does_not(session: Session, book: Book, others: int) -> None:
    for number in range(others):
        attach(session, book, f"audit sample ENG-2026-001/{number + 2}")
    attach(session, book)
    found = attaching.of_subject(session, book.book_id, SUBJECT)
    assert found is not None
    assert proofs.of_attached(session, found.attached_id) is None
    seal(session)
    proof = proofs.of_attached(session, found.attached_id)
    assert proof is not None
    assert DIGEST.hex() in proof["text"]
    assert proof_verifier.check_proof(proof) == []
    assert proof_verifier.check_proof(proof | {"text": proof["text"].replace("ENG-2026-001/1", "ENG-2026-001/9")})


def test_a_subject_bears_one_digest(session: Session, book: Book) -> None:
    attach(session, book)
    with pytest.raises(IntegrityError, match="attached_once"):
        attaching.attach(session, book.book_id, SUBJECT, bytes(32))


@pytest.mark.parametrize(
    ("subject", "digest", "constraint"),
    [("", DIGEST, "attached_subject"), ("審計", DIGEST, "attached_subject"), (SUBJECT, b"short", "attached_sha256")],
)
def test_a_subject_is_a_reference_and_a_digest_has_32_bytes(
    session: Session, book: Book, subject: str, digest: bytes, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        attaching.attach(session, book.book_id, subject, digest)
