"""A dump restored into another server: transaction ids start again there, and sealing goes on in a new epoch."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.embedded import DATABASE, OWNER, Database, Server
from tests.builders.books import post
from tests.faults.homes import Home, empty_folder, remove, running_home

pytestmark = pytest.mark.faults

ADMINISTRATOR = "admin@example.org"
SPEND_IDS = "do $$ begin for n in 1..30000 loop perform pg_current_xact_id(); commit; end loop; end $$"
"""More transactions of the old server than a restore takes of the new one's."""


@pytest.fixture(scope="module")
def restored() -> Iterator[Home]:
    """A home of another server, loaded from a dump: three sealed entries, two that no block had yet, one new one."""
    with running_home() as old, empty_folder() as outer:
        with old.superuser() as superuser:
            superuser.execute(SPEND_IDS)
        _post(old, 3)
        assert old.run("ledger", "seal").returncode == 0
        _post(old, 2)
        _administrator(old)
        new = outer / "restored"
        server = Server(new)
        try:
            _dump_and_load(old.database, server.join(), outer / "books.dump", old.server)
            (new / "seal.key").write_bytes((old.folder / "seal.key").read_bytes())
            home = Home(new, server, server.database, old.book)
            _post(home, 1)
            yield home
        finally:
            server.leave()
            remove(new)


def _post(home: Home, times: int) -> None:
    with Session(home.engine()) as session:
        for _ in range(times):
            post(session, home.book.contribution("5.00"))
            session.commit()


def _administrator(home: Home) -> None:
    done = home.run(
        *("user", "create", "--email", ADMINISTRATOR, "--name", "Admin", "--role", "ADMINISTRATOR"),
        *("--institution", "ZONE", "--institution-name", "Zone", "--side", "SZ", "--kind", "ZONE_AUTHORITY"),
        *("--password", "long enough for a test"),
    )
    assert done.returncode == 0, done.stderr


def _dump_and_load(old: Database, new: Database, file: Path, server: Server) -> None:
    """pg_dump of one server into an emptied database of another."""

    def program(name: str, *arguments: str) -> None:
        command = [server.binaries.program(name), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr

    program("pg_dump", "--format=custom", f"--file={file}", _plain(old))
    with psycopg.connect(_plain(new, "postgres"), autocommit=True) as superuser:
        superuser.execute(f"drop database {DATABASE} with (force)")
        superuser.execute(f"create database {DATABASE} owner {OWNER} encoding 'UTF8' template template0")
    program("pg_restore", "--exit-on-error", f"--dbname={_plain(new)}", str(file))


def _plain(database: Database, name: str = DATABASE) -> str:
    """The superuser's address of one database, as PostgreSQL's own programs take it."""
    return database.superuser_url.replace("+psycopg", "", 1).replace(f"@/{DATABASE}", f"@/{name}")


def test_sealing_refuses_until_a_new_epoch_begins_and_then_every_entry_is_sealed_once(
    restored: Home, tmp_path: Path
) -> None:
    refused = restored.run("ledger", "seal")
    assert refused.returncode == 1
    assert "restored from a dump" in refused.stderr
    assert "hetao ledger new-epoch --as" in refused.stderr

    begun = restored.run("ledger", "new-epoch", "--as", ADMINISTRATOR, "--json")
    assert begun.returncode == 0, begun.stderr
    facts = json.loads(begun.stdout)
    assert facts["epoch"] == 2
    assert [each["entries"] for each in facts["sealed_first"]] == [3]

    _post(restored, 2)
    sealed = restored.run("ledger", "seal", "--json")
    assert sealed.returncode == 0, sealed.stderr
    assert json.loads(sealed.stdout)[0]["entries"] == 2

    assert restored.run("ledger", "check").returncode == 0
    verified = restored.run("ledger", "verify", "--json")
    assert verified.returncode == 0, verified.stdout
    assert json.loads(verified.stdout)["books"][0]["leaves"] == 8
    bundle = tmp_path / "bundle.txt"
    assert restored.run("ledger", "bundle", "--book", restored.book.code, "--out", str(bundle)).returncode == 0
    epochs = [
        line.split('"epoch":"')[1][0] for line in bundle.read_text(encoding="utf-8").splitlines() if '"epoch"' in line
    ]
    assert epochs == ["1"] * 6 + ["2"] * 2

    with Session(restored.engine()) as session:
        event = session.execute(
            text("select details, actor_name from audit_event where verb = 'ledger.new-epoch'")
        ).one()
        cursor = session.execute(text("select seal_epoch from ledger.seal_cursor")).scalar_one()
    assert event.details == {"epoch": 2, "entries_sealed_first": 3}
    assert event.actor_name == "Admin"
    assert cursor == 2
