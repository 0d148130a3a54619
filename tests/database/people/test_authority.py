"""The authority matrix as data: two administrators, limits, stand-ins, and who can."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.policies import service as policies
from app.access.policies.service import ProposePolicy
from app.access.policies.states import PolicyName
from app.access.policy import AuthorityKind
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.errors import NotPermitted, RuleBreached
from app.kernel.money import Money
from app.people import queries as people
from app.people.authority import queries, service
from app.people.authority.models import AuthorityLimit, Delegation
from app.people.authority.queries import Case
from app.people.authority.service import DelegationCommand, LimitCommand
from app.people.service import ReasonCommand
from tests.builders.institutions import an_institution
from tests.builders.people import an_actor


def cny(amount: str) -> Money:
    return Money.parse(amount, Currency.CNY)


@pytest.fixture
def funder(session: Session, now: datetime) -> Institution:
    return an_institution(session, now)


@pytest.fixture
def admins(session: Session, now: datetime, funder: Institution) -> tuple[Actor, Actor]:
    first, second = (an_actor(session, now, Role.ADMINISTRATOR, funder) for _ in range(2))
    return first, second


@pytest.fixture
def officer(session: Session, now: datetime, funder: Institution) -> Actor:
    return an_actor(session, now, Role.GRANT_OFFICER, funder, name="Officer Ho")


@pytest.fixture
def colleague(session: Session, now: datetime, funder: Institution) -> Actor:
    return an_actor(session, now, Role.GRANT_OFFICER, funder, name="Colleague Li")


def a_limit(
    session: Session,
    admins: tuple[Actor, Actor],
    funder: Institution,
    now: datetime,
    maximum: str = "500000.00",
    **changes: object,
) -> AuthorityLimit:
    given: dict[str, object] = {
        "institution_id": funder.id,
        "role": Role.GRANT_OFFICER,
        "kind": AuthorityKind.DISBURSEMENT,
        "maximum": cny(maximum),
        "first_day": date(2026, 1, 1),
        "source": "Board resolution 12",
    }
    limit = service.propose_limit(session, admins[0], LimitCommand(**(given | changes)), now=now)  # type: ignore[arg-type]
    confirmed = service.confirm_limit(session, admins[1], limit.id, 1, now=now)
    session.flush()
    return confirmed


def a_case(funder: Institution, amount: str, *makers: Actor) -> Case:
    return Case(AuthorityKind.DISBURSEMENT, funder.id, cny(amount), frozenset(maker.person_id for maker in makers))


def a_delegation(
    session: Session, admin: Actor, giver: Actor, taker: Actor, funder: Institution, now: datetime, today: date
) -> Delegation:
    command = DelegationCommand(
        funder.id, Role.GRANT_OFFICER, taker.person_id, today, today + timedelta(days=7), "Annual leave"
    )
    given = service.delegate(session, giver, command, now=now)
    confirmed = service.confirm_delegation(session, admin, given.id, 1, now=now)
    session.flush()
    return confirmed


def test_without_a_limit_nobody_may_approve(session: Session, today: date, funder: Institution, officer: Actor) -> None:
    breaches = queries.check_approval(session, officer, a_case(funder, "1.00"), today)
    assert [breach.code for breach in breaches] == ["authority.no-limit"]


def test_proposed_limit_does_not_count(
    session: Session, now: datetime, today: date, funder: Institution, admins: tuple[Actor, Actor], officer: Actor
) -> None:
    command = LimitCommand(
        funder.id, Role.GRANT_OFFICER, AuthorityKind.DISBURSEMENT, cny("9.00"), date(2026, 1, 1), "Minutes"
    )
    limit = service.propose_limit(session, admins[0], command, now=now)
    assert queries.check_approval(session, officer, a_case(funder, "1.00"), today)
    with pytest.raises(NotPermitted):
        service.confirm_limit(session, admins[0], limit.id, 1, now=now)
    service.confirm_limit(session, admins[1], limit.id, 1, now=now)
    session.flush()
    assert queries.check_approval(session, officer, a_case(funder, "1.00"), today) == []


def test_database_refuses_one_administrator_as_both(
    session: Session, now: datetime, funder: Institution, admins: tuple[Actor, Actor]
) -> None:
    limit = a_limit(session, admins, funder, now)
    with pytest.raises(IntegrityError, match="confirmer_is_another"):
        session.execute(
            text("UPDATE authority_limit SET confirmed_by_id = proposed_by_id WHERE id = :id"), {"id": limit.id}
        )


def test_over_the_limit_the_refusal_names_who_can(
    session: Session,
    now: datetime,
    today: date,
    funder: Institution,
    admins: tuple[Actor, Actor],
    officer: Actor,
    colleague: Actor,
) -> None:
    a_limit(session, admins, funder, now)
    a_limit(session, admins, funder, now, "2000000.00", person_id=colleague.person_id)
    breach = queries.check_approval(session, officer, a_case(funder, "600000.00"), today)[0]
    assert breach.code == "authority.over-limit"
    assert breach.params["who"] == "Colleague Li"


def test_maker_is_no_approver_of_their_own_case(
    session: Session,
    now: datetime,
    today: date,
    funder: Institution,
    admins: tuple[Actor, Actor],
    officer: Actor,
    colleague: Actor,
) -> None:
    a_limit(session, admins, funder, now)
    case = a_case(funder, "1.00", officer)
    assert [each.person.id for each in queries.approvers_of(session, case, today)] == [colleague.person_id]


def test_two_checkers_are_needed_above_the_threshold(
    session: Session, now: datetime, today: date, funder: Institution, admins: tuple[Actor, Actor]
) -> None:
    a_limit(session, admins, funder, now, second_checker_above=cny("200000.00"))
    assert queries.checkers_needed(session, a_case(funder, "200000.00"), today) == 1
    assert queries.checkers_needed(session, a_case(funder, "200000.01"), today) == 2


def test_stand_in_approves_in_the_givers_name_until_the_last_day(
    session: Session, now: datetime, today: date, funder: Institution, admins: tuple[Actor, Actor], officer: Actor
) -> None:
    taker = an_actor(session, now, Role.PROJECT_MANAGER, funder)
    a_limit(session, admins, funder, now)
    a_delegation(session, admins[0], officer, taker, funder, now, today)
    case = a_case(funder, "1.00")
    assert queries.check_approval(session, taker, case, today) == []
    used = queries.mandate_used(session, taker, case, today)
    assert used is not None
    assert used.principal_id == officer.person_id
    after = today + timedelta(days=8)
    assert queries.check_approval(session, taker, case, after)
    person = people.by_ids(session, [taker.person_id])[taker.person_id]
    assert people.actor_of(session, person, today).holds(Role.GRANT_OFFICER, funder.id)
    assert not people.actor_of(session, person, after).holds(Role.GRANT_OFFICER, funder.id)


def test_stand_in_of_the_maker_cannot_approve(
    session: Session, now: datetime, today: date, funder: Institution, admins: tuple[Actor, Actor], officer: Actor
) -> None:
    taker = an_actor(session, now, Role.PROJECT_MANAGER, funder)
    a_limit(session, admins, funder, now)
    a_delegation(session, admins[0], officer, taker, funder, now, today)
    breaches = queries.check_approval(session, taker, a_case(funder, "1.00", officer), today)
    assert [breach.code for breach in breaches] == ["authority.delegate-of-maker"]


def test_ended_delegation_no_longer_counts(
    session: Session, now: datetime, today: date, funder: Institution, admins: tuple[Actor, Actor], officer: Actor
) -> None:
    taker = an_actor(session, now, Role.PROJECT_MANAGER, funder)
    a_limit(session, admins, funder, now)
    given = a_delegation(session, admins[0], officer, taker, funder, now, today)
    service.end_delegation(session, officer, given.id, ReasonCommand(given.version, "Back"), now=now)
    session.flush()
    assert queries.check_approval(session, taker, a_case(funder, "1.00"), today)


def test_role_that_is_not_held_cannot_be_delegated(
    session: Session, now: datetime, today: date, funder: Institution, officer: Actor, colleague: Actor
) -> None:
    command = DelegationCommand(funder.id, Role.ACCOUNTANT, colleague.person_id, today, today, "Leave")
    with pytest.raises(RuleBreached, match=r"delegation\.role"):
        service.delegate(session, officer, command, now=now)


def test_role_cannot_be_delegated_to_one_it_is_kept_apart_from(
    session: Session, now: datetime, today: date, funder: Institution, officer: Actor
) -> None:
    payer = an_actor(session, now, Role.PAYMENTS_OFFICER, funder)
    command = DelegationCommand(funder.id, Role.GRANT_OFFICER, payer.person_id, today, today, "Leave")
    with pytest.raises(RuleBreached, match=r"right\.kept-apart"):
        service.delegate(session, officer, command, now=now)


def test_limit_for_a_role_that_never_approves_it_is_refused(
    session: Session, now: datetime, funder: Institution, admins: tuple[Actor, Actor]
) -> None:
    with pytest.raises(RuleBreached, match=r"limit\.role"):
        a_limit(session, admins, funder, now, role=Role.PAYMENTS_OFFICER)


def test_threshold_for_a_second_checker_is_taken_for_disbursements_only(
    session: Session, now: datetime, funder: Institution, admins: tuple[Actor, Actor]
) -> None:
    with pytest.raises(RuleBreached, match=r"limit\.one-checker"):
        a_limit(session, admins, funder, now, kind=AuthorityKind.CONTRACT, second_checker_above=cny("1000.00"))
    assert a_limit(session, admins, funder, now, kind=AuthorityKind.CONTRACT).second_checker_above is None


@pytest.mark.parametrize(("longest", "days", "taken"), [(None, 184, True), (None, 185, False), (10, 11, False)])
def test_delegation_lasts_no_longer_than_the_policy_in_force(
    session: Session,
    now: datetime,
    today: date,
    funder: Institution,
    officer: Actor,
    colleague: Actor,
    admins: tuple[Actor, Actor],
    longest: int | None,
    days: int,
    taken: bool,
) -> None:
    if longest is not None:
        wanted = ProposePolicy(PolicyName.LONGEST_DELEGATION_DAYS, Decimal(longest), "Resolution 9 of 2026", today)
        row = policies.propose(session, admins[0], wanted, now=now)
        policies.confirm(session, admins[1], row.id, now=now)
    last = today + timedelta(days=days)
    command = DelegationCommand(funder.id, Role.GRANT_OFFICER, colleague.person_id, today, last, "Study leave")
    if taken:
        assert service.delegate(session, officer, command, now=now).last_day == last
        return
    with pytest.raises(RuleBreached, match=r"delegation\.days") as refusal:
        service.delegate(session, officer, command, now=now)
    assert refusal.value.breaches[0].params == {"days": longest or 184}
