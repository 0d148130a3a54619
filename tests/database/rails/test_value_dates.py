"""The note on a disbursement whose value date is not a banking day on the sides of both accounts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.disbursements import gathering, rules
from app.disbursements.facts import Facts, Stage
from app.institutions.states import Side
from app.kernel.actor import Role
from app.rails import service
from app.rails.commands import ProposeDay
from tests.builders import payments
from tests.builders.payments import NOW, PaymentWorld

CHRISTMAS = date(2026, 12, 25)


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    return payments.world(session)


def facts_on(session: Session, made: PaymentWorld, day: date) -> Facts:
    """The facts at submission of a draft from Shenzhen to Hong Kong with this value date."""
    row = payments.drafted(session, made, value_date=day)
    return gathering.gather(session, [row], stage=Stage.SUBMISSION, now=NOW)[row.id]


def test_value_date_closed_on_one_side_is_noted_with_the_next_day_open_on_both(
    session: Session, made: PaymentWorld
) -> None:
    found = rules.value_date_open(facts_on(session, made, CHRISTMAS))
    assert found is not None
    assert not found.blocking
    assert found.message.startswith("%(day)s is a Hong Kong day off")
    assert found.params == {"day": CHRISTMAS, "next": date(2026, 12, 28)}


def test_value_date_open_on_both_sides_is_not_noted(session: Session, made: PaymentWorld) -> None:
    assert rules.value_date_open(facts_on(session, made, date(2026, 12, 24))) is None


def test_day_entered_by_hand_is_noted_once_it_is_confirmed(session: Session, made: PaymentWorld) -> None:
    typhoon = ProposeDay(Side.HK, date(2026, 12, 23), False, "Typhoon signal 10", "Observatory")
    row = service.propose_day(session, made.accountant, typhoon, now=NOW)
    assert rules.value_date_open(facts_on(session, made, typhoon.day)) is None
    other = payments.someone(session, "Sun Ping", Role.ACCOUNTANT, made.funder)
    service.confirm_day(session, other, row.id, version=1, now=NOW)
    assert rules.value_date_open(facts_on(session, made, typhoon.day)) is not None


def test_year_that_is_not_gazetted_is_told(session: Session, made: PaymentWorld) -> None:
    assert facts_on(session, made, date(2027, 3, 10)).days.ungazetted == ("SZ",)
