"""What it costs to ask whether a document was presented before, over a large register.

Run `python -m benchmarks.duplicates [DOCUMENTS]`. A database of its own is started in a temporary home and left behind
by nobody; the aim is five million documents (14 million rows, 6 GB on disk while it runs). Indexes are laid down after
the rows. Each document has a row for its number and one for its file; a fifth has four more for a photograph.
The reference of the same run is fetching one row of the same table by its primary key. What was put in must be found,
and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.db import session as database
from app.db.unit_of_work import unit_of_work
from app.evidence import duplicates
from app.evidence.fields import DocumentFields
from app.evidence.keys import DocumentKeyValue, keys_of
from app.evidence.models import DocumentKey
from app.evidence.states import KeyKind
from app.kernel.identity import new_id
from benchmarks.scratch import scratch_database
from tests.builders import projects

DOCUMENTS = 200_000
ASKED = 300
NOW = datetime(2026, 1, 2, tzinfo=UTC)
BATCH = 100_000

FILL = """
INSERT INTO document_key (id, kind, digest, subject_kind, subject_id, institution_id, registered_at)
SELECT gen_random_uuid(), row.kind, row.digest, 'claim-line', key.subject, :place, :now
FROM (SELECT n, gen_random_uuid() AS subject, sha256(('look' || n)::bytea) AS look
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n) AS key
CROSS JOIN LATERAL (
    SELECT 'DIGITAL_INVOICE' AS kind, sha256(('DIGITAL_INVOICE' || chr(31) || lpad(n::text, 20, '0'))::bytea) AS digest
    UNION ALL SELECT 'FILE', sha256(('file' || n)::bytea)
    UNION ALL SELECT 'PICTURE', substr(look, 1 + 2 * turn, 8 - 2 * turn) || substr(look, 1, 2 * turn)
    FROM generate_series(0, 3) AS turn WHERE n % 5 = 0
) AS row
"""


def main() -> None:
    """Fill the register, then print one line of JSON per measurement."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    with scratch_database({"synchronous_commit": "off", "max_wal_size": "1GB"}):
        measure(documents)


def measure(documents: int) -> None:
    """Everything that needs the database."""
    with unit_of_work() as session:
        place = projects.institution(session, "Lion Ridge University").id
        laid_down_later = _without_indexes(session)
    for first in range(0, documents, BATCH):
        with unit_of_work() as session:
            last = min(first + BATCH, documents) - 1
            session.execute(text(FILL), {"first": first, "last": last, "place": place, "now": NOW})
    for statement in laid_down_later:
        with unit_of_work() as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
            session.execute(text(statement))
    with database.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE document_key"))
    with unit_of_work() as session:
        rows = session.scalar(text("SELECT count(*) FROM document_key"))
        size = session.scalar(text("SELECT pg_total_relation_size('document_key')"))
    print(json.dumps({"rows": rows, "documents": documents, "bytes": size}))
    for name, asked, expected in _questions(documents):
        _report(name, _times(asked, expected), rows)
    _register(place, rows)
    _reference(rows)


def _without_indexes(session: Session) -> list[str]:
    """Take the register's constraints with an index, and its other indexes, away; what lays them down again."""
    table, later = "document_key", []
    constraints = session.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = CAST(:t AS regclass) AND contype IN ('p', 'u')"
        ),
        {"t": table},
    ).all()
    for name, definition in constraints:
        session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        later.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for name, definition in session.execute(
        text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :t"), {"t": table}
    ).all():
        session.execute(text(f"DROP INDEX {name}"))
        later.append(definition)
    return later


def _questions(documents: int) -> list[tuple[str, Callable[[int], Sequence[DocumentKeyValue]], bool]]:
    return [
        ("invoice presented before", lambda n: _invoice(n * 37 % documents), True),
        ("invoice never presented", lambda n: _invoice(documents + n), False),
        ("photograph presented before, turned by 90 degrees", lambda n: _photograph(n * 35 % documents), True),
        ("photograph never presented", lambda n: _photograph(None), False),
    ]


def _invoice(number: int) -> Sequence[DocumentKeyValue]:
    fields = DocumentFields(invoice_number=f"{number:020d}")
    return keys_of(fields, hashlib.sha256(f"file{number}".encode()).digest())


def _photograph(number: int | None) -> Sequence[DocumentKeyValue]:
    """Four fingerprints of which the second is that of a document of the register."""
    looks = [secrets.token_bytes(8) for _ in range(4)]
    if number is not None:
        looks[1] = hashlib.sha256(f"look{number}".encode()).digest()[:8]
    keys = [DocumentKeyValue(KeyKind.PICTURE, look) for look in looks]
    return [DocumentKeyValue(KeyKind.FILE, secrets.token_bytes(32)), *keys]


def _times(asked: Callable[[int], Sequence[DocumentKeyValue]], expected: bool) -> list[float]:
    times = []
    for number in range(ASKED):
        keys = asked(number)
        with unit_of_work() as session:
            session.connection()
            start = time.perf_counter()
            found = duplicates.look_up(session, keys)
            times.append(time.perf_counter() - start)
        if bool(found) is not expected and not (keys[-1].kind is KeyKind.PICTURE and not expected):
            raise SystemExit(f"question {number}: {len(found)} matches")
    return times


def _register(place: UUID, rows: int) -> None:
    times = []
    for number in range(ASKED):
        with unit_of_work() as session:
            session.connection()
            keys = _invoice(10**9 + number)
            start = time.perf_counter()
            duplicates.register(session, keys, "claim-line", new_id(), place, now=NOW)
            times.append(time.perf_counter() - start)
    _report("look up and register", times, rows)


def _reference(rows: int) -> None:
    with unit_of_work() as session:
        known = list(session.scalars(text(f"SELECT id FROM document_key ORDER BY random() LIMIT {ASKED}")))
    times = []
    for key in known:
        with unit_of_work() as session:
            session.connection()
            start = time.perf_counter()
            _by_key(session, key)
            times.append(time.perf_counter() - start)
    _report("reference: one row by its primary key", times, rows)


def _by_key(session: Session, key: UUID) -> None:
    session.scalars(select(DocumentKey).where(DocumentKey.id == key)).one()


def _report(name: str, times: list[float], rows: int) -> None:
    ordered = sorted(times)
    figures = {
        "what": name,
        "rows": rows,
        "median_ms": round(statistics.median(ordered) * 1000, 2),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 2),
        "longest_ms": round(ordered[-1] * 1000, 2),
    }
    print(json.dumps(figures | {"load": round(os.getloadavg()[0], 1)}), flush=True)


if __name__ == "__main__":
    main()
