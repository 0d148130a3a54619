"""Rates: entered by one, confirmed by another; a factor-100 slip caught; files whole or not at all; freshness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.exchange_rates import queries, service
from app.exchange_rates.models import ExchangeRate, RateKind, RateStatus
from app.exchange_rates.service import EnterRate
from app.institutions.models import Institution
from app.institutions.states import Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency, Market
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money
from tests.builders import journals, payments, projects, statements
from tests.builders.payments import NOW, TODAY
from tests.builders.refusing import Refuser
from tests.reports.reading import about_contract, amounts, notes

FILE = """base,quote,unit,rate,date
HKD,CNY,100,92.406,2026-11-17
HKD,CNY,1,0.92310,2026-11-18
CNY,HKD,1,1.0840,2026-11-19
"""


@pytest.fixture
def bank(session: Session) -> Institution:
    return projects.institution(session, "Qingtan Science Foundation")


@pytest.fixture
def maker(session: Session, bank: Institution) -> Actor:
    return payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, bank)


@pytest.fixture
def checker(session: Session, bank: Institution) -> Actor:
    return payments.someone(session, "Sun Ping", Role.ACCOUNTANT, bank)


def command(**changes: Any) -> EnterRate:
    """CNY 92.40 for HKD 100 today."""
    values: dict[str, Any] = {
        "kind": RateKind.BOOKING,
        "base": Currency.HKD,
        "quote": Currency.CNY,
        "market": Market.ONSHORE,
        "unit": 100,
        "rate": Decimal("92.40"),
        "rate_date": TODAY,
        "source": "CFETS central parity",
    }
    return EnterRate(**(values | changes))


def booking(session: Session, on: date = TODAY, place: Institution | None = None) -> queries.FoundRate | None:
    """The booking rate for HKD of that day, for an institution or common."""
    return queries.booking_rate(session, Currency.HKD, Currency.CNY, on, place.id if place else None)


def test_entered_rate_takes_effect_when_a_second_person_confirms_it(
    session: Session, maker: Actor, checker: Actor
) -> None:
    row = service.enter(session, maker, command(), now=NOW)
    assert booking(session) is None
    service.confirm(session, checker, row.id, now=NOW)
    found = booking(session)
    assert found is not None
    assert found.convert(Money.parse("100.00", Currency.HKD)) == Money.parse("92.40", Currency.CNY)
    assert found.convert(Money.parse("92.40", Currency.CNY)) == Money.parse("100.00", Currency.HKD)


def test_refused_rate_is_never_used(session: Session, maker: Actor, checker: Actor) -> None:
    row = service.enter(session, maker, command(), now=NOW)
    service.refuse(session, checker, row.id, now=NOW)
    assert row.status == RateStatus.REFUSED
    assert booking(session) is None


def test_own_rate_cannot_be_confirmed(session: Session, maker: Actor, refused: Refuser) -> None:
    key = service.enter(session, maker, command(), now=NOW).id
    refused(NotPermitted, "access.own-work", lambda own: service.confirm(own, maker, key, now=NOW))


def test_rate_is_decided_once(session: Session, maker: Actor, checker: Actor, refused: Refuser) -> None:
    key = service.enter(session, maker, command(), now=NOW).id
    service.confirm(session, checker, key, now=NOW)
    refused(Conflict, "rate.decided", lambda own: service.refuse(own, checker, key, now=NOW))


def test_payments_officer_enters_no_rate(session: Session, bank: Institution, refused: Refuser) -> None:
    payer = payments.someone(session, "Fong Chi-wai", Role.PAYMENTS_OFFICER, bank)
    refused(NotPermitted, "access.not-permitted", lambda own: service.enter(own, payer, command(), now=NOW))


@pytest.mark.parametrize(("unit", "rate"), [(1, "92.40"), (100, "0.9240")])
def test_factor_of_a_hundred_is_caught_against_the_last_rate(
    session: Session, maker: Actor, refused: Refuser, unit: int, rate: str
) -> None:
    payments.rate(session, "0.9255", TODAY - timedelta(days=1))
    slip = command(unit=unit, rate=Decimal(rate))
    refusal = refused(RuleBreached, "rate.unlikely", lambda own: service.enter(own, maker, slip, now=NOW))
    assert refusal.breaches[0].field == "unit"


def test_pair_the_wrong_way_round_is_caught(session: Session, maker: Actor, refused: Refuser) -> None:
    payments.rate(session, "0.8000", TODAY - timedelta(days=1))
    swapped = command(base=Currency.CNY, quote=Currency.HKD, unit=1, rate=Decimal("0.8000"))
    refused(RuleBreached, "rate.unlikely", lambda own: service.enter(own, maker, swapped, now=NOW))


def test_rate_of_tomorrow_and_a_pair_of_one_currency_are_refused_together(maker: Actor, refused: Refuser) -> None:
    wrong = command(quote=Currency.HKD, rate_date=TODAY + timedelta(days=1))
    refusal = refused(RuleBreached, "rate.in-future", lambda own: service.enter(own, maker, wrong, now=NOW))
    assert {breach.code for breach in refusal.breaches} == {"rate.in-future", "rate.same-currency"}


# files


def test_file_is_entered_whole_in_units_of_one_and_a_hundred(session: Session, maker: Actor) -> None:
    rows = service.import_file(session, maker, FILE.encode(), source="Bank of China", now=NOW)
    assert [(row.unit, row.rate, row.status, row.source) for row in rows] == [
        (100, Decimal("92.406"), RateStatus.ENTERED, "Bank of China"),
        (1, Decimal("0.92310"), RateStatus.ENTERED, "Bank of China"),
        (1, Decimal("1.0840"), RateStatus.ENTERED, "Bank of China"),
    ]


def test_file_with_one_wrong_line_is_refused_whole(maker: Actor, refused: Refuser) -> None:
    content = FILE.replace("0.92310", "0,92310").encode()
    refusal = refused(
        InputRefused,
        "rates.file-line",
        lambda own: service.import_file(own, maker, content, source="Bank of China", now=NOW),
    )
    assert [(breach.params["line"], breach.params["column"]) for breach in refusal.breaches] == [(3, "rate")]


def test_file_with_a_slip_between_its_own_lines_is_refused_whole(maker: Actor, refused: Refuser) -> None:
    content = FILE.replace("HKD,CNY,1,0.92310", "HKD,CNY,100,0.92310").encode()
    refusal = refused(
        RuleBreached,
        "rate.unlikely",
        lambda own: service.import_file(own, maker, content, source="Bank of China", now=NOW),
    )
    assert [breach.params["line"] for breach in refusal.breaches] == [3]


def test_file_that_quotes_the_pair_the_other_way_is_compared_too(maker: Actor, refused: Refuser) -> None:
    content = FILE.replace("CNY,HKD,1,1.0840", "CNY,HKD,1,0.9240").encode()
    refused(
        RuleBreached,
        "rate.unlikely",
        lambda own: service.import_file(own, maker, content, source="Bank of China", now=NOW),
    )


# the bundled history and freshness


def test_bundled_history_is_loaded_once_and_is_in_effect(session: Session) -> None:
    added = service.load_bundled(session, now=NOW)
    assert added > 2500
    assert service.load_bundled(session, now=NOW) == 0
    assert session.scalar(select(func.count()).select_from(ExchangeRate)) == added
    found = queries.latest(session, RateKind.BOOKING, Currency.HKD, Currency.CNY, date(2025, 1, 6))
    assert found is not None
    assert Decimal("0.93") < found.units(Currency.CNY) < Decimal("0.95")
    assert "European Central Bank" in found.source


def test_rate_is_fresh_for_as_many_days_as_the_policy_says(session: Session) -> None:
    payments.rate(session, "0.9240", TODAY - timedelta(days=7))
    assert booking(session) is not None
    assert booking(session, TODAY + timedelta(days=1)) is None


def test_newest_confirmed_rate_is_used_and_no_later_one(session: Session) -> None:
    payments.rate(session, "0.9200", TODAY - timedelta(days=2))
    payments.rate(session, "0.9210", TODAY - timedelta(days=1))
    payments.rate(session, "0.9900", TODAY + timedelta(days=1))
    payments.rate(session, "0.9100", TODAY, status=RateStatus.ENTERED)
    found = booking(session)
    assert found is not None
    assert found.rate == Decimal("0.9210")


def test_rate_of_one_institution_is_not_anothers(session: Session, bank: Institution, maker: Actor) -> None:
    other = projects.institution(session, "Lion Ridge University")
    stranger = payments.someone(session, "Chan Ka", Role.ACCOUNTANT, other)
    own = service.enter(session, maker, command(institution_id=bank.id), now=NOW)
    assert queries.visible_rate(session, maker, own.id) is own
    assert queries.awaiting_confirmation_by(session, stranger) == []
    with pytest.raises(NotFound):
        queries.visible_rate(session, stranger, own.id)
    with pytest.raises(NotPermitted):
        service.confirm(session, stranger, own.id, now=NOW)


def test_rate_of_an_institution_books_for_that_institution_only(
    session: Session, bank: Institution, maker: Actor, checker: Actor
) -> None:
    row = service.enter(session, maker, command(institution_id=bank.id), now=NOW)
    service.confirm(session, checker, row.id, now=NOW)
    pair = (RateKind.BOOKING, Currency.HKD, Currency.CNY, TODAY)
    assert queries.latest(session, *pair) is None
    assert queries.latest(session, *pair, institution_id=bank.id) is not None


def test_offshore_and_onshore_rates_stand_apart(session: Session, maker: Actor, checker: Actor) -> None:
    row = service.enter(session, maker, replace(command(), market=Market.OFFSHORE), now=NOW)
    service.confirm(session, checker, row.id, now=NOW)
    pair = (RateKind.BOOKING, Currency.HKD, Currency.CNY, TODAY)
    assert queries.latest(session, *pair, market=Market.ONSHORE) is None
    assert queries.latest(session, *pair, market=Market.OFFSHORE) is not None


# an institution's own bank


def own(session: Session, maker: Actor, checker: Actor, place: Institution, rate: str, day: date = TODAY) -> None:
    """A confirmed rate of the institution's own bank, CNY for one HKD."""
    wanted = command(unit=1, rate=Decimal(rate), rate_date=day, institution_id=place.id, source="Our bank's board rate")
    row = service.enter(session, maker, wanted, now=NOW)
    service.confirm(session, checker, row.id, now=NOW)


def per_hkd(session: Session, place: Institution | None, on: date = TODAY) -> Decimal | None:
    """CNY for one HKD in the institution's book."""
    found = booking(session, on, place)
    return found.units(Currency.CNY).normalize() if found else None


def test_rate_of_the_institutions_own_bank_goes_before_the_published_one_of_the_same_day(
    session: Session, maker: Actor, checker: Actor, bank: Institution
) -> None:
    own(session, maker, checker, bank, "0.9251")
    payments.rate(session, "0.9240", TODAY)
    other = projects.institution(session, "Lion Ridge University")
    assert per_hkd(session, bank) == Decimal("0.9251")
    assert per_hkd(session, other) == per_hkd(session, None) == Decimal("0.924")


def test_newer_published_rate_goes_before_an_older_one_of_the_own_bank(
    session: Session, maker: Actor, checker: Actor, bank: Institution
) -> None:
    yesterday = TODAY - timedelta(days=1)
    own(session, maker, checker, bank, "0.9251", yesterday)
    payments.rate(session, "0.9240", TODAY)
    assert [per_hkd(session, bank, day) for day in (yesterday, TODAY)] == [Decimal("0.9251"), Decimal("0.924")]


def test_old_rate_of_the_own_bank_is_not_fresh_either(
    session: Session, maker: Actor, checker: Actor, bank: Institution
) -> None:
    own(session, maker, checker, bank, "0.9251", TODAY - timedelta(days=8))
    assert per_hkd(session, bank) is None


def test_many_institutions_are_answered_as_each_alone(
    session: Session, maker: Actor, checker: Actor, bank: Institution
) -> None:
    other = projects.institution(session, "Lion Ridge University")
    for published, own_day in ((None, 0), (1, 0), (1, 1), (0, 2)):
        if published is not None:
            payments.rate(session, "0.9240", TODAY - timedelta(days=published))
        own(session, maker, checker, bank, "0.9251", TODAY - timedelta(days=own_day))
        found = queries.booking_rates(session, Currency.HKD, Currency.CNY, TODAY, (bank.id, other.id))
        alone = {
            place.id: rate
            for place in (bank, other)
            if (rate := queries.booking_rate(session, Currency.HKD, Currency.CNY, TODAY, place.id)) is not None
        }
        assert found == alone


def test_accountant_enters_no_rate_for_another_institutions_book(
    session: Session, maker: Actor, refused: Refuser
) -> None:
    other = projects.institution(session, "Lion Ridge University")
    wanted = command(institution_id=other.id)
    refused(NotPermitted, "access.not-permitted", lambda mine: service.enter(mine, maker, wanted, now=NOW))


def accountants(session: Session, place: Institution) -> tuple[Actor, Actor]:
    """Two accountants of an institution."""
    first, second = (payments.someone(session, f"Accountant {number}", Role.ACCOUNTANT, place) for number in (1, 2))
    return first, second


def test_payment_is_released_at_the_rate_of_the_funders_own_bank(session: Session) -> None:
    """The funder's bank says 0.9300, the grantee's 0.9100, the published rate is 0.9240."""
    made = payments.world(session, funder_side=Side.HK, payee_currency=Currency.CNY)
    for place, rate in ((made.funder, "0.9300"), (made.grantee, "0.9100")):
        own(session, *accountants(session, place), place, rate)
    row = payments.released(session, made)
    assert (row.booking_rate, row.booking_rate_base) == (Decimal("0.93"), "HKD")


def test_cost_is_booked_and_reported_at_the_rate_of_the_grantees_own_bank(session: Session) -> None:
    """HKD 100,000.00 at 0.9100, not at the published 0.9240; what is left is valued at the same rate."""
    made = statements.received(session)
    own(session, *accountants(session, made.grantee), made.grantee, "0.9100")
    own(session, *accountants(session, made.funder), made.funder, "0.9300")
    journals.cost(session, made, journals.hkd("100000.00"))
    report = about_contract(session, made, "income-and-expenditure")
    assert amounts(report, "Labour cost", "cumulative") == ("91000.00",)
    assert "is valued at 0.9100 CNY for 1 HKD, Our bank's board rate" in notes(report)
