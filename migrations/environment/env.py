"""Runs the migrations as the database's owner, waiting briefly for locks and trying again instead of blocking users."""

from __future__ import annotations

import time

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.all_models import metadata
from app.db import embedded
from app.settings import settings

LOCK_TIMEOUT = "5s"
ATTEMPTS = 12
LOCK_NOT_AVAILABLE = "55P03"
ONE_AT_A_TIME = 4_862_011
"""Key of the advisory lock that keeps two migrations apart."""


def owner_url() -> str:
    """The owner's address: handed over by the caller, or DATABASE_OWNER_URL, or the bundled database's."""
    given = context.config.attributes.get("owner_url")
    if given:
        return str(given)
    chosen = settings().database_owner_url or settings().database_url
    return chosen or embedded.joined(settings().home).owner_url


def migrate(connection: Connection) -> None:
    """Run every outstanding migration in one transaction each."""
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text("SET timezone = 'UTC'"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_type=True,
        include_schemas=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def run() -> None:
    """Migrate, again when a lock was not to be had."""
    engine = create_engine(owner_url(), poolclass=NullPool)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with engine.connect() as connection:
                migrate(connection)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE or attempt == ATTEMPTS:
                raise
            time.sleep(1)


if context.is_offline_mode():
    raise SystemExit("Migrations need a live database: they check what they find.")
run()
