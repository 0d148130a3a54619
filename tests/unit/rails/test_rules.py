"""Which rail fits a payment, on which day it has value, and which proposals are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.rails.days import BankDays
from app.rails.facts import PaymentFacts, Rail
from app.rails.rules import ProposalFacts, calendar_kept, misfits, proposal_breaches, value_date
from app.rails.shipped import RAILS
from app.rails.states import PartyKind

INSTITUTION, PERSON = PartyKind.INSTITUTION, PartyKind.PERSON
CIPS = Rail(
    version_id=UUID(int=1),
    code="CIPS",
    name="CIPS",
    currencies=frozenset({Currency.CNY}),
    from_sides=frozenset(Side),
    to_sides=frozenset(Side),
    crossing=True,
    payer_kinds=frozenset(PartyKind),
    payee_kinds=frozenset(PartyKind),
    opens_at=time(8, 30),
    closes_at=time(17, 0),
    cut_off=time(17, 0),
    days_of=(Side.SZ, Side.HK),
    makeup_days=False,
    largest=None,
    note="",
    source="A notice",
    verified=False,
    first_day=date(2020, 1, 1),
    last_day=None,
)
CONNECT = replace(
    CIPS,
    code="PAYMENT-CONNECT-SOUTH",
    from_sides=frozenset({Side.SZ}),
    to_sides=frozenset({Side.HK}),
    payee_kinds=frozenset({PERSON}),
    opens_at=None,
    closes_at=None,
    cut_off=None,
    days_of=(),
)
INSTALMENT = PaymentFacts(
    Money.parse("400000.00", Currency.CNY),
    Side.SZ,
    Side.HK,
    INSTITUTION,
    INSTITUTION,
    datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
)
PROPOSED = ProposalFacts(time(8, 30), time(17, 0), time(17, 0), (Side.SZ,), date(2026, 12, 1), None, date(2026, 11, 20))


def codes(rail: Rail, payment: PaymentFacts = INSTALMENT) -> list[str]:
    return [breach.code for breach in misfits(rail, payment)]


def local(hour: int, minute: int = 0, *, day: date = date(2026, 2, 13)) -> datetime:
    """An instant by the clock of Hong Kong and Shenzhen."""
    return datetime(day.year, day.month, day.day, hour - 8, minute, tzinfo=UTC)


def test_rail_carries_the_currency_in_which_the_payment_crosses() -> None:
    assert codes(CIPS, replace(INSTALMENT, carried=Currency.CNY)) == []
    assert codes(CIPS, replace(INSTALMENT, carried=Currency.HKD)) == ["rail.currency"]


def test_rail_that_serves_the_payment_fits() -> None:
    assert codes(CIPS) == []


def test_payment_connect_cannot_be_chosen_for_an_instalment_of_an_institution() -> None:
    found = misfits(CONNECT, INSTALMENT)
    assert [breach.code for breach in found] == ["rail.payee"]
    assert all(breach.blocking for breach in found)
    assert codes(CONNECT, replace(INSTALMENT, payee_kind=PERSON)) == []


def test_payer_of_another_kind_is_refused() -> None:
    persons = replace(CIPS, payer_kinds=frozenset({PERSON}))
    assert codes(persons) == ["rail.payer"]


def test_currency_the_rail_does_not_carry_is_refused() -> None:
    assert codes(CIPS, replace(INSTALMENT, amount=Money.parse("1.00", Currency.HKD))) == ["rail.currency"]


@pytest.mark.parametrize(("from_side", "to_side"), [(Side.HK, Side.SZ), (Side.SZ, Side.SZ)])
def test_route_the_rail_does_not_run_is_refused(from_side: Side, to_side: Side) -> None:
    payment = replace(INSTALMENT, from_side=from_side, to_side=to_side, payee_kind=PERSON)
    assert codes(CONNECT, payment) == ["rail.route"]


def test_rail_across_the_boundary_does_not_serve_one_side_alone() -> None:
    assert codes(CIPS, replace(INSTALMENT, to_side=Side.SZ)) == ["rail.route"]


def test_payment_at_the_limit_fits_and_above_it_does_not() -> None:
    limited = replace(CIPS, largest=INSTALMENT.amount)
    assert codes(limited) == []
    above = replace(INSTALMENT, amount=INSTALMENT.amount + Money(1, Currency.CNY))
    assert codes(limited, above) == ["rail.limit"]


def test_limit_in_another_currency_cannot_be_compared_and_refuses() -> None:
    limited = replace(CIPS, largest=Money.parse("10000.00", Currency.HKD))
    assert codes(limited, replace(INSTALMENT, amount=Money.parse("1.00", Currency.CNY))) == ["rail.limit"]


@pytest.mark.parametrize(
    ("first_day", "last_day"), [(date(2026, 11, 21), None), (date(2026, 1, 1), date(2026, 11, 19))]
)
def test_rail_that_is_not_in_force_on_the_day_is_refused(first_day: date, last_day: date | None) -> None:
    assert codes(replace(CIPS, first_day=first_day, last_day=last_day)) == ["rail.not-in-force"]


@pytest.mark.parametrize(("hour", "minute", "day"), [(9, 0, date(2026, 2, 13)), (17, 0, date(2026, 2, 13))])
def test_value_is_the_same_day_until_the_cut_off(hour: int, minute: int, day: date) -> None:
    assert value_date(CIPS, BankDays(), local(hour, minute)) == day


def test_value_after_the_cut_off_is_the_next_day_open_on_the_sides_of_the_rail() -> None:
    assert value_date(CIPS, BankDays(), local(17, 1)) == date(2026, 2, 24)
    in_hong_kong = replace(CIPS, days_of=(Side.HK,))
    assert value_date(in_hong_kong, BankDays(), local(17, 1)) == date(2026, 2, 16)


def test_value_of_a_payment_on_a_closed_day_is_the_next_open_one_at_any_hour() -> None:
    assert value_date(CIPS, BankDays(), local(18, 0, day=date(2026, 2, 17))) == date(2026, 2, 24)


def test_working_weekend_counts_for_the_rail_that_says_so() -> None:
    mainland = replace(CIPS, days_of=(Side.SZ,))
    assert value_date(mainland, BankDays(), local(9, day=date(2026, 2, 14))) == date(2026, 2, 24)
    assert value_date(replace(mainland, makeup_days=True), BankDays(), local(9, day=date(2026, 2, 14))) == date(
        2026, 2, 14
    )


def test_rail_around_the_clock_gives_value_the_same_day_on_a_holiday() -> None:
    assert value_date(CONNECT, BankDays(), local(23, 59, day=date(2026, 2, 17))) == date(2026, 2, 17)


def test_value_day_is_counted_by_the_clock_of_the_two_sides() -> None:
    before_midnight_in_utc = datetime(2026, 2, 12, 16, 30, tzinfo=UTC)
    assert value_date(CIPS, BankDays(), before_midnight_in_utc) == date(2026, 2, 13)


def test_whole_proposal_is_sound() -> None:
    assert proposal_breaches(PROPOSED) == []
    around_the_clock = replace(PROPOSED, opens_at=None, closes_at=None, cut_off=None, days_of=())
    assert proposal_breaches(around_the_clock) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cut_off": None}, "rail.hours"),
        ({"days_of": ()}, "rail.hours"),
        ({"opens_at": None, "closes_at": None, "cut_off": None}, "rail.hours"),
        ({"first_day": date(2026, 11, 19)}, "rail.in-the-past"),
        ({"last_day": date(2026, 11, 30)}, "rail.ends-before-start"),
    ],
)
def test_proposal_by_half_or_for_the_past_is_refused(changed: dict[str, object], code: str) -> None:
    assert [breach.code for breach in proposal_breaches(replace(PROPOSED, **changed))] == [code]  # type: ignore[arg-type]


def test_days_are_entered_only_for_sides_whose_calendar_is_kept() -> None:
    assert calendar_kept(Side.SZ) is None
    refused = calendar_kept(Side.MO)
    assert refused is not None
    assert refused.code == "calendar-day.side"


def test_no_rail_that_comes_with_the_system_claims_to_be_verified() -> None:
    assert {row["verified"] for row in (rail.row() for rail in RAILS)} == {False}
    assert len({rail.code for rail in RAILS}) == len(RAILS)
