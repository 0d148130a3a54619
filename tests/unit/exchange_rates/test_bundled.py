"""The bundled history is real, crossed exactly, and has no gap where both currencies were quoted."""

from datetime import date
from decimal import Decimal

from app.exchange_rates.bundled import history


def test_the_cross_rate_of_a_known_day_is_that_days() -> None:
    rates = {day.rate_date: day.cny_per_hkd for day in history(date(2025, 1, 1))}
    assert Decimal("0.93") < rates[date(2025, 1, 6)] < Decimal("0.95")


def test_days_ascend_without_repeats() -> None:
    days = [day.rate_date for day in history(date(2024, 1, 1))]
    assert days == sorted(set(days))
    assert len(days) > 500
