"""The bundled PostgreSQL survives what happens to it: half-made clusters, kill -9, company, long paths."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.db.binaries import find_binaries
from app.db.embedded import Database, DatabaseNotStarted, Server
from tests.faults.homes import kill_everything

pytestmark = pytest.mark.faults


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the server's unprivileged account can reach, stopped and removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hetao-faults-"))
    folder.chmod(0o711)
    yield folder
    server = Server(folder)
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)
    shutil.rmtree(server.socket_folder, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _open(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True)


def _write(database: Database, number: int) -> None:
    with _open(database.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def _kept(database: Database) -> list[object]:
    with _open(database.owner_url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY 1")]


def test_a_fresh_home_gets_a_private_database_with_checksums(home: Path) -> None:
    server = Server(home)
    database = server.join()
    with _open(database.url) as connection:
        facts = {name: connection.execute(f"SHOW {name}").fetchone() for name in ("listen_addresses", "data_checksums")}
        role = connection.execute("SELECT current_user").fetchone()
    assert facts == {"listen_addresses": ("",), "data_checksums": ("on",)}
    assert role == ("hetao_app",)
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    for password in (home / "database-passwords").iterdir():
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert server.leave() is True


def test_nobody_enters_without_a_password(home: Path) -> None:
    server = Server(home)
    database = server.join()
    with pytest.raises(psycopg.OperationalError, match="password"):
        _open(database.url.replace("hetao_app:", "hetao_app:wrong", 1))
    server.leave()


def test_a_second_start_keeps_what_was_written(home: Path) -> None:
    first = Server(home)
    _write(first.join(), 1)
    first.leave()
    assert not first.answers()
    again = Server(home)
    assert _kept(again.join()) == [1]
    again.leave()


def test_what_was_acknowledged_survives_kill_of_every_process(home: Path) -> None:
    server = Server(home)
    for number in range(3):
        _write(server.join(), number)
        kill_everything(server)
    began = time.monotonic()
    assert _kept(server.join()) == [0, 1, 2]
    assert time.monotonic() - began < 30
    server.leave()


def test_a_half_made_cluster_is_never_taken_for_a_database(home: Path) -> None:
    server = Server(home)
    server._prepare_folders()
    draft = server.folder / "data.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("15\n")
    _write(server.join(), 7)
    assert not draft.exists()
    assert _kept(server.database) == [7]
    server.leave()


def test_the_last_user_stops_the_server_and_no_one_before(home: Path) -> None:
    first, second = Server(home), Server(home)
    first.join()
    database = second.join()
    assert first.leave() is False
    _write(database, 1)
    assert second.leave() is True
    assert not second.answers()


def test_a_home_with_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    for folder in (deep, deep.parent):
        folder.chmod(0o711)
    server = Server(deep)
    try:
        server.join()
        assert len(str(server.socket_folder)) < 50
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    finally:
        server.leave()
        shutil.rmtree(server.socket_folder)


def test_a_socket_folder_that_others_can_enter_is_refused(home: Path) -> None:
    server = Server(home)
    server._prepare_folders()
    server.socket_folder.chmod(0o755)
    with pytest.raises(DatabaseNotStarted, match="0700"):
        server.join()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is dropped to another account")
def test_root_is_dropped_and_a_private_home_is_left_alone(home: Path) -> None:
    home.chmod(0o700)
    server = Server(home / "inner")
    try:
        server.join()
        assert not server.folder.is_relative_to(home)
        assert server.folder.stat().st_uid != 0
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    finally:
        server.leave()
        shutil.rmtree(server.folder)


def test_the_wheels_programs_serve_where_no_system_postgres_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.binaries._SYSTEM_FOLDERS", ())
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    binaries = find_binaries()
    assert binaries.bundled
    server = Server(home)
    with _open(server.join().url) as connection:
        assert connection.info.server_version // 10_000 == binaries.major == 18
    server.leave()
