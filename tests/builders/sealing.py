"""Sealing in tests: a fixed key, and the auditor's own script run on a book's bundle."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import bundle, sealer, verifying
from app.ledger.sealing.keys import SealKey
from app.ledger.sealing.sealer import LARGEST, Sealed
from tests.builders.books import Book

KEY = SealKey.of_seed(bytes(range(32)))
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


verifier = verifying.script()
"""`tools/verify_ledger.py`, which shares no code with the application."""

proof_verifier = verifying.script("verify_proof")
"""`tools/verify_proof.py`, likewise."""


def settle(session: Session) -> None:
    """Wait until every transaction of this database that is older than the newest entry has ended."""
    for _ in range(600):
        behind = session.scalar(_BEHIND)
        session.rollback()
        if not behind:
            return
        time.sleep(0.05)
    raise TimeoutError("a transaction has been running for half a minute")


_BEHIND = text("select max(xact) >= ledger.seal_watermark() from ledger.entry where seal_epoch = ledger.newest_epoch()")


def seal(session: Session, *, now: datetime = NOW, at_most: int = LARGEST) -> list[Sealed]:
    """Seal everything committed, and commit."""
    settle(session)
    return seal_what_is_ripe(session, now=now, at_most=at_most)


def seal_what_is_ripe(session: Session, *, now: datetime = NOW, at_most: int = LARGEST) -> list[Sealed]:
    """Seal and commit without waiting; nothing where another sealer is at work."""
    made = sealer.seal(session, KEY, now=now, at_most=at_most)
    session.commit()
    return made or []


def findings(session: Session, book: Book, checkpoint: str | None = None) -> list[str]:
    """What the auditor's script finds in a book's bundle, held against a checkpoint if there is one."""
    notes = [("kept", checkpoint)] if checkpoint else []
    found: list[str] = verifier.verify((line.encode() for line in bundle.lines(session, book.book_id)), notes).findings
    return found
