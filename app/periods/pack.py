"""The pack of a month: one ZIP with what an auditor asks for first. The same facts give the same bytes.

Trial balance and general ledger as the reports write them, checks with their notes, what was posted under an exception,
the checkpoint of the newest block and the rates the revaluation took.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.exchange_rates import queries as rates
from app.institutions.models import Institution
from app.kernel.currencies import Currency
from app.kernel.spreadsheet_text import csv_file, harmless
from app.ledger import periods
from app.ledger.sealing import bundle
from app.people import queries as people
from app.periods.rules import Check
from reports.catalogue import REPORTS
from reports.model import Language
from reports.output import Format, write
from reports.parameters import Parameters

REPORTS_OF_A_MONTH = ("trial-balance", "general-ledger")
_STAMP = (1980, 1, 1, 0, 0, 0)


def build(
    session: Session, place: Institution, first_day: date, checks: Sequence[Check], *, sealed_by: UUID, now: datetime
) -> bytes:
    """The ZIP's bytes. Amounts are exact decimal text; English, since it is read with the ledger's own words."""
    last_day = periods.month_end(first_day)
    parameters = Parameters(first_day, last_day, now, book_id=place.id)
    files = {
        f"{name}.{form}": write(REPORTS[name].build(session, parameters), form, Language.EN)
        for name in REPORTS_OF_A_MONTH
        for form in (Format.XLSX, Format.JSON)
    }
    files["checks.csv"] = _table(
        ("check", "outcome", "found", "note"),
        ((check.code, check.outcome, check.found_exactly, check.note) for check in checks),
    )
    files["exceptions.csv"] = _exceptions(session, place.id, first_day)
    files["posted-under-exception.csv"] = _uses(session, place.id, first_day)
    files["rates.csv"] = _rates(session, place, first_day)
    checkpoint = bundle.checkpoint(session, place.id)
    if checkpoint is not None:
        files["checkpoint.txt"] = checkpoint.encode()
    files["month.json"] = _facts(session, place, first_day, sealed_by, now)
    return _zipped(files)


def _exceptions(session: Session, book_id: UUID, first_day: date) -> bytes:
    rows = periods.exceptions(session, book_id, first_day)
    names = people.names_of(session, [key for row in rows for key in (row.person_id, row.given_by)])
    return _table(
        ("person", "given_by", "reason", "given_at", "expires_at", "ended_at", "entries"),
        (
            (
                names.get(row.person_id, str(row.person_id)),
                names.get(row.given_by, str(row.given_by)),
                row.reason,
                row.given_at.isoformat(),
                row.expires_at.isoformat(),
                row.ended_at.isoformat() if row.ended_at else "",
                row.used,
            )
            for row in rows
        ),
    )


def _uses(session: Session, book_id: UUID, first_day: date) -> bytes:
    rows = periods.posted_under_exception(session, book_id, first_day)
    names = people.names_of(session, [row.actor_id for row in rows])
    return _table(
        ("entry", "date", "recorded_at", "reason", "person", "exception", "exception_reason"),
        (
            (
                row.entry_id,
                row.effective_on.isoformat(),
                row.recorded_at.isoformat(),
                row.reason,
                names.get(row.actor_id, str(row.actor_id)),
                row.exception_id,
                row.exception_reason,
            )
            for row in rows
        ),
    )


def _rates(session: Session, place: Institution, first_day: date) -> bytes:
    functional = Currency(place.functional_currency)
    lines = []
    for run in periods.revaluations(session, place.id, first_day, functional):
        rate = rates.by_id(session, run.rate_id)
        quoted = (rate.base, rate.unit, rate.quote, rate.rate, rate.rate_date, rate.source) if rate else ("",) * 6
        lines.append((run.number, *quoted, run.foreign, run.carried, run.worth))
    head = ("run", "base", "unit", "quote", "rate", "rate_date", "source", "foreign", "carried", "worth")
    return _table(head, lines)


def _facts(session: Session, place: Institution, first_day: date, sealed_by: UUID, now: datetime) -> bytes:
    row = periods.month(session, place.id, first_day)
    names = people.names_of(session, (row.started_by, sealed_by))
    started = names.get(row.started_by, str(row.started_by)) if row.started_by else ""
    facts = {
        "book": place.code,
        "month": first_day.strftime("%Y-%m"),
        "functional_currency": place.functional_currency,
        "entries": row.entries,
        "closing_started_by": started,
        "closing_started_at": row.changed_at.isoformat() if row.changed_at else "",
        "sealed_by": names.get(sealed_by, str(sealed_by)),
        "sealed_at": now.isoformat(),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2).encode()


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    return csv_file(head, ([harmless(str(cell)) for cell in row] for row in rows))


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
