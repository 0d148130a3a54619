"""Reads a CSV of rates: base, quote, unit, rate, date, and optionally kind, market, source. Pure text to rows."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from app.exchange_rates.models import RateKind
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency, Market
from app.kernel.errors import InputRefused
from app.kernel.messages import _

COLUMNS = ("base", "quote", "unit", "rate", "date")
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line of a rate file: `rate` units of `quote` for `unit` (1 or 100) units of `base`."""

    line: int
    kind: RateKind
    base: Currency
    quote: Currency
    market: Market
    unit: int
    rate: Decimal
    rate_date: date
    source: str


def read(content: bytes, default_source: str) -> list[RateRow]:
    """Parse a whole file; raises InputRefused naming every wrong line and column, so that nothing is half taken."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(_wrong(1, "file", _("The file is not UTF-8 text."))) from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise InputRefused(_wrong(1, ", ".join(missing), _("A column is missing from the first line.")))
    rows: list[RateRow] = []
    breaches: list[Breach] = []
    for number, record in enumerate(reader, start=2):
        if number > MAX_ROWS + 1:
            raise InputRefused(_wrong(number, "file", _("The file has more lines than one import takes.")))
        outcome = _row(number, record, default_source)
        if isinstance(outcome, Breach):
            breaches.append(outcome)
        else:
            rows.append(outcome)
    if breaches:
        raise InputRefused(*breaches[:50])
    if not rows:
        raise InputRefused(_wrong(2, "file", _("The file has no rates.")))
    return rows


def _row(number: int, record: dict[str, str], default_source: str) -> RateRow | Breach:
    column = "base"
    try:
        base = Currency(record["base"].strip())
        column = "quote"
        quote = Currency(record["quote"].strip())
        column = "unit"
        unit = {"1": 1, "100": 100}[record["unit"].strip()]
        column = "rate"
        rate = _positive(record["rate"])
        column = "date"
        rate_date = date.fromisoformat(record["date"].strip())
        column = "kind"
        kind = RateKind(record.get("kind") or RateKind.BOOKING)
        column = "market"
        market = Market(record.get("market") or Market.ONSHORE)
    except (ValueError, KeyError, AttributeError, InvalidOperation):
        return _wrong(number, column, _("The value cannot be read."))
    source = (record.get("source") or default_source).strip()[:200]
    return RateRow(number, kind, base, quote, market, unit, rate, rate_date, source)


def _positive(text: str) -> Decimal:
    stripped = text.strip()
    if not stripped.isascii():
        raise ValueError(stripped)
    rate = Decimal(stripped)
    if not rate.is_finite() or rate <= 0 or rate.adjusted() > 8 or rate != round(rate, 10):
        raise ValueError(stripped)
    return rate


def _wrong(line: int, column: str, message: str) -> Breach:
    return Breach(
        "rates.file-line",
        message,
        cure=_("Correct line %(line)s, column %(column)s, and import the whole file again: nothing was taken."),
        source=_("Format of rate files"),
        params={"line": line, "column": column},
        field="file",
    )
