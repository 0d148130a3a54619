"""Attaching: the digest of something outside the ledger, signed with a book so that it stands as it was on that day.

A digest names its subject by a reference, never by words about a person, and each subject of a book bears one digest
for ever. The sealer puts it into the book's next block: a line `attached ROOT` of the block's head has, in
base64, the root of a Merkle tree (RFC 6962) over the canonical texts of what is attached to it, in the order of ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.identity import new_id


@dataclass(frozen=True, slots=True)
class Attached:
    """A digest of 32 bytes in a book; `block_no` is the block that seals it, None while it waits for one."""

    attached_id: UUID
    subject: str
    sha256: bytes
    block_no: int | None


def attach(session: Session, book_id: UUID, subject: str, sha256: bytes) -> UUID:
    """Attach the digest to the book's next block. The database refuses a subject that bears a digest already."""
    attached_id = new_id()
    session.execute(
        text("select ledger.attach(:id, :book, :subject, :sha256)"),
        {"id": attached_id, "book": book_id, "subject": subject, "sha256": sha256},
    )
    return attached_id


def of_subject(session: Session, book_id: UUID, subject: str) -> Attached | None:
    """What a subject bears in the book; None where nothing of it is attached."""
    row = session.execute(_OF_SUBJECT, {"book": book_id, "subject": subject}).one_or_none()
    return Attached(row.attached_id, row.subject, bytes(row.sha256), row.block_no) if row else None


_OF_SUBJECT = text(
    "select a.attached_id, a.subject, a.sha256, s.block_no from ledger.attached a"
    " left join ledger.seal_attached s using (attached_id) where a.book_id = :book and a.subject = :subject"
)
