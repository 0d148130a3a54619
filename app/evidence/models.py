"""Tables of the evidence slice: documents kept byte for byte, and the register of what was presented before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, Ref, ShortText, code_of, foreign_key, one_of
from app.evidence.content_types import named_for
from app.evidence.states import KeyKind


class Document(Base):
    """A file as received: content, SHA-256, type found by content, who added it and for which record.

    `shared_content` is the copy that others see where the original says more than the document (where a photograph
    was taken, with which device); NULL: the original says no more. `picture` is a small JPEG of a photograph or of a
    PDF's first page, shown beside the fields of a form; NULL: nothing can be shown. `said` is what could be read
    exactly, with the place of each field, as `DocumentFields.as_json` writes it. `looks` holds the four fingerprints of
    a picture.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        UniqueConstraint("subject_kind", "subject_id", "sha256"),
        Index(None, "sha256"),
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
    shared_content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    shared_media_type: Mapped[str] = mapped_column(String(100))
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    is_pictured: Mapped[bool] = column_property(picture.is_not(None))
    said: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    looks: Mapped[bytes | None] = mapped_column(LargeBinary)
    added_by_id: Mapped[UUID] = foreign_key("person")
    added_at: Mapped[Instant]

    def fingerprints(self) -> tuple[bytes, ...]:
        """The fingerprints of a picture, upright and turned; none for other files. Give them to `keys_of`."""
        looks = self.looks or b""
        return tuple(looks[place : place + 8] for place in range(0, len(looks), 8))

    def shared(self) -> tuple[bytes, str, str]:
        """Content, media type and file name of the copy that others see."""
        return (
            self.shared_content or self.content,
            self.shared_media_type,
            named_for(self.filename, self.shared_media_type),
        )

    def original(self) -> tuple[bytes, str, str]:
        """Content, media type and file name as received."""
        return self.content, self.media_type, self.filename


class DocumentKey(Base):
    """One key of a document that was presented: a digest, never what it was made of.

    Looked up across all institutions; only the row's own institution learns which record it belongs to.
    """

    __tablename__ = "document_key"
    __table_args__ = (
        CheckConstraint("octet_length(digest) IN (8, 32)", name="digest_length"),
        one_of("kind", KeyKind),
        UniqueConstraint("kind", "digest", "subject_kind", "subject_id"),
        Index(None, "subject_kind", "subject_id"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = code_of(KeyKind)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[Ref]
    institution_id: Mapped[UUID] = foreign_key("institution", index=False)
    registered_at: Mapped[Instant]
