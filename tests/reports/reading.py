"""Reads a report as a person does: a row by its words, a cell by its column."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.models import Contract
from reports.catalogue import REPORTS
from reports.model import Language, Multilingual, Report, Row, Span, Table, Text
from reports.output.wording import voice
from reports.parameters import Parameters
from tests.builders.payments import NOW, PaymentWorld

FIRST_DAY = date(2025, 9, 1)
LAST_DAY = date(2026, 11, 30)


def about_contract(
    session: Session, made: PaymentWorld, name: str, first_day: date = FIRST_DAY, last_day: date = LAST_DAY
) -> Report:
    """A report about the world's contract."""
    session.flush()
    return REPORTS[name].build(session, Parameters(first_day, last_day, NOW, made.contract.id))


def about_book(
    session: Session, book_id: Any, name: str, first_day: date = FIRST_DAY, last_day: date = LAST_DAY
) -> Report:
    """A report about a book."""
    session.flush()
    return REPORTS[name].build(session, Parameters(first_day, last_day, NOW, None, book_id))


def about_project(
    session: Session, made: PaymentWorld, name: str, first_day: date = FIRST_DAY, last_day: date = LAST_DAY
) -> Report:
    """A report about the world's project with all its contracts."""
    session.flush()
    project_id = made.contract.project_id
    ids = tuple(session.scalars(select(Contract.id).where(Contract.project_id == project_id)))
    asked = Parameters(first_day, last_day, NOW, project_id=project_id, contract_ids=ids)
    return REPORTS[name].build(session, asked)


def words(report: Report, value: Any) -> str:
    """Any text of the report, in English."""
    return voice(report, Language.EN).say(value).text


def table(report: Report, key: str | None = None) -> Table:
    """The report's table of that key, or its first."""
    return next(each for each in report.tables if key is None or each.key == key)


def _label(report: Report, row: Row) -> str:
    said = [words(report, each) for each in row.cells[:3] if isinstance(each, Text | Multilingual)]
    return said[0] if said else ""


def labels(report: Report, key: str | None = None) -> list[str]:
    """What the rows are called."""
    return [_label(report, each) for each in table(report, key).rows]


def row(report: Report, label: str, key: str | None = None) -> Row:
    """The row that is called `label`."""
    for each in table(report, key).rows:
        if _label(report, each) == label:
            return each
    raise AssertionError(f"no row {label!r}, only {labels(report, key)}")


def cell(report: Report, label: str, column: str, key: str | None = None) -> Any:
    """What stands in the row under the column; words in English; None where it is blank."""
    at = next(index for index, each in enumerate(table(report, key).columns) if each.key == column)
    seen = 0
    for each in row(report, label, key).cells:
        width = each.columns if isinstance(each, Span) else 1
        if seen <= at < seen + width:
            return words(report, each.words) if isinstance(each, Span) else each
        seen += width
    raise AssertionError(f"no column {column!r}")


def amounts(report: Report, label: str, *columns: str, key: str | None = None) -> tuple[str | None, ...]:
    """Amounts of a row as plain decimals; None where blank."""
    found = (cell(report, label, column, key) for column in columns)
    return tuple(None if each is None else str(each.amount) for each in found)


def notes(report: Report) -> str:
    """All notes, in English."""
    return "\n".join(words(report, each) for note in report.notes for each in note.paragraphs)
