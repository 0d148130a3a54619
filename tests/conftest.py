"""Fixtures for every test: the stopped clock, and a real PostgreSQL with one database per worker.

The server is the application's own launcher in a temporary home, joined by all xdist workers and stopped by the last.
The migrations run once, into a template; each worker copies it. After a test, what it wrote is taken out again as the
superuser with triggers off, because the ledger's tables refuse to forget.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from app.kernel.clock import Clock

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

    from app.settings import Settings
    from tests.postgres import WorkerDatabase

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""The tests' present: Friday 20 November 2026, 10:00 in Hong Kong."""

# Properties are proven on slow and busy machines too: no example has a time limit.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


LONG = (
    "tests/scenarios/test_story.py",
    "tests/web/whole/test_access_matrix.py",
    "tests/scenarios",
    "tests/web/whole",
    "tests/reports",
    "tests/browser/test_screens.py",
    "tests/browser/test_path.py",
    "tests/faults",
    "tests/migrations",
)
"""What takes minutes is begun first, so that no worker is left alone with it at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the files: xdist hands them out from the top (with `--no-loadscope-reorder`)."""
    long = [config.rootpath / name for name in LONG]

    def place(item: pytest.Item) -> int:
        return next((n for n, path in enumerate(long) if item.path.is_relative_to(path)), len(long))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What collecting has loaded stays to the end: the garbage collector need not walk it again and again."""
    gc.collect()
    gc.freeze()


# Time


@pytest.fixture
def clock() -> Clock:
    """A clock stopped at NOW."""
    return Clock(fixed=NOW)


@pytest.fixture
def now(clock: Clock) -> datetime:
    """The stopped clock's instant."""
    return clock.now()


@pytest.fixture
def today(clock: Clock) -> date:
    """The stopped clock's business date."""
    return clock.today()


# The database


def _home(config: pytest.Config) -> Path:
    """One home per run: xdist gives all its workers the same run id."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}"
    return Path(tempfile.gettempdir()) / f"hetao-tests-{hashlib.sha256(run.encode()).hexdigest()[:10]}"


@pytest.fixture(scope="session")
def worker_database(request: pytest.FixtureRequest) -> Iterator[WorkerDatabase]:
    """This worker's own database, made from the migrated template."""
    from app.db.embedded import Server
    from tests.postgres import WorkerDatabase, make_template

    home = _home(request.config)
    server = Server(home, {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    running = server.join()
    try:
        with open(home / "template.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_template(running)
        database = WorkerDatabase.copy_template(running, os.environ.get("PYTEST_XDIST_WORKER", "main"))
        yield database
        database.close()
    finally:
        if server.leave():
            shutil.rmtree(server.folder, ignore_errors=True)
            shutil.rmtree(server.socket_folder, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def engine(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """The application's role on this worker's database, also used by `unit_of_work()`; wiped clean after the test."""
    from app.db import session as sessions

    sessions.use_engine(worker_database.engine)
    yield worker_database.engine
    sessions.use_engine(None)
    worker_database.restore()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session as the application's role, rolled back after the test unless the test commits.

    The server would end a transaction that idles for a minute; a test may hold one for longer, on a slow machine.
    """
    from sqlalchemy import event

    from app.db.session import new_session

    with new_session() as opened:
        event.listen(opened, "after_begin", _may_idle)
        yield opened
        opened.rollback()


def _may_idle(_session: Session, _transaction: object, connection: Connection) -> None:
    connection.connection.cursor().execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@pytest.fixture
def database_digest(engine: Engine, worker_database: WorkerDatabase) -> Callable[[], str]:
    """A digest of every row but audit and throttling: equal before and after a refused verb."""
    return worker_database.digest


# The web


@pytest.fixture(scope="session")
def joined_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, joined once for all tests of a worker: it holds nothing of one request for the next.

    Compiled templates are kept in pytest's own cache, for the other worker and the next run.
    """
    from jinja2 import FileSystemBytecodeCache

    from app.application import create_app
    from app.web import templating

    joined = create_app(_settings(tmp_path_factory.mktemp("home")), clock=Clock(fixed=NOW))
    if request.config.pluginmanager.hasplugin("cacheprovider"):
        compiled_by = [Path(templating.__file__), request.config.rootpath / "requirements.lock"]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in compiled_by)).hexdigest()
        folder = request.config.cache.mkdir(f"templates-{digest[:10]}")
        joined.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return joined


def _settings(home: Path) -> Settings:
    from app.settings import Settings

    return Settings(home=home, secret_key="only for tests " * 4, testing=True)


@contextmanager
def lent(joined_app: Flask, home: Path, clock: Clock) -> Iterator[Flask]:
    """The joined application with that home and clock; what its user sets in it is put back afterwards."""
    kept = dict(joined_app.config), dict(joined_app.extensions)
    joined_app.extensions |= {"hetao.clock": clock, "hetao.settings": _settings(home)}
    try:
        yield joined_app
    finally:
        for place, before in zip((joined_app.config, joined_app.extensions), kept, strict=True):
            place.clear()
            place.update(before)


@pytest.fixture
def app(engine: Engine, joined_app: Flask, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """The application on this worker's database, with the stopped clock and a home of its own."""
    with lent(joined_app, tmp_path, clock) as application:
        yield application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()
