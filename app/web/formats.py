"""How money, dates, instants and shares are written for people, as plain text. Pure: language in, text out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.clock import BUSINESS_ZONE, business_date
from app.kernel.money import Money

NO_BREAK = "\u00a0"
"""Keeps an ISO code and its figure on one line."""

NIL = "–"
"""How an amount of nil stands in a table; an empty cell means that the column does not apply."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def whole_and_minor(amount: Money) -> tuple[str, str]:
    """The absolute amount as grouped whole units and minor units: `("1,284,600", ".00")`."""
    unit = 10**amount.currency.exponent
    whole, minor = divmod(abs(amount.minor), unit)
    return f"{whole:,}", f".{minor:0{amount.currency.exponent}d}"


def figure_text(amount: Money) -> str:
    """Grouped figure without a code, negatives in brackets, nil as 0.00: `(1,234.00)`."""
    text = "".join(whole_and_minor(amount))
    return f"({text})" if amount.minor < 0 else text


def amount_text(amount: Money | None) -> str:
    """A table cell: no code (the column names the currency), brackets for negatives, `–` for nil, empty for None."""
    if amount is None:
        return ""
    return figure_text(amount) if amount.minor else NIL


def money_text(amount: Money) -> str:
    """ISO code before the figure, unbreakable: `CNY 1,284,600.00`."""
    return f"{amount.currency}{NO_BREAK}{figure_text(amount)}"


def day_text(day: date, language: str) -> str:
    """A business date: `12 Feb 2026`, in Chinese `2026年2月12日`. An aware instant is taken in UTC+8 first."""
    if isinstance(day, datetime):
        day = business_date(day)
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day}{NO_BREAK}{_MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def instant_text(instant: datetime, language: str) -> str:
    """An aware instant in Hong Kong / Shenzhen time: `12 Feb 2026 10:42`."""
    local = instant.astimezone(BUSINESS_ZONE)
    return f"{day_text(local.date(), language)}{NO_BREAK}{local:%H:%M}"


def rate_text(rate: Decimal | None) -> str:
    """A rate with all its digits and at least four decimals, never in powers of ten: `0.9240`, `92.4060`."""
    if rate is None:
        return NIL
    exponent = rate.normalize().as_tuple().exponent
    return f"{rate:.{max(4, -exponent if isinstance(exponent, int) else 4)}f}"


def percent_text(percent: Decimal | int, places: int = 1) -> str:
    """A percentage (34.18 means 34.18 %), rounded half-up to `places`: `34.2%`."""
    step = Decimal(1).scaleb(-places)
    return f"{Decimal(percent).quantize(step, ROUND_HALF_UP):,}%"


def share_percent(part: Money, whole: Money) -> Decimal:
    """What share `part` is of `whole`, in percent to two places; nil when the whole is nil. One currency only."""
    if part.currency is not whole.currency or not whole.minor:
        return Decimal(0)
    return (Decimal(part.minor) * 100 / Decimal(whole.minor)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def listed_text(parts: Iterable[str], language: str) -> str:
    """Several words in a row, as the language separates them: `a, b`, in Chinese `a、b`."""
    return ("、" if language.startswith("zh") else ", ").join(parts)


def plain_text(value: object, language: str) -> object:
    """A message's parameter as people read it; anything but money, dates and rows of them is returned as it is."""
    if isinstance(value, Money):
        return money_text(value)
    if isinstance(value, datetime):
        return instant_text(value, language)
    if isinstance(value, date):
        return day_text(value, language)
    if isinstance(value, tuple):
        return listed_text((_row_text(each, language) for each in value), language)
    return value


def _row_text(row: object, language: str) -> str:
    parts = row if isinstance(row, tuple) else (row,)
    return " ".join(str(plain_text(each, language)) for each in parts)
