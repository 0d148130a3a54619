"""Policy numbers: built-in values with a source, changed by two administrators, in force from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.policies import queries, service
from app.access.policies.models import PolicySetting
from app.access.policies.service import ProposePolicy
from app.access.policies.states import POLICIES, PolicyName, PolicyStatus
from app.exchange_rates import queries as exchange_rates
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from tests.builders import payments, projects
from tests.builders.payments import NOW, TODAY
from tests.builders.refusing import Refuser

AGE = PolicyName.BOOKING_RATE_MAX_AGE_DAYS


@pytest.fixture
def first(session: Session) -> Actor:
    zone = projects.institution(session, "Zone authority")
    return payments.someone(session, "Ada", Role.ADMINISTRATOR, zone)


@pytest.fixture
def second(session: Session) -> Actor:
    zone = projects.institution(session, "Zone authority")
    return payments.someone(session, "Bo", Role.ADMINISTRATOR, zone)


def command(**changes: Any) -> ProposePolicy:
    """Three days from tomorrow on."""
    values: dict[str, Any] = {
        "name": AGE,
        "value": Decimal(3),
        "source": "Resolution 12 of 2026",
        "first_day": TODAY + timedelta(days=1),
    }
    return ProposePolicy(**(values | changes))


@pytest.mark.parametrize("name", list(PolicyName))
def test_every_number_starts_with_a_value_and_its_source(session: Session, name: PolicyName) -> None:
    found = queries.in_force(session, name, TODAY)
    assert found.value == POLICIES[name].value
    assert found.source.startswith("House rule")
    assert not found.verified


def test_confirmed_value_counts_from_its_first_day(session: Session, first: Actor, second: Actor) -> None:
    row = service.propose(session, first, command(), now=NOW)
    tomorrow = TODAY + timedelta(days=1)
    assert queries.days(session, AGE, tomorrow) == 7
    service.confirm(session, second, row.id, version=row.version, now=NOW)
    assert [queries.days(session, AGE, day) for day in (TODAY, tomorrow)] == [7, 3]
    assert queries.in_force(session, AGE, tomorrow).source == "Resolution 12 of 2026"


def test_rule_reads_the_number_in_force(session: Session, first: Actor, second: Actor) -> None:
    payments.rate(session, "0.9240", TODAY - timedelta(days=3))
    row = service.propose(session, first, command(first_day=TODAY, value=Decimal(2)), now=NOW)
    pair = (Currency.HKD, Currency.CNY, TODAY, None)
    assert exchange_rates.booking_rate(session, *pair) is not None
    service.confirm(session, second, row.id, now=NOW)
    assert exchange_rates.booking_rate(session, *pair) is None


def test_refused_value_never_counts(session: Session, first: Actor, second: Actor) -> None:
    row = service.propose(session, first, command(), now=NOW)
    service.refuse(session, second, row.id, now=NOW)
    assert row.status == PolicyStatus.REFUSED
    assert queries.days(session, AGE, date(2030, 1, 1)) == 7


def test_own_proposal_cannot_be_confirmed(session: Session, first: Actor, refused: Refuser) -> None:
    key = service.propose(session, first, command(), now=NOW).id
    refused(NotPermitted, "access.own-work", lambda own: service.confirm(own, first, key, now=NOW))


def test_change_is_decided_once(session: Session, first: Actor, second: Actor, refused: Refuser) -> None:
    key = service.propose(session, first, command(), now=NOW).id
    service.confirm(session, second, key, now=NOW)
    refused(Conflict, "policy.decided", lambda own: service.refuse(own, second, key, now=NOW))


@pytest.mark.parametrize("value", ["0", "2.5", "32"])
def test_value_that_makes_no_sense_is_refused(first: Actor, refused: Refuser, value: str) -> None:
    wrong = command(value=Decimal(value))
    refused(RuleBreached, "policy.value", lambda own: service.propose(own, first, wrong, now=NOW))


def test_past_is_not_changed(first: Actor, refused: Refuser) -> None:
    wrong = command(first_day=TODAY - timedelta(days=1))
    refused(RuleBreached, "policy.in-the-past", lambda own: service.propose(own, first, wrong, now=NOW))


def test_accountant_changes_no_policy(session: Session, refused: Refuser) -> None:
    bank = projects.institution(session, "Qingtan Science Foundation")
    accountant = payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, bank)
    refused(NotPermitted, "access.not-permitted", lambda own: service.propose(own, accountant, command(), now=NOW))


def test_database_refuses_a_value_confirmed_by_its_proposer(session: Session, first: Actor) -> None:
    row = service.propose(session, first, command(), now=NOW)
    row.status, row.decided_by_id, row.decided_at = PolicyStatus.CONFIRMED, first.person_id, NOW
    with pytest.raises(IntegrityError, match="second_person"):
        session.flush()
    session.rollback()
    assert session.get(PolicySetting, row.id) is None
