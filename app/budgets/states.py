"""Kinds and statuses of what is asked of the funder about a budget."""

from __future__ import annotations

from enum import StrEnum


class RequestKind(StrEnum):
    """What is asked for."""

    ITEM = "ITEM"
    """Spending on an item that a one-line vote does not list."""
    YEAR = "YEAR"
    """The budget of one year of the contract."""


class RequestStatus(StrEnum):
    """Asked by one person, decided by another."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
