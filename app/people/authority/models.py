"""Tables of the authority matrix: limits by role (or person), kind and currency, and delegations with an end."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.policy import AuthorityKind, Limit
from app.db.base import Base
from app.db.columns import Instant, Key, Minor, Version, code_of, currency_column, known_currency, one_of, reference
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people.models import Person
from app.people.states import RightStatus

_COMPLETE = "status NOT IN ('CONFIRMED', 'REVOKED') OR confirmed_by_id IS NOT NULL"


class AuthorityLimit(Base):
    """Up to how much a role (or one holder of it) may approve, by kind and currency, between two days."""

    __tablename__ = "authority_limit"
    __table_args__ = (
        one_of("role", Role),
        one_of("kind", AuthorityKind),
        one_of("status", RightStatus),
        known_currency(),
        CheckConstraint("maximum_minor > 0", name="maximum_positive"),
        CheckConstraint(
            "second_checker_above_minor IS NULL OR second_checker_above_minor >= 0", name="threshold_not_negative"
        ),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="confirmer_is_another"),
        CheckConstraint(_COMPLETE, name="confirmed_is_complete"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = reference("institution")
    role: Mapped[str] = code_of(Role)
    person_id: Mapped[UUID | None] = reference("person", nullable=True)
    kind: Mapped[str] = code_of(AuthorityKind)
    currency: Mapped[str] = currency_column()
    maximum_minor: Mapped[Minor]
    second_checker_above_minor: Mapped[int | None] = mapped_column(BigInteger)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(400), default="")
    status: Mapped[str] = code_of(RightStatus, default=RightStatus.PROPOSED)
    proposed_by_id: Mapped[UUID] = reference("person", index=False)
    proposed_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = reference("person", nullable=True, index=False)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])

    @property
    def maximum(self) -> Money:
        """The largest amount, in the row's currency."""
        return Money(self.maximum_minor, Currency(self.currency))

    @property
    def second_checker_above(self) -> Money | None:
        """Above this a second checker is needed; None when one is enough up to the maximum."""
        if self.second_checker_above_minor is None:
            return None
        return Money(self.second_checker_above_minor, Currency(self.currency))

    def as_limit(self) -> Limit:
        """The row as the policy's plain data."""
        return Limit(
            institution_id=self.institution_id,
            role=Role(self.role),
            kind=AuthorityKind(self.kind),
            maximum=self.maximum,
            second_checker_above=self.second_checker_above,
            first_day=self.first_day,
            last_day=self.last_day,
            person_id=self.person_id,
        )


class Delegation(Base):
    """One person stands in for another's role at an institution until a last day; an administrator confirms it."""

    __tablename__ = "delegation"
    __table_args__ = (
        one_of("role", Role),
        one_of("status", RightStatus),
        CheckConstraint("from_person_id <> to_person_id", name="to_another"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR (confirmed_by_id <> from_person_id AND confirmed_by_id <> to_person_id)",
            name="confirmer_is_another",
        ),
        CheckConstraint(_COMPLETE, name="confirmed_is_complete"),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = reference("institution")
    role: Mapped[str] = code_of(Role)
    from_person_id: Mapped[UUID] = reference("person")
    to_person_id: Mapped[UUID] = reference("person")
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(400), default="")
    status: Mapped[str] = code_of(RightStatus, default=RightStatus.PROPOSED)
    proposed_at: Mapped[Instant]
    confirmed_by_id: Mapped[UUID | None] = reference("person", nullable=True, index=False)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    from_person: Mapped[Person] = relationship(foreign_keys=[from_person_id])
    to_person: Mapped[Person] = relationship(foreign_keys=[to_person_id])
