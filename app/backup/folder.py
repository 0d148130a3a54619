"""What a backup's folder holds: `backup.json`, the base backup in `base`, `evidence`, and the keys if asked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.db.binaries import Binaries

FORMAT = 2
FACTS, BASE, EVIDENCE = "backup.json", "base", "evidence"

Say = Callable[[str], None]


class BackupRefused(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a backup says of itself."""

    made_at: datetime
    """When the base backup was complete: the earliest moment it can be restored to."""
    postgres: int
    first_segment: str
    """The first WAL file that a restore needs."""
    archive: str
    """Where the server keeps what it writes from then on."""
    unarchived: str
    """Where the server has what it has not kept there yet."""
    evidence_files: int
    keys: dict[str, str]
    """The keys that are in it, by their path in a home, with the SHA-256 of each."""
    keys_apart: tuple[str, ...]
    """The keys that the installation had and that are not in it, in words."""

    def write(self, folder: Path) -> None:
        """Into the backup's folder."""
        plain = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        (folder / FACTS).write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


def read_facts(folder: Path) -> Facts:
    """The facts of the backup in `folder`. Raises BackupRefused."""
    try:
        plain = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        if plain.pop("format") != FORMAT:
            raise BackupRefused(f"{folder} is a backup of another version of Hetao Ledger.")
        made_at, apart = datetime.fromisoformat(plain["made_at"]), tuple(plain["keys_apart"])
        return Facts(**{**plain, "made_at": made_at, "keys_apart": apart})
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupRefused(f"{folder} does not hold a whole backup: {FACTS} is missing or damaged.") from None


def program(binaries: Binaries, name: str) -> str:
    """The path of one of PostgreSQL's client programs. Raises BackupRefused naming the package that brings it."""
    path = binaries.program(name)
    if not Path(path).exists():
        raise BackupRefused(
            f"There is no {name} in {binaries.folder}. Install the client programs of PostgreSQL {binaries.major} "
            f"(Debian: apt install postgresql-client-{binaries.major})."
        )
    return path


def verify_files(binaries: Binaries, folder: Path) -> None:
    """Compare each file with the manifest's SHA-256 and read the WAL, by pg_verifybackup. Raises BackupRefused."""
    command = [program(binaries, "pg_verifybackup"), "--quiet", str(folder / BASE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupRefused(f"The base backup is damaged:\n{(done.stderr or done.stdout).strip()}")
