"""Words of corridor rules: what is asked, which step waits for it, where a proposal stands."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class AskKind(StrEnum):
    """What a rule asks for: a paper, a filing with an authority, a code, a declaration after the fact, a note."""

    DOCUMENT = "DOCUMENT"
    FILING = "FILING"
    CODE = "CODE"
    DECLARATION = "DECLARATION"
    NOTE = "NOTE"


class Step(StrEnum):
    """The step of a payment that waits for what is asked; AFTER: due once the money has arrived."""

    SUBMISSION = "SUBMISSION"
    APPROVAL = "APPROVAL"
    RELEASE = "RELEASE"
    AFTER = "AFTER"


class CodeList(StrEnum):
    """Lists of codes that a rule may ask one of."""

    BALANCE_OF_PAYMENTS = "BALANCE_OF_PAYMENTS"
    RMB_PURPOSE = "RMB_PURPOSE"


class ProposalStatus(StrEnum):
    """A proposal takes effect when a second person confirms it."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


class ForeignCurrency(StrEnum):
    """Currencies a threshold may be stated in; the ledger itself keeps only CNY and HKD."""

    USD = "USD"
    CNY = "CNY"
    HKD = "HKD"


KIND_NAMES: dict[str, str] = {
    AskKind.DOCUMENT: _("Document"),
    AskKind.FILING: _("Filing"),
    AskKind.CODE: _("Code"),
    AskKind.DECLARATION: _("Declaration"),
    AskKind.NOTE: _("Note"),
}
STEP_NAMES: dict[str, str] = {
    Step.SUBMISSION: _("Submission"),
    Step.APPROVAL: _("Approval"),
    Step.RELEASE: _("Release"),
    Step.AFTER: _("After the money arrived"),
}
CODE_LIST_NAMES: dict[str, str] = {
    CodeList.BALANCE_OF_PAYMENTS: _("Balance-of-payments codes"),
    CodeList.RMB_PURPOSE: _("Purpose codes of renminbi payments"),
}
ROUTES: tuple[tuple[str, str], ...] = (("SZ", "HK"), ("HK", "SZ"))
"""The routes of the zone, payer's side first."""


class Route(StrEnum):
    """The same routes as one word each."""

    OUT = "SZ-HK"
    IN = "HK-SZ"

    @property
    def sides(self) -> tuple[str, str]:
        """Payer's side and payee's."""
        start, _dash, end = self.value.partition("-")
        return start, end
