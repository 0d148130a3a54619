"""Tables of people, their rights, sessions, tokens, password links and tries at signing in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import Instant, Key, ShortText, Version, code_of, foreign_key, one_of
from app.institutions.models import Institution
from app.kernel.actor import Role
from app.kernel.languages import nearest
from app.people.states import Density, RightStatus

APART = "confirmed_by_id IS NULL OR (granted_by_id IS NOT NULL AND confirmed_by_id <> granted_by_id)"
COMPLETE = "status NOT IN ('CONFIRMED', 'REVOKED') OR confirmed_by_id IS NOT NULL OR by_operator"


class Person(Base):
    """Someone who signs in. The identity document is kept masked only."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("density", Density),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("enable_proposed_by_id IS NULL OR disabled_at IS NOT NULL", name="enable_only_when_disabled"),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name_en: Mapped[ShortText]
    name_zh_hant: Mapped[str] = mapped_column(String(200), default="")
    name_zh_hans: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    density: Mapped[str] = code_of(Density, default=Density.COMFORTABLE)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    orcid: Mapped[str | None] = mapped_column(String(19), unique=True)
    identity_kind: Mapped[str] = mapped_column(String(20), default="")
    identity_masked: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[Instant]
    created_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    enable_proposed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    version: Mapped[Version]

    rights: Mapped[list[RoleAssignment]] = relationship(
        back_populates="person", foreign_keys="RoleAssignment.person_id", order_by="RoleAssignment.first_day"
    )

    def name(self, language: str = "en") -> str:
        """The person's name in `language`, or in the nearest one there is."""
        return nearest(language, self.name_en, self.name_zh_hant, self.name_zh_hans)

    @property
    def is_enabled(self) -> bool:
        """Whether the person may sign in at all."""
        return self.disabled_at is None


class RoleAssignment(Base):
    """A role at an institution between two days, granted by one administrator and confirmed by another."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        one_of("role", Role),
        one_of("status", RightStatus),
        CheckConstraint(APART, name="confirmer_is_another"),
        CheckConstraint(COMPLETE, name="confirmed_is_complete"),
        CheckConstraint("granted_by_id IS NULL OR granted_by_id <> person_id", name="not_granted_to_self"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> person_id", name="not_confirmed_by_self"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
        Index(
            "uq_role_assignment_live",
            "person_id",
            "role",
            "institution_id",
            "first_day",
            unique=True,
            postgresql_where=text("status IN ('PROPOSED', 'CONFIRMED')"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[UUID] = foreign_key("person")
    role: Mapped[str] = code_of(Role)
    institution_id: Mapped[UUID] = foreign_key("institution")
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    status: Mapped[str] = code_of(RightStatus, default=RightStatus.PROPOSED)
    by_operator: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(400), default="")
    granted_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    granted_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    person: Mapped[Person] = relationship(back_populates="rights", foreign_keys=[person_id])
    institution: Mapped[Institution] = relationship(foreign_keys=[institution_id])

    def in_force(self, today: date) -> bool:
        """Whether the right counts on this business date."""
        return (
            self.status == RightStatus.CONFIRMED
            and self.first_day <= today
            and (self.last_day is None or today <= self.last_day)
        )


class SignInSession(Base):
    """A server-side session. The cookie holds a random token; only its digest is kept here."""

    __tablename__ = "sign_in_session"

    id: Mapped[Key]
    person_id: Mapped[UUID] = foreign_key("person")
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_reason: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")


class PersonalToken(Base):
    """A personal API token: shown once, kept as a digest, limited to the scopes chosen."""

    __tablename__ = "personal_token"

    id: Mapped[Key]
    person_id: Mapped[UUID] = foreign_key("person")
    name: Mapped[str] = mapped_column(String(100))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(12))
    scopes: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_from: Mapped[str] = mapped_column(String(64), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PasswordLink(Base):
    """A one-time link to set a password, asked for by one administrator and released by another."""

    __tablename__ = "password_link"
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> requested_by_id", name="confirmer_is_another"),
    )

    id: Mapped[Key]
    person_id: Mapped[UUID] = foreign_key("person")
    requested_by_id: Mapped[UUID] = foreign_key("person", index=False)
    requested_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True, index=False)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]


class SignInAttempt(Base):
    """One try at signing in, for throttling. Accounts appear as digests, so an unknown one leaves no address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account_sha256", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    id: Mapped[Key]
    at: Mapped[Instant]
    account_sha256: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    device_sha256: Mapped[str] = mapped_column(String(64), default="")
    succeeded: Mapped[bool]
