"""Keys: time-ordered UUIDs (version 7, RFC 9562), made here because PostgreSQL 15 has none."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A fresh UUID version 7."""
    return UUID(int=uuid6.uuid7().int)
