"""Open days of banks on both sides: the vectors worked out for 2026, days entered by hand, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.institutions.states import Side
from app.rails.days import BankDays, DayOverride, holiday_name, is_holiday, is_makeup_day, last_gazetted_year

BOTH = ("SZ", "HK")
FRIDAY = date(2026, 2, 13)
YEAR_2026 = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
SIDES = st.sampled_from(["SZ", "HK", BOTH])


def entered(side: str, day: date, *, is_open: bool, reason: str = "Typhoon") -> BankDays:
    return BankDays({(side, day): DayOverride(side, day, is_open, reason)})


@pytest.mark.parametrize(("sides", "reached"), [("HK", date(2026, 2, 20)), (BOTH, date(2026, 2, 25))])
def test_two_working_days_after_the_friday_before_the_new_year_of_2026(
    sides: str | tuple[str, ...], reached: date
) -> None:
    assert BankDays().plus(sides, FRIDAY, 2) == reached


def test_banks_in_hong_kong_are_closed_on_a_saturday() -> None:
    assert not BankDays().is_open("HK", date(2026, 3, 7))


def test_sixteen_weekdays_of_2026_are_open_on_one_side_only() -> None:
    days = BankDays()
    one_sided = [d for d in YEAR_2026 if d.weekday() < 5 and days.is_open("SZ", d) != days.is_open("HK", d)]
    closed = [next(side for side in BOTH if not days.is_open(side, day)) for day in one_sided]
    assert (len(closed), closed.count("SZ"), closed.count("HK")) == (16, 11, 5)


def test_six_working_weekends_of_2026_are_open_only_where_they_are_asked_for() -> None:
    days = BankDays()
    makeup = [day for day in YEAR_2026 if is_makeup_day("SZ", day)]
    assert len(makeup) == 6
    assert all(day.weekday() >= 5 for day in makeup)
    assert not any(days.is_open("SZ", day) for day in makeup)
    assert all(days.is_open("SZ", day, makeup=True) for day in makeup)
    assert not any(days.is_open("HK", day, makeup=True) for day in makeup)


def test_next_open_day_on_both_sides_after_a_mainland_day_off() -> None:
    assert BankDays().next_open(BOTH, date(2026, 2, 20)) == date(2026, 2, 24)
    assert BankDays().next_open("HK", date(2026, 2, 20)) == date(2026, 2, 20)


def test_working_weekends_of_a_year_that_is_not_gazetted_are_unknown() -> None:
    days, unknown = BankDays(), last_gazetted_year() + 1
    assert days.gazetted("SZ", 2026)
    assert not days.gazetted("SZ", unknown)
    assert days.gazetted("HK", unknown)
    assert not days.gazetted("MO", 2026)


def test_day_entered_by_hand_goes_before_the_calendar() -> None:
    typhoon, worked = date(2026, 9, 9), date(2026, 2, 16)
    assert not entered("HK", typhoon, is_open=False).is_open("HK", typhoon)
    assert entered("HK", typhoon, is_open=False).is_open("SZ", typhoon)
    assert entered("SZ", worked, is_open=True).is_open("SZ", worked)


def test_weekend_entered_as_open_is_a_working_weekend() -> None:
    saturday = date(2027, 2, 20)
    days = entered("SZ", saturday, is_open=True, reason="Works for the Monday")
    assert not days.is_open("SZ", saturday)
    assert days.is_open("SZ", saturday, makeup=True)


def test_working_weekend_entered_as_closed_is_closed() -> None:
    saturday = date(2026, 2, 14)
    assert not entered("SZ", saturday, is_open=False).is_open("SZ", saturday, makeup=True)


@pytest.mark.parametrize(
    ("side", "day", "language", "name"),
    [
        ("HK", date(2026, 7, 1), "en", "Hong Kong Special Administrative Region Establishment Day"),
        ("HK", date(2026, 7, 1), "zh-Hant", "香港特別行政區成立紀念日"),
        ("HK", date(2026, 7, 1), "zh-Hans", "香港特别行政区成立纪念日"),
        ("SZ", date(2026, 2, 17), "zh-Hans", "春节"),
        ("SZ", date(2026, 2, 20), "en", "Day off (substituted from 2026-02-14)"),
        ("SZ", date(2026, 3, 2), "en", ""),
    ],
)
def test_holiday_is_named_in_the_language_of_the_reader(side: str, day: date, language: str, name: str) -> None:
    assert BankDays().name(side, day, language) == name
    assert holiday_name(side, day, language) == name


def test_day_entered_by_hand_is_named_by_its_reason() -> None:
    day = date(2026, 9, 9)
    assert (
        entered("HK", day, is_open=False, reason="Typhoon signal 10").name("HK", day, "zh-Hant") == "Typhoon signal 10"
    )


def test_side_without_a_calendar_counts_monday_to_friday() -> None:
    days = BankDays()
    assert days.is_open(Side.OTHER, date(2026, 2, 17))
    assert not days.is_open(Side.OTHER, date(2026, 2, 21))
    assert not is_holiday(Side.MO, date(2026, 10, 1))


def test_closure_without_end_is_not_looked_through_for_ever() -> None:
    always = {("HK", FRIDAY + timedelta(days=n)): DayOverride("HK", FRIDAY, False, "Closed") for n in range(400)}
    with pytest.raises(LookupError):
        BankDays(always).next_open("HK", FRIDAY)


@given(SIDES, DAYS, st.booleans())
def test_next_open_day_is_open_never_earlier_and_none_is_passed_over(
    sides: str | tuple[str, ...], day: date, makeup: bool
) -> None:
    days, asked = BankDays(), (sides,) if isinstance(sides, str) else sides
    found = days.next_open(sides, day, makeup=makeup)
    assert found >= day
    assert all(days.is_open(side, found, makeup=makeup) for side in asked)
    between = [day + timedelta(days=step) for step in range((found - day).days)]
    assert not any(all(days.is_open(side, each, makeup=makeup) for side in asked) for each in between)


@given(SIDES, DAYS, st.integers(0, 40), st.integers(0, 15), st.integers(0, 5))
def test_counting_working_days_never_goes_back(
    sides: str | tuple[str, ...], day: date, later: int, count: int, more: int
) -> None:
    days = BankDays()
    reached = days.plus(sides, day, count)
    assert reached >= day
    assert days.plus(sides, day + timedelta(days=later), count) >= reached
    assert days.plus(sides, day, count + more) >= reached
