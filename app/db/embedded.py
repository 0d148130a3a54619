"""The bundled PostgreSQL (placeholder while the launcher is being written)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Database:
    """Where a running database is reached."""

    url: str
    owner_url: str


def joined(home: Path) -> Database:
    """The running database of `home`."""
    raise NotImplementedError(home)
