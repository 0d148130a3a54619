"""The bundled daily history: European Central Bank reference rates, crossed from euro to CNY per HKD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from currency_converter import CurrencyConverter

SOURCE = "European Central Bank euro reference rates, CNY/EUR divided by HKD/EUR"
NOTE = "Cross rate; not the central parity of the People's Bank of China"
TEN_PLACES = Decimal("0.0000000001")
FIRST_DAY = date(2015, 1, 1)
"""Older history is left out: no contract kept here can reach back so far."""


@dataclass(frozen=True, slots=True)
class BundledRate:
    """One day's cross rate: CNY for 1 HKD, rounded half-up to ten places."""

    rate_date: date
    cny_per_hkd: Decimal


def history(first_day: date = FIRST_DAY) -> Iterator[BundledRate]:
    """Every business day of the bundled history from `first_day` on, oldest first."""
    converter = CurrencyConverter(decimal=True)
    renminbi, dollars = converter._rates["CNY"], converter._rates["HKD"]
    day = max(first_day, converter.bounds["CNY"].first_date, converter.bounds["HKD"].first_date)
    last_day = min(converter.bounds["CNY"].last_date, converter.bounds["HKD"].last_date)
    while day <= last_day:
        cny, hkd = renminbi.get(day), dollars.get(day)
        if cny is not None and hkd is not None:
            yield BundledRate(day, (cny / hkd).quantize(TEN_PLACES, ROUND_HALF_UP))
        day += timedelta(days=1)
