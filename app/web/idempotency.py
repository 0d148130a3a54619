"""A key makes a write safe to repeat: same actor, key and body give the first answer again, and nothing twice.

The record is made in the transaction of the verb itself, so a refused or failed verb leaves no record behind.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.base import Base
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.web.models import IdempotencyRecord

KEY = re.compile(r"[A-Za-z0-9._:\-]{8,200}")


def checked_key(key: str) -> str:
    """The key, or InputRefused when it is not 8 to 200 plain characters."""
    if not KEY.fullmatch(key):
        raise InputRefused(
            Breach(
                "idempotency.malformed-key",
                _("The idempotency key cannot be used."),
                _("Use 8 to 200 letters, digits, hyphens, dots, colons or underscores, for example a UUID."),
                field="Idempotency-Key",
            )
        )
    return key


def digest(*parts: Any) -> str:
    """SHA-256 of what a request says, independent of the order of names."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def claim(session: Session, actor_id: UUID, key: str, request_sha256: str, *, wait: bool) -> IdempotencyRecord | None:
    """Take `key` for this unit of work; None when it is new, the earlier record when this is a repetition.

    Raises RuleBreached when the key stands for another request. While an equal request is under way, `wait` waits for
    its end; otherwise Conflict is raised at once.
    """
    if not wait:
        _refuse_if_under_way(session, actor_id, key)
    values = {"id": new_id(), "actor_id": actor_id, "key": key, "request_sha256": request_sha256}
    statement = insert(IdempotencyRecord).values(**values).on_conflict_do_nothing().returning(IdempotencyRecord.id)
    if session.scalar(statement) is not None:
        return None
    question = select(IdempotencyRecord).filter_by(actor_id=actor_id, key=key)
    earlier = session.scalars(question).one()
    if earlier.request_sha256 != request_sha256:
        raise RuleBreached(
            Breach(
                "idempotency.other-request",
                _("This key was already used for another request, which was carried out."),
                _("Open the record to see it. For a new one, start again with a fresh form or key."),
                source="Idempotency-Key",
            )
        )
    return earlier


def _refuse_if_under_way(session: Session, actor_id: UUID, key: str) -> None:
    number = int.from_bytes(hashlib.sha256(f"{actor_id}:{key}".encode()).digest()[:8], "big", signed=True)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise Conflict(
            Breach(
                "idempotency.under-way",
                _("The same request is being carried out at this moment."),
                _("Wait a second and send it again with the same key."),
                source="Idempotency-Key",
            )
        )


def remember(session: Session, actor_id: UUID, key: str, *, status: int, body: str) -> None:
    """Store the answer beside the claimed key; committed together with the verb."""
    record = session.scalars(select(IdempotencyRecord).filter_by(actor_id=actor_id, key=key)).one()
    record.status, record.body = status, body
    session.flush()


def purge(session: Session, *, before: datetime) -> int:
    """Forget the keys made before an instant; returns how many."""
    result = session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < before))
    return cast(CursorResult[Any], result).rowcount


def packed(session: Session, result: Any) -> str:
    """What a screen's verb returned, so that a double click can be answered with it: rows by key, plain values."""
    session.flush()
    return json.dumps(_packed(result))


def _packed(value: Any) -> Any:
    if value is None or type(value) in (str, int, bool):
        return {"value": value}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, list | tuple):
        return {"items": [_packed(item) for item in value]}
    if isinstance(value, Base):
        identity = inspect(value).identity
        if identity and len(identity) == 1 and isinstance(identity[0], UUID):
            return {"row": f"{type(value).__module__}.{type(value).__qualname__}", "id": str(identity[0])}
    return {"unknown": True}


def unpacked(session: Session, stored: str | None) -> Any:
    """The stored result again. Raises Conflict when it was of a kind that cannot be stored: it was done, once."""
    return _unpacked(session, json.loads(stored or '{"unknown": true}'))


def _unpacked(session: Session, stored: dict[str, Any]) -> Any:
    if "value" in stored:
        return stored["value"]
    if "uuid" in stored:
        return UUID(stored["uuid"])
    if "items" in stored:
        return [_unpacked(session, item) for item in stored["items"]]
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if "row" in stored and f"{model.__module__}.{model.__qualname__}" == stored["row"]:
            return session.get(model, UUID(stored["id"]))
    raise Conflict(
        Breach(
            "idempotency.already-done",
            _("This was already carried out, once."),
            _("Open the record to see the outcome."),
        )
    )
