"""How fast a file of history is imported: `python -m benchmarks.importing [ENTRIES]`, with every check on.

A scratch database is made and dropped. Entries have two lines, Dr grants paid · Cr payments in transit, spread over the
days of a year; the first voucher is an opening balance. Printed: the parts of the time, and entries a second in all.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.db.migration import upgrade
from app.kernel.actor import Actor, Right, Role
from app.kernel.clock import Clock
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.ledger import balances
from app.ledger.checking import check
from app.ledger.posting import open_book
from app.ledger_import import service
from app.ledger_import.entries import Known, drafts
from app.ledger_import.reading import read
from app.ledger_import.vouchers import vouchers
from benchmarks.posting import BOOK, Scratch, _addresses, _plain

HEAD = "voucher,date,kind,account,currency,subject,side,amount,reason\n"
YEAR = date(2025, 1, 1)


def history(entries: int) -> bytes:
    """The file: as many vouchers of two lines, balanced."""
    lines = [HEAD, "V-0,2025-01-01,OPENING,2401,HKD,,C,1000.00,Brought forward\n"]
    for number in range(1, entries):
        day = YEAR + timedelta(days=number * 365 // entries)
        amount = f"{number % 9000 + 1}.{number % 100:02}"
        lines.append(f"V-{number},{day},,6101,HKD,,D,{amount},Grant paid {number}\n")
        lines.append(f"V-{number},,,2201,HKD,,C,{amount},\n")
    return "".join(lines).encode()


def measure(entries: int) -> dict[str, Any]:
    """Import the file once, and once more, into a scratch database."""
    administrator, scratch = _addresses()
    name = scratch.owner.database
    with psycopg.connect(_plain(administrator), autocommit=True) as server:
        server.execute(f'create database "{name}" owner "{scratch.owner.username}"'.encode())
        try:
            return _measured(scratch, entries)
        finally:
            server.execute(f'drop database if exists "{name}" with (force)'.encode())


def _measured(scratch: Scratch, entries: int) -> dict[str, Any]:
    upgrade(scratch.owner.render_as_string(hide_password=False))
    engine = create_engine(scratch.application)
    with Session(engine) as session, session.begin():
        open_book(session, BOOK, "BENCH", Currency.HKD)
    content = history(entries)
    seconds: dict[str, float] = {}

    def timed(part: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = work()
        seconds[part] = round(time.perf_counter() - started, 2)
        return result

    records = timed("reading", lambda: read(content))
    made, _ = timed("checking cells", lambda: vouchers(records))
    timed("building entries", lambda: drafts(made, Known(BOOK, Currency.HKD, {}, {}, {}, {}, {})))
    actor = Actor(new_id(), "Bench", "bench@example.org", (Right(Role.ACCOUNTANT, BOOK, date(2020, 1, 1)),))

    def whole() -> service.Imported:
        with Session(engine) as session, session.begin():
            return service.import_file(session, actor, "BENCH", content, file_name="bench.csv", now=Clock().now())

    timed("whole import", whole)
    again = timed("the same file again", whole)
    with Session(engine) as session:
        differences = len(check(session).differences)
        rows = len(balances.trial_balance(session, BOOK))
    engine.dispose()
    return {
        "entries": entries,
        "entries_per_second": round(entries / seconds["whole import"]),
        "seconds": seconds,
        "posted_again": again.posted,
        "accounts": rows,
        "drift": differences,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000), indent=2))
