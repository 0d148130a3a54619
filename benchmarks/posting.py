"""How fast entries are posted, beside `pgbench -N` on the same server in the same run.

A scratch database is made on the running server and dropped afterwards. PostgreSQL's own pgbench drives both sides, so
that the load generator costs the same: its simple-update script as the reference, and one call of `ledger.post_entry` a
time as ours, with everything on (idempotency, month lock, double-entry triggers, limits, balances, durable commits).
Ours is sent as the application sends it, as a prepared statement; the reference as pgbench sends it by default. The
ratios with one protocol on both sides are reported beside it. The rounds are interleaved and medians are reported,
because the machine is shared.

uniform  a contribution, Dr bank · Cr pocket (limited), over 5,000 banks and 5,000 pockets
hot      the same two accounts in every entry: Dr grants paid · Cr payments in transit
pocket   one bank and one pocket in every entry: the limited row cannot be striped
python   the same as uniform through SQLAlchemy and `posting.post`, one process per client
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import secrets
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.db import embedded
from app.db.binaries import NoPostgres, find_binaries
from app.db.migration import upgrade
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.checking import check
from app.ledger.entries import AccountKey, Entry, EntryKind, credit, debit
from app.ledger.posting import open_book, post
from app.settings import settings

ACCOUNTS = 5_000
ROUNDS = 3
BOOK = UUID("00000000-0000-7000-8000-0000000000b0")
ACTOR = UUID("00000000-0000-7000-8000-0000000000a0")
DAY = date(2026, 6, 30)
NAMES = ("reference", "uniform", "uniform-simple", "reference-prepared", "hot", "pocket")
"""What is run in each round; what follows the dash is pgbench's protocol where it is not the usual one."""

_DIGEST = r"\x" + "ab" * 32
_SUBJECT = "00000000-0000-7000-8000-"
_VARIABLE = re.compile(r":(?:bank|pocket)\b")


class CannotMeasure(Exception):
    """Something needed is missing; the message says what."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """The scratch database, by role."""

    owner: URL
    application: URL
    pgbench: str


@dataclass(frozen=True, slots=True)
class Run:
    """One pgbench run."""

    per_second: float
    latency_ms: float
    errors: int


def measure(clients: int, seconds: int) -> dict[str, Any]:
    """Post with `clients` at once, each script for about `seconds` in all; answers with the facts."""
    administrator, scratch = _addresses()
    name = str(scratch.owner.database)
    with psycopg.connect(_plain(administrator), autocommit=True) as server:
        owner = scratch.owner.username
        try:
            server.execute(f'create database "{name}" owner "{owner}"'.encode())
        except psycopg.errors.InsufficientPrivilege:
            raise CannotMeasure(f"The role {administrator.username} may not create the scratch database.") from None
        try:
            return _measured(scratch, clients, max(1, seconds // ROUNDS))
        finally:
            server.execute(f'drop database if exists "{name}" with (force)'.encode())


def _addresses() -> tuple[URL, Scratch]:
    """Who may create a database, and the scratch database's addresses."""
    chosen = settings()
    if chosen.database_url:
        application = make_url(chosen.database_url)
        owner = make_url(chosen.database_owner_url or chosen.database_url)
        administrator = owner
    else:
        running = embedded.joined(chosen.home)
        application, owner = make_url(running.url), make_url(running.owner_url)
        administrator = make_url(running.superuser_url)
    name = f"hetao_bench_{secrets.token_hex(4)}"
    try:
        binaries = find_binaries()
    except NoPostgres as failure:
        raise CannotMeasure(str(failure)) from None
    program = binaries.program("pgbench")
    if not Path(program).exists():
        raise CannotMeasure(f"There is no pgbench at {program}; it comes with PostgreSQL's client programs.")
    return administrator, Scratch(owner.set(database=name), application.set(database=name), program)


def _measured(scratch: Scratch, clients: int, seconds: int) -> dict[str, Any]:
    upgrade(scratch.owner.render_as_string(hide_password=False))
    _pgbench(scratch, scratch.owner, "-i", "-q", "-s", str(max(10, clients)))
    engine = create_engine(scratch.application)
    with Session(engine) as session, session.begin():
        open_book(session, BOOK, "BENCH", Currency.HKD)
    _open_accounts(scratch)
    runs: dict[str, list[Run]] = {name: [] for name in NAMES}
    through_python: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        files = {name: _script(Path(folder), name) for name in NAMES if not name.startswith("reference")}
        for name in ("reference", "uniform", "hot", "pocket"):  # warm-up, not counted
            _run(scratch, name, files, clients, min(3, seconds))
        for _ in range(ROUNDS):
            for name, results in runs.items():
                results.append(_run(scratch, name, files, clients, seconds))
            through_python.append(_through_python(scratch, clients, seconds))
    with Session(engine) as session:
        checked = check(session)
    engine.dispose()
    return _facts(runs, through_python, checked.entries, len(checked.differences), clients, seconds)


def _facts(
    runs: dict[str, list[Run]], through_python: list[float], entries: int, drift: int, clients: int, seconds: int
) -> dict[str, Any]:
    def median(name: str, value: Callable[[Run], float]) -> float:
        return statistics.median(value(run) for run in runs[name])

    rate = {name: median(name, lambda run: run.per_second) for name in runs}

    def ratio(ours: str, theirs: str) -> float:
        pairs = zip(runs[ours], runs[theirs], strict=True)
        return round(statistics.median(mine.per_second / reference.per_second for mine, reference in pairs), 3)

    return {
        "clients": clients,
        "seconds_per_round": seconds,
        "rounds": ROUNDS,
        "entries_per_second": round(rate["uniform"]),
        "latency_ms": round(median("uniform", lambda run: run.latency_ms), 2),
        "pgbench_per_second": round(rate["reference"]),
        "ratio_to_pgbench": ratio("uniform", "reference"),
        "ratio_to_pgbench_both_simple": ratio("uniform-simple", "reference"),
        "ratio_to_pgbench_both_prepared": ratio("uniform", "reference-prepared"),
        "hot_entries_per_second": round(rate["hot"]),
        "ratio_hot_to_uniform": round(rate["hot"] / rate["uniform"], 3),
        "hot_pocket_entries_per_second": round(rate["pocket"]),
        "ratio_hot_pocket_to_uniform": round(rate["pocket"] / rate["uniform"], 3),
        "through_python_per_second": round(statistics.median(through_python)),
        "entries_posted": entries,
        "errors": sum(run.errors for results in runs.values() for run in results),
        "drift": drift,
        "load_average": round(os.getloadavg()[0], 2),
        "processors": os.cpu_count(),
    }


def _open_accounts(scratch: Scratch) -> None:
    """Open every account once, so that opening is not what is measured."""
    with psycopg.connect(_plain(scratch.owner), autocommit=True) as owner:
        owner.execute(
            "select ledger.open_account(%s, code, 'HKD', ('00000000-0000-7000-8000-' || n)::uuid)"
            " from generate_series(100000000000, 100000000000 + %s - 1) n, unnest(array['1001', '3101']) code",
            [BOOK, ACCOUNTS],
        )
        owner.execute("vacuum analyze ledger.account, ledger.balance, ledger.chart")


def _script(folder: Path, name: str) -> Path:
    """A pgbench script that posts one entry a time; `:bank` and `:pocket` are filled in by pgbench."""
    if name == "hot":
        sides: list[tuple[str, str | None]] = [("6101", None), ("2201", None)]
    else:
        sides = [("1001", f"{_SUBJECT}:bank"), ("3101", f"{_SUBJECT}:pocket")]
    lines = [
        {"code": code, "currency": "HKD", "amount": sign, "functional": sign, "contract": str(ACTOR)}
        | ({"subject": subject} if subject else {})
        for (code, subject), sign in zip(sides, (12_345, -12_345), strict=True)
    ]
    last = 100_000_000_000 if name == "pocket" else 100_000_000_000 + ACCOUNTS - 1
    body = json.dumps(lines)
    if name.endswith("-simple"):  # pgbench writes its variables into the text
        body = f"'{body}'"
    else:  # pgbench sends them apart; the text is put together and parsed for each call, as the application's is
        chosen = "".join(f", {variable}::text" for variable in _VARIABLE.findall(body))
        body = f"format('{_VARIABLE.sub('%s', body)}'{chosen})::jsonb"
    statement = (
        f"select ledger.post_entry('{BOOK}', gen_random_uuid(), '{_DIGEST}', '{DAY}', 'ACTUAL', gen_random_uuid(),"
        f" '{ACTOR}', null, 'benchmark', null, 'HKD', {body});"
    )
    choices = {
        "bank": f"random(100000000000, {last})",
        "pocket": f"random(100000000000, {last})",
    }
    file = folder / f"{name}.sql"
    sets = "".join(f"\\set {variable} {choice}\n" for variable, choice in choices.items())
    file.write_text(f"{sets}{statement}\n", encoding="ascii")
    return file


def _run(scratch: Scratch, name: str, files: dict[str, Path], clients: int, seconds: int) -> Run:
    script, _, protocol = name.partition("-")
    what = ["-N"] if script == "reference" else ["-f", str(files[name])]
    what += ["-M", protocol or ("simple" if script == "reference" else "prepared")]
    role = scratch.owner if script == "reference" else scratch.application
    threads = str(min(clients, os.cpu_count() or 1))
    printed = _pgbench(scratch, role, "-n", *what, "-c", str(clients), "-j", threads, "-T", str(seconds))
    rate = re.search(r"tps = ([0-9.]+)", printed)
    latency = re.search(r"latency average = ([0-9.]+) ms", printed)
    errors = len(re.findall(r"ERROR|aborted in command", printed))
    failed = re.search(r"number of failed transactions: ([0-9]+)", printed)
    if rate is None or latency is None:
        raise CannotMeasure(f"pgbench answered: {printed[-600:]}")
    return Run(float(rate[1]), float(latency[1]), errors + (int(failed[1]) if failed else 0))


def _pgbench(scratch: Scratch, role: URL, *options: str) -> str:
    host = role.host or role.query.get("host") or ""
    place = {
        "PGHOST": str(host),
        "PGPORT": str(role.port or ""),
        "PGUSER": role.username or "",
        "PGPASSWORD": str(role.password or ""),
        "PGDATABASE": role.database or "",
    }
    environment = {**os.environ, **{name: value for name, value in place.items() if value}}
    done = subprocess.run([scratch.pgbench, *options], env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _through_python(scratch: Scratch, clients: int, seconds: int) -> float:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    url = scratch.application.render_as_string(hide_password=False)
    with context.Pool(clients) as pool:
        counts = pool.map(_post_for, [(url, seconds, number) for number in range(clients)], chunksize=1)
    return sum(count / taken for count, taken in counts)


def _post_for(order: tuple[str, int, int]) -> tuple[int, float]:
    """Post through the application's own code for some seconds; how many, and how long it took."""
    url, seconds, number = order
    engine = create_engine(url)
    amount = Money(12_345, Currency.HKD)
    count = 0
    with Session(engine) as session:
        session.connection()
        session.rollback()
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            subject = UUID(f"{_SUBJECT}{100_000_000_000 + (count * 7919 + number * 613) % ACCOUNTS}")
            lines = (
                debit(AccountKey(AccountCode.BANK, Currency.HKD, subject), amount),
                credit(AccountKey(AccountCode.POCKET, Currency.HKD, subject), amount),
            )
            entry = Entry(BOOK, DAY, EntryKind.ACTUAL, uuid4(), "benchmark", lines)
            with session.begin():
                post(session, entry, actor_id=ACTOR, idempotency_key=uuid4())
            count += 1
        taken = time.perf_counter() - start
    engine.dispose()
    return count, taken


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


if __name__ == "__main__":
    print(json.dumps(measure(clients=8, seconds=12), indent=2))
