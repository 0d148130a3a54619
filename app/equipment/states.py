"""Kinds and statuses of equipment; pure."""

from __future__ import annotations

from enum import StrEnum

from app.ledger.headings import Heading


class Place(StrEnum):
    """On which side of the boundary an item stands."""

    SZ = "SZ"
    HK = "HK"


class Crossing(StrEnum):
    """Under which customs procedure an item crossed the boundary."""

    TEMPORARY_IMPORT = "TEMPORARY_IMPORT"
    ATA_CARNET = "ATA_CARNET"
    RELIEF_GOODS = "RELIEF_GOODS"
    ORDINARY_IMPORT = "ORDINARY_IMPORT"


MUST_RETURN = frozenset({Crossing.TEMPORARY_IMPORT, Crossing.ATA_CARNET})
"""Procedures under which an item goes back by a date."""


class ItemStatus(StrEnum):
    """Whether the institution still has the item."""

    HELD = "HELD"
    DISPOSED = "DISPOSED"


class DisposalKind(StrEnum):
    """How an item left."""

    SOLD = "SOLD"
    SCRAPPED = "SCRAPPED"
    TRANSFERRED = "TRANSFERRED"
    RETURNED_TO_FUNDER = "RETURNED_TO_FUNDER"
    LOST = "LOST"


class DisposalStatus(StrEnum):
    """A disposal counts when a second person has approved it."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"


HEADINGS = (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE)
"""Headings of cost whose items stand in the register."""
