"""Signing in and server-side sessions, without Flask: the secret travels in a cookie, its digest stays here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import Outcome
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import NotFound, RuleBreached
from app.kernel.messages import _
from app.people import passwords, queries, throttle
from app.people.models import Person, SignInAttempt, SignInSession

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from; `device` is the secret of a device that has signed in before, or ""."""

    address: str = ""
    browser: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A session that is still good: its row, the person, and the actor with today's rights."""

    row: SignInSession
    person: Person
    actor: Actor


def begin(session: Session, email: str, caller: Caller, *, now: datetime) -> SignInAttempt | None:
    """Count the try before any work is done for it; None when it must wait."""
    attempt = throttle.begin(session, _guess(email, caller), now=now)
    if attempt is None:
        trail.record(
            session, None, "person.sign-in-failed", None, {"why": "throttled"}, now=now, outcome=Outcome.DENIED
        )
    return attempt


def finish(
    session: Session, attempt: SignInAttempt, email: str, password: str, caller: Caller, device: str, *, now: datetime
) -> str | None:
    """Check the password and start a session; the session's secret, or None. Unknown accounts cost the same time.

    `device` is the secret this device will be known by from now on.
    """
    person = queries.by_email(session, email)
    right = passwords.matches(password, person.password_hash if person else None)
    if person is None or not right or not person.is_enabled:
        subject = ("person", person.id) if person else None
        details = {"why": "disabled" if right else "wrong"}
        trail.record(session, None, "person.sign-in-failed", subject, details, now=now, outcome=Outcome.DENIED)
        return None
    if person.password_hash and passwords.needs_rehash(person.password_hash):
        person.password_hash = passwords.hashed(password)
    throttle.succeed(session, attempt, passwords.digest(device), now=now)
    secret = start_session(session, person, caller, now=now)
    actor = queries.actor_of(session, person, business_date(now))
    trail.record(session, actor, "person.sign-in", ("person", person.id), now=now)
    return secret


def start_session(session: Session, person: Person, caller: Caller, *, now: datetime) -> str:
    """Open a server-side session and answer its secret."""
    secret = passwords.new_secret()
    session.add(
        SignInSession(
            person_id=person.id,
            token_sha256=passwords.digest(secret),
            started_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
            address=caller.address[:64],
            browser=caller.browser[:200],
        )
    )
    return secret


def resume(session: Session, secret: str, *, now: datetime) -> Resumed | None:
    """The session behind a cookie's secret: open, in time, its person enabled. Otherwise None."""
    statement = (
        select(SignInSession, Person)
        .join(Person, Person.id == SignInSession.person_id)
        .where(SignInSession.token_sha256 == passwords.digest(secret), SignInSession.ended_at.is_(None))
    )
    found = session.execute(statement).first()
    if found is None:
        return None
    row, person = found
    if not person.is_enabled or now >= row.expires_at or now >= row.last_seen_at + IDLE:
        return None
    if now >= row.last_seen_at + TOUCH_EVERY:
        row.last_seen_at = now
    return Resumed(row, person, queries.actor_of(session, person, business_date(now)))


def sign_out(session: Session, actor: Actor, secret: str, *, now: datetime) -> None:
    """End the session behind the cookie; its secret is dead from then on."""
    row = session.scalar(select(SignInSession).where(SignInSession.token_sha256 == passwords.digest(secret)))
    if row is not None and row.ended_at is None:
        row.ended_at, row.end_reason = now, "signed-out"
        trail.record(session, actor, "person.sign-out", ("person", row.person_id), now=now)


def end_session(session: Session, actor: Actor, session_id: UUID, *, now: datetime) -> None:
    """End one of one's own sessions. Raises NotFound for anyone else's."""
    row = session.get(SignInSession, session_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound(Breach("session.not-found", _("There is no such session.")))
    if row.ended_at is None:
        row.ended_at, row.end_reason = now, "ended-by-owner"
        trail.record(session, actor, "person.end-session", ("person", actor.person_id), now=now)


def purge(session: Session, *, before: datetime) -> int:
    """Forget the sessions that were over before an instant, ended or expired; returns how many."""
    over = or_(SignInSession.expires_at < before, SignInSession.ended_at < before)
    result = session.execute(delete(SignInSession).where(over))
    return cast(CursorResult[Any], result).rowcount


def end_all_sessions(
    session: Session, person_id: UUID, reason: str, *, now: datetime, but_not: str | None = None
) -> None:
    """End every open session of a person, at once; `but_not` is the secret of one to keep."""
    statement = update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    if but_not is not None:
        statement = statement.where(SignInSession.token_sha256 != passwords.digest(but_not))
    session.execute(statement.values(ended_at=now, end_reason=reason[:40]))


def change_password(
    session: Session, actor: Actor, current: str, new: str, keep_session: str | None, *, now: datetime
) -> Person:
    """Change one's own password, knowing the current one; every other session ends."""
    person = lock_for_update(session, Person, actor.person_id)
    if not passwords.matches(current, person.password_hash):
        raise RuleBreached(
            Breach(
                "person.password-wrong",
                _("This is not your current password."),
                cure=_("Type the password you signed in with."),
                source=_("Asked again before a sensitive change"),
                field="current_password",
            )
        )
    if weak := passwords.password_breaches(new, person.email, "new_password"):
        raise RuleBreached(*weak)
    person.password_hash = passwords.hashed(new)
    person.password_changed_at = now
    end_all_sessions(session, person.id, "password-changed", now=now, but_not=keep_session)
    trail.record(session, actor, "person.change-password", ("person", person.id), now=now)
    return person


def set_preferences(
    session: Session, actor: Actor, *, language: str | None = None, density: str | None = None, now: datetime
) -> Person:
    """Keep a person's language and row height."""
    person = lock_for_update(session, Person, actor.person_id)
    person.language = language or person.language
    person.density = density or person.density
    details = {"language": person.language, "density": person.density}
    trail.record(session, actor, "person.preferences", ("person", person.id), details, now=now)
    return person


def _guess(email: str, caller: Caller) -> throttle.Guess:
    account = hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
    device = passwords.digest(caller.device) if caller.device else ""
    return throttle.Guess(account, caller.address[:64], device)
