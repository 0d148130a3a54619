"""A database that holds the demonstration story: loaded by the first worker that asks, read by all of them."""

from __future__ import annotations

import fcntl
from pathlib import Path

from sqlalchemy import Engine

from app.db.embedded import APPLICATION, OWNER
from app.db.session import build_engine
from app.demo import story
from app.kernel.clock import Clock
from tests.postgres import TEMPLATE, WorkerDatabase, connect, database_url

NAME = "hetao_story"


def story_engine(worker: WorkerDatabase, home: Path, clock: Clock) -> Engine:
    """An engine on the story's database, as the application's role; the story is loaded if nobody has done so yet."""
    with open(home / "story.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connect(worker.superuser_url, "postgres") as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                server.execute(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE} OWNER {OWNER}")
                server.execute(f"GRANT CONNECT ON DATABASE {NAME} TO {APPLICATION}")
        engine = build_engine(database_url(worker.url, NAME))
        story.load(engine, clock)
        return engine
