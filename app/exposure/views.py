"""The file of exposures: one line for each pocket, as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.exposure.figures import PocketExposure
from app.kernel.money import Money
from app.kernel.spreadsheet_text import csv_file, harmless

HEAD = (
    "fund",
    "name",
    "currency",
    "allocated",
    "held",
    "available",
    "exposed_held",
    "exposed_on_the_way",
    "exposed",
    "foreign_currency",
    "exposed_in_foreign",
    "rate",
    "rate_unit",
    "rate_base",
    "rate_date",
    "rate_source",
    "covered",
    "uncovered",
)


def exposure_file(exposures: Iterable[PocketExposure], today: date) -> tuple[bytes, str, str]:
    """Every pocket on a line: content, media type and file name. Amounts are in the currency their column names."""
    name = f"exposure-{today.isoformat()}.csv"
    return csv_file(HEAD, [_row(each) for each in exposures]), "text/csv; charset=utf-8", name


def _row(each: PocketExposure) -> tuple[object, ...]:
    rate = each.rate
    position = each.position
    return (
        each.fund.reference,
        harmless(each.fund.name_en),
        each.currency.value,
        *(_plain(amount) for amount in (position.credit, position.held, position.available)),
        *(_plain(amount) for amount in (each.held, each.on_the_way, each.unpaid)),
        each.foreign.value,
        _plain(each.in_foreign),
        format(rate.rate.normalize(), "f") if rate else "",
        rate.unit if rate else "",
        rate.base.value if rate else "",
        rate.rate_date.isoformat() if rate else "",
        harmless(rate.source) if rate else "",
        _plain(each.covered),
        _plain(each.uncovered),
    )


def _plain(amount: Money | None) -> str:
    return str(amount.amount) if amount is not None else ""
