"""Tables of the evidence slice: documents kept byte for byte, addressed by their digest."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, Ref, ShortText, foreign_key


class Document(Base):
    """A file as received: content, SHA-256, type found by content, who added it and for which record."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        UniqueConstraint("subject_kind", "subject_id", "sha256"),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution")
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[Ref]
    title: Mapped[ShortText]
    filename: Mapped[ShortText]
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by_id: Mapped[UUID] = foreign_key("person")
    added_at: Mapped[Instant]
