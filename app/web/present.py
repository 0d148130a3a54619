"""The clock of this application: routes and the API ask it, and pass `now` or `today` on to the services."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from app.kernel.clock import Clock


def _clock() -> Clock:
    clock = current_app.extensions.get("hetao.clock")
    return clock if isinstance(clock, Clock) else Clock()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _clock().now()


def today() -> date:
    """Today's business date (UTC+8)."""
    return _clock().today()
