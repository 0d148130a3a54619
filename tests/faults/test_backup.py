"""Backups with real processes: a restore to the second before a mistaken DELETE, and everything it refuses."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.db.embedded import Server
from app.signing.authority import TestAuthority
from tests.builders.books import post
from tests.faults.homes import Home, empty_folder, remove, run, running_home

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """One home for all: three entries, sealed, evidence beside them, backed up, then two more entries."""
    with running_home() as made:
        _post(made, 3)
        (made.folder / "evidence").mkdir()
        (made.folder / "evidence" / "kept.txt").write_text("a receipt", encoding="utf-8")
        TestAuthority.kept(made.folder / "signing")
        (made.folder / "papers.key").write_text("of working papers", encoding="ascii")
        assert made.run("ledger", "seal").returncode == 0
        yield made


@pytest.fixture(scope="module")
def backup(home: Home) -> Path:
    """A backup made while the server serves."""
    folder = home.folder.parent / "backup"
    done = home.run("backup", "create", "--out", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    assert "Database: 100 %" in done.stderr
    assert json.loads(done.stdout)["evidence_files"] == 1
    return folder


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """Where to restore to."""
    with empty_folder() as outer:
        yield outer / "restored"
        remove(outer / "restored")


def _post(home: Home, times: int) -> None:
    with Session(home.engine()) as session:
        for _ in range(times):
            post(session, home.book.contribution("5.00"))
            session.commit()


def _entries(folder: Path) -> int:
    server = Server(folder)
    engine = create_engine(server.join().url, poolclass=NullPool)
    try:
        with Session(engine) as session:
            return int(session.execute(text("select count(*) from ledger.entry")).scalar_one())
    finally:
        server.leave()


def test_a_restore_to_the_second_before_a_mistaken_delete_brings_everything_back(
    home: Home, backup: Path, elsewhere: Path
) -> None:
    _post(home, 2)
    before = _entries(home.folder)
    time.sleep(0.1)
    moment = datetime.now(UTC)
    time.sleep(0.1)
    with home.superuser() as superuser, superuser.transaction():
        superuser.execute("set local session_replication_role = replica")
        superuser.execute("delete from ledger.posting")
        superuser.execute("delete from ledger.seal_leaf")
        superuser.execute("delete from ledger.entry")
    assert _entries(home.folder) == 0
    done = run(
        elsewhere, "backup", "restore", str(backup), "--home", str(elsewhere), "--until", moment.isoformat(), "--json"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    facts = json.loads(done.stdout)
    assert (facts["entries"], facts["sealed"], facts["findings"]) == (before, 3, [])
    assert _entries(elsewhere) == before
    assert (elsewhere / "evidence" / "kept.txt").read_text(encoding="utf-8") == "a receipt"
    assert not (elsewhere / "seal.key").exists()


def test_a_restored_home_goes_on_posting_with_its_own_passwords(backup: Path, elsewhere: Path) -> None:
    restored = run(elsewhere, "backup", "restore", str(backup), "--home", str(elsewhere), "--alone")
    assert restored.returncode == 0, restored.stderr
    server = Server(elsewhere)
    database = server.join()
    with Session(create_engine(database.url, poolclass=NullPool)) as session:
        code = session.execute(text("select code from ledger.book")).scalar_one()
        assert session.execute(text("show archive_mode")).scalar_one() == "on"
    server.leave()
    assert code.startswith("BOOK-")


def test_verifying_restores_and_checks_and_leaves_nothing(backup: Path, home: Home) -> None:
    done = home.run("backup", "verify", str(backup))
    assert done.returncode == 0, done.stderr
    assert "hetao ledger check and hetao ledger verify: 3 entries in 1 books, 3 sealed, 0 findings." in done.stdout


def test_a_changed_file_of_a_backup_is_named(backup: Path, home: Home) -> None:
    damaged = home.folder.parent / "damaged"
    shutil.copytree(backup, damaged)
    with (damaged / "base" / "global" / "pg_control").open("r+b") as file:
        file.seek(100)
        file.write(b"\xff\xff\xff")
    done = home.run("backup", "verify", str(damaged))
    assert done.returncode == 1
    assert "pg_control" in done.stderr


def test_a_home_with_data_is_never_written_over(backup: Path, home: Home) -> None:
    done = home.run("backup", "restore", str(backup), "--home", str(home.folder))
    assert done.returncode == 1
    assert "never writes over it" in done.stderr


def test_a_moment_that_the_archive_does_not_reach_is_refused_and_nothing_is_left(backup: Path, elsewhere: Path) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    done = run(elsewhere, "backup", "restore", str(backup), "--home", str(elsewhere), "--until", later)
    assert done.returncode == 1
    assert "What was written ends before" in done.stderr
    assert not elsewhere.exists()


def test_a_moment_before_the_backup_is_refused(backup: Path, elsewhere: Path) -> None:
    done = run(elsewhere, "backup", "restore", str(backup), "--home", str(elsewhere), "--until", "2020-01-01 00:00:00")
    assert done.returncode == 1
    assert "restore an earlier backup" in done.stderr


def test_what_is_not_in_a_backup_is_named(home: Home, backup: Path) -> None:
    facts = json.loads((backup / "backup.json").read_text(encoding="utf-8"))
    assert facts["keys"] == {}
    apart = [words.partition(" (")[2].rstrip(")") for words in facts["keys_apart"]]
    assert apart == ["seal.key", "papers.key", "signing/test-authority.pem"]
    assert not (backup / "seal.key").exists()
    assert not (backup / "signing").exists()


def test_keys_are_in_a_backup_when_asked_for_and_come_back_for_their_owner_only(home: Home, elsewhere: Path) -> None:
    folder = home.folder.parent / "with-keys"
    done = home.run("backup", "create", "--out", str(folder), "--with-keys", "--keep", "1")
    assert done.returncode == 0, done.stderr
    assert "Warning: the backup holds the keys" in done.stderr
    first = json.loads((folder / "backup.json").read_text(encoding="utf-8"))["first_segment"]
    kept = [file.name for file in home.server.archive.glob("*.gz") if len(file.stem) == 24]
    assert all(name >= first for name in kept)
    (folder / "papers.key").unlink()
    restored = run(elsewhere, "backup", "restore", str(folder), "--home", str(elsewhere), "--alone")
    assert "key papers.key: the backup says that it holds it, and it is not there" in restored.stderr
    assert restored.returncode == 1
    for name in ("seal.key", "signing/test-authority.pem"):
        assert (elsewhere / name).read_bytes() == (home.folder / name).read_bytes()
        assert S_IMODE((elsewhere / name).stat().st_mode) == 0o600
    assert S_IMODE((elsewhere / "signing").stat().st_mode) == 0o700
