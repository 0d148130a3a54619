"""The story once per run, and a read-only session on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.kernel.clock import Clock
from tests.conftest import NOW, _home

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from tests.postgres import WorkerDatabase


@pytest.fixture(scope="session")
def story_engine(worker_database: WorkerDatabase, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The application's role on the story's database; loading it takes a minute or so, once."""
    from tests.scenarios.story_database import story_engine as prepared

    engine = prepared(worker_database, _home(request.config), Clock(fixed=NOW))
    yield engine
    engine.dispose()


@pytest.fixture
def told(story_engine: Engine) -> Iterator[Session]:
    """A session on the story; whatever a test does in it is rolled back."""
    from sqlalchemy.orm import Session

    with Session(story_engine) as opened:
        yield opened
        opened.rollback()
