"""What each kind of journal books, as one table: which side the contract stands on and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.journals.states import JournalKind
from app.kernel.messages import _
from app.ledger.chart import AccountCode


class Against(StrEnum):
    """What stands on the other side of the contract's line."""

    BANK_OR_CLEARING = "BANK_OR_CLEARING"
    BANK = "BANK"
    CLEARING = "CLEARING"
    PAYABLE = "PAYABLE"
    ADVANCES = "ADVANCES"
    OTHER_COST = "OTHER_COST"
    OWN_COST = "OWN_COST"
    IN_KIND = "IN_KIND"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind: its name, the account it books when it books no heading, the side of that, and what stands against it.

    `is_cost` kinds add cost to a heading: the dates of the contract, the negative list and the spending limit apply.
    """

    label: str
    against: Against
    debits_contract: bool
    account: AccountCode | None = None
    is_cost: bool = False

    @property
    def settles(self) -> AccountCode | None:
        """The account that must already hold what this kind takes off it: claims owed, or advances given."""
        if self.account is AccountCode.PAYABLE_TO_CLAIMANTS:
            return self.account
        return AccountCode.ADVANCES if self.against is Against.ADVANCES else None

    @property
    def needs_heading(self) -> bool:
        """Whether every line names a heading."""
        return self.account is None and self.against is not Against.NOTHING

    @property
    def takes_bank_account(self) -> bool:
        """Whether the journal may name the bank account on which money moved."""
        return self.against in (Against.BANK, Against.BANK_OR_CLEARING)

    @property
    def needs_bank_account(self) -> bool:
        """Whether the journal must name the bank account."""
        return self.against is Against.BANK


KINDS: dict[JournalKind, KindRow] = {
    JournalKind.COST: KindRow(
        _("Cost paid, or charged by the institution"), Against.BANK_OR_CLEARING, True, is_cost=True
    ),
    JournalKind.PAYROLL_RECHARGE: KindRow(_("Payroll recharge"), Against.CLEARING, True, is_cost=True),
    JournalKind.OVERHEAD_CHARGE: KindRow(_("Overhead charge"), Against.CLEARING, True, is_cost=True),
    JournalKind.CLAIM_ACCRUED: KindRow(_("Claim approved"), Against.PAYABLE, True, is_cost=True),
    JournalKind.CLAIM_PAID: KindRow(_("Claim paid"), Against.BANK, True, AccountCode.PAYABLE_TO_CLAIMANTS),
    JournalKind.ADVANCE: KindRow(_("Advance or prepayment"), Against.BANK, True, AccountCode.ADVANCES),
    JournalKind.ADVANCE_CLEARED: KindRow(_("Advance cleared"), Against.ADVANCES, True, is_cost=True),
    JournalKind.BANK_CHARGE: KindRow(_("Bank charge"), Against.BANK, True, AccountCode.BANK_CHARGE, is_cost=True),
    JournalKind.INTEREST: KindRow(_("Interest received"), Against.BANK, False, AccountCode.INTEREST),
    JournalKind.SPONSORSHIP: KindRow(_("Sponsorship in cash"), Against.BANK, False, AccountCode.SPONSORSHIP_CASH),
    JournalKind.ASSET_SALE: KindRow(_("Sale of assets"), Against.BANK, False, AccountCode.SALE_OF_ASSETS),
    JournalKind.SUPPLIER_REFUND: KindRow(_("Refund from a supplier"), Against.BANK, False),
    JournalKind.COST_TRANSFER: KindRow(_("Cost transfer between contracts or headings"), Against.OTHER_COST, False),
    JournalKind.DISALLOWED: KindRow(_("Cost disallowed"), Against.OWN_COST, False),
    JournalKind.EXCHANGE_CLOSED_OUT: KindRow(_("Exchange position closed out"), Against.NOTHING, False),
    JournalKind.REVERSAL: KindRow(_("Reversal of an entry"), Against.NOTHING, False),
}
"""Every kind. The accounting is the product's table of events; the postings are made in `postings.py`."""
