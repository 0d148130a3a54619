"""The bundled PostgreSQL: started for whoever needs it, shared by the processes of one home, stopped by the last.

No TCP, a private socket, passwords in files only the user can read, checksums on. Root is dropped to an unprivileged
account. A kill -9 of anything at any moment is mended at the next start; `postmaster.pid` is never deleted by hand.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import pwd
import secrets
import shlex
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from app.db.binaries import Binaries, copied, find_binaries

DATABASE = "hetao"
OWNER = "hetao_owner"
APPLICATION = "hetao_app"
SUPERUSER = "postgres"

LONGEST_SOCKET_FOLDER = 85
"""A socket's full path may have 107 bytes; `/.s.PGSQL.5432` and its `.lock` need some of them."""

START_SECONDS = 60
UNPRIVILEGED = ("postgres", "_postgres", "nobody")

CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "password_encryption": "scram-sha-256",
    "archive_mode": "on",
    "archive_timeout": "300",
}

ARCHIVING = "archiving"
"""The file in the archive whose presence says that a backup needs what is written from now on."""


class DatabaseNotStarted(Exception):
    """The server would not start; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where a running database is reached, by role."""

    url: str = field(repr=False)
    owner_url: str = field(repr=False)
    superuser_url: str = field(repr=False)


class Server:
    """The PostgreSQL server of one home folder."""

    def __init__(self, home: Path, configuration: Mapping[str, str] | None = None) -> None:
        """`configuration` adds to, or overrides, the server's settings."""
        self.home = home.absolute()
        self.configuration = CONFIGURATION | dict(configuration or {})
        self._users: int | None = None

    # Where things lie

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """The account the server runs as when we are root; None: our own."""
        if os.geteuid() != 0:
            return None
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        for name in UNPRIVILEGED:
            if name in known:
                return known[name]
        raise DatabaseNotStarted("PostgreSQL refuses to run as root, and there is no account `nobody` to run it as.")

    @cached_property
    def folder(self) -> Path:
        """The server's own folder: below the home, or in /var/lib where its account cannot reach the home."""
        beside, elsewhere = self.home / "postgres", Path("/var/lib") / f"hetao-ledger-{self._mark}"
        if self.account is None or (beside / "data").exists():
            return beside
        return elsewhere if elsewhere.exists() or not self._reaches(self.home) else beside

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.folder / "data"

    @property
    def archive(self) -> Path:
        """What has been written since the first backup: the WAL, a compressed file for each segment."""
        return self.folder / "archive"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "server.log"

    @cached_property
    def socket_folder(self) -> Path:
        """Where the socket lies: a short path, since the system allows 107 bytes."""
        beside = self.folder / "socket"
        return beside if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER else Path("/tmp") / f"hetao-{self._mark}"  # noqa: S108

    @cached_property
    def binaries(self) -> Binaries:
        """Programs of the version that made the cluster, if there is one, where the server's account can run them."""
        made_by = self.data / "PG_VERSION"
        found = find_binaries(int(made_by.read_text()) if made_by.exists() else None)
        if self.account is None or self._run(found.program("postgres"), "-V").returncode == 0:
            return found
        return copied(found, self.folder)

    @property
    def _mark(self) -> str:
        return hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]

    # Joining and leaving

    def join(self) -> Database:
        """Start the server unless it runs, make roles and database unless they exist, and stay counted as a user."""
        self._prepare_folders()
        if self._users is None:
            self._users = os.open(self.home / "database-users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._users, fcntl.LOCK_SH)
        with self._starting():
            self._initialise()
            self._start()
            self._make_roles()
        return self.database

    def leave(self) -> bool:
        """Stop being a user; the last one stops the server. Says whether the server was stopped."""
        if self._users is None:
            return False
        users, self._users = self._users, None
        try:
            fcntl.flock(users, fcntl.LOCK_UN)
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()
        except BlockingIOError:
            return False
        finally:
            os.close(users)
        return True

    def stop(self) -> None:
        """Stop the server cleanly, ending its connections."""
        if (self.data / "postmaster.pid").exists():
            self._run(self.binaries.program("pg_ctl"), "-D", str(self.data), "-m", "fast", "-w", "-t", "60", "stop")

    @property
    def database(self) -> Database:
        """The addresses of the running database."""
        return Database(
            url=self._url(APPLICATION, DATABASE),
            owner_url=self._url(OWNER, DATABASE),
            superuser_url=self._url(SUPERUSER, DATABASE),
        )

    def answers(self) -> bool:
        """Whether the server takes connections: tried by connecting, since a pid file may name a dead process."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    # Steps

    def _prepare_folders(self) -> None:
        self.home.mkdir(mode=0o711 if self.account else 0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.socket_folder, self.archive):
            folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        for folder in (self.folder, self.socket_folder, self.archive):
            if self.account:
                self._hand_over(folder)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
                raise DatabaseNotStarted(f"{folder} must be a folder of the server's account alone (mode 0700).")
        if self.account and not self.folder.is_relative_to(self.home) and not self.data.exists():
            print(f"The database lies in {self.folder}, where its account can reach it.", file=sys.stderr)  # noqa: T201

    def _hand_over(self, folder: Path) -> None:
        """Give a folder we made as root to the server's account; one of a third account is left alone, and refused."""
        if self.account and folder.lstat().st_uid == 0:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with open(self.home / "database-start.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        """Make the cluster in `data.new` and rename it: a half-made one is never taken for a database."""
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password_file = self.folder / "initial-password"
        password_file.unlink(missing_ok=True)
        self._write_private(password_file, self._password(SUPERUSER))
        if self.account:
            os.chown(password_file, self.account.pw_uid, self.account.pw_gid)
        options = ["-D", str(draft), "-U", SUPERUSER, "-A", "scram-sha-256", "--pwfile", str(password_file)]
        options += ["-E", "UTF8", "--locale=C", "--data-checksums", "--no-instructions"]
        if self.binaries.major >= 17:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = self._run(self.binaries.program("initdb"), *options)
        password_file.unlink()
        if made.returncode != 0:
            raise DatabaseNotStarted(f"initdb failed:\n{made.stdout}{made.stderr}")
        with open(draft / "postgresql.conf", "a", encoding="utf-8") as main:
            main.write("\ninclude_if_exists = '../server.conf'\n")
        draft.rename(self.data)

    def _start(self) -> None:
        """Start, and again while a killed server's process lingers: its pid file is refused until it is gone."""
        if self.answers():
            return
        self._configure()
        deadline = time.monotonic() + START_SECONDS
        while not self._started_once():
            lingering = (self.data / "postmaster.pid").exists()
            if not lingering or time.monotonic() > deadline:
                raise DatabaseNotStarted(f"PostgreSQL did not start:\n{self._end_of_log()}")
            time.sleep(1 / 4)

    def _configure(self) -> None:
        places = {"unix_socket_directories": str(self.socket_folder), "archive_command": self._archive_command()}
        lines = places | self.configuration
        quoted = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in lines.items())
        configuration = self.folder / "server.conf"
        configuration.write_text("".join(quoted), encoding="utf-8")
        configuration.chmod(0o644)

    def _begin(self) -> None:
        """Start without waiting for an answer: a recovery takes as long as it takes."""
        self._configure()
        begun = self._run(self.binaries.program("pg_ctl"), "-D", str(self.data), "-W", "-l", str(self.log), "start")
        if begun.returncode != 0:
            raise DatabaseNotStarted(f"PostgreSQL did not start:\n{self._end_of_log()}")
        deadline = time.monotonic() + START_SECONDS
        while not (self.data / "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(1 / 20)

    def _archive_command(self) -> str:
        """Keep a finished segment, compressed and on disk before it counts; nothing before the first backup."""
        folder = shlex.quote(str(self.archive)).replace("%", "%%")
        return (
            f"cd {folder} || exit 1; test -e {ARCHIVING} || exit 0; "
            'gzip -1 -c "$OLDPWD/%p" > ".%f.new" && sync ".%f.new" && mv ".%f.new" "%f.gz"'
        )

    def _started_once(self) -> bool:
        pg_ctl = self.binaries.program("pg_ctl")
        self._run(pg_ctl, "-D", str(self.data), "-w", "-t", "30", "-l", str(self.log), "start")
        return self.answers()

    def _make_roles(self) -> None:
        """The owner (migrations) and the application's role, each with its password, and the database."""
        with self._connect("postgres") as connection:
            connection.autocommit = True
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, APPLICATION):
                verb = sql.SQL("ALTER" if role in known else "CREATE")
                statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
                connection.execute(statement.format(verb, sql.Identifier(role), sql.Literal(self._password(role))))
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}")

    # Small things

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program as the server's account, with nothing of our environment but the path."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        account = self.account
        try:
            if account is None:
                return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=environment)
            return subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=environment,
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                umask=0o077,
            )
        except PermissionError as error:
            return subprocess.CompletedProcess(command, 126, "", str(error))

    def _reaches(self, folder: Path) -> bool:
        """Whether the server's account can enter `folder`, or would once we made it."""
        existing = folder
        while not existing.exists():
            existing = existing.parent
        return self._run("test", "-x", str(existing)).returncode == 0

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.socket_folder),
            user=SUPERUSER,
            password=self._password(SUPERUSER),
            dbname=database,
            connect_timeout=5,
        )

    def _url(self, role: str, database: str) -> str:
        return f"postgresql+psycopg://{role}:{self._password(role)}@/{database}?host={self.socket_folder}"

    def _password(self, role: str) -> str:
        """The role's password, made at first use and kept in a file only we can read."""
        folder = self.home / "database-passwords"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / role
        if not file.exists():
            draft = folder / f"{role}.new"
            draft.unlink(missing_ok=True)
            self._write_private(draft, secrets.token_urlsafe(32))
            draft.rename(file)
        return file.read_text(encoding="ascii").strip()

    @staticmethod
    def _write_private(file: Path, text: str) -> None:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
            handle.write(text)

    def _end_of_log(self) -> str:
        if not self.log.exists():
            return f"(no log at {self.log})"
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


_joined: dict[Path, Server] = {}


def joined(home: Path) -> Database:
    """The database of `home`, kept running while this process lives; the last process to end stops it."""
    if home not in _joined:
        server = Server(home)
        server.join()
        _joined[home] = server
        atexit.register(_leave_at_exit, server, os.getpid())
    return _joined[home].database


def _leave_at_exit(server: Server, process: int) -> None:
    """Leave in the process that joined, not in ones forked from it."""
    if os.getpid() == process:
        server.leave()
