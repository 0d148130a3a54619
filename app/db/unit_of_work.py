"""One verb, one unit of work, one database transaction. Nothing else in the application commits."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.session import new_session
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, NotFound
from app.kernel.messages import _

ATTEMPTS = 5
RETRIED_STATES = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialisation failure and of a deadlock: the loser may simply try again."""

Result = TypeVar("Result")
Row = TypeVar("Row")


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Yield a session in a transaction: committed when the block ends, rolled back when it raises."""
    with new_session() as session, session.begin():
        yield session


@contextmanager
def one_moment() -> Iterator[Session]:
    """Yield a session that sees one moment of the database however long it reads, and may not write."""
    with new_session() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield session
        session.rollback()


def run_in_unit(function: Callable[[Session], Result], *, attempts: int = ATTEMPTS) -> Result:
    """Call `function(session)` in a unit of work, at most `attempts` times while it loses deadlocks.

    The function must have no effect outside the database. The last failure is raised as it came.
    """
    for attempt in range(1, attempts):
        try:
            with unit_of_work() as session:
                return function(session)
        except DBAPIError as error:
            if sql_state(error) not in RETRIED_STATES:
                raise
            time.sleep(secrets.randbelow(20 * attempt + 1) / 1000)
    with unit_of_work() as session:
        return function(session)


def sql_state(error: DBAPIError) -> str | None:
    """The five-character SQLSTATE of a database error, if the server gave one."""
    return getattr(error.orig, "sqlstate", None)


def lock_for_update(session: Session, model: type[Row], key: UUID, version: int | None = None) -> Row:
    """Load the row afresh under a row lock held until the unit of work ends.

    `version` is what the page showed: raises Conflict when the row has changed since, NotFound when there is none.
    """
    row = session.get(model, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(Breach("record.not-found", _("There is no such record.")))
    refuse_stale(row, version)
    return row


def refuse_stale(row: object, version: int | None) -> None:
    """Raise Conflict where a locked row is not at the version the page showed; None asks for no particular one."""
    if version is not None and row.version != version:  # type: ignore[attr-defined]
        raise Conflict(
            Breach(
                "record.changed",
                _("Someone else changed this record while you had it open."),
                cure=_("Open it again, check what has changed and repeat what you were doing."),
            )
        )
