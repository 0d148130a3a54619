"""A file's lines into rows of a return: each cell checked by itself, each wrong one named by line and column. Pure.

Amounts are exact in their currency's minor unit and never rounded; a third decimal is refused. A negative amount on a
row of cost is red ink; every other kind of row states a positive amount.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import Words, _
from app.kernel.money import InvalidAmount, Money
from app.kernel.spreadsheet_text import FORMULA_STARTS
from app.ledger.headings import Heading
from app.returns.columns import (
    COLUMN_LABELS,
    HEADER_WITHIN,
    REQUIRED,
    Column,
    chosen,
    header_score,
    heading_of,
    kind_of,
)
from app.returns.states import RowKind
from app.table_files.reading import NOTHING_TAKEN, Layout

LAYOUT = Layout((), (), source=_("Columns of spending returns"), max_rows=50_000, max_unpacked=256 * 1024 * 1024)
MAX_FAULTS = 1_000
"""Wrong cells after which reading stops: a file that is wrong all through is wrong in its layout."""

Lines = Iterable[tuple[int, list[str]]]
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?")
_PLAIN_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SEPARATED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?")
_WITH_HEADING = frozenset({RowKind.COST, RowKind.SUPPLIER_REFUND, RowKind.SPONSORSHIP_IN_KIND, RowKind.ADVANCE_CLEARED,
                           RowKind.ORDER})  # fmt: skip
_TEXTS = (
    Column.PAYEE,
    Column.PAYEE_NUMBER,
    Column.DESCRIPTION,
    Column.DOCUMENT_CODE,
    Column.DOCUMENT_NUMBER,
    Column.ORDER_NUMBER,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an institution's columns and words mean. `currency` stands for rows that name none."""

    columns: Mapping[Column, str] = field(default_factory=dict)
    headings: Mapping[str, Heading] = field(default_factory=dict)
    currency: Currency | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the file gives it. `key` is the institution's own name of the row, unique under the contract."""

    line: int
    key: str
    kind: RowKind
    heading: Heading | None
    cost_on: date
    amount: Money
    payee: str = ""
    payee_number: str = ""
    description: str = ""
    document_code: str = ""
    document_number: str = ""
    order_number: str = ""

    @property
    def digest(self) -> bytes:
        """SHA-256 over everything the row says but its place in the file: what tells a repeat from another content."""
        said = [
            self.key, self.kind, self.heading, self.cost_on.isoformat(), self.amount.minor, self.amount.currency,
            self.payee, self.payee_number, self.description, self.document_code, self.document_number,
            self.order_number,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file says: the names of its columns, which of them are read as what, its rows and every wrong cell.

    `unknown` are words in the column of headings that mean no heading yet, in the file's order.
    """

    names: tuple[str, ...]
    header_line: int
    columns: Mapping[Column, str]
    rows: tuple[Row, ...]
    faults: tuple[Breach, ...]
    unknown: tuple[str, ...]
    lines: int


class WrongCell(ValueError):
    """A cell that cannot be taken."""

    def __init__(self, code: str, column: Column, message: str, cure: str = NOTHING_TAKEN, **params: object) -> None:
        """`params` fill the message; line and column are added where the cell stands."""
        super().__init__(code)
        self.code, self.column, self.message, self.cure, self.params = code, column, message, cure, params


def said(column: Column) -> Words:
    """A column that the file does not have, in the reader's language."""
    return Words((COLUMN_LABELS[column],))


def fault(
    code: str, line: int, column: str | Words, message: str, cure: str = NOTHING_TAKEN, **params: object
) -> Breach:
    """A breach that names the line and the column, under the field of the file."""
    params = {"line": line, "column": column, **params}
    return Breach(f"returns.{code}", message, cure, LAYOUT.source, params, field="file")


def read(lines: Lines, kept: Meaning) -> FileRead:
    """The rows of a file under the line that names the columns. Wrong cells are collected, never guessed at."""
    numbered = [(number, [cell.strip() for cell in cells]) for number, cells in _bounded(lines)]
    filled = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled:
        return FileRead((), 0, {}, (), (fault("empty", 1, "file", _("The file has no lines."), ""),), (), 0)
    place = _header_place([cells for _number, cells in filled[:HEADER_WITHIN]], kept.columns)
    header_line, names = filled[place]
    columns = chosen(names, kept.columns)
    found = _header_faults(header_line, names, columns)
    if Column.CURRENCY not in columns and kept.currency is None:
        message, cure = _("No column of the file is read as this."), _("Choose the column or the currency below.")
        found.append(fault("currency-missing", header_line, said(Column.CURRENCY), message, cure))
    if found:
        return FileRead(tuple(filter(None, names)), header_line, columns, (), tuple(found), (), 0)
    reader = _Reader(names, columns, kept)
    for number, cells in filled[place + 1 :]:
        reader.take(number, cells)
    if not reader.rows and not reader.faults:
        reader.faults.append(fault("empty", header_line, "file", _("The file has no lines."), ""))
    return FileRead(
        tuple(filter(None, names)),
        header_line,
        columns,
        tuple(reader.rows),
        tuple(reader.faults),
        tuple(reader.unknown),
        len(filled) - place - 1,
    )


def _bounded(lines: Lines) -> Lines:
    for count, (number, cells) in enumerate(lines):
        if count > LAYOUT.max_rows + HEADER_WITHIN:
            return
        yield number, cells


def _header_place(candidates: Sequence[Sequence[str]], kept: Mapping[Column, str]) -> int:
    """The line that names most columns, the first of equals."""
    scores = [header_score(names, kept) for names in candidates]
    return scores.index(max(scores))


def _header_faults(line: int, names: Sequence[str], columns: Mapping[Column, str]) -> list[Breach]:
    cure = _("Choose the column below, or correct the line that names the columns.")
    found = [
        fault("column-missing", line, said(column), _("No column of the file is read as this."), cure)
        for column in REQUIRED
        if column not in columns
    ]
    read_names = set(columns.values())
    found += [
        fault("column-twice", line, name, _("The column “%(column)s” stands twice."), cure)
        for name in read_names
        if list(names).count(name) > 1
    ]
    return found


class _Reader:
    """Rows under one header; keys are unique within the file."""

    def __init__(self, names: Sequence[str], columns: Mapping[Column, str], kept: Meaning) -> None:
        self.columns, self.kept = columns, kept
        self.places = {column: list(names).index(name) for column, name in columns.items()}
        self.rows: list[Row] = []
        self.faults: list[Breach] = []
        self.unknown: dict[str, None] = {}
        self.lines_of: dict[str, int] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Read one line; a wrong one is noted and left out."""
        if len(self.faults) >= MAX_FAULTS or len(self.rows) > LAYOUT.max_rows:
            return
        given = {column: cells[place] if place < len(cells) else "" for column, place in self.places.items()}
        try:
            row = self._row(line, given)
        except WrongCell as wrong:
            self._note(line, wrong)
            return
        if len(self.rows) == LAYOUT.max_rows:
            message = _("The file has more than %(limit)s lines.")
            self.faults.append(fault("too-long", line, "file", message, _("Divide the file."), limit=LAYOUT.max_rows))
        self.rows.append(row)

    def _note(self, line: int, wrong: WrongCell) -> None:
        name = self.columns.get(wrong.column) or said(wrong.column)
        self.faults.append(fault(wrong.code, line, name, wrong.message, wrong.cure, **wrong.params))

    def _row(self, line: int, given: Mapping[Column, str]) -> Row:
        texts = {column.value: _words(given.get(column, ""), column) for column in _TEXTS}
        key = self._key(line, given)
        kind = self._kind(given.get(Column.KIND, ""))
        heading = self._heading(given.get(Column.HEADING, ""), kind)
        amount = parse_amount(given.get(Column.AMOUNT, ""), self._currency(given.get(Column.CURRENCY, "")))
        if amount.minor < 0 and kind is not RowKind.COST:
            message = _("Only a row of cost takes a negative amount, as red ink: “%(value)s”.")
            raise WrongCell("amount-sign", Column.AMOUNT, message, value=str(amount.amount))
        if kind is RowKind.ORDER and not texts["order_number"]:
            raise WrongCell("order-missing", Column.ORDER_NUMBER, _("An open order has no number."))
        if not amount and kind is not RowKind.ORDER:
            raise WrongCell("amount-nil", Column.AMOUNT, _("The amount is nil."))
        return Row(line, key, kind, heading, parse_day(given.get(Column.COST_ON, "")), amount, **texts)

    def _key(self, line: int, given: Mapping[Column, str]) -> str:
        key = _words(given.get(Column.ROW_KEY, ""), Column.ROW_KEY, 100)
        if not key:
            raise WrongCell("key-missing", Column.ROW_KEY, _("The line has no voucher number."))
        number = _words(given.get(Column.ROW_NUMBER, ""), Column.ROW_NUMBER, 20)
        key = f"{key}/{number}" if number else key
        first = self.lines_of.setdefault(key, line)
        if first != line:
            message = _("The key “%(key)s” stands on line %(first)s already.")
            cure = _("Give each row its own key: choose the column with the line within the voucher as well.")
            raise WrongCell("key-twice", Column.ROW_KEY, message, cure, key=key, first=first)
        return key

    def _kind(self, text: str) -> RowKind:
        found = kind_of(text)
        if found is None:
            message = _("“%(value)s” is no kind of row known here.")
            cure = _("Write COST, OVERHEAD, SUPPLIER_REFUND, INTEREST, SPONSORSHIP_CASH, SPONSORSHIP_IN_KIND, ADVANCE,"
                     " ADVANCE_CLEARED or ORDER.")  # fmt: skip
            raise WrongCell("kind", Column.KIND, message, cure, value=text[:40])
        return found

    def _heading(self, text: str, kind: RowKind) -> Heading | None:
        if kind is RowKind.OVERHEAD:
            return Heading.OVERHEAD
        if kind not in _WITH_HEADING:
            return None
        if not text:
            raise WrongCell("heading-missing", Column.HEADING, _("The row names no heading."))
        found = heading_of(text, self.kept.headings)
        if found is None:
            self.unknown.setdefault(text[:100], None)
            cure = _("Say below which heading these words mean, or write the heading's code, such as TRAVEL.")
            raise WrongCell("heading", Column.HEADING, _("There is no heading “%(value)s”."), cure, value=text[:40])
        return found

    def _currency(self, text: str) -> Currency:
        if not text and self.kept.currency is not None:
            return self.kept.currency
        try:
            return Currency(
                {"RMB": "CNY", "人民币": "CNY", "人民幣": "CNY", "港币": "HKD", "港幣": "HKD"}.get(text, text)
            )
        except ValueError as error:
            message = _("“%(value)s” is not a currency the ledger keeps: CNY or HKD.")
            raise WrongCell("currency", Column.CURRENCY, message, value=text[:40]) from error


def parse_amount(text: str, currency: Currency) -> Money:
    """An exact amount, with commas between thousands or without; raises WrongCell for anything else."""
    try:
        return Money.parse(text.replace(",", "") if _SEPARATED.fullmatch(text) else text, currency)
    except InvalidAmount as error:
        cure = _("Write it in line %(line)s with the digits 0 to 9 and at most two decimals, such as 1,234.50.")
        raise WrongCell("amount", Column.AMOUNT, _("“%(value)s” is not an amount."), cure, value=text[:40]) from error


def parse_day(text: str) -> date:
    """A day written year first, so that day and month cannot be taken for each other; raises WrongCell otherwise."""
    match = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) for part in match.groups() if part)
        return date(year, month, day)
    except ValueError as error:
        message = _("“%(value)s” is not a date with the year first, such as 2026-03-31.")
        raise WrongCell("date", Column.COST_ON, message, value=text[:40]) from error


def _words(text: str, column: Column, longest: int = 200) -> str:
    if not text or text == "-":
        return ""
    if text.startswith(FORMULA_STARTS):
        raise WrongCell("formula", column, _("“%(value)s” would be a formula in a spreadsheet."), value=text[:40])
    plain = " ".join(text.split())
    if len(plain) > longest or not plain.isprintable():
        message = _("The text has control characters or more than %(limit)s characters.")
        raise WrongCell("text", column, message, limit=longest)
    return plain
