"""Whitelist entries: applied for by one person, listed by another, and how a subject stands on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.institutions.models import Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.whitelist import queries, service
from app.whitelist.models import WhitelistEntry
from app.whitelist.queries import StandingState, WhitelistFilter, standing
from app.whitelist.service import ApplyCommand, ListCommand, MoveCommand
from app.whitelist.states import SubjectKind, WhitelistKind
from tests.builders.institutions import an_institution
from tests.builders.people import an_actor


@pytest.fixture
def university(session: Session, now: datetime) -> Institution:
    return an_institution(session, now, side=Side.HK, kind=InstitutionKind.UNIVERSITY)


@pytest.fixture
def applicant(session: Session, now: datetime, university: Institution) -> Actor:
    return an_actor(session, now, Role.FINANCE_OFFICER, university)


@pytest.fixture
def officer(session: Session, now: datetime) -> Actor:
    return an_actor(session, now, Role.WHITELIST_OFFICER, an_institution(session, now))


def applied(
    session: Session, actor: Actor, institution: Institution, now: datetime, own: Institution
) -> WhitelistEntry:
    command = ApplyCommand(
        WhitelistKind.FUND_FLOW, SubjectKind.INSTITUTION, own.id, "Pilot notice 7", institution_id=institution.id
    )
    return service.apply(session, actor, command, now=now)


@pytest.fixture
def listed(
    session: Session, now: datetime, today: date, university: Institution, applicant: Actor, officer: Actor
) -> WhitelistEntry:
    entry = applied(session, applicant, university, now, university)
    command = ListCommand(1, today, "Decision 2026-44", today + timedelta(days=30))
    service.put_on_list(session, officer, entry.id, command, now=now)
    session.flush()
    return entry


def state(session: Session, university: Institution, day: date) -> StandingState:
    return standing(session, WhitelistKind.FUND_FLOW, university.id, day).state


def test_application_does_not_count_until_listed(
    session: Session, now: datetime, today: date, university: Institution, applicant: Actor
) -> None:
    assert state(session, university, today) is StandingState.ABSENT
    applied(session, applicant, university, now, university)
    assert state(session, university, today) is StandingState.APPLIED


def test_listing_holds_from_its_first_to_its_last_day(
    session: Session, today: date, university: Institution, listed: WhitelistEntry
) -> None:
    assert state(session, university, today - timedelta(days=1)) is StandingState.NOT_YET
    assert state(session, university, today) is StandingState.LISTED
    assert state(session, university, today + timedelta(days=30)) is StandingState.LISTED
    assert state(session, university, today + timedelta(days=31)) is StandingState.LAPSED


def test_listing_on_one_list_says_nothing_about_another(
    session: Session, today: date, university: Institution, listed: WhitelistEntry
) -> None:
    assert not standing(session, WhitelistKind.DUTY_RELIEF, university.id, today).is_listed


def test_officer_cannot_list_own_application(session: Session, now: datetime, today: date) -> None:
    place = an_institution(session, now)
    officer = an_actor(session, now, Role.WHITELIST_OFFICER, place)
    entry = applied(session, officer, place, now, place)
    with pytest.raises(NotPermitted):
        service.put_on_list(session, officer, entry.id, ListCommand(1, today, "Decision"), now=now)


def test_database_refuses_the_applicant_as_lister(session: Session, listed: WhitelistEntry) -> None:
    with pytest.raises(IntegrityError, match="lister_is_another"):
        session.execute(
            text("UPDATE whitelist_entry SET listed_by_id = applied_by_id WHERE id = :id"), {"id": listed.id}
        )


def test_applicant_cannot_list(
    session: Session, now: datetime, today: date, university: Institution, applicant: Actor
) -> None:
    entry = applied(session, applicant, university, now, university)
    with pytest.raises(NotPermitted):
        service.put_on_list(session, applicant, entry.id, ListCommand(1, today, "Decision"), now=now)


def test_suspended_listing_stops_counting_and_counts_again(
    session: Session, now: datetime, today: date, university: Institution, officer: Actor, listed: WhitelistEntry
) -> None:
    service.suspend(session, officer, listed.id, MoveCommand(listed.version, "Inquiry"), now=now)
    session.flush()
    assert state(session, university, today) is StandingState.SUSPENDED
    service.reinstate(session, officer, listed.id, MoveCommand(listed.version, "Cleared"), now=now)
    session.flush()
    assert state(session, university, today) is StandingState.LISTED


def test_removed_entry_never_comes_back(
    session: Session, now: datetime, officer: Actor, listed: WhitelistEntry
) -> None:
    service.remove(session, officer, listed.id, MoveCommand(listed.version, "Closed down"), now=now)
    session.flush()
    with pytest.raises(Conflict):
        service.reinstate(session, officer, listed.id, MoveCommand(listed.version, "Again"), now=now)


def test_application_is_not_listed_through_reinstating(
    session: Session, now: datetime, university: Institution, applicant: Actor, officer: Actor
) -> None:
    entry = applied(session, applicant, university, now, university)
    with pytest.raises(Conflict):
        service.reinstate(session, officer, entry.id, MoveCommand(1, "Short cut"), now=now)


def test_stale_page_cannot_suspend(session: Session, now: datetime, officer: Actor, listed: WhitelistEntry) -> None:
    with pytest.raises(Conflict):
        service.suspend(session, officer, listed.id, MoveCommand(1, "Inquiry"), now=now)


def test_second_application_beside_a_live_entry_is_refused(
    session: Session, now: datetime, university: Institution, applicant: Actor, listed: WhitelistEntry
) -> None:
    with pytest.raises(RuleBreached, match=r"whitelist\.live"):
        applied(session, applicant, university, now, university)


def test_another_institution_does_not_see_the_entry(session: Session, now: datetime, listed: WhitelistEntry) -> None:
    other = an_institution(session, now, side=Side.HK, kind=InstitutionKind.UNIVERSITY)
    stranger = an_actor(session, now, Role.FINANCE_OFFICER, other)
    with pytest.raises(NotFound):
        queries.entry_for(session, stranger, listed.id)


def test_list_is_narrowed_to_what_lapses_soon(
    session: Session, today: date, officer: Actor, listed: WhitelistEntry
) -> None:
    soon = queries.listed(session, officer, WhitelistFilter(status="EXPIRING"), today)
    lapsed = queries.listed(session, officer, WhitelistFilter(status="LAPSED"), today)
    assert ([entry.id for entry in soon.items], list(lapsed.items)) == ([listed.id], [])
