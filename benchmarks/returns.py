"""How fast a spending return is imported and posted: `python -m benchmarks.returns [ROWS]`, with every check on.

A scratch database of its own. A contract in CNY, a book in HKD, so that every day needs its rate; the file lists cost
on three headings over 300 days, each row with its own document. Timed: reading the file alone; import and submission
(rows, documents, commitments); posting by the second person (an entry a row). Then every row is looked for: its entry,
its cost in the ledger and on Statement A.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances
from app.ledger.checking import check
from app.ledger.entries import FIRST_DAY, LAST_DAY
from app.returns import queries, service
from app.returns.rows import LAYOUT, Meaning, read
from app.returns.service import ImportReturn, PostReturn, SubmitReturn
from app.table_files import reading
from app.web.uploads import TEXT, Upload
from benchmarks.scratch import scratch_database
from benchmarks.statement_a import receive
from reports.contract_figures import ContractFigures
from reports.parameters import Parameters
from tests.builders import payments
from tests.builders.payments import NOW, PaymentWorld

HEAD = "Voucher,Date,Heading,Amount,Currency,Payee,Invoice No,Description\n"
HEADINGS = ("Salary", "Materials", "Travel")
FIRST = date(2026, 1, 5)
DAYS = 300


def listing(rows: int) -> tuple[bytes, Money]:
    """The file, and what its rows come to."""
    lines, minor = [HEAD], 0
    for number in range(rows):
        cents = 10_000 + number * 37 % 9_000
        minor += cents
        day = FIRST + timedelta(days=number * DAYS // rows)
        lines.append(
            f"V-{number:06},{day},{HEADINGS[number % 3]},{cents // 100}.{cents % 100:02},CNY,"
            f"Supplier {number % 200},INV-{number:07},Item {number}\n"
        )
    return "".join(lines).encode(), Money(minor, Currency.CNY)


def measure(rows: int) -> dict[str, Any]:
    """Import, submit and post the file in a scratch database, and look for every row afterwards."""
    seconds: dict[str, float] = {}

    def timed(part: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = work()
        seconds[part] = round(time.perf_counter() - started, 2)
        return result

    content, expected = listing(rows)
    with scratch_database():
        made = timed("making the world", lambda: _world(expected))
        load = os.getloadavg()[0]
        timed("reading the file", lambda: read(reading.lines(content, LAYOUT), Meaning()))
        return_id, version = timed("import and submission", lambda: _imported(made, content))
        timed("posting", lambda: _posted(made, return_id, version))
        facts = timed("looking for every row", lambda: _found(made, return_id))
    wanted = {"entries": rows, "cost in the ledger": str(expected.amount), "cost on Statement A": str(expected.amount)}
    return {
        "rows": rows,
        "import and posting": round(seconds["import and submission"] + seconds["posting"], 2),
        "seconds": seconds,
        "load average at the start": round(load, 1),
        "every row is there": all(facts[name] == value for name, value in wanted.items()),
        **facts,
    }


def _world(expected: Money) -> PaymentWorld:
    """An active contract that has received a tenth more than the file needs, and a rate for each of its days."""
    with unit_of_work() as session:
        made = payments.world(session, amount="9000000.00", first="1000000.00", rates=False)
        for number in range(DAYS):
            payments.rate(session, "0.9240", FIRST + timedelta(days=number))
        received = Money(expected.minor * 11 // 10, expected.currency)
        receive(session, made.grantee.id, made.contract.id, made.contract.first_day, made.finance.person_id, received)
        return made


def _imported(made: PaymentWorld, content: bytes) -> tuple[UUID, int]:
    with unit_of_work() as session:
        upload = Upload("listing.csv", content, TEXT)
        drafted = service.import_file(session, made.finance, ImportReturn(made.contract.id, upload), now=NOW)
        consent = SubmitReturn(drafted.version, None, negative_list_declared=True)
        found = service.submit(session, made.finance, drafted.id, consent, now=NOW)
        return found.id, found.version


def _posted(made: PaymentWorld, return_id: UUID, version: int) -> None:
    with unit_of_work() as session:
        service.post(session, made.other_finance, return_id, PostReturn(version), now=NOW)


def _found(made: PaymentWorld, return_id: UUID) -> dict[str, Any]:
    with unit_of_work() as session:
        entries = {row.entry_id for row in queries.rows_of(session, return_id) if row.entry_id}
        rows = balances.contract_activity(session, made.contract.id, FIRST_DAY, LAST_DAY)
        spent = total((row.closing for row in rows if row.heading is not None), Currency.CNY)
        return {
            "entries": len(entries),
            "cost in the ledger": str(spent.amount),
            "cost on Statement A": str(_on_the_statement(session, made, NOW).amount),
            "drift": len(check(session).differences),
        }


def _on_the_statement(session: Session, made: PaymentWorld, now: datetime) -> Money:
    asked = Parameters(made.contract.first_day, made.contract.last_day, now, contract_id=made.contract.id)
    return ContractFigures(session, asked).total_cost.cumulative


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000), indent=2))
