"""Brings a copied cluster of the bundled PostgreSQL to a chosen moment, and into the hands of its new home.

While it recovers, only the server's own socket folder (mode 0700) is a way in, and no password is asked, because those
of the old home are not known here. Then the superuser gets the new home's password and the usual rules hold again.
"""

from __future__ import annotations

import re
import shlex
import shutil
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from app.db.embedded import SUPERUSER, DatabaseNotStarted, Server

PAUSE_SECONDS = 0.1


class NotRecovered(Exception):
    """The moment asked for cannot be reached; the message says why."""


def recover(home: Path, base: Path, written: Iterable[Path], until: datetime | None) -> datetime | None:
    """Make the cluster of `home` from the base backup and the WAL files `written`, up to `until` (None: all of them).

    Answers with the instant of the last transaction that is in it, if any was applied. The server is stopped then.
    Raises NotRecovered where the WAL ends before `until`, and DatabaseNotStarted.
    """
    place = Server(home)
    place._prepare_folders()
    came = place.folder / "restoring"
    shutil.rmtree(came, ignore_errors=True)
    shutil.copytree(base, place.folder / "data.new")
    came.mkdir(mode=0o700)
    for file in written:
        shutil.copy(file, came / file.name)
    (came / "pg_hba.conf").write_text("local all all trust\n", encoding="ascii")
    (place.folder / "data.new" / "recovery.signal").touch()
    _give(place, came, place.folder / "data.new")
    (place.folder / "data.new").chmod(0o700)
    (place.folder / "data.new").rename(place.data)
    server = Server(home, _settings(came, until))
    last = _recovered(server, until)
    shutil.rmtree(came)
    return last


def _give(place: Server, *folders: Path) -> None:
    """Everything below the folders belongs to the server's account from now on."""
    account = place.account
    if account is None:
        return
    for folder in folders:
        for each in (folder, *folder.rglob("*")):
            shutil.chown(each, account.pw_uid, account.pw_gid)


def _settings(came: Path, until: datetime | None) -> dict[str, str]:
    folder = shlex.quote(str(came)).replace("%", "%%")
    command = f'if test -e {folder}/%f.gz; then gzip -dc {folder}/%f.gz > "%p"; else cp {folder}/%f "%p"; fi'
    settings = {
        "archive_mode": "off",
        "hba_file": str(came / "pg_hba.conf"),
        "restore_command": command,
        "recovery_target_action": "promote",
    }
    if until is not None:
        settings["recovery_target_time"] = until.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00")
    return settings


def _recovered(server: Server, until: datetime | None) -> datetime | None:
    """Start the server, wait for the end of the recovery however long it takes, set its password and stop it."""
    try:
        server._begin()
        while _recovering(server):
            time.sleep(PAUSE_SECONDS)
        with server._connect("postgres") as connection:
            connection.autocommit = True
            row = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
            change = sql.SQL("ALTER ROLE {} PASSWORD {}")
            password = server._password(SUPERUSER)
            connection.execute(change.format(sql.Identifier(SUPERUSER), sql.Literal(password)))
    except DatabaseNotStarted as failure:
        if "before configured recovery target" not in str(failure):
            raise
        last = re.findall(r"last completed transaction was at log time ([0-9: .+-]+)", str(failure))
        known = f": the last transaction in it is of {last[-1]} UTC" if last else ""
        raise NotRecovered(f"What was written ends before {until}{known.removesuffix('+00 UTC')}.") from None
    finally:
        server.stop()
    last_applied = row[0] if row else None
    return last_applied if isinstance(last_applied, datetime) else None


def _recovering(server: Server) -> bool:
    """Whether it is still under way. Raises DatabaseNotStarted when the server has given up."""
    try:
        with server._connect("postgres") as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            return row != (False,)
    except psycopg.OperationalError:
        if not (server.data / "postmaster.pid").exists():
            raise DatabaseNotStarted(f"PostgreSQL did not recover:\n{server._end_of_log()}") from None
        return True
