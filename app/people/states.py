"""Statuses of rights, limits and delegations, and the table of allowed moves."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class RightStatus(StrEnum):
    """Where a right, a limit of authority or a delegation stands; only CONFIRMED ones count."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    REVOKED = "REVOKED"


RIGHT_MOVES: dict[RightStatus, frozenset[RightStatus]] = {
    RightStatus.PROPOSED: frozenset({RightStatus.CONFIRMED, RightStatus.REFUSED}),
    RightStatus.CONFIRMED: frozenset({RightStatus.REVOKED}),
    RightStatus.REFUSED: frozenset(),
    RightStatus.REVOKED: frozenset(),
}

RIGHT_STATUS_NAMES: dict[str, str] = {
    RightStatus.PROPOSED: _("Waits for a second administrator"),
    RightStatus.CONFIRMED: _("Confirmed"),
    RightStatus.REFUSED: _("Refused"),
    RightStatus.REVOKED: _("Revoked"),
}


class Density(StrEnum):
    """How tightly lists are set."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


DENSITY_NAMES: dict[str, str] = {Density.COMFORTABLE: _("Comfortable"), Density.COMPACT: _("Compact")}
