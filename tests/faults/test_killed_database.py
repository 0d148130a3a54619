"""kill -9 of every process of the database under eight writers: their own log of acknowledgements decides.

Each writer repeats an entry under its key until it is acknowledged, as any client must: afterwards each acknowledged
entry is there once, and nothing else is.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.embedded import Server
from app.kernel.identity import new_id
from app.ledger.sealing import verifying
from tests.builders.books import post
from tests.builders.sealing import seal
from tests.faults.homes import Home, differences, running_home

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("HETAO_TEST_KILLS", "20"))
WRITERS = 8
WRITING_SECONDS = 0.5
LONGEST_RECOVERY = 30.0
"""Generous: on a machine busy with other work only coming back counts; what was measured is printed."""


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with durable settings."""
    with running_home() as made:
        yield made


@dataclass(slots=True)
class Log:
    """What the writers were told: the entry that each event was answered with, and how often they had to ask again."""

    acknowledged: dict[UUID, int] = field(default_factory=dict)
    repeated: Counter[str] = field(default_factory=Counter)


def _write(home: Home, log: Log, stop: threading.Event, gave_up: threading.Event) -> None:
    """Post entry after entry, each until it is acknowledged."""
    engine = home.engine()
    while not stop.is_set():
        entry, key = home.book.contribution("1.00"), new_id()
        while True:
            try:
                with Session(engine) as session, session.begin():
                    posted = post(session, entry, key)
            except OperationalError as error:
                log.repeated[type(error.orig).__name__] += 1
                if gave_up.is_set():
                    return
                time.sleep(0.2)
                continue
            if posted.replayed:
                log.repeated["found done"] += 1
            log.acknowledged[entry.event_id] = posted.entry_id
            break


@pytest.mark.timeout(300)
def test_twenty_kills_under_eight_writers_lose_nothing_and_double_nothing(home: Home) -> None:
    log, stop, gave_up = Log(), threading.Event(), threading.Event()
    writers = [threading.Thread(target=_write, args=(home, log, stop, gave_up), daemon=True) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    recoveries = []
    restarted = Server(home.folder)
    try:
        for _ in range(ROUNDS):
            time.sleep(WRITING_SECONDS)
            home.kill_server()
            began = time.monotonic()
            restarted.join()
            recoveries.append(time.monotonic() - began)
    finally:
        stop.set()
        for writer in writers:
            writer.join(timeout=5)
        gave_up.set()
    print(
        f"{ROUNDS} kills, {len(log.acknowledged)} acknowledged, repeated {dict(log.repeated)}, "
        f"recovery median {sorted(recoveries)[ROUNDS // 2]:.2f} s, longest {max(recoveries):.2f} s"
    )
    with Session(home.engine()) as session:
        kept = session.execute(text("select event_id, entry_id from ledger.entry")).all()
        assert len(kept) == len(log.acknowledged), "lost or doubled"
        assert {row.event_id: row.entry_id for row in kept} == log.acknowledged
        assert differences(home) == ()
        seal(session)
        assert verifying.verify(session, home.book.book_id).findings == ()
    assert len(log.acknowledged) > ROUNDS
    assert log.repeated, "no writer ever met a kill"
    assert max(recoveries) < LONGEST_RECOVERY
    restarted.leave()
