"""Homes with real servers for the fault tests: durable settings, migrated, with a book, and the means to kill them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.db.embedded import Database, Server
from app.db.migration import upgrade
from app.ledger.checking import check
from app.settings import PROJECT
from tests.builders.books import Book, open_book

HETAO = [sys.executable, "-P", "-m", "app"]


@dataclass(frozen=True, slots=True)
class Home:
    """A home with a running server and an open book."""

    folder: Path
    server: Server
    database: Database
    book: Book

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this home is started with."""
        return environment(self.folder)

    def engine(self) -> Engine:
        """The application's role, a connection for each session."""
        return create_engine(self.database.url, poolclass=NullPool)

    def superuser(self) -> psycopg.Connection[tuple[object, ...]]:
        """The superuser, who is stopped by nothing."""
        return psycopg.connect(self.database.superuser_url.replace("+psycopg", "", 1), autocommit=True)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a `hetao` command as a process."""
        return run(self.folder, *command)

    def kill_server(self) -> None:
        """kill -9 of the postmaster and of every process it has."""
        postmaster = int((self.server.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        statuses = Path("/proc").glob("[0-9]*/stat")
        for process in [postmaster, *(int(s.parent.name) for s in statuses if parent_of(s) == postmaster)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def parent_of(status: Path) -> int:
    """The parent of the process whose `stat` this is; -1 when it is gone."""
    try:
        return int(status.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return -1


def environment(folder: Path) -> dict[str, str]:
    """This process's environment without settings of ours, for a home."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HETAO_", "DATABASE_", "SECRET_"))
    }
    return kept | {"HETAO_HOME": str(folder), "PYTHONPATH": str(PROJECT)}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a `hetao` command of a home to its end."""
    return subprocess.run(
        [*HETAO, *command], env=environment(folder), capture_output=True, text=True, check=False, timeout=120
    )


@contextmanager
def empty_folder() -> Iterator[Path]:
    """A folder that the server's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="hetao-faults-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove(folder: Path) -> None:
    """Stop a home's server and remove all of it."""
    server = Server(folder)
    server.stop()
    for each in (server.folder, server.socket_folder, folder):
        shutil.rmtree(each, ignore_errors=True)


@contextmanager
def running_home() -> Iterator[Home]:
    """A home as an operator has it: every durable setting on."""
    with empty_folder() as outer:
        folder = outer / "home"
        server = Server(folder)
        try:
            database = server.join()
            upgrade(database.owner_url)
            engine = create_engine(database.url, poolclass=NullPool)
            with Session(engine) as session, session.begin():
                book = open_book(session)
            yield Home(folder, server, database, book)
        finally:
            server.leave()
            remove(folder)


def differences(home: Home) -> tuple[object, ...]:
    """What `hetao ledger check` finds."""
    with Session(home.engine()) as session:
        return check(session).differences
