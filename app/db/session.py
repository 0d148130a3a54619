"""The engine and sessions: psycopg 3, READ COMMITTED, a small pool, and time limits on every statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import get_history

from app.db import embedded
from app.settings import settings

STATEMENT_TIMEOUT_MS = 60_000
LOCK_TIMEOUT_MS = 10_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000
POOL_TIMEOUT_S = 5

_engine: Engine | None = None


def build_engine(url: str, **options: Any) -> Engine:
    """An engine for `url`: READ COMMITTED, UTC, statements limited to a minute and waits for locks to ten seconds.

    Whoever finds all connections in use waits five seconds for one; no error tells the parameters of its statement.
    """
    limits = (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS} -c timezone=UTC "
        "-c cursor_tuple_fraction=1"  # a streamed report is read to its end: plan for all rows, not the first tenth
    )
    pool = {"pool_size": 5, "max_overflow": 5, "pool_timeout": POOL_TIMEOUT_S, "pool_pre_ping": True} | options
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        hide_parameters=True,  # what people typed does not belong in a log
        connect_args={"options": limits, "connect_timeout": 10, "application_name": "hetao"},
        **pool,
    )


def use_engine(chosen: Engine | None) -> None:
    """Let this process use `chosen` from now on (tests, and a process told its database); None forgets it."""
    global _engine
    _engine = chosen


def engine() -> Engine:
    """The process's engine as the application's role, made at first use.

    Without DATABASE_URL it is the bundled database under HETAO_HOME: joined when it runs already, otherwise started
    for as long as this process lives.
    """
    global _engine
    if _engine is None:
        _engine = build_engine(settings().database_url or embedded.joined(settings().home).url)
    return _engine


def new_session() -> Session:
    """A session on the process's engine; rows stay readable after the commit, so that a page can show them."""
    return Session(engine(), expire_on_commit=False)


@event.listens_for(Session, "before_flush")
def _count_versions(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Add one to `version` of each changed row that has one, unless its service has done so itself."""
    for row in session.dirty:
        if hasattr(row, "version") and session.is_modified(row) and not get_history(row, "version").has_changes():
            row.version += 1
