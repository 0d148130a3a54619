"""Tables of rails and of bank days entered by hand: every version stays, proposed by one person, decided by another."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, Index, String, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    ShortText,
    Version,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.rails.days import CALENDAR_SIDES, DayOverride
from app.rails.facts import Rail
from app.rails.states import PartyKind, ProposalStatus

Codes = list[str]


def _all_of(column: str, values: tuple[str, ...], *, may_be_empty: bool = False) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    filled = "" if may_be_empty else f" AND cardinality({column}) > 0"
    return CheckConstraint(f"{column} <@ ARRAY[{listed}]::varchar[]{filled}", name=f"{column}_known")


class RailVersion(Base):
    """One version of a rail: of the confirmed ones the newest that has begun is in force, until its last day."""

    __tablename__ = "rail"
    __table_args__ = (
        one_of("status", ProposalStatus),
        _all_of("currencies", tuple(Currency)),
        _all_of("from_sides", tuple(Side)),
        _all_of("to_sides", tuple(Side)),
        _all_of("payer_kinds", tuple(PartyKind)),
        _all_of("payee_kinds", tuple(PartyKind)),
        _all_of("days_of", CALENDAR_SIDES, may_be_empty=True),
        known_currency("largest_currency"),
        CheckConstraint("(largest_minor IS NULL) = (largest_currency IS NULL)", name="largest_has_currency"),
        CheckConstraint("largest_minor > 0", name="largest_positive"),
        CheckConstraint(
            "(opens_at IS NULL) = (cut_off IS NULL) AND (closes_at IS NULL) = (cut_off IS NULL)"
            " AND (cardinality(days_of) = 0) = (cut_off IS NULL)",
            name="hours_whole",
        ),
        CheckConstraint("last_day >= first_day", name="ends_after_start"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL OR proposed_by_id IS NULL", name="confirmed_is_complete"
        ),
        Index("ix_rail_code", "code", "first_day"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[ShortText]
    currencies: Mapped[Codes] = mapped_column(ARRAY(String(3)))
    from_sides: Mapped[Codes] = mapped_column(ARRAY(String(12)))
    to_sides: Mapped[Codes] = mapped_column(ARRAY(String(12)))
    crossing: Mapped[bool]
    payer_kinds: Mapped[Codes] = mapped_column(ARRAY(String(12)))
    payee_kinds: Mapped[Codes] = mapped_column(ARRAY(String(12)))
    opens_at: Mapped[time | None] = mapped_column(Time)
    closes_at: Mapped[time | None] = mapped_column(Time)
    cut_off: Mapped[time | None] = mapped_column(Time)
    days_of: Mapped[Codes] = mapped_column(ARRAY(String(12)))
    makeup_days: Mapped[bool]
    largest_minor: Mapped[int | None] = mapped_column(BigInteger)
    largest_currency: Mapped[str | None] = currency_column(nullable=True)
    note: Mapped[LongText]
    source: Mapped[LongText]
    verified: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    status: Mapped[str] = code_of(ProposalStatus)
    proposed_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    @property
    def largest(self) -> Money | None:
        """The largest single payment, where the rail has one."""
        if self.largest_minor is None or self.largest_currency is None:
            return None
        return Money(self.largest_minor, Currency(self.largest_currency))

    @property
    def terms(self) -> Rail:
        """The version as plain data for the rules."""
        return Rail(
            version_id=self.id,
            code=self.code,
            name=self.name,
            currencies=frozenset(Currency(each) for each in self.currencies),
            from_sides=frozenset(Side(each) for each in self.from_sides),
            to_sides=frozenset(Side(each) for each in self.to_sides),
            crossing=self.crossing,
            payer_kinds=frozenset(PartyKind(each) for each in self.payer_kinds),
            payee_kinds=frozenset(PartyKind(each) for each in self.payee_kinds),
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            cut_off=self.cut_off,
            days_of=tuple(Side(each) for each in self.days_of),
            makeup_days=self.makeup_days,
            largest=self.largest,
            note=self.note,
            source=self.source,
            verified=self.verified,
            first_day=self.first_day,
            last_day=self.last_day,
        )


class CalendarDay(Base):
    """A day entered by hand, open or closed for the banks of a side; of several confirmed ones the newest counts."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        one_of("status", ProposalStatus),
        CheckConstraint("side IN ('SZ', 'HK')", name="side_known"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name="confirmed_is_complete"),
        Index("ix_calendar_day_confirmed", "day", postgresql_where=text("status = 'CONFIRMED'")),
    )

    id: Mapped[Key]
    side: Mapped[str] = code_of(Side)
    day: Mapped[date]
    open: Mapped[bool]
    reason: Mapped[ShortText]
    source: Mapped[LongText]
    status: Mapped[str] = code_of(ProposalStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]

    @property
    def override(self) -> DayOverride:
        """The day as plain data for the calendar."""
        return DayOverride(self.side, self.day, self.open, self.reason)
