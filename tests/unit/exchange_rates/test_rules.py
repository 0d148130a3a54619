"""Rules of rates: the factor-100 slip above all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.exchange_rates.rules import RateFacts, breaches
from app.kernel.currencies import Currency

GOOD = RateFacts(
    base=Currency.HKD,
    quote=Currency.CNY,
    unit=100,
    per_one=Decimal("0.92406"),
    rate_date=date(2025, 1, 6),
    today=date(2025, 1, 6),
    last_per_one=Decimal("0.9255"),
    last_date=date(2025, 1, 3),
    largest_step_percent=Decimal(10),
)


def codes(facts: RateFacts) -> list[str]:
    return [breach.code for breach in breaches(facts)]


def test_a_rate_near_the_last_one_is_taken() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize("factor", ["100", "0.01", "1.2", "0.8"])
def test_a_rate_far_from_the_last_one_is_refused(factor: str) -> None:
    assert codes(replace(GOOD, per_one=GOOD.per_one * Decimal(factor))) == ["rate.unlikely"]


def test_the_first_rate_of_a_pair_has_nothing_to_differ_from() -> None:
    assert codes(replace(GOOD, last_per_one=None, last_date=None, per_one=Decimal(92))) == []


def test_a_rate_the_wrong_way_round_is_caught_when_it_differs() -> None:
    assert codes(replace(GOOD, per_one=1 / Decimal("0.88"))) == ["rate.unlikely"]


def test_a_rate_dated_tomorrow_is_refused() -> None:
    assert codes(replace(GOOD, rate_date=date(2025, 1, 7))) == ["rate.in-future"]


def test_a_rate_of_a_currency_against_itself_is_refused() -> None:
    assert codes(replace(GOOD, quote=Currency.HKD)) == ["rate.same-currency"]
