"""Sealers killed, doubled or given a wrong clock: nothing half sealed, skipped or out of order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import bundle, sealer, verifying
from app.ledger.sealing.keys import read_key
from tests.builders.books import post
from tests.builders.sealing import settle
from tests.faults.homes import HETAO, Home, differences, running_home

pytestmark = pytest.mark.faults

STEPS = ("_places", "_add_leaves", "_add_block", "commit")
"""Where a sealer is killed: after reading, after the leaves, after the block, and all but committed."""


@pytest.fixture
def home() -> Iterator[Home]:
    """A home with durable settings."""
    with running_home() as made:
        yield made


def _post(home: Home, times: int) -> None:
    with Session(home.engine()) as session:
        for _ in range(times):
            post(session, home.book.contribution("2.00"))
            session.commit()


def _seal_and_hang(home: Home, step: str, reached: Connection) -> None:
    """In a process of its own: seal up to and with a step, say so, and wait to be killed."""

    def hang() -> None:
        reached.send(step)
        signal.pause()

    def and_hang(real: Any) -> Any:
        def done(*arguments: Any) -> None:
            real(*arguments)
            hang()

        return done

    if step != "commit":
        setattr(sealer, step, and_hang(getattr(sealer, step)))
    with Session(home.engine()) as session:
        sealer.seal(session, read_key(home.folder / "seal.key", make=True), now=datetime.now(UTC))
        hang()
    os._exit(1)


def _seal(home: Home, now: datetime | None = None) -> list[sealer.Sealed]:
    """Seal all there is; waits for the server to notice that a killed sealer is gone."""
    for _ in range(200):
        with Session(home.engine()) as session:
            settle(session)
            key = read_key(home.folder / "seal.key", make=True)
            made = sealer.seal(session, key, now=now or datetime.now(UTC))
            session.commit()
        if made is not None:
            return made
        time.sleep(0.05)
    raise TimeoutError("the killed sealer's lock was never given back")


def _unsealed(home: Home) -> int:
    with Session(home.engine()) as session:
        found = session.execute(
            text("select count(*) from ledger.entry left join ledger.seal_leaf l using (entry_id) where l is null")
        )
        return int(found.scalar_one())


def _findings(home: Home) -> tuple[str, ...]:
    with Session(home.engine()) as session:
        return verifying.verify(session, home.book.book_id).findings


def test_a_sealer_killed_twenty_times_in_the_middle_of_a_block_leaves_no_trace(home: Home) -> None:
    processes = multiprocessing.get_context("fork")
    for number in range(20):
        _post(home, 2)
        mine, theirs = processes.Pipe()
        step = STEPS[number % len(STEPS)]
        victim = processes.Process(target=_seal_and_hang, args=(home, step, theirs), daemon=True)
        victim.start()
        assert mine.poll(30), "the sealer never came to that step"
        assert mine.recv() == step
        os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join(10)
        assert _unsealed(home) == 2
        assert [each.entries for each in _seal(home)] == [2]
    assert (_findings(home), _unsealed(home), differences(home)) == ((), 0, ())


def test_two_sealers_at_once_seal_everything_once(home: Home) -> None:
    command = [*HETAO, "ledger", "seal", "--every", "1"]
    sealers = [subprocess.Popen(command, env=home.environment, stderr=subprocess.PIPE) for _ in range(2)]
    try:
        began = time.monotonic()
        deadline = began + 180
        while time.monotonic() < deadline and (time.monotonic() < began + 6 or _blocks(home) < 4):
            _post(home, 5)
        while time.monotonic() < deadline and _unsealed(home):
            time.sleep(0.1)
        assert [each.poll() for each in sealers] == [None, None], [each.communicate()[1] for each in sealers]
    finally:
        for each in sealers:
            each.terminate()
            with suppress(subprocess.TimeoutExpired):
                each.wait(10)
            each.kill()
            each.communicate()
    assert _blocks(home) >= 3
    assert (_unsealed(home), _findings(home)) == (0, ())


def _blocks(home: Home) -> int:
    with Session(home.engine()) as session:
        return int(session.execute(text("select count(*) from ledger.seal_block")).scalar_one())


def test_a_clock_set_back_an_hour_changes_neither_order_nor_seals(home: Home) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    for offset in (0, -60, -55, 10):
        _post(home, 2)
        assert [each.entries for each in _seal(home, noon + timedelta(minutes=offset))] == [2]
    with Session(home.engine()) as session:
        times = [each.head.sealed_at for each in bundle.blocks(session, home.book.book_id)]
        numbers = session.execute(text("select entry_id from ledger.seal_leaf order by leaf_no")).scalars().all()
    assert times == [noon, noon, noon, noon + timedelta(minutes=10)]
    assert numbers == sorted(numbers)
    assert _findings(home) == ()
