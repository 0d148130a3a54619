"""Rights count once a second administrator has confirmed them, and end at once when revoked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.people import queries, rights, service, signing_in
from app.people.models import Person
from app.people.rights import RightCommand
from app.people.service import PersonCommand, ReasonCommand
from tests.builders.institutions import an_institution
from tests.builders.people import PASSWORD, a_person, an_actor, give_role


@pytest.fixture
def funder(session: Session, now: datetime) -> Institution:
    return an_institution(session, now)


@pytest.fixture
def first(session: Session, now: datetime, funder: Institution) -> Actor:
    return an_actor(session, now, Role.ADMINISTRATOR, funder, name="First")


@pytest.fixture
def second(session: Session, now: datetime, funder: Institution) -> Actor:
    return an_actor(session, now, Role.ADMINISTRATOR, funder, name="Second")


@pytest.fixture
def newcomer(session: Session, now: datetime) -> Person:
    return a_person(session, now, name="Newcomer")


def a_right(person: Person, funder: Institution, today: date, role: Role = Role.GRANT_OFFICER) -> RightCommand:
    return RightCommand(person.id, role, funder.id, today)


def test_right_counts_only_after_a_second_administrator(
    session: Session, now: datetime, today: date, funder: Institution, first: Actor, second: Actor, newcomer: Person
) -> None:
    right = rights.propose(session, first, a_right(newcomer, funder, today), now=now)
    assert queries.actor_of(session, newcomer, today).rights == ()
    rights.confirm(session, second, right.id, 1, now=now)
    session.flush()
    assert queries.actor_of(session, newcomer, today).holds(Role.GRANT_OFFICER, funder.id)


def test_one_who_proposed_cannot_confirm(
    session: Session, now: datetime, today: date, funder: Institution, first: Actor, newcomer: Person
) -> None:
    right = rights.propose(session, first, a_right(newcomer, funder, today), now=now)
    with pytest.raises(NotPermitted):
        rights.confirm(session, first, right.id, 1, now=now)


def test_administrator_cannot_propose_or_confirm_a_right_of_their_own(
    session: Session, now: datetime, today: date, funder: Institution, first: Actor, second: Actor
) -> None:
    with pytest.raises(NotPermitted):
        rights.propose(session, first, RightCommand(first.person_id, Role.WHITELIST_OFFICER, funder.id, today), now=now)
    command = RightCommand(second.person_id, Role.WHITELIST_OFFICER, funder.id, today)
    right = rights.propose(session, first, command, now=now)
    with pytest.raises(NotPermitted):
        rights.confirm(session, second, right.id, 1, now=now)


def test_database_refuses_one_administrator_as_both(
    session: Session, now: datetime, today: date, funder: Institution, first: Actor, newcomer: Person
) -> None:
    right = rights.propose(session, first, a_right(newcomer, funder, today), now=now)
    with pytest.raises(IntegrityError, match="confirmer_is_another"):
        session.execute(
            text("UPDATE role_assignment SET status = 'CONFIRMED', confirmed_by_id = granted_by_id WHERE id = :id"),
            {"id": right.id},
        )


def test_administrator_of_another_institution_cannot_give_rights_here(
    session: Session, now: datetime, today: date, funder: Institution, first: Actor, second: Actor, newcomer: Person
) -> None:
    stranger = an_actor(session, now, Role.ADMINISTRATOR, an_institution(session, now))
    with pytest.raises(NotPermitted):
        rights.propose(session, stranger, a_right(newcomer, funder, today), now=now)
    with pytest.raises(NotPermitted):
        rights.propose(session, stranger, a_right(newcomer, funder, today, Role.ADMINISTRATOR), now=now)


def test_new_institution_gets_its_administrators_from_two_others(
    session: Session, now: datetime, today: date, first: Actor, second: Actor, newcomer: Person
) -> None:
    fresh = an_institution(session, now)
    right = rights.propose(session, first, a_right(newcomer, fresh, today, Role.ADMINISTRATOR), now=now)
    rights.confirm(session, second, right.id, 1, now=now)
    assert right.status == "CONFIRMED"


def test_roles_kept_apart_cannot_meet_in_one_person(
    session: Session, now: datetime, today: date, funder: Institution, first: Actor, newcomer: Person
) -> None:
    give_role(session, newcomer, Role.GRANT_OFFICER, funder, now)
    with pytest.raises(RuleBreached, match=r"right\.kept-apart"):
        rights.propose(session, first, a_right(newcomer, funder, today, Role.PAYMENTS_OFFICER), now=now)


def test_right_does_not_count_before_its_first_or_after_its_last_day(
    session: Session, now: datetime, today: date, funder: Institution, newcomer: Person
) -> None:
    days = timedelta(days=1)
    give_role(session, newcomer, Role.AUDITOR, funder, now, first_day=today, last_day=today + days)
    assert not queries.actor_of(session, newcomer, today - days).rights
    assert queries.actor_of(session, newcomer, today + days).rights
    assert not queries.actor_of(session, newcomer, today + 2 * days).rights


def test_revoking_a_right_ends_every_session_at_once(
    session: Session, now: datetime, funder: Institution, first: Actor, newcomer: Person
) -> None:
    right = give_role(session, newcomer, Role.GRANT_OFFICER, funder, now)
    secret = signing_in.start_session(session, newcomer, signing_in.Caller(), now=now)
    session.flush()
    assert signing_in.resume(session, secret, now=now) is not None
    rights.revoke(session, first, right.id, ReasonCommand(1, "Left the team"), now=now)
    assert signing_in.resume(session, secret, now=now) is None


def test_revoked_right_cannot_be_confirmed_again(
    session: Session, now: datetime, funder: Institution, first: Actor, second: Actor, newcomer: Person
) -> None:
    right = give_role(session, newcomer, Role.GRANT_OFFICER, funder, now)
    rights.revoke(session, first, right.id, ReasonCommand(1, "Left"), now=now)
    session.flush()
    with pytest.raises(Conflict):
        rights.confirm(session, second, right.id, right.version, now=now)


def test_disabled_person_is_enabled_again_by_two_administrators_only(
    session: Session, now: datetime, funder: Institution, first: Actor, second: Actor, newcomer: Person
) -> None:
    give_role(session, newcomer, Role.GRANT_OFFICER, funder, now)
    service.disable(session, first, newcomer.id, ReasonCommand(newcomer.version, "Lost laptop"), now=now)
    session.flush()
    service.propose_enable(session, first, newcomer.id, ReasonCommand(newcomer.version, "Found"), now=now)
    session.flush()
    with pytest.raises(NotPermitted):
        service.enable(session, first, newcomer.id, newcomer.version, now=now)
    service.enable(session, second, newcomer.id, newcomer.version, now=now)
    assert newcomer.is_enabled


def test_identity_number_is_kept_masked_only(session: Session, now: datetime, first: Actor) -> None:
    command = PersonCommand("a@loop.example", "A B", identity_kind="HKID", identity_number="A123456(3)")
    person = service.create(session, first, command, now=now)
    kept = session.execute(text("SELECT person::text FROM person WHERE id = :id"), {"id": person.id}).scalar_one()
    assert "A123******" in kept
    assert "123456" not in kept


def test_second_person_with_the_same_address_is_refused(
    session: Session, now: datetime, first: Actor, newcomer: Person
) -> None:
    with pytest.raises(RuleBreached, match=r"person\.email-taken"):
        service.create(session, first, PersonCommand(newcomer.email.upper(), "Twin"), now=now)


def test_password_link_needs_two_administrators_and_works_once(
    session: Session, now: datetime, first: Actor, second: Actor, newcomer: Person
) -> None:
    link = rights.request_password_link(session, first, newcomer.id, now=now)
    with pytest.raises(NotPermitted):
        rights.issue_password_link(session, first, link.id, 1, now=now)
    _link, secret = rights.issue_password_link(session, second, link.id, 1, now=now)
    session.flush()
    rights.use_password_link(session, secret, "a wholly new phrase", now=now)
    session.flush()
    with pytest.raises(NotFound):
        rights.use_password_link(session, secret, PASSWORD, now=now)


def test_password_link_expires(session: Session, now: datetime, first: Actor, second: Actor, newcomer: Person) -> None:
    link = rights.request_password_link(session, first, newcomer.id, now=now)
    _link, secret = rights.issue_password_link(session, second, link.id, 1, now=now)
    session.flush()
    with pytest.raises(NotFound):
        rights.use_password_link(session, secret, "a wholly new phrase", now=now + timedelta(days=3))
