"""Every test here runs against PostgreSQL and leaves it as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.builders.refusing import Refuser


@pytest.fixture(autouse=True)
def _clean_database(engine: Engine) -> Engine:
    return engine


@pytest.fixture
def refused(session: Session, database_digest: Callable[[], str]) -> Refuser:
    """Runs verbs that must be refused; a refused verb leaves every table but the audit trail as it was."""
    return Refuser(session, database_digest)
