"""Proves a backup: its files, a restore of it into a scratch home, and the checks of the books that came back."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.backup import keys
from app.backup.folder import EVIDENCE, BackupRefused, Facts, Say, read_facts, verify_files
from app.backup.restoring import restore
from app.db.binaries import find_binaries
from app.db.embedded import Database, Server
from app.db.migration import check as revision_of, newest_revision, upgrade
from app.db.session import build_engine
from app.ledger import balances
from app.ledger.checking import check
from app.ledger.sealing import verifying

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at in the books, and what is wrong with them (nothing: all is well)."""

    entries: int
    books: int
    sealed: int
    findings: tuple[str, ...]


def verify(folder: Path, *, say: Say) -> tuple[Facts, Proof]:
    """Prove the backup in `folder` by restoring it in a scratch home, removed afterwards. Raises BackupRefused."""
    facts = read_facts(folder)
    verify_files(find_binaries(facts.postgres), folder)
    say("Every file is as the manifest says.")
    lost = keys.findings(folder, facts.keys)
    damaged = [f"evidence {each.name}: its content is not what its name says" for each in _damaged(folder / EVIDENCE)]
    with scratch_home() as home:
        restore(folder, home, until=None, archive=None, alone=True, say=say)
        proof = examine(home, migrate=True)
    return facts, Proof(proof.entries, proof.books, proof.sealed, (*lost, *damaged, *proof.findings))


def examine(home: Path, *, migrate: bool) -> Proof:
    """Run `hetao ledger check` and `hetao ledger verify` on a restored home; `migrate` it first if it is only a trial.

    Raises BackupRefused where it was made by an older version and may not be migrated.
    """
    server = Server(home)
    database = server.join()
    try:
        if migrate:
            upgrade(database.owner_url)
        elif revision_of(database.owner_url) != newest_revision():
            raise BackupRefused(
                f"Restored, but made by another version: HETAO_HOME={home} hetao db upgrade, then hetao ledger check."
            )
        return _examined(database)
    finally:
        server.leave()


def _examined(database: Database) -> Proof:
    engine = build_engine(database.url, pool_size=1)
    try:
        with Session(engine.execution_options(isolation_level="REPEATABLE READ")) as session:
            checked = check(session)
            findings = [f"{d.what} {d.where}: kept {d.kept}, recomputed {d.recomputed}" for d in checked.differences]
            done = [verifying.verify(session, book_id) for book_id in balances.book_ids(session).values()]
    finally:
        engine.dispose()
    findings += [f"{each.code}: {finding}" for each in done for finding in each.findings]
    return Proof(checked.entries, len(done), sum(each.leaves for each in done), tuple(findings))


def _damaged(evidence: Path) -> Iterator[Path]:
    """Evidence whose content is not what its name, a SHA-256, says."""
    for file in evidence.rglob("*") if evidence.is_dir() else ():
        named = file.is_file() and DIGEST.fullmatch(file.stem)
        if named and hashlib.sha256(file.read_bytes()).hexdigest() != file.stem:
            yield file


@contextmanager
def scratch_home() -> Iterator[Path]:
    """A home that the server's account can reach, for as long as it is needed."""
    outer = Path(tempfile.mkdtemp(prefix="hetao-trial-"))
    outer.chmod(0o711)
    home = outer / "home"
    try:
        yield home
    finally:
        server = Server(home)
        server.stop()
        for folder in (server.folder, server.socket_folder, outer):
            shutil.rmtree(folder, ignore_errors=True)
