"""The verbs of rails and bank days: propose, and confirm or refuse as a second person."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.rails import rules
from app.rails.commands import ProposeDay, ProposeRail
from app.rails.models import CalendarDay, RailVersion
from app.rails.states import ProposalStatus

Row = TypeVar("Row", RailVersion, CalendarDay)
SUBJECTS = {RailVersion: "rail", CalendarDay: "calendar-day"}


def propose_rail(session: Session, actor: Actor, command: ProposeRail, *, now: datetime) -> RailVersion:
    """Propose a version of a rail, new or known. It counts from its first day once a second person confirmed it.

    Raises NotPermitted, or RuleBreached for hours given by half or a first day that has passed.
    """
    authorise(actor, Permission.RAILS_PROPOSE)
    facts = rules.ProposalFacts(
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        cut_off=command.cut_off,
        days_of=command.days_of,
        first_day=command.first_day,
        last_day=command.last_day,
        today=business_date(now),
    )
    found = rules.proposal_breaches(facts)
    if found:
        raise RuleBreached(*found)
    row = _version(command)
    row.proposed_by_id, row.proposed_at = actor.person_id, now
    session.add(row)
    session.flush()
    details = {"code": row.code, "first_day": row.first_day, "source": row.source}
    trail.record(session, actor, "rail.propose", ("rail", row.id), details, now=now)
    return row


def _version(command: ProposeRail) -> RailVersion:
    return RailVersion(
        id=new_id(),
        code=command.code,
        name=command.name,
        currencies=list(command.currencies),
        from_sides=list(command.from_sides),
        to_sides=list(command.to_sides),
        crossing=command.crossing,
        payer_kinds=list(command.payer_kinds),
        payee_kinds=list(command.payee_kinds),
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        cut_off=command.cut_off,
        days_of=list(command.days_of),
        makeup_days=command.makeup_days,
        largest_minor=command.largest.minor if command.largest else None,
        largest_currency=command.largest.currency if command.largest else None,
        note=command.note,
        source=command.source,
        verified=command.verified,
        first_day=command.first_day,
        last_day=command.last_day,
        status=ProposalStatus.PROPOSED,
    )


def propose_day(session: Session, actor: Actor, command: ProposeDay, *, now: datetime) -> CalendarDay:
    """Enter a day by hand, open or closed for one side. It counts once a second person confirmed it.

    Raises NotPermitted, or RuleBreached for a side whose calendar is not kept.
    """
    authorise(actor, Permission.RAILS_PROPOSE)
    found = rules.calendar_kept(command.side)
    if found is not None:
        raise RuleBreached(found)
    row = CalendarDay(
        id=new_id(),
        side=command.side,
        day=command.day,
        open=command.open,
        reason=command.reason,
        source=command.source,
        status=ProposalStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    details = {"side": row.side, "day": row.day, "open": row.open, "reason": row.reason}
    trail.record(session, actor, "calendar-day.propose", ("calendar-day", row.id), details, now=now)
    return row


def confirm_rail(session: Session, actor: Actor, row_id: UUID, *, version: int, now: datetime) -> RailVersion:
    """Put a proposed version in force, as another person than proposed it. Raises NotPermitted or Conflict."""
    return _decide(session, actor, RailVersion, row_id, version, ProposalStatus.CONFIRMED, now)


def refuse_rail(session: Session, actor: Actor, row_id: UUID, *, version: int, now: datetime) -> RailVersion:
    """Turn a proposed version down, as another person than proposed it. Raises NotPermitted or Conflict."""
    return _decide(session, actor, RailVersion, row_id, version, ProposalStatus.REFUSED, now)


def confirm_day(session: Session, actor: Actor, row_id: UUID, *, version: int, now: datetime) -> CalendarDay:
    """Let a day entered by hand count, as another person than entered it. Raises NotPermitted or Conflict."""
    return _decide(session, actor, CalendarDay, row_id, version, ProposalStatus.CONFIRMED, now)


def refuse_day(session: Session, actor: Actor, row_id: UUID, *, version: int, now: datetime) -> CalendarDay:
    """Turn a day entered by hand down, as another person than entered it. Raises NotPermitted or Conflict."""
    return _decide(session, actor, CalendarDay, row_id, version, ProposalStatus.REFUSED, now)


def _decide(
    session: Session, actor: Actor, kind: type[Row], row_id: UUID, version: int, status: ProposalStatus, now: datetime
) -> Row:
    row = lock_for_update(session, kind, row_id, version)
    authorise(actor, Permission.RAILS_CONFIRM)
    subject = SUBJECTS[kind]
    verb = f"{subject}.{'confirm' if status is ProposalStatus.CONFIRMED else 'refuse'}"
    if row.proposed_by_id == actor.person_id:
        raise own_work(verb, _("A second person confirms it."))
    if row.status != ProposalStatus.PROPOSED:
        raise Conflict(
            Breach(
                f"{subject}.decided",
                _("This proposal has already been decided."),
                cure=_("Open the page again to see who decided it."),
            )
        )
    row.status = status
    row.decided_by_id, row.decided_at = actor.person_id, now
    row.version += 1
    trail.record(session, actor, verb, (subject, row.id), now=now)
    return row
