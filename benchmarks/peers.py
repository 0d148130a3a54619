"""A trial balance at a date here and by hledger, ledger and beancount on an export of the same data, in one run.

`python -m benchmarks.peers [ENTRIES ...]` (10,000 and 100,000). A scratch database is made, filled with entries of two
lines over 202 accounts and the days of a year, sealed, exported and dropped. The answers are compared before a time is
reported. Reported beside: entries posted and sealed a second, and leaves verified a second by `tools/verify_ledger.py`
on the bundle. A peer that is not installed is left out by name.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.db.migration import upgrade
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, exports
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Entry, EntryKind, credit, debit
from app.ledger.posting import Order, open_book, post_all
from app.ledger.sealing import bundle, sealer, verifying
from app.ledger.sealing.keys import SealKey
from benchmarks.posting import ACTOR, BOOK, CannotMeasure, Scratch, _addresses, _plain

YEAR = date(2025, 1, 1)
AT = date(2025, 7, 1)
BATCH = 1_000
ROUNDS = 3
SUBJECTS = [UUID(int=0x7000_8000_0000_0000_0000_0000 + number) for number in range(1, 101)]


def measure(entries: int) -> dict[str, Any]:
    """Fill, seal, export and time; answers with the facts. Raises CannotMeasure where a peer's answer differs."""
    administrator, scratch = _addresses()
    with psycopg.connect(_plain(administrator), autocommit=True) as server:
        server.execute(f'create database "{scratch.owner.database}" owner "{scratch.owner.username}"'.encode())
        try:
            return _measured(scratch, entries)
        finally:
            server.execute(f'drop database if exists "{scratch.owner.database}" with (force)'.encode())


def _measured(scratch: Scratch, entries: int) -> dict[str, Any]:
    upgrade(scratch.owner.render_as_string(hide_password=False))
    engine = create_engine(scratch.application)
    facts: dict[str, Any] = {"entries": entries, "load_before": round(os.getloadavg()[0], 2)}
    try:
        with Session(engine) as session, tempfile.TemporaryDirectory() as folder:
            open_book(session, BOOK, "BENCH", Currency.HKD)
            session.commit()
            facts["posted_per_second"] = _rate(entries, lambda: _fill(session, entries))
            facts["sealed_per_second"] = _rate(entries, lambda: _seal_all(session))
            lines = [line.encode() for line in bundle.lines(session, BOOK)]
            facts["verified_leaves_per_second"] = _rate(entries, lambda: _verified(lines))
            _analyse(scratch)
            facts["seconds"], ours = {}, {}
            facts["seconds"]["here"] = _median(lambda: ours.update(_here(session)))
            for name, answer in _peers(session, Path(folder)).items():
                found: dict[str, Decimal] = {}
                facts["seconds"][name] = _median(lambda: found.update(answer()), rounds=1)  # noqa: B023 - called at once
                if found != ours:
                    raise CannotMeasure(f"{name} answers otherwise: {sorted(found.items() ^ ours.items())[:4]}")
    finally:
        engine.dispose()
    facts["times_faster"] = {
        name: round(seconds / facts["seconds"]["here"]) for name, seconds in facts["seconds"].items() if name != "here"
    }
    facts["load_after"] = round(os.getloadavg()[0], 2)
    return facts


def _rate(entries: int, work: Callable[[], Any]) -> int:
    started = time.perf_counter()
    work()
    return round(entries / (time.perf_counter() - started))


def _median(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken), 4)


def _fill(session: Session, entries: int) -> None:
    for start in range(0, entries, BATCH):
        orders = [Order(_entry(n, entries), new_id()) for n in range(start, min(start + BATCH, entries))]
        post_all(session, orders, actor_id=ACTOR)
        session.commit()


def _entry(number: int, entries: int) -> Entry:
    amount = Money(number % 90_000 + 1, Currency.HKD)
    day = YEAR + timedelta(days=number * 365 // entries)
    subject = SUBJECTS[number % len(SUBJECTS)]
    pair = [
        (AccountCode.GRANTS_PAID, None, AccountCode.PAYMENTS_IN_TRANSIT),
        (AccountCode.BANK, subject, AccountCode.POCKET),
    ][number % 2]
    pocket = None if subject is None or pair[1] is None else UUID(int=subject.int + 1_000)
    lines = (
        debit(AccountKey(pair[0], Currency.HKD, pair[1]), amount),
        credit(AccountKey(pair[2], Currency.HKD, pocket), amount),
    )
    return Entry(BOOK, day, EntryKind.ACTUAL, new_id(), "benchmark", lines)


def _seal_all(session: Session) -> None:
    key = SealKey.of_seed(bytes(range(32)))
    waiting = text(
        "select exists (select from ledger.entry left join ledger.seal_leaf l using (entry_id) where l is null)"
    )
    while session.scalar(waiting):
        sealer.seal(session, key, now=datetime.now(UTC))
        session.commit()


def _verified(lines: list[bytes]) -> None:
    findings = verifying.script().verify(iter(lines), []).findings
    if findings:
        raise CannotMeasure(f"the verifier finds {findings[0]}")


def _analyse(scratch: Scratch) -> None:
    with psycopg.connect(_plain(scratch.owner), autocommit=True) as owner:
        owner.execute("vacuum analyze")


def _here(session: Session) -> dict[str, Decimal]:
    """Each account of the chart to its balance, the subjects of one account together."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in balances.trial_balance(session, BOOK, AT):
        sums[exports.account_name(row.book_code, row.code, None)] += row.balance.amount
    session.rollback()
    return {name: amount for name, amount in sums.items() if amount}


def _peers(session: Session, folder: Path) -> dict[str, Callable[[], dict[str, Decimal]]]:
    """The peers that are installed, each as a question to ask."""
    next_day = AT + timedelta(days=1)
    commands = {
        "hledger": ["hledger", "-f", "{}", "balance", "--flat", "-O", "csv", "-e", f"{next_day}"],
        "ledger": [
            "ledger",
            "-f",
            "{}",
            "balance",
            "--flat",
            "-e",
            f"{next_day}",
            "--balance-format",
            "%(account),%(quantity(scrub(display_total)))\n",
        ],
        "beancount": [
            str(Path(sys.executable).with_name("bean-query")),
            "-f",
            "csv",
            "{}",
            f"SELECT account, sum(number) WHERE date <= {AT} GROUP BY account",
        ],
    }
    asked: dict[str, Callable[[], dict[str, Decimal]]] = {}
    for name, command in commands.items():
        if shutil.which(command[0]) is None:
            print(f"{name} is not installed: left out.", file=sys.stderr)
            continue
        file = folder / f"journal.{name}"
        with file.open("w", encoding="utf-8") as journal:
            journal.writelines(exports.export(session, name, BOOK))
        asked[name] = _question([str(file) if part == "{}" else part for part in command])
    return asked


def _question(command: list[str]) -> Callable[[], dict[str, Decimal]]:
    environment = {**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1", "LC_ALL": "C.UTF-8"}
    environment.pop("BEANCOUNT_LOAD_CACHE_FILENAME", None)

    def ask() -> dict[str, Decimal]:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise CannotMeasure(f"{command[0]} failed: {done.stderr[-400:]}")
        return _sums(done.stdout)

    return ask


def _sums(printed: str) -> dict[str, Decimal]:
    """The balances of a peer's CSV, the subjects of one account of the chart together."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in printed.splitlines():
        account, _, amount = line.replace('"', "").partition(",")
        number = re.search(r"-?[0-9][0-9.]*", amount.replace("HKD", ""))
        if number and ":" in account:
            sums[_without_subject(account.strip())] += Decimal(number[0])
    return {name: amount for name, amount in sums.items() if amount}


def _without_subject(name: str) -> str:
    return name.rpartition(":")[0] if name.count(":") > DEPTH else name


DEPTH = exports.account_name("BENCH", AccountCode.GRANTS_PAID, None).count(":")


if __name__ == "__main__":
    for size in [int(given) for given in sys.argv[1:]] or [10_000, 100_000]:
        print(json.dumps(measure(size), indent=2), flush=True)
