"""Bank accounts: entered by one person, verified by another, cooled, replaced, shown in full only for a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.queries import events_of
from app.institutions import account_service, queries
from app.institutions.account_service import RefuseCommand, RevealCommand, VerifyCommand
from app.institutions.models import Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from tests.builders.institutions import a_verified_account, an_account_command, an_institution
from tests.builders.people import an_actor

CALL_BACK = "Called the registrar on the number in the contract; agreed."


@pytest.fixture
def university(session: Session, now: datetime) -> Institution:
    return an_institution(session, now, side=Side.HK, kind=InstitutionKind.UNIVERSITY)


@pytest.fixture
def maker(session: Session, now: datetime, university: Institution) -> Actor:
    return an_actor(session, now, Role.FINANCE_OFFICER, university, name="Maker")


@pytest.fixture
def checker(session: Session, now: datetime, university: Institution) -> Actor:
    return an_actor(session, now, Role.FINANCE_OFFICER, university, name="Checker")


def test_account_verified_by_a_second_person_waits_for_its_cooling_period(
    session: Session, now: datetime, university: Institution, maker: Actor, checker: Actor
) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    account_service.verify(session, checker, account.id, VerifyCommand(1, CALL_BACK), now=now)
    assert not account.is_payable(now + timedelta(days=3) - timedelta(seconds=1))
    assert account.is_payable(now + timedelta(days=3))
    assert [event.verb for event in events_of(session, "bank_account", account.id)] == [
        "bank-account.verify",
        "bank-account.enter",
    ]


def test_one_who_entered_cannot_verify(session: Session, now: datetime, university: Institution, maker: Actor) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    with pytest.raises(NotPermitted):
        account_service.verify(session, maker, account.id, VerifyCommand(1, CALL_BACK), now=now)
    assert account.status == "ENTERED"


def test_database_refuses_the_same_person_as_verifier(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    with pytest.raises(IntegrityError, match="verifier_is_another"):
        session.execute(
            text("UPDATE bank_account SET verified_by_id = entered_by_id WHERE id = :id"), {"id": account.id}
        )


def test_database_refuses_a_verified_account_without_its_verifier(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    with pytest.raises(IntegrityError, match="verified_is_complete"):
        session.execute(text("UPDATE bank_account SET status = 'VERIFIED' WHERE id = :id"), {"id": account.id})


def test_finance_officer_of_another_institution_cannot_enter_or_verify(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    other = an_institution(session, now, side=Side.HK, kind=InstitutionKind.UNIVERSITY)
    stranger = an_actor(session, now, Role.FINANCE_OFFICER, other)
    with pytest.raises(NotPermitted):
        account_service.enter(session, stranger, university.id, an_account_command(Side.HK), now=now)
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    with pytest.raises(NotPermitted):
        account_service.verify(session, stranger, account.id, VerifyCommand(1, CALL_BACK), now=now)
    with pytest.raises(NotFound):
        queries.account_for(session, stranger, account.id)


def test_grant_officer_of_a_funder_may_verify_by_calling_back(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    officer = an_actor(session, now, Role.GRANT_OFFICER, an_institution(session, now))
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    account_service.verify(session, officer, account.id, VerifyCommand(1, CALL_BACK), now=now)
    assert account.verified_by_id == officer.person_id


def test_replacement_takes_over_only_once_verified(
    session: Session, now: datetime, university: Institution, maker: Actor, checker: Actor
) -> None:
    old = a_verified_account(session, maker, checker, university, now)
    command = an_account_command(
        Side.HK, university_currency(university), replaces_id=old.id, change_reason="Letter of 3 November 2026"
    )
    new = account_service.enter(session, maker, university.id, command, now=now)
    assert old.status == "VERIFIED"
    account_service.verify(session, checker, new.id, VerifyCommand(1, CALL_BACK), now=now)
    assert (old.status, new.status) == ("REPLACED", "VERIFIED")
    assert queries.payable_accounts(session, university.id, now) == []


def test_change_of_account_without_a_reason_is_refused(
    session: Session, now: datetime, university: Institution, maker: Actor, checker: Actor
) -> None:
    old = a_verified_account(session, maker, checker, university, now)
    command = an_account_command(Side.HK, university_currency(university), replaces_id=old.id)
    with pytest.raises(RuleBreached, match=r"bank-account\.change-reason"):
        account_service.enter(session, maker, university.id, command, now=now)


def test_same_account_is_not_entered_twice(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    command = an_account_command(Side.HK)
    account_service.enter(session, maker, university.id, command, now=now)
    with pytest.raises(RuleBreached, match=r"bank-account\.taken"):
        account_service.enter(session, maker, university.id, command, now=now)


def test_refused_account_cannot_be_verified_afterwards(
    session: Session, now: datetime, university: Institution, maker: Actor, checker: Actor
) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    account_service.refuse(session, checker, account.id, RefuseCommand(1, "Holder's name differs"), now=now)
    session.flush()
    with pytest.raises(Conflict):
        account_service.verify(session, checker, account.id, VerifyCommand(account.version, CALL_BACK), now=now)


def test_stale_page_cannot_verify(
    session: Session, now: datetime, university: Institution, maker: Actor, checker: Actor
) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    with pytest.raises(Conflict):
        account_service.verify(session, checker, account.id, VerifyCommand(7, CALL_BACK), now=now)


def test_full_number_is_shown_with_its_reason_on_the_trail(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    shown = account_service.reveal(
        session, maker, account.id, RevealCommand("Comparing with the bank's letter"), now=now
    )
    session.flush()
    event = events_of(session, "bank_account", account.id)[0]
    assert shown == account.number
    assert (event.verb, event.details["reason"]) == ("bank-account.reveal", "Comparing with the bank's letter")
    assert account.number not in str(event.details)


def test_grant_officer_cannot_see_the_full_number(
    session: Session, now: datetime, university: Institution, maker: Actor
) -> None:
    officer = an_actor(session, now, Role.GRANT_OFFICER, an_institution(session, now))
    account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
    with pytest.raises(NotPermitted):
        account_service.reveal(session, officer, account.id, RevealCommand("Curious"), now=now)


def test_confirmed_cooling_period_of_the_institution_counts(
    session: Session, now: datetime, university: Institution, maker: Actor, checker: Actor
) -> None:
    first = an_actor(session, now, Role.ADMINISTRATOR, university)
    second = an_actor(session, now, Role.ADMINISTRATOR, university)
    command = account_service.CoolingCommand(7, "Treasury manual, section 4")
    policy = account_service.propose_cooling(session, first, university.id, command, now=now)
    assert queries.cooling_setting(session, university.id).days == 3
    with pytest.raises(NotPermitted):
        account_service.confirm_cooling(session, first, policy.id, 1, now=now)
    account_service.confirm_cooling(session, second, policy.id, 1, now=now)
    session.flush()
    assert queries.cooling_setting(session, university.id).days == 7


def university_currency(university: Institution):  # type: ignore[no-untyped-def]
    from app.kernel.currencies import Currency

    return Currency(university.functional_currency)
