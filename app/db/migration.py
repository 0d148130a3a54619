"""Brings a database to the newest migration, after checking that it is one we can use."""

from __future__ import annotations

import sys

import psycopg
from alembic import command
from alembic.config import Config

from app.db.embedded import APPLICATION
from app.settings import PROJECT

OLDEST, NEWEST = 15, 18


class UnusableDatabase(Exception):
    """The database is not one the application can use; the message says what to change."""


def configuration(owner_url: str) -> Config:
    """Alembic's configuration from pyproject.toml, acting as the owner at `owner_url`."""
    config = Config(toml_file=str(PROJECT / "pyproject.toml"), stdout=sys.stderr)
    config.attributes["owner_url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "heads") -> None:
    """Run every outstanding migration as the owner. Raises UnusableDatabase before touching a wrong server."""
    check(owner_url)
    command.upgrade(configuration(owner_url), revision)


def check(owner_url: str) -> None:
    """Refuse a server of another version, another encoding, or without the application's role."""
    with psycopg.connect(
        owner_url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=10
    ) as connection:
        major = connection.info.server_version // 10_000
        if not OLDEST <= major <= NEWEST:
            raise UnusableDatabase(f"PostgreSQL {OLDEST} to {NEWEST} is needed; this server is version {major}.")
        found = connection.execute("SELECT current_setting('server_encoding')").fetchone()
        if found is None or found[0] != "UTF8":
            raise UnusableDatabase("The database must be made with ENCODING 'UTF8'.")
        role = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone()
        if role is None:
            raise UnusableDatabase(
                f"The role {APPLICATION} is missing. As a superuser: CREATE ROLE {APPLICATION} LOGIN PASSWORD '…'; "
                "see docs/operations.md."
            )
