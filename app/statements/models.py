"""Tables of statements: each with its certificates, its frozen files, and the tries at checking one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import Instant, Key, LongText, ShortText, Version, code_of, foreign_key, one_of
from app.statements.states import Capacity, Engagement, FileKind, StatementStatus


class Statement(Base):
    """A report of a contract that the grantee signs. `edition` is the version people read; `version` counts changes.

    `data_digest` is the SHA-256 of the figures as certified; `round` counts how often they were prepared anew.
    """

    __tablename__ = "statement"
    __table_args__ = (
        one_of("status", StatementStatus),
        one_of("engagement", Engagement),
        CheckConstraint("last_day >= first_day", name="dates_ordered"),
        CheckConstraint("edition >= 1", name="edition_counts"),
        CheckConstraint("(supersedes_id IS NULL) = (correction_reason = '')", name="correction_says_why"),
        CheckConstraint("(supersedes_id IS NULL) = (edition = 1)", name="later_editions_supersede"),
        CheckConstraint("supersedes_id <> id", name="supersedes_another"),
        CheckConstraint(
            "status IN ('DRAFT', 'CERTIFIED', 'WITHDRAWN') OR"
            " (check_code IS NOT NULL AND issued_at IS NOT NULL AND issued_by_id IS NOT NULL)",
            name="issued_is_complete",
        ),
        CheckConstraint("status <> 'AUDITED' OR engagement IS NOT NULL", name="audited_names_engagement"),
        CheckConstraint("status <> 'FILED' OR filed_by_id IS NOT NULL", name="filed_names_person"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> filed_by_id", name="second_person"),
        Index(
            "uq_statement_one_correction",
            "supersedes_id",
            unique=True,
            postgresql_where=text("status <> 'WITHDRAWN'"),
        ),
        Index(
            "uq_statement_live",
            "report",
            "contract_id",
            "first_day",
            "last_day",
            "edition",
            unique=True,
            postgresql_where=text("status <> 'WITHDRAWN'"),
        ),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    report: Mapped[str] = mapped_column(String(60))
    contract_id: Mapped[UUID] = foreign_key("contract")
    institution_id: Mapped[UUID] = foreign_key("institution")
    first_day: Mapped[date]
    last_day: Mapped[date]
    status: Mapped[str] = code_of(StatementStatus)
    status_reason: Mapped[LongText] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[UUID | None] = foreign_key("statement", nullable=True)
    correction_reason: Mapped[LongText] = mapped_column(default="")
    obligation_id: Mapped[UUID | None] = foreign_key("obligation", nullable=True)
    data_digest: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=1)
    prepared_by_id: Mapped[UUID] = foreign_key("person", index=False)
    prepared_at: Mapped[Instant]
    check_code: Mapped[str | None] = mapped_column(String(8))
    seals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    issued_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    issued_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    engagement: Mapped[str | None] = code_of(Engagement, nullable=True)
    audited_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    audited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    filed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    certificates: Mapped[list[StatementCertificate]] = relationship(order_by="StatementCertificate.signed_at")

    @property
    def standing_certificates(self) -> list[StatementCertificate]:
        """The certificates of the figures as they stand, in the order of signing."""
        return [each for each in self.certificates if each.round == self.round]

    @property
    def code(self) -> str:
        """What is typed to check it: the number and its check code; empty before issue."""
        return f"{self.reference}-{self.check_code}" if self.check_code else ""


class StatementCertificate(Base):
    """One person's certificate of the figures of one round; append-only."""

    __tablename__ = "statement_certificate"
    __table_args__ = (
        one_of("capacity", Capacity),
        UniqueConstraint("statement_id", "round", "capacity"),
        UniqueConstraint("statement_id", "round", "person_id"),
    )

    id: Mapped[Key]
    statement_id: Mapped[UUID] = foreign_key("statement")
    round: Mapped[int]
    capacity: Mapped[str] = code_of(Capacity)
    person_id: Mapped[UUID] = foreign_key("person")
    post: Mapped[ShortText] = mapped_column(default="")
    signed_at: Mapped[Instant]
    data_digest: Mapped[str] = mapped_column(String(64))


class StatementFile(Base):
    """Bytes kept for good: a written statement, or the auditor's own report on it; append-only.

    Where we signed it, the first `unsigned_bytes` are the file as it was written, with the SHA-256 `unsigned_sha256`.
    """

    __tablename__ = "statement_file"
    __table_args__ = (
        one_of("kind", FileKind),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("octet_length(unsigned_sha256) = 32", name="unsigned_sha256_length"),
        CheckConstraint("(unsigned_sha256 IS NULL) = (signed_at IS NULL)", name="signed_is_complete"),
        UniqueConstraint("statement_id", "sha256"),
        Index("ix_statement_file_sha256", "sha256"),
    )

    id: Mapped[Key]
    statement_id: Mapped[UUID] = foreign_key("statement")
    kind: Mapped[str] = code_of(FileKind)
    language: Mapped[str] = mapped_column(String(10), default="")
    format: Mapped[str] = mapped_column(String(10))
    filename: Mapped[ShortText]
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    unsigned_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    unsigned_bytes: Mapped[int | None]
    signer: Mapped[ShortText] = mapped_column(default="")
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    test_signature: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[UUID] = foreign_key("person", index=False)
    added_at: Mapped[Instant]


class VerifyAttempt(Base):
    """One try at the public page, to limit guessing; forgotten after a day."""

    __tablename__ = "verify_attempt"
    __table_args__ = (Index("ix_verify_attempt_address_at", "address", "at"),)

    id: Mapped[Key]
    at: Mapped[Instant]
    address: Mapped[str] = mapped_column(String(64))
    found: Mapped[bool]
