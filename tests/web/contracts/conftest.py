"""A committed world with people who can sign in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.contracts.states import TermsFamily
from app.db.unit_of_work import unit_of_work
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.people.models import Person
from tests.builders import contracts, projects
from tests.builders.contracts import World
from tests.builders.people import give_role, signed_in_client
from tests.builders.projects import NOW


def let_sign_in(session: Session, actor: Actor) -> Actor:
    """Write the actor's rights down, so that the person can sign in with them."""
    person = session.get_one(Person, actor.person_id)
    for right in actor.rights:
        give_role(session, person, right.role, session.get_one(Institution, right.institution_id), NOW)
    return actor


def committed_world(family: TermsFamily = TermsFamily.MAINLAND_LUMP_SUM) -> World:
    """A world whose people can sign in, committed."""
    with unit_of_work() as session:
        made = contracts.world(session, family)
        for actor in (made.maker, made.checker, made.pi, made.finance):
            let_sign_in(session, actor)
        return made


@pytest.fixture
def world(app: Flask) -> World:
    """A lump-sum world."""
    return committed_world()


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    """A browser in which the actor is signed in."""
    return lambda actor: signed_in_client(app, actor.person_id)


@pytest.fixture
def stranger(app: Flask) -> Actor:
    """A grant officer of another funder."""
    with unit_of_work() as session:
        place = projects.institution(session, "Another funder")
        return let_sign_in(session, projects.someone(session, "Stranger", (Role.GRANT_OFFICER, place.id)))
