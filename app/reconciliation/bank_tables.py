"""Reads a statement out of a bank's own table, CSV or XLSX, by a layout that says which column is which.

The layout is data: it is typed when a file is brought and kept with the file. Amounts are exact to two decimals; with a
mark between thousands only where it stands in threes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.kernel.money import InvalidAmount, Money
from app.reconciliation.commands import TableLayout
from app.reconciliation.statements import LineRead, StatementRead
from app.reconciliation.states import DATE_PATTERNS, DateForm, DecimalMark
from app.table_files.reading import Layout, lines

MAX_LINES = 50_000
SOURCE = _("Layout typed with the file")
_FILE = Layout(columns=(), required=(), source=SOURCE, max_rows=MAX_LINES, max_unpacked=64 * 1024 * 1024)
_COLUMNS = ("booked_on", "value_on", "amount", "paid_in", "paid_out", "reference", "text")
_PLAIN = {
    DecimalMark.POINT: re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?"),
    DecimalMark.COMMA: re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]*)?"),
}


def read(content: bytes, layout: TableLayout, currency: Currency) -> tuple[StatementRead, ...]:
    """The one statement of the table. Raises InputRefused, naming line and column, or what the layout lacks."""
    found = _layout_breaches(layout)
    if found or layout.opening is None or layout.closing is None or layout.first_day is None or layout.last_day is None:
        raise InputRefused(*found)
    taken: list[LineRead] = []
    breaches: list[Breach] = []
    for number, cells in _rows(content, layout):
        try:
            line = _line(number, cells, layout, currency)
        except InputRefused as refusal:
            breaches += refusal.breaches
        else:
            taken += [line] if line.amount else []
    if breaches:
        raise InputRefused(*breaches[:50])
    return (StatementRead(layout.first_day, layout.last_day, layout.opening, layout.closing, tuple(taken)),)


def _layout_breaches(layout: TableLayout) -> list[Breach]:
    lacking = [name for name in ("first_day", "last_day", "opening", "closing") if getattr(layout, name) is None]
    if not layout.booked_on:
        lacking.append("booked_on")
    if bool(layout.amount) == bool(layout.paid_in or layout.paid_out) or bool(layout.paid_in) != bool(layout.paid_out):
        lacking.append("amount")
    message = _("A table does not say this by itself.")
    cure = _("Type the days, the balances, the column of the booking date, and one column of amounts or two.")
    return [Breach("bank-file.layout", message, cure, SOURCE, field=name) for name in lacking]


def _rows(content: bytes, layout: TableLayout) -> Iterator[tuple[int, Mapping[str, str]]]:
    numbered = lines(content, _FILE)
    number, head = next(numbered, (1, []))
    names = [cell.strip().casefold() for cell in head]
    wanted = {name: getattr(layout, name).strip().casefold() for name in _COLUMNS if getattr(layout, name)}
    found = [
        _fault("column", number, wanted[name], _("The first line has no column “%(column)s”, or has it twice."), name)
        for name in wanted
        if names.count(wanted[name]) != 1
    ]
    if found:
        raise InputRefused(*found)
    places = {name: names.index(title) for name, title in wanted.items()}
    for count, (at, cells) in enumerate(numbered, 1):
        if count > MAX_LINES:
            raise InputRefused(_fault("too-long", at, "file", _("The file has more than %(limit)s lines.")))
        if any(cell.strip() for cell in cells):
            yield at, {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}


def _line(number: int, cells: Mapping[str, str], layout: TableLayout, currency: Currency) -> LineRead:
    booked = _day(number, layout.booked_on, cells["booked_on"], layout.date_form)
    value = _day(number, layout.value_on, cells["value_on"], layout.date_form) if cells.get("value_on") else booked
    if layout.amount:
        amount = _amount(number, layout.amount, cells["amount"], layout.decimal_mark, currency)
    else:
        paid_in = _amount(number, layout.paid_in, cells["paid_in"] or "0", layout.decimal_mark, currency)
        paid_out = _amount(number, layout.paid_out, cells["paid_out"] or "0", layout.decimal_mark, currency)
        amount = abs(paid_in) - abs(paid_out)
    return LineRead(booked, value, amount, cells.get("reference", "")[:200], "", cells.get("text", "")[:500])


def _day(number: int, column: str, written: str, form: DateForm) -> date:
    for pattern in (DATE_PATTERNS[form], DATE_PATTERNS[DateForm.ISO]):
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    message = _("Line %(line)s, column “%(column)s”: “%(value)s” is not a day written %(form)s.")
    raise InputRefused(_fault("day", number, column, message, value=written[:40], form=form.value))


def _amount(number: int, column: str, written: str, mark: DecimalMark, currency: Currency) -> Money:
    plain = written.replace(" ", "")
    if plain.isascii() and _PLAIN[mark].fullmatch(plain):
        between, point = (",", ".") if mark is DecimalMark.POINT else (".", ",")
        exact = plain.removeprefix("+").replace(between, "").replace(point, ".")
        try:
            return Money.parse(exact.removesuffix("."), currency)
        except InvalidAmount:
            pass
    message = _("Line %(line)s, column “%(column)s”: “%(value)s” is not an amount with at most two decimals.")
    raise InputRefused(_fault("amount", number, column, message, value=written[:40]))


def _fault(code: str, line: int, column: str, message: str, field: str = "file", **params: object) -> Breach:
    cure = _("Correct the layout or the file, and bring it again: nothing was taken.")
    said = {"line": line, "column": column, "limit": MAX_LINES, **params}
    return Breach(f"bank-file.{code}", message, cure, SOURCE, said, field=field)
