"""Statuses of a return and the kinds of its rows; pure."""

from __future__ import annotations

from enum import StrEnum


class ReturnStatus(StrEnum):
    """A return is read, submitted by its maker, and posted by a second person."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    POSTED = "POSTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


OPEN = frozenset({ReturnStatus.DRAFT, ReturnStatus.SUBMITTED})
"""What may still be taken back."""

LIVE = frozenset({ReturnStatus.DRAFT, ReturnStatus.SUBMITTED, ReturnStatus.POSTED})
"""Statuses in which a file and its rows are taken: they are not imported a second time."""


class RowKind(StrEnum):
    """What a row of a return says has happened."""

    COST = "COST"
    OVERHEAD = "OVERHEAD"
    SUPPLIER_REFUND = "SUPPLIER_REFUND"
    INTEREST = "INTEREST"
    SPONSORSHIP_CASH = "SPONSORSHIP_CASH"
    SPONSORSHIP_IN_KIND = "SPONSORSHIP_IN_KIND"
    ADVANCE = "ADVANCE"
    ADVANCE_CLEARED = "ADVANCE_CLEARED"
    ORDER = "ORDER"
    """A purchase order that is still open: a commitment, never posted."""
