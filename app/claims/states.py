"""Statuses, kinds and verdicts of a claim, and the allowed moves; pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class ClaimStatus(StrEnum):
    """Life of a claim."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    CHECKED = "CHECKED"
    APPROVED = "APPROVED"
    PAID = "PAID"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


_S = ClaimStatus

CLAIM_MOVES: dict[ClaimStatus, frozenset[ClaimStatus]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.CHECKED, _S.RETURNED, _S.REFUSED, _S.WITHDRAWN}),
    _S.CHECKED: frozenset({_S.APPROVED, _S.RETURNED, _S.REFUSED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.PAID}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.PAID: frozenset(),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}

EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
"""The claimant's side still writes."""

WAITING = frozenset({_S.SUBMITTED, _S.CHECKED})
"""Somebody decides; nothing is in the books yet, but its room in the budget is kept."""


class LineKind(StrEnum):
    """What a line claims: money paid against a receipt, or an allowance at a rate of policy."""

    RECEIPT = "RECEIPT"
    PER_DIEM = "PER_DIEM"
    MILEAGE = "MILEAGE"


ALLOWANCES = frozenset({LineKind.PER_DIEM, LineKind.MILEAGE})
"""Kinds whose amount is a quantity times the rate of the place."""


class Place(StrEnum):
    """Where the money was spent."""

    SZ = "SZ"
    HK = "HK"
    OTHER = "OTHER"


class Verdict(StrEnum):
    """What the checker says of one line."""

    OKAY = "OKAY"
    NEEDS_DETAILS = "NEEDS_DETAILS"
    NOT_OKAY = "NOT_OKAY"


class PaperKind(StrEnum):
    """What a document behind a line is."""

    RECEIPT = "RECEIPT"
    QUOTATION = "QUOTATION"
    PAYROLL_SHEET = "PAYROLL_SHEET"
    OTHER = "OTHER"


class FlagCode(StrEnum):
    """What is pointed out for a person to judge, because no single line can show it."""

    SPLIT = "SPLIT"
    """One purchase in several lines or claims, each below the price from which a quotation is needed."""
    OVERLAPPING_TRAVEL = "OVERLAPPING_TRAVEL"
    """One person in two places, or with more than one daily allowance, on the same day."""
    SPONSOR_IS_PAYEE = "SPONSOR_IS_PAYEE"
    """Money goes to somebody who sponsors the same contract."""
    SHARED_WITH_STAFF = "SHARED_WITH_STAFF"
    """The seller shares an account, an address or a telephone number with a member of staff."""
    LAST_MONTH_RUSH = "LAST_MONTH_RUSH"
    """Much of the contract is spent in its last month."""


HOLDING_FLAGS = frozenset(set(FlagCode) - {FlagCode.LAST_MONTH_RUSH})
"""Flags that keep a claim from approval and payment until somebody has cleared them; the others only warn."""


class SortBy(StrEnum):
    """In which order the list of claims is read."""

    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    CONTRACT = "CONTRACT"


def may_move(before: ClaimStatus, after: ClaimStatus) -> bool:
    """Whether the table of moves allows going from `before` to `after`."""
    return after in CLAIM_MOVES[before]


def outcome(verdicts: Iterable[Verdict]) -> ClaimStatus:
    """What a claim becomes when every line has its verdict: one okay line carries it on.

    Lines that need details go back in a claim of their own, or the whole claim goes back where no line is okay.
    Raises ValueError without any verdict.
    """
    given = set(verdicts)
    if not given:
        raise ValueError("a claim without lines has no outcome")
    if Verdict.OKAY in given:
        return ClaimStatus.CHECKED
    return ClaimStatus.RETURNED if Verdict.NEEDS_DETAILS in given else ClaimStatus.REFUSED
