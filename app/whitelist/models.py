"""The table of whitelist entries."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import Instant, Key, ShortText, Version, code_of, one_of, reference
from app.institutions.models import Institution
from app.people.models import Person
from app.whitelist.states import SubjectKind, WhitelistKind, WhitelistStatus


class WhitelistEntry(Base):
    """One subject on one list between two days. An institution on the platform is referred to; others by name."""

    __tablename__ = "whitelist_entry"
    __table_args__ = (
        one_of("kind", WhitelistKind),
        one_of("subject_kind", SubjectKind),
        one_of("status", WhitelistStatus),
        CheckConstraint("listed_by_id IS NULL OR listed_by_id <> applied_by_id", name="lister_is_another"),
        CheckConstraint(
            "status NOT IN ('LISTED', 'SUSPENDED') OR (listed_by_id IS NOT NULL AND valid_from IS NOT NULL)",
            name="listed_is_complete",
        ),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="days_in_order"),
        CheckConstraint("subject_kind = 'PERSON' OR person_id IS NULL", name="person_only_for_persons"),
        Index("ix_whitelist_entry_standing", "kind", "institution_id", "status"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = code_of(WhitelistKind)
    subject_kind: Mapped[str] = code_of(SubjectKind)
    institution_id: Mapped[UUID | None] = reference("institution", nullable=True)
    person_id: Mapped[UUID | None] = reference("person", nullable=True)
    subject_name: Mapped[ShortText]
    subject_identifier: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = code_of(WhitelistStatus, default=WhitelistStatus.APPLIED)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(String(400), default="")
    applied_by_id: Mapped[UUID] = reference("person")
    applied_for_id: Mapped[UUID] = reference("institution")
    applied_at: Mapped[Instant]
    listed_by_id: Mapped[UUID | None] = reference("person", nullable=True)
    listed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    status_since: Mapped[Instant]
    version: Mapped[Version]

    institution: Mapped[Institution | None] = relationship(foreign_keys=[institution_id])
    applied_by: Mapped[Person] = relationship(foreign_keys=[applied_by_id])
    listed_by: Mapped[Person | None] = relationship(foreign_keys=[listed_by_id])

    def stands_on(self, today: date) -> bool:
        """Whether the listing holds on this business date."""
        return (
            self.status == WhitelistStatus.LISTED
            and self.valid_from is not None
            and self.valid_from <= today
            and (self.valid_to is None or today <= self.valid_to)
        )
