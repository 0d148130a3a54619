"""A report's tables as plain records for machines: the same in CSV, JSON and the files attached to a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from app.kernel.money import Money
from reports.model import Cell, Column, Kind, Report, Row, Span, Table
from reports.output import formats
from reports.output.wording import Voice


class Figure(str):
    """A decimal, date or code as exact text: safe to write as it is, unlike words a person typed."""

    __slots__ = ()


Record = dict[str, str | int | None]
"""Field name to value: amounts and decimals as exact decimal strings, dates as ISO, words in one language."""


Told = Sequence[Sequence[tuple[Row, Record]]]
"""The records of each table of a report, in order."""


def told(report: Report, voice: Voice) -> Told:
    """Every table's rows with their records: made once where the same figures go into several files."""
    return [list(records(table, voice)) for table in report.tables]


def field_names(column: Column) -> tuple[str, ...]:
    """The fields a column takes: an amount is never apart from its currency, by name or in a field of its own."""
    if column.kind is not Kind.MONEY:
        return (column.key,)
    if column.currency is not None:
        return (f"{column.key}_{column.currency}",)
    return (f"{column.key}_currency", column.key)


def table_fields(table: Table) -> tuple[str, ...]:
    """The fields of a table in the columns' order."""
    return tuple(name for column in table.columns for name in field_names(column))


def records(table: Table, voice: Voice) -> Iterator[tuple[Row, Record]]:
    """Each row with its record; cells that do not apply are left out."""
    columns = [(column, field_names(column)) for column in table.columns]
    for row in table.rows:
        record: Record = {}
        at = 0
        for cell in row.cells:
            column, names = columns[at]
            at += cell.columns if isinstance(cell, Span) else 1
            if cell is not None:
                _put(record, column, names, cell, voice)
        yield row, record


def _put(record: Record, column: Column, names: tuple[str, ...], cell: Cell, voice: Voice) -> None:
    match cell:
        case Money():
            record[names[-1]] = Figure(formats.plain_amount(cell))
            if len(names) == 2:
                record[names[0]] = Figure(cell.currency)
        case date():
            record[names[-1]] = Figure(cell.isoformat())
        case Decimal():
            record[names[-1]] = Figure(f"{cell:f}")
        case int():
            record[names[-1]] = cell
        case _:
            record[names[-1]] = voice.cell(cell, column).text
