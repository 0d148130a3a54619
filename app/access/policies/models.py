"""The table of policy numbers: each row is one value from one day on, proposed by one person, confirmed by another."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policies.states import PolicyName, PolicyStatus
from app.db.base import Base
from app.db.columns import Instant, Key, LongText, Version, code_of, foreign_key, one_of


class PolicySetting(Base):
    """One value of a policy number. The newest confirmed one in force on a day wins, else the built-in value."""

    __tablename__ = "policy_setting"
    __table_args__ = (
        one_of("name", PolicyName),
        one_of("status", PolicyStatus),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name="confirmed_is_complete"),
    )

    id: Mapped[Key]
    name: Mapped[str] = code_of(PolicyName)
    value: Mapped[Decimal] = mapped_column(Numeric(20, 10))
    source: Mapped[LongText]
    verified: Mapped[bool]
    first_day: Mapped[date]
    status: Mapped[str] = code_of(PolicyStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]
