"""Statuses of a disbursement, of its remittance documents and of a residue return, and the allowed moves."""

from enum import StrEnum


class DisbursementStatus(StrEnum):
    """Life of a disbursement. Received is the grantee's own fact beside it, not a status."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED_TO_MAKER = "RETURNED_TO_MAKER"
    APPROVED = "APPROVED"
    RELEASED = "RELEASED"
    SETTLED = "SETTLED"
    BOUNCED = "BOUNCED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


DISBURSEMENT_MOVES: dict[DisbursementStatus, frozenset[DisbursementStatus]] = {
    DisbursementStatus.DRAFT: frozenset({DisbursementStatus.SUBMITTED, DisbursementStatus.CANCELLED}),
    DisbursementStatus.SUBMITTED: frozenset(
        {
            DisbursementStatus.APPROVED,
            DisbursementStatus.RETURNED_TO_MAKER,
            DisbursementStatus.REFUSED,
            DisbursementStatus.CANCELLED,
        }
    ),
    DisbursementStatus.RETURNED_TO_MAKER: frozenset({DisbursementStatus.SUBMITTED, DisbursementStatus.CANCELLED}),
    DisbursementStatus.APPROVED: frozenset(
        {
            DisbursementStatus.SUBMITTED,
            DisbursementStatus.RELEASED,
            DisbursementStatus.REFUSED,
            DisbursementStatus.CANCELLED,
        }
    ),
    DisbursementStatus.RELEASED: frozenset({DisbursementStatus.SETTLED, DisbursementStatus.BOUNCED}),
    DisbursementStatus.SETTLED: frozenset({DisbursementStatus.BOUNCED}),
    DisbursementStatus.BOUNCED: frozenset(),
    DisbursementStatus.REFUSED: frozenset(),
    DisbursementStatus.CANCELLED: frozenset(),
}


class Decision(StrEnum):
    """What a checker said of the version that was shown."""

    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"
    RECALLED = "RECALLED"


class ResidueComponent(StrEnum):
    """What a returned residue consists of."""

    GRANT_THIS_YEAR = "GRANT_THIS_YEAR"
    GRANT_EARLIER_YEARS = "GRANT_EARLIER_YEARS"
    INTEREST = "INTEREST"
    OTHER = "OTHER"


class ResidueStatus(StrEnum):
    """The grantee enters and a second person confirms the return; the funder confirms its arrival."""

    ENTERED = "ENTERED"
    SENT = "SENT"
    RECEIVED = "RECEIVED"
    REFUSED = "REFUSED"


RESIDUE_MOVES: dict[ResidueStatus, frozenset[ResidueStatus]] = {
    ResidueStatus.ENTERED: frozenset({ResidueStatus.SENT, ResidueStatus.REFUSED}),
    ResidueStatus.SENT: frozenset({ResidueStatus.RECEIVED}),
    ResidueStatus.RECEIVED: frozenset(),
    ResidueStatus.REFUSED: frozenset(),
}


class ConversionSide(StrEnum):
    """Whose bank converts a payment: the payer's, before it crosses, or the payee's, when it arrives."""

    PAYER = "PAYER"
    PAYEE = "PAYEE"


class Firmness(StrEnum):
    """Whether a bank is bound by what it quoted."""

    INDICATIVE = "INDICATIVE"
    FIRM = "FIRM"


BEFORE_RELEASE = frozenset(
    {
        DisbursementStatus.DRAFT,
        DisbursementStatus.SUBMITTED,
        DisbursementStatus.RETURNED_TO_MAKER,
        DisbursementStatus.APPROVED,
    }
)
"""No money has left: the disbursement can still be refused or cancelled."""

CLAIMS_TRANCHE = frozenset(
    {
        DisbursementStatus.SUBMITTED,
        DisbursementStatus.APPROVED,
        DisbursementStatus.RELEASED,
        DisbursementStatus.SETTLED,
    }
)
"""Statuses that use up their tranche: submitted and not refused, cancelled or sent back. A mere draft uses nothing."""

OUT = frozenset({DisbursementStatus.RELEASED, DisbursementStatus.SETTLED})
"""The money has left the pocket."""


def may_move(before: DisbursementStatus, after: DisbursementStatus) -> bool:
    """Whether the table of moves allows going from `before` to `after`."""
    return after in DISBURSEMENT_MOVES[before]
