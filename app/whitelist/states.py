"""Kinds, subjects and statuses of whitelist entries, and the table of allowed moves."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class WhitelistKind(StrEnum):
    """Which list an entry stands on."""

    ZONE_ACCESS = "ZONE_ACCESS"
    DUTY_RELIEF = "DUTY_RELIEF"
    FUND_FLOW = "FUND_FLOW"
    PROFESSIONAL = "PROFESSIONAL"


class SubjectKind(StrEnum):
    """What is listed."""

    INSTITUTION = "INSTITUTION"
    ENTERPRISE = "ENTERPRISE"
    PERSON = "PERSON"


class WhitelistStatus(StrEnum):
    """Where an entry stands."""

    APPLIED = "APPLIED"
    LISTED = "LISTED"
    SUSPENDED = "SUSPENDED"
    REMOVED = "REMOVED"


MOVES: dict[WhitelistStatus, frozenset[WhitelistStatus]] = {
    WhitelistStatus.APPLIED: frozenset({WhitelistStatus.LISTED, WhitelistStatus.REMOVED}),
    WhitelistStatus.LISTED: frozenset({WhitelistStatus.SUSPENDED, WhitelistStatus.REMOVED}),
    WhitelistStatus.SUSPENDED: frozenset({WhitelistStatus.LISTED, WhitelistStatus.REMOVED}),
    WhitelistStatus.REMOVED: frozenset(),
}

KIND_NAMES: dict[str, str] = {
    WhitelistKind.ZONE_ACCESS: _("Zone access"),
    WhitelistKind.DUTY_RELIEF: _("Duty relief"),
    WhitelistKind.FUND_FLOW: _("Cross-border fund flow"),
    WhitelistKind.PROFESSIONAL: _("Recognised professional"),
}
SUBJECT_NAMES: dict[str, str] = {
    SubjectKind.INSTITUTION: _("Institution"),
    SubjectKind.ENTERPRISE: _("Enterprise"),
    SubjectKind.PERSON: _("Person"),
}
STATUS_NAMES: dict[str, str] = {
    WhitelistStatus.APPLIED: _("Applied for"),
    WhitelistStatus.LISTED: _("Listed"),
    WhitelistStatus.SUSPENDED: _("Suspended"),
    WhitelistStatus.REMOVED: _("Removed"),
}
