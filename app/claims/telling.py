"""Who is told by mail where a claim stands now: whoever has the next step, and those it belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.claims.models import Claim
from app.claims.states import ClaimStatus
from app.kernel.clock import business_date
from app.mail import service as mail
from app.mail.states import Notice, NoticeKind
from app.people import queries as people

_NEXT = {
    ClaimStatus.SUBMITTED: (NoticeKind.CLAIM_TO_CHECK, Permission.CLAIMS_CHECK),
    ClaimStatus.CHECKED: (NoticeKind.CLAIM_TO_APPROVE, Permission.CLAIMS_APPROVE),
    ClaimStatus.APPROVED: (NoticeKind.CLAIM_TO_PAY, Permission.CLAIMS_PAY),
}
_OWN = {
    ClaimStatus.RETURNED: NoticeKind.CLAIM_RETURNED,
    ClaimStatus.REFUSED: NoticeKind.CLAIM_REFUSED,
    ClaimStatus.APPROVED: NoticeKind.CLAIM_APPROVED,
    ClaimStatus.PAID: NoticeKind.CLAIM_PAID,
}


def tell(session: Session, claim: Claim, now: datetime) -> None:
    """Write the mails of the claim's present status; those who had a part in it are not asked for the next step."""
    status, place = ClaimStatus(claim.status), claim.institution_id
    path = f"/claims/{claim.reference}"
    if status in _NEXT:
        kind, permission = _NEXT[status]
        apart = {claim.made_by_id, claim.claimant_id}
        if status is ClaimStatus.APPROVED:
            apart |= {key for key in (claim.checked_by_id, claim.approved_by_id) if key is not None}
        holders = people.holders_of(session, permission, place, business_date(now))
        able = [each.id for each in holders if each.id not in apart]
        mail.note(session, able, Notice(kind, claim.reference, path), place, permission=permission, now=now)
    if status in _OWN:
        own = (claim.made_by_id, claim.claimant_id)
        mail.note(session, own, Notice(_OWN[status], claim.reference, path), place, now=now)
