"""Reads the trail: the history on a record's page, and the list an administrator or auditor searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.kernel.clock import BUSINESS_ZONE
from app.web.paging import Order, Page, paginate


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the trail is searched for; days are business dates, inclusive. `visible` None means every institution."""

    visible: frozenset[UUID] | None
    own_id: UUID | None = None
    text: str = ""
    outcome: str = ""
    subject_kind: str = ""
    first_day: date | None = None
    last_day: date | None = None


def events_of(session: Session, kind: str, subject_id: UUID, limit: int = 200) -> Sequence[AuditEvent]:
    """The latest events of one record, newest first: its history."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.subject_kind == kind, AuditEvent.subject_id == subject_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def events_of_many(session: Session, kind: str, subject_ids: Sequence[UUID], limit: int = 200) -> Sequence[AuditEvent]:
    """The latest events of several records of one kind, newest first."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_(subject_ids))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def trail(session: Session, wanted: TrailFilter, cursor: str | None = None, limit: int = 50) -> Page[AuditEvent]:
    """One page of the trail, newest first."""
    order = [Order(AuditEvent.at, descending=True), Order(AuditEvent.id, descending=True)]
    return paginate(session, _matching(wanted), order, cursor=cursor, limit=limit)


def subject_kinds(session: Session) -> Sequence[str]:
    """The kinds of record that have events, for the filter's list."""
    statement = select(AuditEvent.subject_kind).where(AuditEvent.subject_kind.is_not(None)).distinct()
    return sorted(kind for kind in session.scalars(statement) if kind)


def _matching(wanted: TrailFilter) -> Select[AuditEvent]:
    statement = select(AuditEvent)
    if wanted.visible is not None:
        own = AuditEvent.actor_id == wanted.own_id
        statement = statement.where(AuditEvent.institution_id.in_(wanted.visible) | own)
    if wanted.outcome:
        statement = statement.where(AuditEvent.outcome == wanted.outcome)
    if wanted.subject_kind:
        statement = statement.where(AuditEvent.subject_kind == wanted.subject_kind)
    if wanted.first_day:
        statement = statement.where(AuditEvent.at >= _start_of(wanted.first_day))
    if wanted.last_day:
        statement = statement.where(AuditEvent.at < _start_of(wanted.last_day + timedelta(days=1)))
    if wanted.text:
        statement = statement.where(
            AuditEvent.verb.icontains(wanted.text, autoescape=True)
            | AuditEvent.actor_name.icontains(wanted.text, autoescape=True)
        )
    return statement


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BUSINESS_ZONE)
