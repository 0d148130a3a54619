"""How long Statement A takes over a contract with 5,000 postings, from the database to the PDF.

A database of its own is started in a temporary home and left behind by nobody. The reference of the same run is reading
the 5,000 postings and nothing else. The general ledger of the same book, which prints each of them, follows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Dimensions, Entry, EntryKind, Rate, account, cost, credit, debit, in_functional
from app.ledger.headings import Heading
from app.ledger.posting import Order
from benchmarks.scratch import scratch_database
from reports.catalogue import REPORTS
from reports.model import Language
from reports.output import Format, write
from reports.parameters import Parameters
from tests.builders import contracts

POSTINGS = 5_000
BATCH = 500
RATE = Rate(Currency.HKD, Currency.CNY, Decimal("0.92"))
HEADINGS = (Heading.SALARY, Heading.MATERIALS, Heading.TRAVEL, Heading.TESTING, Heading.EQUIPMENT_PURCHASE)


def main() -> None:
    """Build the book, then print one line of JSON per measurement."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else POSTINGS
    with scratch_database():
        measure(wanted)


def measure(wanted: int) -> None:
    """Everything that needs the database."""
    with unit_of_work() as session:
        world = contracts.world(session)
        contract = contracts.active(session, world, "1000000.00")
        contract_id, book_id = contract.id, contract.grantee_id
        first_day = contract.first_day
        received = Money.parse("800000.00", Currency.CNY)
        receive(session, book_id, contract_id, first_day, world.maker.person_id, received)
    for start in range(0, wanted // 2, BATCH):
        with unit_of_work() as session:
            posting.post_all(
                session,
                [_order(book_id, contract_id, first_day, number) for number in range(start, start + BATCH)],
                actor_id=world.maker.person_id,
            )
    now = datetime.now(UTC)
    asked = Parameters(first_day, first_day + timedelta(days=364), now, contract_id=contract_id)
    book = Parameters(first_day, first_day + timedelta(days=364), now, book_id=book_id)
    say("reference: read the postings", lambda session: _read(session, contract_id))
    say("statement A, figures", lambda session: REPORTS["income-and-expenditure"].build(session, asked))
    say("statement A, PDF", lambda session: _pdf(session, "income-and-expenditure", asked))
    say("general ledger, PDF", lambda session: _pdf(session, "general-ledger", book))


def receive(session: Session, book_id: UUID, contract_id: UUID, on: date, actor_id: UUID, amount: Money) -> None:
    """The first instalment arrives, well above the cost below: these terms let a contract spend what it received."""
    about = Dimensions(contract_id=contract_id)
    lines = (
        debit(account(AccountCode.INSTITUTION_CLEARING, Currency.CNY), amount, about),
        credit(account(AccountCode.GRANT_RECEIVED, Currency.CNY), amount, about),
    )
    entry = Entry(book_id, on, EntryKind.ACTUAL, new_id(), "First instalment", in_functional(lines, Currency.HKD, RATE))
    posting.post(session, entry, actor_id=actor_id, idempotency_key=new_id())


def _order(book_id: UUID, contract_id: UUID, first_day: date, number: int) -> Order:
    """One cost of one yuan and some fen against the institution's clearing."""
    amount = Money(100 + number % 97, Currency.CNY)
    about = Dimensions(contract_id=contract_id)
    heading = HEADINGS[number % len(HEADINGS)]
    lines = (
        debit(cost(heading, Currency.CNY), amount, about),
        credit(account(AccountCode.INSTITUTION_CLEARING, Currency.CNY), amount, about),
    )
    functional = in_functional(lines, Currency.HKD, RATE)
    day = first_day + timedelta(days=number % 300)
    entry = Entry(book_id, day, EntryKind.ACTUAL, new_id(), f"Cost number {number}", functional)
    return Order(entry, new_id())


def _read(session: Session, contract_id: UUID) -> int:
    return sum(1 for _row in balances.stream_postings(session, balances.Selection(contract_id=contract_id)))


def _pdf(session: Session, name: str, parameters: Parameters) -> int:
    return len(write(REPORTS[name].build(session, parameters), Format.PDF, Language.EN))


def say(what: str, work: Callable[[Session], Any]) -> None:
    """Time the work three times and print the middle one."""
    times = []
    result: Any = None
    for _ in range(3):
        started = time.perf_counter_ns()
        with unit_of_work() as session:
            result = work(session)
        times.append(time.perf_counter_ns() - started)
    fact: dict[str, Any] = {"what": what, "median_ms": sorted(times)[1] // 1_000_000}
    if isinstance(result, int):
        fact["postings_or_bytes"] = result
    print(json.dumps(fact), flush=True)


if __name__ == "__main__":
    main()
