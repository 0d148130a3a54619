"""Records of the auditors: confirmation requests, representation letter, subsequent events, agreed-upon procedures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.engagements import queries, service
from app.engagements.models import AuditRecord, Engagement
from app.engagements.states import RecordKind, RecordStatus
from app.kernel.actor import Actor

SUBJECT = "engagement-record"
"""Subject kind of a record in the trail; its events belong to no institution."""


@dataclass(frozen=True, slots=True)
class AddRecord:
    """A record to keep track of."""

    kind: RecordKind
    title: str
    details: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MoveRecord:
    """How far the record is now, on the version shown, and what came of it."""

    version: int
    status: RecordStatus
    outcome: str = ""


def add(session: Session, actor: Actor, reference: str, command: AddRecord, *, now: datetime) -> AuditRecord:
    """Begin a record. Raises NotFound for anyone but the engagement's auditors."""
    engagement = service.working(session, actor, reference, now=now)
    record = AuditRecord(
        engagement_id=engagement.id,
        number=queries.next_number(session, AuditRecord, engagement.id),
        kind=command.kind.value,
        title=command.title,
        details=command.details,
        due_on=command.due_on,
        status=RecordStatus.OPEN.value,
        made_by_id=actor.person_id,
        made_at=now,
        changed_at=now,
    )
    session.add(record)
    session.flush()
    return _traced(session, actor, "audit-record.add", engagement, record, now)


def move(
    session: Session, actor: Actor, reference: str, number: int, command: MoveRecord, *, now: datetime
) -> AuditRecord:
    """Say how far it is. Raises NotFound, Conflict for a stale version."""
    engagement = service.working(session, actor, reference, now=now)
    found = queries.record(session, engagement.id, number)
    record = lock_for_update(session, AuditRecord, found.id, command.version)
    record.status, record.outcome, record.changed_at = command.status.value, command.outcome, now
    record.version += 1
    return _traced(session, actor, "audit-record.move", engagement, record, now)


def _traced(
    session: Session, actor: Actor, verb: str, engagement: Engagement, record: AuditRecord, now: datetime
) -> AuditRecord:
    details = {"reference": f"{engagement.reference} / {record.number}", "status": record.status}
    trail.record(session, actor, verb, (SUBJECT, record.id), details, now=now)
    return record
