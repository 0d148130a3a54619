"""Figures print by Hong Kong habits, dates by each side's."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import Convention, Language
from reports.output import formats


@pytest.mark.parametrize(
    ("minor", "alone", "in_text"),
    [
        (123456, "1,234.56", "HKD 1,234.56"),
        (-123400, "(1,234.00)", "HKD (1,234.00)"),
        (0, "–", "HKD 0.00"),
        (-1, "(0.01)", "HKD (0.01)"),
        (999999999999999, "9,999,999,999,999.99", "HKD 9,999,999,999,999.99"),
    ],
)
def test_amounts_have_thousands_and_brackets_and_a_dash_for_nil(minor: int, alone: str, in_text: str) -> None:
    assert formats.amount(Money(minor, Currency.HKD)) == alone
    assert formats.money(Money(minor, Currency.HKD)) == in_text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("currency", list(Currency))
def test_a_column_head_always_has_the_iso_code(language: Language, currency: Currency) -> None:
    assert f"({currency})" in formats.currency_head(currency, language)


def test_dates_in_text_follow_the_language() -> None:
    day = date(2026, 3, 31)
    assert formats.date_in_text(day, Language.EN) == "31 March 2026"
    assert formats.date_in_text(day, Language.ZH_HANT) == "2026年3月31日"
    assert formats.date_in_text(day, Language.ZH_HANS) == "2026年3月31日"


def test_dates_in_tables_follow_the_side() -> None:
    assert formats.date_in_table(date(2026, 3, 1), Convention.HONG_KONG) == "01/03/2026"
    assert formats.date_in_table(date(2026, 3, 1), Convention.MAINLAND) == "2026-03-01"


def test_an_instant_late_on_new_years_eve_utc_is_new_year_in_hong_kong() -> None:
    instant = datetime(2025, 12, 31, 16, 5, tzinfo=UTC)
    assert formats.business_date(instant) == date(2026, 1, 1)
    assert formats.instant_in_text(instant, Language.EN) == "1 January 2026, 00:05 (UTC+8)"
    assert formats.utc_stamp(instant) == "2025-12-31T16:05:00Z"


@pytest.mark.parametrize(
    ("value", "printed"),
    [("93.44", "93.4%"), ("93.45", "93.5%"), ("-3.25", "(3.3%)"), ("0", "–"), ("0.04", "–"), ("1234.5", "1,234.5%")],
)
def test_percentages_have_one_place_half_up(value: str, printed: str) -> None:
    assert formats.percent(Decimal(value)) == printed


def test_counts_and_rates_keep_their_places() -> None:
    assert [formats.integer(value) for value in (0, 1234, -5)] == ["–", "1,234", "(5)"]
    assert formats.decimal(Decimal("0.9250")) == "0.9250"
