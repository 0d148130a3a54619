"""Builders of people with a role, as actors, as signed-in browsers and as bearers of tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import count
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.institutions.models import Institution
from app.kernel.actor import Actor, Right, Role
from app.kernel.clock import business_date
from app.kernel.identity import new_id
from app.people import passwords, queries, signing_in, tokens
from app.people.models import Person, RoleAssignment
from app.people.states import RightStatus

PASSWORD = "river loop ferry 1898"
_NUMBERS = count(1)


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def a_person(session: Session, now: datetime, *, name: str = "", email: str = "", **changes: object) -> Person:
    """A person with the password PASSWORD and no rights. Flushed, not committed."""
    number = next(_NUMBERS)
    given: dict[str, object] = {
        "email": (email or f"person{number}@loop.example").lower(),
        "name_en": name or f"Person {number}",
        "password_hash": _hash(),
        "password_changed_at": now,
        "created_at": now,
    }
    person = Person(**(given | changes))
    session.add(person)
    session.flush()
    return person


def give_role(
    session: Session, person: Person, role: Role, institution: Institution, now: datetime, **changes: object
) -> RoleAssignment:
    """A right in force from today, as the operator gives it."""
    given: dict[str, object] = {
        "person_id": person.id,
        "role": role.value,
        "institution_id": institution.id,
        "first_day": business_date(now),
        "status": RightStatus.CONFIRMED.value,
        "by_operator": True,
        "granted_at": now,
        "confirmed_at": now,
    }
    right = RoleAssignment(**(given | changes))
    session.add(right)
    session.flush()
    return right


def an_actor(
    session: Session, now: datetime, role: Role, institution: Institution, *, name: str = "", email: str = ""
) -> Actor:
    """A new person with one role at one institution, as the actor the services ask for."""
    person = a_person(session, now, name=name, email=email)
    give_role(session, person, role, institution, now)
    return queries.actor_of(session, person, business_date(now))


def actor_with(*roles: Role, institution_id: UUID | None = None, scopes: Iterable[str] | None = None) -> Actor:
    """An actor out of thin air, for tests without a database."""
    place = institution_id or new_id()
    first = business_date(datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
    rights = tuple(Right(role, place, first) for role in roles)
    return Actor(new_id(), "Someone", "someone@loop.example", rights, None if scopes is None else frozenset(scopes))


def signed_in_client(app: Flask, person_id: UUID) -> FlaskClient:
    """A browser in which the person is signed in, without going through the sign-in page.

    The person must be committed; the session starts at the application's clock.
    """
    client = app.test_client()
    now = app.extensions["hetao.clock"].now()
    with unit_of_work() as session:
        person = session.get_one(Person, person_id)
        secret = signing_in.start_session(session, person, signing_in.Caller("127.0.0.1", "tests"), now=now)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
    return client


def a_token(app: Flask, person_id: UUID, *scopes: Permission) -> dict[str, str]:
    """Headers of a request with a personal token of that person, for those scopes (all they may have, if none)."""
    now = app.extensions["hetao.clock"].now()
    with unit_of_work() as session:
        person = session.get_one(Person, person_id)
        actor = queries.actor_of(session, person, business_date(now))
        chosen = scopes or tuple(tokens.scopes_open_to(actor))
        command = tokens.TokenCommand("tests", tuple(scope.value for scope in chosen), 30)
        _token, secret = tokens.create(session, actor, command, now=now)
    return {"Authorization": f"Bearer {secret}"}
