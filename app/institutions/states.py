"""Kinds and statuses of institutions and their bank accounts, and the table of allowed moves."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class Side(StrEnum):
    """The side of the boundary an institution or a bank stands on."""

    SZ = "SZ"
    HK = "HK"
    MO = "MO"
    OTHER = "OTHER"


class InstitutionKind(StrEnum):
    """What an institution is."""

    FUNDER = "FUNDER"
    UNIVERSITY = "UNIVERSITY"
    RESEARCH_INSTITUTE = "RESEARCH_INSTITUTE"
    ENTERPRISE = "ENTERPRISE"
    ZONE_AUTHORITY = "ZONE_AUTHORITY"
    REGULATOR = "REGULATOR"
    AUDIT_FIRM = "AUDIT_FIRM"


class InstitutionStatus(StrEnum):
    """Whether new work may be given to an institution."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class BankAccountStatus(StrEnum):
    """Where a bank account stands; only a VERIFIED one past its cooling period is payable."""

    ENTERED = "ENTERED"
    VERIFIED = "VERIFIED"
    REPLACED = "REPLACED"
    REFUSED = "REFUSED"


BANK_ACCOUNT_MOVES: dict[BankAccountStatus, frozenset[BankAccountStatus]] = {
    BankAccountStatus.ENTERED: frozenset({BankAccountStatus.VERIFIED, BankAccountStatus.REFUSED}),
    BankAccountStatus.VERIFIED: frozenset({BankAccountStatus.REPLACED}),
    BankAccountStatus.REPLACED: frozenset(),
    BankAccountStatus.REFUSED: frozenset(),
}

INSTITUTION_MOVES: dict[InstitutionStatus, frozenset[InstitutionStatus]] = {
    InstitutionStatus.ACTIVE: frozenset({InstitutionStatus.SUSPENDED, InstitutionStatus.CLOSED}),
    InstitutionStatus.SUSPENDED: frozenset({InstitutionStatus.ACTIVE, InstitutionStatus.CLOSED}),
    InstitutionStatus.CLOSED: frozenset(),
}

SIDE_NAMES: dict[str, str] = {
    Side.SZ: _("Shenzhen (Mainland)"),
    Side.HK: _("Hong Kong"),
    Side.MO: _("Macao"),
    Side.OTHER: _("Elsewhere"),
}
KIND_NAMES: dict[str, str] = {
    InstitutionKind.FUNDER: _("Funder"),
    InstitutionKind.UNIVERSITY: _("University"),
    InstitutionKind.RESEARCH_INSTITUTE: _("Research institute"),
    InstitutionKind.ENTERPRISE: _("Enterprise"),
    InstitutionKind.ZONE_AUTHORITY: _("Zone authority"),
    InstitutionKind.REGULATOR: _("Regulator"),
    InstitutionKind.AUDIT_FIRM: _("Audit firm"),
}
STATUS_NAMES: dict[str, str] = {
    InstitutionStatus.ACTIVE: _("Active"),
    InstitutionStatus.SUSPENDED: _("Suspended"),
    InstitutionStatus.CLOSED: _("Closed"),
}
ACCOUNT_STATUS_NAMES: dict[str, str] = {
    BankAccountStatus.ENTERED: _("Entered, not yet verified"),
    BankAccountStatus.VERIFIED: _("Verified"),
    BankAccountStatus.REPLACED: _("Replaced"),
    BankAccountStatus.REFUSED: _("Refused"),
}
