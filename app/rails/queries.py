"""Questions about rails and bank days. Only what a second person confirmed counts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.rails.days import BankDays
from app.rails.facts import Rail
from app.rails.models import CalendarDay, RailVersion
from app.rails.states import ProposalStatus


def bank_days(session: Session) -> BankDays:
    """The calendars of both sides with every confirmed day entered by hand: one small query."""
    confirmed = select(CalendarDay).where(CalendarDay.status == ProposalStatus.CONFIRMED)
    rows = session.scalars(confirmed.order_by(CalendarDay.decided_at, CalendarDay.id))
    return BankDays({(row.side, row.day): row.override for row in rows})


def rails_on(session: Session, day: date) -> list[Rail]:
    """Every rail in force on a day, by its code."""
    return [row.terms for row in versions_on(session, day)]


def versions_on(session: Session, day: date) -> list[RailVersion]:
    """The version in force on a day of every rail that has one, by its code."""
    newest = (
        select(RailVersion)
        .where(RailVersion.status == ProposalStatus.CONFIRMED, RailVersion.first_day <= day)
        .ext(distinct_on(RailVersion.code))
        .order_by(RailVersion.code, RailVersion.first_day.desc(), RailVersion.proposed_at.desc(), RailVersion.id.desc())
    )
    return [row for row in session.scalars(newest) if row.last_day is None or row.last_day >= day]


def rail(session: Session, code: str, day: date) -> Rail | None:
    """The rail of that code as in force on a day; None where there is none."""
    return next((each for each in rails_on(session, day) if each.code == code), None)


def versions(session: Session, code: str) -> list[RailVersion]:
    """Every version of a rail, decided or not, newest first. Raises NotFound for a code that was never proposed."""
    found = select(RailVersion).where(RailVersion.code == code)
    rows = list(session.scalars(found.order_by(RailVersion.first_day.desc(), RailVersion.proposed_at.desc())))
    if not rows:
        raise NotFound(Breach("rail.not-found", _("There is no such rail.")))
    return rows


def version_by_id(session: Session, version_id: UUID) -> RailVersion:
    """One version of a rail. Raises NotFound."""
    row = session.get(RailVersion, version_id)
    if row is None:
        raise NotFound(Breach("rail.not-found", _("There is no such rail.")))
    return row


def days_entered(session: Session, first_day: date, last_day: date) -> list[CalendarDay]:
    """Days entered by hand within a span, whatever became of them, by day."""
    within = select(CalendarDay).where(CalendarDay.day.between(first_day, last_day))
    return list(session.scalars(within.order_by(CalendarDay.day, CalendarDay.proposed_at)))


def rails_to_confirm(session: Session, actor: Actor) -> list[RailVersion]:
    """Proposed versions of rails that the actor may decide: not their own."""
    waiting = select(RailVersion).where(
        RailVersion.status == ProposalStatus.PROPOSED, RailVersion.proposed_by_id != actor.person_id
    )
    if not may(actor, Permission.RAILS_CONFIRM):
        return []
    return list(session.scalars(waiting.order_by(RailVersion.proposed_at)))


def days_to_confirm(session: Session, actor: Actor) -> list[CalendarDay]:
    """Days entered by hand that the actor may decide: not their own."""
    waiting = select(CalendarDay).where(
        CalendarDay.status == ProposalStatus.PROPOSED, CalendarDay.proposed_by_id != actor.person_id
    )
    if not may(actor, Permission.RAILS_CONFIRM):
        return []
    return list(session.scalars(waiting.order_by(CalendarDay.day)))


def day_by_id(session: Session, day_id: UUID) -> CalendarDay:
    """A day entered by hand. Raises NotFound."""
    row = session.get(CalendarDay, day_id)
    if row is None:
        raise NotFound(Breach("calendar-day.not-found", _("There is no such day.")))
    return row
