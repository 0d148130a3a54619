"""Words for codes of this slice: message ids, translated when shown."""

from __future__ import annotations

from app.disbursements.states import (
    ConversionSide,
    Decision,
    DisbursementStatus,
    Firmness,
    ResidueComponent,
    ResidueStatus,
)
from app.kernel.messages import _

STATUS_NAMES: dict[str, str] = {
    DisbursementStatus.DRAFT: _("Draft"),
    DisbursementStatus.SUBMITTED: _("Submitted"),
    DisbursementStatus.RETURNED_TO_MAKER: _("Returned to maker"),
    DisbursementStatus.APPROVED: _("Approved"),
    DisbursementStatus.RELEASED: _("Released"),
    DisbursementStatus.SETTLED: _("Settled"),
    DisbursementStatus.BOUNCED: _("Bounced"),
    DisbursementStatus.REFUSED: _("Refused"),
    DisbursementStatus.CANCELLED: _("Cancelled"),
}
DECISION_NAMES: dict[str, str] = {
    Decision.APPROVED: _("Approved"),
    Decision.RETURNED: _("Returned to maker"),
    Decision.REFUSED: _("Refused"),
    Decision.RECALLED: _("Recalled"),
}
SIDE_NAMES: dict[str, str] = {
    ConversionSide.PAYER: _("The payer's bank"),
    ConversionSide.PAYEE: _("The payee's bank"),
}
FIRMNESS_NAMES: dict[str, str] = {
    Firmness.INDICATIVE: _("Indicative"),
    Firmness.FIRM: _("Firm"),
}
COMPONENT_NAMES: dict[str, str] = {
    ResidueComponent.GRANT_THIS_YEAR: _("Grant of this year"),
    ResidueComponent.GRANT_EARLIER_YEARS: _("Grant of earlier years"),
    ResidueComponent.INTEREST: _("Interest"),
    ResidueComponent.OTHER: _("Other"),
}
RESIDUE_STATUS_NAMES: dict[str, str] = {
    ResidueStatus.ENTERED: _("Waits for a second person"),
    ResidueStatus.SENT: _("Sent to the funder"),
    ResidueStatus.RECEIVED: _("Received by the funder"),
    ResidueStatus.REFUSED: _("Refused"),
}
WHO_NEXT: dict[str, str] = {
    DisbursementStatus.DRAFT: _("The maker submits it or cancels it."),
    DisbursementStatus.SUBMITTED: _("A grant officer who did not prepare it approves, returns or refuses it."),
    DisbursementStatus.RETURNED_TO_MAKER: _("The maker corrects and submits it again, or cancels it."),
    DisbursementStatus.APPROVED: _("A payments officer releases it; until then an approver can recall it."),
    DisbursementStatus.RELEASED: _("The funder's accountant enters the bank's line."),
    DisbursementStatus.SETTLED: _("It is settled; only a return by the bank can undo it."),
    DisbursementStatus.BOUNCED: _("The bank sent it back; prepare a new disbursement."),
    DisbursementStatus.REFUSED: _("It was refused; prepare a new disbursement."),
    DisbursementStatus.CANCELLED: _("It was cancelled; prepare a new disbursement."),
}
"""Status -> what can be done next, and by whom."""

ROW_WORDS: dict[str, str] = {
    "select": _("Select %(ref)s"),
    "met": _("%(num)s of %(num)s met"),
    "yours": _("You made this"),
}
"""Words on the lines of the queue, translated once a page and filled in line by line."""

SHORT: dict[str, str] = {
    "contract.not-payable": _("Contract not active"),
    "tranche.not-due": _("Tranche not due"),
    "tranche.condition": _("Condition not met"),
    "tranche.exceeded": _("Over the tranche"),
    "disbursement.currency": _("Wrong currency"),
    "contract.exceeded": _("Over the contract"),
    "pocket.insufficient": _("Pocket too low"),
    "payee.not-grantee": _("Not the grantee"),
    "account.not-verified": _("Account not verified"),
    "account.cooling": _("Account changed"),
    "payer-account.unusable": _("Paying account"),
    "whitelist.not-listed": _("Not on the list"),
    "whitelist.not-facilitated": _("Not on the list"),
    "obligation.overdue": _("Report overdue"),
    "rate.missing": _("Rate missing"),
    "rate.stale": _("Rate too old"),
    "people.not-apart": _("Same person"),
    "authority.own-work": _("You made this"),
    "authority.over-limit": _("Above your limit"),
    "authority.no-limit": _("No limit for you"),
    "authority.no-role": _("Not your role"),
    "authority.already-checked": _("You approved it"),
    "authority.delegate-of-maker": _("For its maker"),
    "checkers.missing": _("Checker missing"),
    "checkers.second-needed": _("Two checkers"),
    "minutes.missing": _("Minutes missing"),
    "interest.declared": _("Interest declared"),
    "document.missing": _("Document missing"),
    "document.expired": _("Document expired"),
    "document.unconfirmed": _("Document to confirm"),
    "mandate.missing": _("No mandate"),
    "mandate.signed-already": _("You signed it"),
    "value-date.passed": _("Value date passed"),
    "value-date.closed": _("Banks closed"),
    "payment.split": _("Split payment?"),
}
"""Code of a breach -> two or three words for a narrow column; the page of the disbursement says it in full."""
