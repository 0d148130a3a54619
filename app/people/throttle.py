"""Throttling of sign-in, counted in PostgreSQL: per account and per address, and the owner can still get in.

Guesses at one account are limited over all addresses, and guesses from one address over all accounts. A device or an
address that has signed in to the account before is counted on its own, so that strangers cannot lock the owner out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, select
from sqlalchemy.orm import Session

from app.kernel.identity import new_id
from app.people.models import SignInAttempt

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 30
MOST_PER_KNOWN_DEVICE = 10
KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Guess:
    """Who tries, as digests: the account asked for, the address, the device's own secret ("" without one)."""

    account_sha256: str
    address: str
    device_sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Failures within the window."""

    known_device: bool
    known_address: bool
    by_device: int
    by_pair: int
    by_account: int
    by_address: int


def is_throttled(counts: Counts) -> bool:
    """Whether the try must wait. Pure."""
    if counts.known_device:
        return counts.by_device >= MOST_PER_KNOWN_DEVICE
    if counts.known_address:
        return counts.by_pair >= MOST_PER_KNOWN_DEVICE
    return counts.by_account >= MOST_PER_ACCOUNT or counts.by_address >= MOST_PER_ADDRESS


def begin(session: Session, guess: Guess, *, now: datetime) -> SignInAttempt | None:
    """Count a try, as failed until `succeed` says otherwise; None when it must wait.

    A lock per account makes simultaneous tries count one after another.
    """
    number = int.from_bytes(hashlib.sha256(guess.account_sha256.encode()).digest()[:8], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(number)))
    if is_throttled(_counts(session, guess, now)):
        return None
    attempt = SignInAttempt(
        id=new_id(),
        at=now,
        account_sha256=guess.account_sha256,
        address=guess.address,
        device_sha256=guess.device_sha256,
        succeeded=False,
    )
    session.add(attempt)
    return attempt


def succeed(session: Session, attempt: SignInAttempt, device_sha256: str, *, now: datetime) -> None:
    """Mark the try as the owner's, remember the device, and forget what is too old to count."""
    kept = session.merge(attempt)
    kept.succeeded = True
    kept.device_sha256 = device_sha256
    old = SignInAttempt.at < now - KNOWN_FOR
    session.execute(delete(SignInAttempt).where(SignInAttempt.account_sha256 == attempt.account_sha256, old))


def purge(session: Session, *, now: datetime) -> int:
    """Forget every try that is too old to count; returns how many."""
    result = session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KNOWN_FOR))
    return cast(CursorResult[Any], result).rowcount


def _counts(session: Session, guess: Guess, now: datetime) -> Counts:
    account = SignInAttempt.account_sha256 == guess.account_sha256
    address = SignInAttempt.address == guess.address
    device = SignInAttempt.device_sha256 == guess.device_sha256
    known_device = bool(guess.device_sha256) and _count(session, now - KNOWN_FOR, account, device, good=True) > 0
    return Counts(
        known_device=known_device,
        known_address=_count(session, now - KNOWN_FOR, account, address, good=True) > 0,
        by_device=_count(session, now - WINDOW, account, device, good=False) if known_device else 0,
        by_pair=_count(session, now - WINDOW, account, address, good=False),
        by_account=_count(session, now - WINDOW, account, good=False),
        by_address=_count(session, now - WINDOW, address, good=False),
    )


def _count(session: Session, since: datetime, *conditions: ColumnElement[bool], good: bool) -> int:
    statement = select(func.count()).where(SignInAttempt.at >= since, SignInAttempt.succeeded.is_(good), *conditions)
    return session.scalar(statement) or 0
