"""A migrated database of its own for one benchmark, in a folder that goes away with it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.db import session as database
from app.db.embedded import Server
from app.db.migration import upgrade


@contextmanager
def scratch_database(settings: Mapping[str, str] | None = None) -> Iterator[None]:
    """Units of work inside the block reach a new, empty database; `settings` are PostgreSQL's own."""
    with tempfile.TemporaryDirectory(prefix="hetao-bench-") as home:
        server = Server(Path(home), dict(settings or {}))
        running = server.join()
        try:
            upgrade(running.owner_url)
            database.use_engine(database.build_engine(running.superuser_url))
            yield
        finally:
            database.engine().dispose()
            server.leave()
            for folder in (server.folder, server.socket_folder):  # these may lie outside the home
                shutil.rmtree(folder, ignore_errors=True)
