"""Bounds a process before it opens a file that somebody sent: what breaks in it breaks alone, and soon."""

from __future__ import annotations

import resource

SPACE_BYTES = 1024 * 1024 * 1024
"""Address space of a confined process; what it may fill of it is bound further by `data_bytes`."""


def confine(data_bytes: int, seconds: int, most_seconds: int) -> None:
    """Bound this process for good: no core, no file written, memory in bytes, processor time in seconds.

    After `seconds` it is ended, unless `allow_seconds` has raised that to `most_seconds` before.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most_seconds))


def allow_seconds(seconds: int) -> None:
    """Raise the bound on processor time, as far as the first bound lets it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
