"""Brings a database to the newest migration, after checking that it is one we can use."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, LiteralString

import psycopg

from app.db.embedded import APPLICATION
from app.settings import PROJECT

if TYPE_CHECKING:
    from alembic.config import Config

OLDEST, NEWEST = 15, 18


class UnusableDatabase(Exception):
    """The database is not one the application can use; the message says what to change."""


def configuration(owner_url: str) -> Config:
    """Alembic's configuration from pyproject.toml, acting as the owner at `owner_url`."""
    from alembic.config import Config  # takes most of a second to import, and most starts have nothing to migrate

    config = Config(toml_file=str(PROJECT / "pyproject.toml"), stdout=sys.stderr)
    config.attributes["owner_url"] = owner_url
    return config


def upgrade(owner_url: str) -> None:
    """Run every outstanding migration as the owner. Raises UnusableDatabase before touching a wrong server."""
    if check(owner_url) == newest_revision():
        return
    from alembic import command

    command.upgrade(configuration(owner_url), "heads")


def newest_revision() -> str:
    """The last migration: revisions are file names, and files are numbered in their order."""
    return max(file.stem for file in (PROJECT / "migrations").glob("[0-9]*.py"))


def check(owner_url: str) -> str | None:
    """The revision the database stands at. Refuses another version or encoding, or a missing application role."""
    plain = owner_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, connect_timeout=10) as connection:
        major = connection.info.server_version // 10_000
        if not OLDEST <= major <= NEWEST:
            raise UnusableDatabase(f"PostgreSQL {OLDEST} to {NEWEST} is needed; this server is version {major}.")
        if _value(connection, "SELECT current_setting('server_encoding')") != "UTF8":
            raise UnusableDatabase("The database must be made with ENCODING 'UTF8'.")
        if _value(connection, "SELECT rolname FROM pg_roles WHERE rolname = %s", APPLICATION) is None:
            raise UnusableDatabase(
                f"The role {APPLICATION} is missing. As a superuser: CREATE ROLE {APPLICATION} LOGIN PASSWORD '…'; "
                "see docs/operations.md."
            )
        if _value(connection, "SELECT to_regclass('public.alembic_version')::text") is None:
            return None
        return _value(connection, "SELECT version_num FROM public.alembic_version")


def _value(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString, *given: str) -> str | None:
    row = connection.execute(query, given or None).fetchone()
    return None if row is None or row[0] is None else str(row[0])
