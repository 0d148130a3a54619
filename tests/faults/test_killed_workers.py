"""kill -9 of web workers under writers who repeat with `Idempotency-Key`, and a reply that nobody reads."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import session as sessions
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.people import queries, tokens
from app.people.models import Person
from tests.builders import funds
from tests.faults.homes import HETAO, Home, children_of, differences, running_home

pytestmark = pytest.mark.faults

WRITERS = 4
KILLS = 6


@dataclass(slots=True)
class Served:
    """A served home with a fund, a token of who enters movements and one of who approves them."""

    home: Home
    port: int
    process: subprocess.Popen[bytes]
    maker: str
    checker: str
    movement: dict[str, str]
    acknowledged: list[str] = field(default_factory=list)
    repeated: Counter[str] = field(default_factory=Counter)

    def ask(self, path: str, token: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post until there is an answer that is not a failure, always under the same key."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"},
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    found: dict[str, Any] = json.load(answer)
                    return found
            except urllib.error.HTTPError as error:
                said = error.read().decode()
                if error.code not in (409, 500, 502, 503) or time.monotonic() > deadline:
                    raise AssertionError(f"{path}: {error.code} {said}") from None
                self.repeated[str(error.code)] += 1
            except OSError as error:
                if time.monotonic() > deadline:
                    raise
                self.repeated[type(error).__name__] += 1
            time.sleep(0.1)

    def workers(self) -> list[int]:
        """The web workers: the children of the serving process."""
        return children_of(self.process.pid)


@pytest.fixture
def served() -> Iterator[Served]:
    """A home served by two workers, with a fund to contribute to."""
    with running_home() as home:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        engine = home.engine()
        sessions.use_engine(engine)
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                world = funds.world(session)
                maker, checker = (_token(session, each.person_id) for each in (world.manager, world.other_manager))
                movement = {
                    "kind": "CONTRIBUTION",
                    "to_pocket_id": str(world.pocket(world.parent).id),
                    "bank_account_id": str(world.accounts[Currency.CNY].id),
                    "contributor": "Shenzhen Finance Bureau",
                    "currency": "CNY",
                    "amount": "10.00",
                    "value_date": "2026-11-20",
                    "reason": "A contribution",
                }
        finally:
            sessions.use_engine(None)
        settings = {"HETAO_PORT": str(port), "HETAO_WORKERS": "2", "HETAO_SEALER": "0", "HETAO_LOG_LEVEL": "ERROR"}
        process = subprocess.Popen(
            [*HETAO, "serve", "--no-demo"],
            env=home.environment | settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        made = Served(home, port, process, maker, checker, movement)
        try:
            _wait_until_it_serves(made)
            yield made
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def _token(session: Session, person_id: Any) -> str:
    now = datetime.now(UTC)
    actor = queries.actor_of(session, session.get_one(Person, person_id), business_date(now))
    scopes = tuple(scope.value for scope in tokens.scopes_open_to(actor))
    return tokens.create(session, actor, tokens.TokenCommand("faults", scopes, 30), now=now)[1]


def _wait_until_it_serves(made: Served) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and made.process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{made.port}/health", timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError("it does not serve")


def _contribute(served: Served, stop: threading.Event) -> None:
    """Enter a movement and let the other person approve it, each until it is answered."""
    while not stop.is_set():
        entered = served.ask("/fund-movements", served.maker, f"enter-{uuid4()}", served.movement)
        reference = entered["reference"]
        path = f"/fund-movements/{reference}/approve"
        served.ask(path, served.checker, f"approve-{uuid4()}", {"version": entered["version"]})
        served.acknowledged.append(reference)


def _counts(home: Home) -> tuple[int, int, int]:
    with Session(home.engine()) as session:
        row = session.execute(
            text(
                "select (select count(*) from fund_movement),"
                " (select count(*) from fund_movement where status = 'APPROVED'),"
                " (select count(*) from ledger.entry)"
            )
        ).one()
    return row[0], row[1], row[2]


@pytest.mark.timeout(300)
def test_workers_killed_under_writers_lose_nothing_and_double_nothing(served: Served) -> None:
    stop = threading.Event()
    writers = [threading.Thread(target=_contribute, args=(served, stop), daemon=True) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for number in range(KILLS):
            time.sleep(1.5)
            for worker in served.workers()[: 1 + number % 2]:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
    finally:
        stop.set()
        for writer in writers:
            writer.join(90)
    print(f"{KILLS} rounds, {len(served.acknowledged)} acknowledged, repeated {dict(served.repeated)}")
    done = len(served.acknowledged)
    assert not any(writer.is_alive() for writer in writers)
    assert len(set(served.acknowledged)) == done
    assert _counts(served.home) == (done, done, done)
    assert differences(served.home) == ()
    assert served.repeated, "no writer ever met a kill"


def test_a_reply_that_nobody_reads_is_given_again(served: Served) -> None:
    body, key = json.dumps(served.movement).encode(), f"enter-{uuid4()}"
    head = (
        f"POST /api/v1/fund-movements HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {served.maker}\r\n"
        f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as cut:
        cut.sendall(head.encode() + body)
        assert cut.recv(1, socket.MSG_PEEK), "it answered, so it is committed"
    answers = [served.ask("/fund-movements", served.maker, key, served.movement) for _ in range(2)]
    assert answers[0] == answers[1]
    assert _counts(served.home)[0] == 1
