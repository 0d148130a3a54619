"""Kinds and statuses of a journal; pure."""

from enum import StrEnum


class JournalKind(StrEnum):
    """The events of the accounting table that no other slice makes."""

    COST = "COST"
    PAYROLL_RECHARGE = "PAYROLL_RECHARGE"
    OVERHEAD_CHARGE = "OVERHEAD_CHARGE"
    CLAIM_ACCRUED = "CLAIM_ACCRUED"
    CLAIM_PAID = "CLAIM_PAID"
    ADVANCE = "ADVANCE"
    ADVANCE_CLEARED = "ADVANCE_CLEARED"
    BANK_CHARGE = "BANK_CHARGE"
    INTEREST = "INTEREST"
    SPONSORSHIP = "SPONSORSHIP"
    ASSET_SALE = "ASSET_SALE"
    SUPPLIER_REFUND = "SUPPLIER_REFUND"
    COST_TRANSFER = "COST_TRANSFER"
    DISALLOWED = "DISALLOWED"
    EXCHANGE_CLOSED_OUT = "EXCHANGE_CLOSED_OUT"
    REVERSAL = "REVERSAL"


class JournalStatus(StrEnum):
    """A journal posts when a second person approves it."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"
