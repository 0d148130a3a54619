"""Throttling of the public page, counted in PostgreSQL for each address: guessing codes must not pay.

As at signing in, a try is counted before any work is done for it, and a lock for each address makes simultaneous
tries count one after another.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, select
from sqlalchemy.orm import Session

from app.kernel.identity import new_id
from app.statements.models import VerifyAttempt

WINDOW = timedelta(minutes=15)
MOST_MISSES = 30
MOST_TRIES = 200
KEPT_FOR = timedelta(days=1)


def begin(session: Session, address: str, *, now: datetime) -> VerifyAttempt | None:
    """Count a try, as a miss until `hit` says otherwise; None when it must wait."""
    place = address[:64]
    number = int.from_bytes(hashlib.sha256(f"verify {place}".encode()).digest()[:8], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(number)))
    misses = _count(session, place, now, VerifyAttempt.found.is_(False))
    if misses >= MOST_MISSES or _count(session, place, now) >= MOST_TRIES:
        return None
    attempt = VerifyAttempt(id=new_id(), at=now, address=place, found=False)
    session.add(attempt)
    return attempt


def hit(session: Session, attempt: VerifyAttempt) -> None:
    """The try named something of ours."""
    session.merge(attempt).found = True


def purge(session: Session, *, now: datetime) -> int:
    """Forget tries that no longer count; returns how many."""
    result = session.execute(delete(VerifyAttempt).where(VerifyAttempt.at < now - KEPT_FOR))
    return cast(CursorResult[Any], result).rowcount


def _count(session: Session, address: str, now: datetime, *conditions: ColumnElement[bool]) -> int:
    recent = (VerifyAttempt.address == address, VerifyAttempt.at >= now - WINDOW)
    return session.scalar(select(func.count()).where(*recent, *conditions)) or 0
