"""Homes with real servers for the fault tests: durable settings, migrated, with a book, and the means to kill them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
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
        kill_everything(self.server)


def kill_everything(server: Server) -> None:
    """kill -9 of a database's postmaster and of every process it has.

    The postmaster is stopped first: a process it forked after they were counted would live on, wait for ever for a lock
    that a killed one held, and keep the shared memory.
    """
    postmaster = int((server.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
    os.kill(postmaster, signal.SIGSTOP)
    while _state_and_parent(Path(f"/proc/{postmaster}/stat"))[0] != "T":
        time.sleep(0.001)
    for process in (postmaster, *children_of(postmaster)):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def children_of(process: int) -> list[int]:
    """The processes whose parent this is."""
    statuses = Path("/proc").glob("[0-9]*/stat")
    return [int(each.parent.name) for each in statuses if _state_and_parent(each)[1] == process]


def _state_and_parent(status: Path) -> tuple[str, int]:
    """State and parent of the process whose `stat` this is; -1 when it is gone."""
    try:
        state, parent = status.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return "", -1
    return state, int(parent)


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
