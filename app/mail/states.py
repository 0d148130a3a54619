"""What a mail can be about, in words; pure. A mail names a record and leads to its page: nothing else is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.kernel.messages import _


class NoticeKind(StrEnum):
    """What happened, or what is waited for."""

    CLAIM_TO_CHECK = "CLAIM_TO_CHECK"
    CLAIM_TO_APPROVE = "CLAIM_TO_APPROVE"
    CLAIM_TO_PAY = "CLAIM_TO_PAY"
    CLAIM_RETURNED = "CLAIM_RETURNED"
    CLAIM_REFUSED = "CLAIM_REFUSED"
    CLAIM_APPROVED = "CLAIM_APPROVED"
    CLAIM_PAID = "CLAIM_PAID"


SUBJECTS: dict[NoticeKind, str] = {
    NoticeKind.CLAIM_TO_CHECK: _("Claim %(reference)s waits for somebody to check it"),
    NoticeKind.CLAIM_TO_APPROVE: _("Claim %(reference)s waits for its approval"),
    NoticeKind.CLAIM_TO_PAY: _("Claim %(reference)s waits for its payment"),
    NoticeKind.CLAIM_RETURNED: _("Claim %(reference)s came back to you"),
    NoticeKind.CLAIM_REFUSED: _("Claim %(reference)s was refused"),
    NoticeKind.CLAIM_APPROVED: _("Claim %(reference)s is approved"),
    NoticeKind.CLAIM_PAID: _("Claim %(reference)s is paid"),
}
"""Message ids; the reference alone tells nobody anything who may not open the record."""

BODY = _("Open it here, after signing in: %(address)s")
FOOT = _("This mail was sent by Hetao Ledger. It holds no amounts and no names; answers to it are not read.")

MOST_ATTEMPTS = 10
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice about a record: what it is, the record's reference and the path of its page."""

    kind: NoticeKind
    reference: str
    path: str


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed: a minute, doubled each time, six hours at the most."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), timedelta(hours=6))
