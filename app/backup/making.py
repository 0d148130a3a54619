"""Makes a backup of the bundled database while it serves, with the evidence, and bounds the archive's size."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.backup import keys
from app.backup.folder import BASE, EVIDENCE, BackupRefused, Facts, Say, program, verify_files
from app.backup.keys import Keys
from app.db.embedded import ARCHIVING, Server
from app.settings import Settings

MADE = "backups"
"""The file in the archive with the first WAL file of each backup made, oldest first."""

SEGMENT = re.compile(r"[0-9A-F]{24}\.gz")


def create(settings: Settings, out: Path, *, with_keys: bool, keep: int, say: Say) -> Facts:
    """Make a backup in the folder `out`, which must not exist or be empty; nothing is left there when it fails.

    From the first backup on, the server archives what it writes; the archive is kept from the `keep` newest backups on.
    Keys go in only `with_keys`, as many as lie in files. Raises BackupRefused.
    """
    if settings.database_url:
        raise BackupRefused(
            "DATABASE_URL names a PostgreSQL of your own: back it up with pg_basebackup and archived WAL, "
            "as docs/operations.md says, section 4."
        )
    held = _held(settings, with_keys)
    out = out.absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BackupRefused(f"{out} is there already; name a new folder.")
    server = Server(settings.home)
    needed = [program(server.binaries, name) for name in ("pg_basebackup", "pg_verifybackup")]
    server.join()
    draft = out.with_name(f".{out.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700, parents=True)
        facts = _made(server, draft, needed[0], settings, held, with_keys, say)
        out.rmdir() if out.exists() else None
        draft.rename(out)
    finally:
        server.leave()
        shutil.rmtree(draft, ignore_errors=True)
    removed = _bound(server.archive, facts.first_segment, keep)
    if removed:
        say(f"{removed} archived files from before the last {keep} backups were removed.")
    return facts


def _made(
    server: Server, draft: Path, basebackup: str, settings: Settings, held: Keys, with_keys: bool, say: Say
) -> Facts:
    archiving = server.archive / ARCHIVING
    archiving.touch(mode=0o644)
    address = make_url(server.database.superuser_url)
    with psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        if connection.execute("SHOW archive_mode").fetchone() != ("on",):
            say("Archiving starts when the server is started next; until then only this moment can be restored.")
        _base_backup(basebackup, server, str(address.password), draft, say)
        made_at = datetime.now(UTC)
    verify_files(server.binaries, draft)
    say("Every file is as the manifest says.")
    evidence = _copy_evidence(settings.evidence_folder, draft / EVIDENCE)
    copied = {name: keys.copy(file, draft / name) for name, file in held.files.items()} if with_keys else {}
    facts = Facts(
        made_at=made_at,
        postgres=server.binaries.major,
        first_segment=_first_segment(draft),
        archive=str(server.archive),
        unarchived=str(server.data / "pg_wal"),
        evidence_files=evidence,
        keys=copied,
        keys_apart=(*(keys.named(name) for name in held.files if name not in copied), *held.elsewhere),
    )
    facts.write(draft)
    return facts


def _held(settings: Settings, with_keys: bool) -> Keys:
    held = keys.keys_of(settings)
    if with_keys and settings.seal_key:
        raise BackupRefused("The sealing key comes from HETAO_SEAL_KEY, not from a file; keep your copy of it apart.")
    if with_keys and keys.SEAL not in held.files:
        raise BackupRefused(f"There is no sealing key at {settings.seal_key_file or settings.home / keys.SEAL} yet.")
    return held


def _base_backup(basebackup: str, server: Server, password: str, draft: Path, say: Say) -> None:
    command = [basebackup, "-h", str(server.socket_folder), "-U", "postgres", "-w", "-D", str(draft / BASE)]
    command += ["--checkpoint=fast", "-X", "stream", "--manifest-checksums=SHA256", "--progress", "--no-password"]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGPASSWORD": password}
    told: list[str] = []
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        for line in running.stderr or ():
            told.append(line.strip())
            percent = re.search(r"\((\d+)%\)", line)
            if percent:
                say(f"Database: {percent[1]} %")
    if running.returncode != 0:
        raise BackupRefused("pg_basebackup failed:\n" + "\n".join(told[-5:]))


def _copy_evidence(source: Path, target: Path) -> int:
    """Copied after the database, so that each file the database knows is there."""
    if not source.is_dir():
        return 0
    shutil.copytree(source, target)
    return sum(1 for each in target.rglob("*") if each.is_file())


def _first_segment(draft: Path) -> str:
    label = (draft / BASE / "backup_label").read_text(encoding="utf-8")
    found = re.search(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)", label)
    if found is None:
        raise BackupRefused("pg_basebackup left no backup_label.")
    return found[1]


def _bound(archive: Path, first: str, keep: int) -> int:
    """Note this backup and remove what only older ones than the `keep` newest need; how many files went."""
    noted = archive / MADE
    made = [*(noted.read_text(encoding="ascii").split() if noted.exists() else ()), first][-keep:]
    draft = archive / f".{MADE}.new"
    draft.write_text("\n".join(made) + "\n", encoding="ascii")
    draft.rename(noted)
    old = [file for file in archive.iterdir() if SEGMENT.fullmatch(file.name) and file.name[:24] < made[0]]
    for file in old:
        file.unlink()
    return len(old)
