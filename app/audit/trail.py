"""Writes the trail: `record` inside the verb's own unit of work, `record_denial` in a unit of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, Outcome
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.money import Money

Subject = tuple[str, UUID]
_LOG = logging.getLogger("hetao.audit")
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    request_id: str | None = None
    address: str | None = None


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("hetao_audit_origin", default=_NOWHERE)


def note_origin(request_id: str | None, address: str | None) -> None:
    """Remember the request's id and address for the events of this context."""
    _origin.set(Origin(request_id[:64] if request_id else None, address[:64] if address else None))


def origin_address() -> str | None:
    """The address noted for this context."""
    return _origin.get().address


def record(
    session: Session,
    actor: Actor | None,
    verb: str,
    subject: Subject | None,
    details: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    institution_id: UUID | None = None,
    outcome: Outcome = Outcome.ALLOWED,
) -> AuditEvent:
    """Add one event to the verb's unit of work, so that it stands exactly if the verb does.

    `details` takes plain values, Money, dates and identifiers; never a secret or a full account or identity number.
    """
    event = _event(actor, verb, subject, details or {}, now, institution_id, outcome)
    session.add(event)
    return event


def record_denial(
    actor: Actor | None,
    verb: str,
    subject: Subject | None = None,
    details: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
    institution_id: UUID | None = None,
) -> None:
    """Record a refusal in a unit of its own, after the refused verb's unit was undone.

    A trail that cannot be written must not turn a refusal into something else: it is logged as an error instead.
    """
    event = _event(actor, verb, subject, details or {}, now or Clock().now(), institution_id, Outcome.DENIED)
    try:
        with unit_of_work() as session:
            session.add(event)
    except Exception:
        _LOG.exception("denial could not be recorded: verb=%s", verb)


def _event(
    actor: Actor | None,
    verb: str,
    subject: Subject | None,
    details: Mapping[str, Any],
    now: datetime,
    institution_id: UUID | None,
    outcome: Outcome,
) -> AuditEvent:
    origin = _origin.get()
    return AuditEvent(
        at=now,
        actor_id=actor.person_id if actor else None,
        actor_name=actor.name if actor else "",
        via="" if actor is None else ("token" if actor.scopes is not None else "person"),
        verb=verb[:80],
        subject_kind=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        institution_id=institution_id,
        outcome=outcome.value,
        details={str(key): _plain(value) for key, value in details.items()},
        request_id=origin.request_id,
        address=origin.address,
    )


def _plain(value: Any) -> Any:
    """A JSON value that reads the same later: money as code and decimal, instants in ISO form, no controls."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, Money | UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in str(value)[:_LONGEST_TEXT])
