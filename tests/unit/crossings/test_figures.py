"""Figures of payments across the boundary: places, days, weeks, flows; currencies stay apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.crossings import figures
from app.crossings.figures import Crossing, Place
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money

FUNDER, GRANTEE, OTHER = new_id(), new_id(), new_id()
DAY = date(2026, 3, 4)
"""A Wednesday."""


def crossing(number: int = 1, **changes: Any) -> Crossing:
    """CNY 100.00 from Shenzhen to Hong Kong, released on a Wednesday."""
    values: dict[str, Any] = {
        "id": UUID(int=number),
        "reference": f"DSB-2026-{number:05d}",
        "contract": "CTR-2026-00001",
        "contract_id": UUID(int=900),
        "funder_id": FUNDER,
        "grantee_id": GRANTEE,
        "payee_account_id": UUID(int=901),
        "from_side": "SZ",
        "to_side": "HK",
        "amount": Money.parse("100.00", Currency.CNY),
        "released_on": DAY,
    }
    return Crossing(**(values | changes))


def arrived(number: int, days: int, **changes: Any) -> Crossing:
    """One that took so many days."""
    return crossing(number, settled_on=DAY, arrived_on=DAY + timedelta(days=days), **changes)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, Place.RELEASED),
        ({"settled_on": DAY}, Place.ON_THE_WAY),
        ({"settled_on": DAY, "arrived_on": DAY}, Place.ARRIVED),
        ({"arrived_on": DAY}, Place.ARRIVED),
        ({"settled_on": DAY, "arrived_on": DAY, "sent_back_on": DAY}, Place.SENT_BACK),
    ],
)
def test_a_payment_is_where_its_last_event_put_it(changes: dict[str, date], place: Place) -> None:
    assert crossing(**changes).place is place


def test_days_out_are_counted_from_the_release_and_never_negative() -> None:
    assert crossing().days_out(DAY + timedelta(days=9)) == 9
    assert crossing().days_out(DAY - timedelta(days=1)) == 0


def test_the_pace_of_a_route_is_of_payments_that_arrived() -> None:
    found = [arrived(n, days) for n, days in enumerate((1, 1, 2, 2, 3, 3, 4, 5, 9, 30), start=1)]
    found += [crossing(11), crossing(12, sent_back_on=DAY), arrived(13, 7, from_side="HK", to_side="SZ")]
    south, north = figures.pace(found)
    assert (north.route, north.arrived, north.median, north.ninetieth) == ("SZ-HK", 10, 3, 9)
    assert (south.route, south.arrived, south.median, south.ninetieth) == ("HK-SZ", 1, 7, 7)


def test_no_pace_without_an_arrival() -> None:
    assert figures.pace([crossing()]) == []


@given(st.lists(st.integers(0, 400), min_size=1), st.integers(1, 100))
def test_a_nearest_rank_is_one_of_the_values_and_covers_its_share(values: list[int], percent: int) -> None:
    found = figures.nearest_rank(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_a_week_begins_on_monday_and_holds_each_currency_apart() -> None:
    dollars = Money.parse("7.50", Currency.HKD)
    found = figures.weeks(
        [
            crossing(1, released_on=date(2026, 3, 2)),
            crossing(2, released_on=date(2026, 3, 8), amount=dollars),
            crossing(3, released_on=date(2026, 3, 9)),
            crossing(4, released_on=date(2026, 3, 3), sent_back_on=DAY),
            crossing(5, released_on=date(2026, 3, 3), from_side="HK", to_side="SZ"),
        ]
    )
    said = [(each.monday, each.route, each.value.count, str(each.value.cny), str(each.value.hkd)) for each in found]
    cny, hkd = str(Money.parse("100.00", Currency.CNY)), str(dollars)
    nil = str(Money.zero(Currency.HKD))
    assert said == [
        (date(2026, 3, 9), "SZ-HK", 1, cny, nil),
        (date(2026, 3, 2), "HK-SZ", 1, cny, nil),
        (date(2026, 3, 2), "SZ-HK", 2, cny, hkd),
    ]


def test_flows_are_by_pair_and_currency_with_the_largest_first() -> None:
    dollars = Money.parse("500.00", Currency.HKD)
    found = figures.flows(
        [
            crossing(1),
            crossing(2),
            crossing(3, grantee_id=OTHER, amount=Money.parse("300.00", Currency.CNY)),
            crossing(4, amount=dollars),
            crossing(5, sent_back_on=DAY),
        ]
    )
    assert [(each.grantee_id, each.count, each.amount) for each in found] == [
        (OTHER, 1, Money.parse("300.00", Currency.CNY)),
        (GRANTEE, 2, Money.parse("200.00", Currency.CNY)),
        (GRANTEE, 1, dollars),
    ]
    assert [figures.percent_of_largest(each, found) for each in found] == [100, 66, 100]
