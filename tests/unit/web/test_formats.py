"""How money, dates and shares are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.web import formats


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1284600.00", "1,284,600.00"),
        ("-1234.00", "(1,234.00)"),
        ("0.00", "–"),
        ("0.05", "0.05"),
        ("-0.05", "(0.05)"),
        ("999.99", "999.99"),
        ("1000.00", "1,000.00"),
    ],
)
def test_a_table_shows_grouped_figures_brackets_and_a_dash_for_nil(typed: str, shown: str) -> None:
    assert formats.amount_text(cny(typed)) == shown


def test_a_cell_that_does_not_apply_is_empty() -> None:
    assert formats.amount_text(None) == ""


def test_a_sentence_shows_the_code_before_the_amount_without_a_break() -> None:
    assert formats.money_text(cny("1284600.00")) == "CNY\u00a01,284,600.00"


def test_nil_in_a_sentence_is_a_figure() -> None:
    assert formats.money_text(Money.zero(Currency.HKD)) == "HKD\u00a00.00"


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_chinese_days_are_written_year_first(language: str) -> None:
    assert formats.day_text(date(2026, 2, 12), language) == "2026年2月12日"


def test_english_days_name_the_month() -> None:
    assert formats.day_text(date(2026, 2, 12), "en") == "12\u00a0Feb\u00a02026"


def test_an_instant_late_on_new_years_eve_in_london_is_next_year_in_hong_kong() -> None:
    shown = formats.instant_text(datetime(2025, 12, 31, 16, 30, tzinfo=UTC), "en")
    assert shown == "1\u00a0Jan\u00a02026\u00a000:30"


@pytest.mark.parametrize(("percent", "shown"), [("34.18", "34.2%"), ("0.05", "0.1%"), ("100", "100.0%")])
def test_percentages_round_half_up(percent: str, shown: str) -> None:
    assert formats.percent_text(Decimal(percent)) == shown


def test_a_share_of_nothing_is_nil() -> None:
    assert formats.share_percent(cny("1.00"), cny("0.00")) == 0


def test_a_share_across_currencies_is_never_shown() -> None:
    assert formats.share_percent(cny("1.00"), Money.parse("2.00", Currency.HKD)) == 0
