"""Statuses of a note of forward cover. It is a note: nothing is ever booked from it."""

from __future__ import annotations

from enum import StrEnum


class CoverStatus(StrEnum):
    """A note counts when a second person has confirmed it."""

    ENTERED = "ENTERED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
