"""The day a return arrives, and what a tranche has left."""

from __future__ import annotations

from datetime import date, timedelta

from app.disbursements.bank_rules import arrival_breaches
from app.disbursements.rules import amount_left
from tests.builders.disbursements import TODAY, cny, facts

SENT = date(2026, 11, 16)


def test_return_that_arrives_between_sending_and_today_is_taken() -> None:
    assert arrival_breaches(SENT, SENT, TODAY) == []
    assert arrival_breaches(TODAY, SENT, TODAY) == []


def test_return_cannot_arrive_before_it_was_sent_or_in_the_future() -> None:
    for day in (SENT - timedelta(days=1), TODAY + timedelta(days=1)):
        (breach,) = arrival_breaches(day, SENT, TODAY)
        assert breach.field == "received_on"


def test_what_is_taken_already_is_not_left() -> None:
    whole = facts()
    assert amount_left(whole) == whole.tranche.payable - whole.tranche.taken
    assert amount_left(whole) == cny("400000.00")
