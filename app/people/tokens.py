"""Personal API tokens: shown once, kept as a digest, limited to scopes, ended by date, revocation or disabling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.roles import GRANTS
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import NotFound, RuleBreached
from app.kernel.messages import _
from app.people import passwords, queries
from app.people.models import Person, PersonalToken

PREFIX = "hetao_"
LONGEST_DAYS = 366
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A token to be made."""

    name: str
    scopes: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class WantedToken(TokenCommand):
    """A token whose scopes somebody has checked; it ends after its days, and at `ends_at` at the latest."""

    ends_at: datetime


def scopes_open_to(actor: Actor) -> list[Permission]:
    """Scopes the person can give a token: what their own rights carry today."""
    held = {permission for right in actor.rights for permission in GRANTS[right.role]}
    return [permission for permission in Permission if permission in held]


def create(session: Session, actor: Actor, command: TokenCommand, *, now: datetime) -> tuple[PersonalToken, str]:
    """Make a token: its row and the secret, which is shown this once."""
    if not set(command.scopes) <= {p.value for p in scopes_open_to(actor)}:
        raise _beyond_rights()
    ends_at = now + timedelta(days=LONGEST_DAYS)
    return make(session, actor, WantedToken(command.name, command.scopes, command.days, ends_at), now=now)


def make(session: Session, actor: Actor, command: WantedToken, *, now: datetime) -> tuple[PersonalToken, str]:
    """Make a token of scopes that the caller has checked, by a signed-in person: its row and the secret."""
    if actor.scopes is not None:
        raise _beyond_rights()
    if not 1 <= command.days <= LONGEST_DAYS:
        message = _("A token lasts from 1 to %(days)s days.")
        raise RuleBreached(Breach("token.days", message, params={"days": LONGEST_DAYS}, field="days"))
    secret = PREFIX + passwords.new_secret()
    token = PersonalToken(
        person_id=actor.person_id,
        name=command.name,
        token_sha256=passwords.digest(secret),
        hint=secret[-4:],
        scopes=sorted(command.scopes),
        created_at=now,
        expires_at=min(now + timedelta(days=command.days), command.ends_at),
    )
    session.add(token)
    session.flush()
    details = {"name": command.name, "scopes": sorted(command.scopes), "expires_at": token.expires_at}
    trail.record(session, actor, "token.create", ("person", actor.person_id), details, now=now)
    return token, secret


def _beyond_rights() -> RuleBreached:
    return RuleBreached(
        Breach(
            "token.scopes",
            _("A token can only carry rights you hold yourself, and only a signed-in person can make one."),
            cure=_("Choose among the scopes listed."),
            source=_("A token never carries more than its person"),
            field="scopes",
        )
    )


def revoke(session: Session, actor: Actor, token_id: UUID, *, now: datetime) -> PersonalToken:
    """Revoke one of one's own tokens. Raises NotFound for anyone else's."""
    token = lock_for_update(session, PersonalToken, token_id)
    if token.person_id != actor.person_id:
        raise NotFound(Breach("token.not-found", _("There is no such token.")))
    if token.revoked_at is None:
        token.revoked_at = now
        trail.record(session, actor, "token.revoke", ("person", actor.person_id), {"name": token.name}, now=now)
    return token


def revoke_all_for(session: Session, actor: Actor, scope: str, *, now: datetime) -> int:
    """Revoke everybody's tokens that carry a scope which has come to its end; how many there were."""
    statement = select(PersonalToken).where(PersonalToken.scopes.contains([scope]), PersonalToken.revoked_at.is_(None))
    found = session.scalars(statement.with_for_update()).all()
    for token in found:
        token.revoked_at = now
        trail.record(session, actor, "token.revoke", ("person", token.person_id), {"name": token.name}, now=now)
    return len(found)


def actor_of_token(session: Session, secret: str, address: str, *, now: datetime) -> Actor | None:
    """The actor behind a raw token, with its scopes; None when unknown, expired, revoked or its person disabled."""
    statement = (
        select(PersonalToken, Person)
        .join(Person, Person.id == PersonalToken.person_id)
        .where(PersonalToken.token_sha256 == passwords.digest(secret))
    )
    found = session.execute(statement).first()
    if found is None:
        return None
    token, person = found
    if token.revoked_at is not None or now >= token.expires_at or not person.is_enabled:
        return None
    if token.last_used_at is None or now >= token.last_used_at + TOUCH_EVERY:
        token.last_used_at, token.last_used_from = now, address[:64]
    return queries.actor_of(session, person, business_date(now), frozenset(token.scopes))
