"""Tables of engagements: scope and people, views, samples, questions, records, working papers, evidence packs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    ShortText,
    Version,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.engagements.states import (
    EngagementStatus,
    LineClass,
    PackStatus,
    PaperKind,
    QuestionStatus,
    RecordKind,
    RecordStatus,
    SampleStatus,
)
from app.sampling.states import Method, Reason
from app.statements.states import Engagement as EngagementKind


class Engagement(Base):
    """What auditors were engaged for: contracts of one project, inclusive days, under which standard, until when.

    `institution_id` engages and grants; the letter is a document kept under subject kind `engagement`.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        one_of("kind", EngagementKind),
        one_of("status", EngagementStatus),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("granted_by_id IS NULL OR granted_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status NOT IN ('GRANTED', 'ENDED') OR granted_by_id IS NOT NULL", name="granted_by_someone"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    project_id: Mapped[UUID] = foreign_key("project")
    kind: Mapped[str] = code_of(EngagementKind)
    first_day: Mapped[date]
    last_day: Mapped[date]
    expires_on: Mapped[date]
    purpose: Mapped[ShortText] = mapped_column(default="")
    status: Mapped[str] = code_of(EngagementStatus)
    status_reason: Mapped[LongText] = mapped_column(default="")
    proposed_by_id: Mapped[UUID] = foreign_key("person", index=False)
    proposed_at: Mapped[Instant]
    granted_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    granted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    contracts: Mapped[list[EngagementContract]] = relationship(order_by="EngagementContract.id")
    auditors: Mapped[list[EngagementAuditor]] = relationship(order_by="EngagementAuditor.id")

    @property
    def contract_ids(self) -> tuple[UUID, ...]:
        """The contracts within scope."""
        return tuple(each.contract_id for each in self.contracts)

    def is_open(self, today: date) -> bool:
        """Whether its auditors may enter the room on this business date."""
        return self.status == EngagementStatus.GRANTED and today <= self.expires_on


class EngagementContract(Base):
    """A contract within the scope."""

    __tablename__ = "engagement_contract"
    __table_args__ = (UniqueConstraint("engagement_id", "contract_id"),)

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    contract_id: Mapped[UUID] = foreign_key("contract")


class EngagementAuditor(Base):
    """A person who may enter the room."""

    __tablename__ = "engagement_auditor"
    __table_args__ = (UniqueConstraint("engagement_id", "person_id"),)

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    person_id: Mapped[UUID] = foreign_key("person")


class EngagementView(Base):
    """One look of an auditor at something in the room; append-only, shown to the auditors only."""

    __tablename__ = "engagement_view"
    __table_args__ = (Index("ix_engagement_view_engagement_at", "engagement_id", "at"),)

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement", index=False)
    person_id: Mapped[UUID] = foreign_key("person")
    at: Mapped[Instant]
    screen: Mapped[str] = mapped_column(String(60))
    target: Mapped[ShortText] = mapped_column(default="")


class Sample(Base):
    """A sample of one class of lines of one contract and currency. `basis` holds the plan, as `Plan.facts` writes it.

    `population` is what the last drawing was made from (rows as compressed JSON), so that it can be drawn again by
    anyone; from LOCKED on nothing changes. `seals` says how far the book was sealed when it was locked,
    `sample_seals.place_of` where its own digest is sealed.
    """

    __tablename__ = "engagement_sample"
    __table_args__ = (
        one_of("line_class", LineClass),
        one_of("method", Method),
        one_of("status", SampleStatus),
        known_currency(),
        UniqueConstraint("engagement_id", "number"),
        CheckConstraint("octet_length(digest) = 32", name="digest_length"),
        CheckConstraint("octet_length(population_digest) = 32", name="population_digest_length"),
        CheckConstraint("status <> 'LOCKED' OR locked_by_id IS NOT NULL", name="locked_by_someone"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    number: Mapped[int]
    contract_id: Mapped[UUID] = foreign_key("contract")
    currency: Mapped[str] = currency_column()
    line_class: Mapped[str] = code_of(LineClass)
    method: Mapped[str] = code_of(Method)
    seed: Mapped[str] = mapped_column(String(64))
    basis: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    status: Mapped[str] = code_of(SampleStatus)
    draws: Mapped[int] = mapped_column(default=1)
    population_count: Mapped[int]
    population_minor: Mapped[Minor]
    population_digest: Mapped[bytes] = mapped_column(LargeBinary)
    population: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    covered_minor: Mapped[Minor]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    seals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    made_by_id: Mapped[UUID] = foreign_key("person", index=False)
    made_at: Mapped[Instant]
    locked_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    locked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    items: Mapped[list[SampleItem]] = relationship(order_by="SampleItem.place", cascade="all, delete-orphan")
    drawings: Mapped[list[SampleDrawing]] = relationship(order_by="SampleDrawing.number")


class SampleDrawing(Base):
    """One drawing of a sample, the first and every later one: who, when, with which seed and basis; append-only."""

    __tablename__ = "engagement_sample_drawing"
    __table_args__ = (one_of("method", Method), UniqueConstraint("sample_id", "number"))

    id: Mapped[Key]
    sample_id: Mapped[UUID] = foreign_key("engagement_sample")
    number: Mapped[int]
    method: Mapped[str] = code_of(Method)
    seed: Mapped[str] = mapped_column(String(64))
    basis: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    size: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    drawn_by_id: Mapped[UUID] = foreign_key("person", index=False)
    drawn_at: Mapped[Instant]


class SampleItem(Base):
    """A line of the sample: a posting as it stood when drawn, and what the auditor found of it.

    `unit` is the monetary unit that drew it; `audited_minor` NULL: not tested yet.
    """

    __tablename__ = "engagement_sample_item"
    __table_args__ = (
        one_of("reason", Reason),
        UniqueConstraint("sample_id", "place"),
        UniqueConstraint("sample_id", "entry_id", "line_no"),
    )

    id: Mapped[Key]
    sample_id: Mapped[UUID] = foreign_key("engagement_sample")
    place: Mapped[int]
    entry_id: Mapped[int]
    line_no: Mapped[int]
    effective_on: Mapped[date]
    amount_minor: Mapped[Minor]
    reason: Mapped[str] = code_of(Reason)
    stratum: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[Minor | None]
    audited_minor: Mapped[Minor | None]
    finding: Mapped[LongText] = mapped_column(default="")
    tested_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    tested_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Question(Base):
    """A question of the auditors to one person, with its date and its answer."""

    __tablename__ = "engagement_question"
    __table_args__ = (
        one_of("status", QuestionStatus),
        UniqueConstraint("engagement_id", "number"),
        Index("ix_engagement_question_asked_of", "asked_of_id", "status"),
        CheckConstraint("status <> 'ANSWERED' OR answered_at IS NOT NULL", name="answered_at_some_time"),
        CheckConstraint("asked_by_id <> asked_of_id", name="asked_of_another"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    number: Mapped[int]
    institution_id: Mapped[UUID] = foreign_key("institution", index=False)
    entry_id: Mapped[int | None]
    text: Mapped[LongText]
    due_on: Mapped[date]
    asked_by_id: Mapped[UUID] = foreign_key("person", index=False)
    asked_at: Mapped[Instant]
    asked_of_id: Mapped[UUID] = foreign_key("person", index=False)
    status: Mapped[str] = code_of(QuestionStatus)
    answer: Mapped[LongText] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]


class AuditRecord(Base):
    """A confirmation request, the representation letter, a subsequent event or an agreed-upon procedure."""

    __tablename__ = "engagement_record"
    __table_args__ = (
        one_of("kind", RecordKind),
        one_of("status", RecordStatus),
        UniqueConstraint("engagement_id", "number"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    number: Mapped[int]
    kind: Mapped[str] = code_of(RecordKind)
    title: Mapped[ShortText]
    details: Mapped[LongText] = mapped_column(default="")
    due_on: Mapped[date | None]
    status: Mapped[str] = code_of(RecordStatus)
    outcome: Mapped[LongText] = mapped_column(default="")
    made_by_id: Mapped[UUID] = foreign_key("person", index=False)
    made_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    version: Mapped[Version]


class WorkingPaper(Base):
    """A tick or note that only the auditors read: AES-256-GCM under the key `key_id`; append-only."""

    __tablename__ = "engagement_working_paper"
    __table_args__ = (
        one_of("kind", PaperKind),
        CheckConstraint("octet_length(nonce) = 12", name="nonce_length"),
    )

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    kind: Mapped[str] = code_of(PaperKind)
    entry_id: Mapped[int | None]
    line_no: Mapped[int | None]
    key_id: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_by_id: Mapped[UUID] = foreign_key("person", index=False)
    made_at: Mapped[Instant]


class EvidencePack(Base):
    """An evidence pack: asked for, built in the background with counted steps, kept byte for byte under its SHA-256.

    `language` is that of its index; `failure` is a message id that says what to do.
    """

    __tablename__ = "engagement_pack"
    __table_args__ = (
        one_of("status", PackStatus),
        CheckConstraint("status <> 'READY' OR sha256 IS NOT NULL", name="ready_is_whole"),
        Index(
            "uq_engagement_pack_running",
            "engagement_id",
            unique=True,
            postgresql_where=text("status IN ('WAITING', 'RUNNING')"),
        ),
    )

    id: Mapped[Key]
    engagement_id: Mapped[UUID] = foreign_key("engagement")
    status: Mapped[str] = code_of(PackStatus)
    step: Mapped[ShortText] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failure: Mapped[LongText] = mapped_column(default="")
    filename: Mapped[ShortText] = mapped_column(default="")
    size_bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(10))
    asked_by_id: Mapped[UUID] = foreign_key("person", index=False)
    asked_at: Mapped[Instant]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class EvidencePackPart(Base):
    """A piece of a pack's bytes, so that nobody has to hold a whole pack in memory."""

    __tablename__ = "engagement_pack_part"
    __table_args__ = (UniqueConstraint("pack_id", "number"),)

    id: Mapped[Key]
    pack_id: Mapped[UUID] = foreign_key("engagement_pack", index=False)
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
