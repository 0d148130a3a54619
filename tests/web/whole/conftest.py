"""A database of two full worlds, made once per run and copied per worker; each test finds it as it was made."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.access.permissions import Permission
from app.kernel.actor import Role
from tests import conftest
from tests.builders.people import a_token, signed_in_client

if TYPE_CHECKING:
    from tests.postgres import WorkerDatabase

WORLDS = "hetao_worlds"


@dataclass(frozen=True, slots=True)
class LandIds:
    """What the tests need to know of a world: its people by role, and every identifier in it by kind."""

    at_funder: dict[str, str]
    at_grantee: dict[str, str]
    made: dict[str, str]
    ids: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Worlds:
    """The worker's copy of both worlds."""

    database: WorkerDatabase
    home: LandIds
    foreign: LandIds


def _build(url: str) -> dict[str, dict[str, object]]:
    """Fill a migrated database with both worlds; plain data about them."""
    from app.db import session as sessions
    from app.db.unit_of_work import unit_of_work
    from app.institutions.states import Side
    from tests.builders import sealing
    from tests.web.whole import addresses, worlds

    engine = sessions.build_engine(url)
    sessions.use_engine(engine)
    found: dict[str, dict[str, object]] = {}
    try:
        before: dict[str, set[str]] = {}
        for name, side in (("home", Side.SZ), ("foreign", Side.HK)):
            with unit_of_work() as session:
                land = worlds.land(session, side, with_rate=name == "home")
                ids = addresses.identifiers(session)
                fresh = {
                    kind: [key for key in keys if key not in before.get(kind, set())] for kind, keys in ids.items()
                }
                before = {kind: set(keys) for kind, keys in ids.items()}
                found[name] = asdict(
                    LandIds(
                        {role.value: str(actor.person_id) for role, actor in land.at_funder.items()},
                        {role.value: str(actor.person_id) for role, actor in land.at_grantee.items()},
                        land.names,
                        fresh,
                    )
                )
        with sessions.new_session() as session:
            sealing.seal(session)
    finally:
        sessions.use_engine(None)
        engine.dispose()
    return found


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, worker_database: WorkerDatabase) -> Iterator[Worlds]:
    """This worker's own copy of the two worlds; they are built by the first worker that asks."""
    from app.db.embedded import Database
    from tests import postgres

    running = Database(worker_database.url, worker_database.owner_url, worker_database.superuser_url)
    home: Path = conftest._home(request.config)
    about = home / "worlds.json"
    with open(home / "worlds.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not about.exists():
            with postgres.connect(running.superuser_url, "postgres") as server:
                server.execute(f"CREATE DATABASE {WORLDS} TEMPLATE {postgres.TEMPLATE} OWNER {postgres.OWNER}")
                server.execute(f"GRANT CONNECT ON DATABASE {WORLDS} TO {postgres.APPLICATION}")
            found = _build(postgres.database_url(running.url, WORLDS))
            postgres.remember_rows(running, WORLDS)
            about.write_text(json.dumps(found), encoding="utf-8")
        copied = postgres.WorkerDatabase.copy_template(
            running, os.environ.get("PYTEST_XDIST_WORKER", "main"), template=WORLDS
        )
    told = json.loads(about.read_text(encoding="utf-8"))
    yield Worlds(copied, LandIds(**told["home"]), LandIds(**told["foreign"]))
    copied.close()


@pytest.fixture
def engine(worlds: Worlds) -> Iterator[Engine]:
    """The application's role on the two worlds; put back to how they were after the test."""
    from app.db import session as sessions

    sessions.use_engine(worlds.database.engine)
    yield worlds.database.engine
    sessions.use_engine(None)
    worlds.database.restore()


@pytest.fixture
def database_digest(engine: Engine, worlds: Worlds) -> Callable[[], str]:
    """A digest of every row but audit, throttling and sessions."""
    return worlds.database.digest


@dataclass(slots=True)
class Visitors:
    """Browsers and tokens of the people of both worlds."""

    app: Flask
    worlds: Worlds

    def person_id(self, role: Role, *, grantee: bool = False, foreign: bool = False) -> str:
        """The person with that role."""
        land = self.worlds.foreign if foreign else self.worlds.home
        return (land.at_grantee if grantee else land.at_funder)[role.value]

    def browser(self, role: Role, *, grantee: bool = False, foreign: bool = False) -> FlaskClient:
        """A browser in which they are signed in."""
        return signed_in_client(self.app, UUID(self.person_id(role, grantee=grantee, foreign=foreign)))

    def browser_of(self, name: str) -> FlaskClient:
        """A browser in which one of those who made the home world's payments is signed in, such as `maker_id`."""
        return signed_in_client(self.app, UUID(self.worlds.home.made[name]))

    def token(self, role: Role, *scopes: Permission, grantee: bool = False, foreign: bool = False) -> dict[str, str]:
        """Headers with a personal token of theirs; all scopes they may have, if none are named."""
        return a_token(self.app, UUID(self.person_id(role, grantee=grantee, foreign=foreign)), *scopes)


@pytest.fixture
def visitors(app: Flask, worlds: Worlds) -> Visitors:
    """Ways to come in as anyone of both worlds."""
    return Visitors(app, worlds)
