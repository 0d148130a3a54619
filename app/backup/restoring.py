"""Restores a backup into a home that has nothing yet: as it was made, as of any second since, or as of the newest."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.backup import keys
from app.backup.folder import BASE, EVIDENCE, BackupRefused, Facts, Say, read_facts
from app.db.binaries import find_binaries
from app.db.embedded import Server
from app.db.recovery import NotRecovered, recover

WAL_FILE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: where, from which backup, and the last transaction that is in it."""

    home: Path
    facts: Facts
    last_transaction: datetime | None
    archived: int
    """How many WAL files from after the backup were at hand."""


def restore(
    folder: Path, home: Path, *, until: datetime | None, archive: Path | None, alone: bool, say: Say
) -> Restored:
    """Restore the backup in `folder` into `home`, which must be absent or empty, and leave its server stopped.

    `until` is the moment to stop at; without it everything written is applied, or nothing after the backup if `alone`.
    `archive` is where archived WAL lies now (default: where the server that was backed up keeps it). Raises
    BackupRefused.
    """
    facts = read_facts(folder)
    home = home.absolute()
    _check_empty(home)
    if until is not None and until < facts.made_at:
        raise BackupRefused(
            f"This backup was complete at {facts.made_at.isoformat(timespec='seconds')}; for an earlier moment restore "
            "an earlier backup."
        )
    find_binaries(facts.postgres)
    try:
        written = [] if alone else _written(facts, archive)
    except PermissionError as error:
        raise BackupRefused(f"{error.filename} cannot be read: restore as the account that serves, or root.") from None
    if until is not None and not written:
        raise BackupRefused("No archived WAL was found; say with --archive where it lies.")
    say(f"Copying the base backup and {len(written)} archived files…")
    try:
        last = recover(home, folder / BASE, written, until)
    except NotRecovered as failure:
        _clear(home)
        raise BackupRefused(str(failure)) from None
    _bring_files(folder, facts, home)
    return Restored(home, facts, last, len(written))


def _check_empty(home: Path) -> None:
    if (home.exists() and any(home.iterdir())) or Server(home).data.exists():
        raise BackupRefused(f"{home} holds something already; a restore never writes over it. Name a new home.")


def _clear(home: Path) -> None:
    """Remove what a restore that could not be finished has made in a home that was empty."""
    server = Server(home)
    for folder in (server.folder, server.socket_folder, home):
        shutil.rmtree(folder, ignore_errors=True)


def _written(facts: Facts, archive: Path | None) -> list[Path]:
    """WAL from the backup's first file on: archived, and what the old server had still to archive if it is there."""
    found: dict[str, Path] = {}
    unarchived = None if archive else Path(facts.unarchived)
    for place in (unarchived, archive or Path(facts.archive)):
        if place is None or not place.is_dir():
            continue
        for file in place.iterdir():
            name = file.name.removesuffix(".gz")
            if WAL_FILE.fullmatch(name) and (name.endswith(".history") or name >= facts.first_segment):
                found[name] = file
    return [found[name] for name in sorted(found)]


def _bring_files(folder: Path, facts: Facts, home: Path) -> None:
    if (folder / EVIDENCE).is_dir():
        shutil.copytree(folder / EVIDENCE, home / "evidence")
    keys.bring_back(folder, facts.keys, home)
