"""How figures are printed: Hong Kong accounting habits for amounts, each side's habits for dates.

Amounts are printed to the cent, or in thousands rounded half-up where a report asks for it. A bare $ or ¥ is never
printed: two currencies share the pages.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import Convention, Language

NIL = "–"
BUSINESS_ZONE = timezone(timedelta(hours=8))
"""Hong Kong and Shenzhen keep UTC+8 all year."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_CENTS_IN_A_THOUSAND = 100_000
_THOUSANDS_HEADS = {
    Language.EN: {Currency.HKD: "HK$'000 (HKD)", Currency.CNY: "RMB'000 (CNY)"},
    Language.ZH_HANT: {Currency.HKD: "千港元 (HKD)", Currency.CNY: "人民幣千元 (CNY)"},
    Language.ZH_HANS: {Currency.HKD: "千港元 (HKD)", Currency.CNY: "人民币千元 (CNY)"},
}
_HEADS = {
    Language.EN: {Currency.HKD: "HK$ (HKD)", Currency.CNY: "RMB (CNY)"},
    Language.ZH_HANT: {Currency.HKD: "港元 (HKD)", Currency.CNY: "人民幣 (CNY)"},
    Language.ZH_HANS: {Currency.HKD: "港元 (HKD)", Currency.CNY: "人民币 (CNY)"},
}


def amount(value: Money) -> str:
    """The figure alone, under a column head that names its currency: `1,234.56`, `(1,234.00)`, nil an en dash."""
    if value.minor == 0:
        return NIL
    return f"({_grouped(value)})" if value.minor < 0 else _grouped(value)


def _grouped(value: Money) -> str:
    """The amount without its sign, to the cent, in groups of three."""
    whole, cents = divmod(abs(value.minor), 100)
    return f"{whole:,}.{cents:02d}"


def thousands(value: Money) -> int:
    """The amount in thousands of its currency, rounded half-up (away from nil)."""
    rounded = (abs(value.minor) + _CENTS_IN_A_THOUSAND // 2) // _CENTS_IN_A_THOUSAND
    return -rounded if value.minor < 0 else rounded


def amount_in_thousands(value: Money) -> str:
    """The figure alone in thousands: `1,235`, `(1,234)`, nil an en dash, and `0` for what only rounds to nil."""
    if value.minor == 0:
        return NIL
    rounded = thousands(value)
    return f"({-rounded:,})" if rounded < 0 else f"{rounded:,}"


def money_in_thousands(value: Money) -> str:
    """Code and figure in thousands: `HKD'000 1,235`."""
    return f"{value.currency}'000 {amount_in_thousands(value)}"


def money(value: Money) -> str:
    """Code and figure, as in text: `HKD 1,234.56`, negative `HKD (1,234.00)`, nil `HKD 0.00`."""
    digits = _grouped(value)
    return f"{value.currency} ({digits})" if value.minor < 0 else f"{value.currency} {digits}"


def plain_amount(value: Money) -> str:
    """The exact decimal for machines: `-1234.00`."""
    return value.plain


def currency_head(currency: Currency, language: Language, *, in_thousands: bool = False) -> str:
    """What stands over a column of one currency: the customary sign or name and the ISO code; `'000` for thousands."""
    return (_THOUSANDS_HEADS if in_thousands else _HEADS)[language][currency]


def date_in_text(day: date, language: Language) -> str:
    """`31 March 2026`, in Chinese `2026年3月31日`."""
    if language is Language.EN:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def date_in_table(day: date, convention: Convention) -> str:
    """`31/03/2026` in Hong Kong documents, `2026-03-31` in Mainland ones."""
    return f"{day:%Y-%m-%d}" if convention is Convention.MAINLAND else f"{day:%d/%m/%Y}"


def instant_in_text(instant: datetime, language: Language) -> str:
    """Date and time of day in UTC+8: `31 March 2026, 14:05 (UTC+8)`."""
    local = instant.astimezone(BUSINESS_ZONE)
    separator = ", " if language is Language.EN else " "
    return f"{date_in_text(local.date(), language)}{separator}{local:%H:%M} (UTC+8)"


def business_date(instant: datetime) -> date:
    """The Hong Kong and Shenzhen date of an instant."""
    return instant.astimezone(BUSINESS_ZONE).date()


def utc_stamp(instant: datetime) -> str:
    """ISO 8601 in UTC to the second, for machines."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def percent(value: Decimal) -> str:
    """A percentage given in per cent, to one place half-up: `93.4%`, negative `(3.2%)`, nil an en dash."""
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded == 0:
        return NIL
    return f"({abs(rounded):,f}%)" if rounded < 0 else f"{rounded:,f}%"


def integer(value: int) -> str:
    """A count: `1,234`, negative in brackets, nil an en dash."""
    if value == 0:
        return NIL
    return f"({-value:,})" if value < 0 else f"{value:,}"


def decimal(value: Decimal) -> str:
    """A rate or ratio with all the places it was given: `0.9250`."""
    return f"{value:,f}"
