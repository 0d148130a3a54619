"""How each status is shown: a word, a shape and a tint, so that none depends on colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class Mark:
    """`word` is a message id, `icon` a name in `icons`, `tint` one of "", go, ok, warn, stop."""

    word: str
    icon: str
    tint: str = ""


_MARKS: dict[str, Mark] = {
    "DRAFT": Mark(_("Draft"), "draft"),
    "SUBMITTED": Mark(_("Submitted"), "submitted", "go"),
    "CHECKED": Mark(_("Checked"), "approved", "go"),
    "APPROVED": Mark(_("Approved"), "approved", "go"),
    "RELEASED": Mark(_("Released"), "released", "go"),
    "SETTLED": Mark(_("Settled"), "settled", "ok"),
    "RECEIVED": Mark(_("Received"), "settled", "ok"),
    "PAID": Mark(_("Paid"), "settled", "ok"),
    "RETURNED": Mark(_("Returned"), "returned", "warn"),
    "RETURNED_TO_MAKER": Mark(_("Returned to maker"), "returned", "warn"),
    "REFUSED": Mark(_("Refused"), "refused", "stop"),
    "BOUNCED": Mark(_("Bounced"), "bounced", "stop"),
    "CANCELLED": Mark(_("Cancelled"), "cancelled"),
    "WITHDRAWN": Mark(_("Withdrawn"), "cancelled"),
    "SIGNED": Mark(_("Signed"), "approved", "go"),
    "ACTIVE": Mark(_("Active"), "settled", "ok"),
    "SUSPENDED": Mark(_("Suspended"), "paused", "warn"),
    "CLOSING": Mark(_("Closing"), "released", "go"),
    "CLOSED": Mark(_("Closed"), "settled"),
    "TERMINATED": Mark(_("Terminated"), "refused", "stop"),
    "DUE": Mark(_("Due"), "clock"),
    "OVERDUE": Mark(_("Overdue"), "bounced", "stop"),
    "QUERIED": Mark(_("Queried"), "returned", "warn"),
    "ACCEPTED": Mark(_("Accepted"), "settled", "ok"),
    "WAIVED": Mark(_("Waived"), "cancelled"),
    "PLANNED": Mark(_("Planned"), "draft"),
    "CERTIFIED": Mark(_("Certified"), "approved", "go"),
    "ISSUED": Mark(_("Issued"), "released", "go"),
    "AUDITED": Mark(_("Audited"), "settled", "ok"),
    "FILED": Mark(_("Filed"), "settled", "ok"),
    "SUPERSEDED": Mark(_("Superseded"), "cancelled"),
    "APPLIED": Mark(_("Applied"), "submitted", "go"),
    "LISTED": Mark(_("Listed"), "settled", "ok"),
    "LAPSED": Mark(_("Lapsed"), "bounced", "warn"),
    "EXPIRED": Mark(_("Expired"), "bounced", "warn"),
    "REMOVED": Mark(_("Removed"), "refused", "stop"),
    "ENTERED": Mark(_("Waiting for a second person"), "submitted", "go"),
    "PROPOSED": Mark(_("Proposed"), "submitted", "go"),
    "PENDING": Mark(_("Waiting for a second person"), "submitted", "go"),
    "CONFIRMED": Mark(_("Confirmed"), "settled", "ok"),
    "VERIFIED": Mark(_("Verified"), "settled", "ok"),
    "UNVERIFIED": Mark(_("Not verified"), "draft", "warn"),
    "COOLING": Mark(_("Cooling period"), "clock", "warn"),
    "REJECTED": Mark(_("Rejected"), "refused", "stop"),
    "REVERSED": Mark(_("Reversed"), "returned", "warn"),
    "POSTED": Mark(_("Posted"), "settled", "ok"),
    "OPEN": Mark(_("Open"), "submitted", "go"),
    "SEALED": Mark(_("Sealed"), "settled", "ok"),
    "CONSUMED": Mark(_("Consumed"), "settled"),
    "ENDED": Mark(_("Ended"), "cancelled"),
    "REVOKED": Mark(_("Revoked"), "cancelled"),
    "DISABLED": Mark(_("Disabled"), "cancelled"),
    "STANDING": Mark(_("Kept"), "settled", "ok"),
    "PREPARED": Mark(_("Waiting for a second person"), "submitted", "go"),
    "TAKEN": Mark(_("Taken"), "settled", "ok"),
    "WAITING": Mark(_("Not taken yet"), "clock", "warn"),
    "IN_FORCE": Mark(_("In force"), "settled", "ok"),
}

_SPECIAL: dict[tuple[str, str], Mark] = {
    ("engagement", "GRANTED"): Mark(_("Granted"), "approved", "ok"),
    ("engagement-sample", "PREVIEW"): Mark(_("Preview"), "draft"),
    ("engagement-sample", "LOCKED"): Mark(_("Locked"), "lock", "ok"),
    ("engagement-pack", "READY"): Mark(_("Ready"), "tick", "ok"),
    ("engagement-pack", "FAILED"): Mark(_("Not built"), "bounced", "stop"),
    ("engagement-question", "OPEN"): Mark(_("Waits for an answer"), "clock", "go"),
    ("engagement-question", "ANSWERED"): Mark(_("Answered"), "submitted", "ok"),
    ("engagement-record", "SENT"): Mark(_("Sent"), "submitted", "go"),
    ("engagement-record", "DONE"): Mark(_("Done"), "tick", "ok"),
    ("engagement-record", "NOT_NEEDED"): Mark(_("Not needed"), "cancelled"),
    ("tranche", "PAID"): Mark(_("Paid"), "settled", "ok"),
    ("hold", "RELEASED"): Mark(_("Released"), "returned"),
    ("verdict", "OKAY"): Mark(_("Okay"), "tick", "ok"),
    ("verdict", "NEEDS_DETAILS"): Mark(_("Needs details"), "returned", "warn"),
    ("verdict", "NOT_OKAY"): Mark(_("Not okay"), "refused", "stop"),
    ("statement", "FILED"): Mark(_("Filed with the funder"), "submitted", "go"),
    ("statement", "AUDITED"): Mark(_("Audited"), "approved", "go"),
    ("equipment-item", "HELD"): Mark(_("In use"), "settled", "ok"),
    ("equipment-item", "DISPOSED"): Mark(_("Disposed of"), "cancelled"),
    ("bank_month", "OPEN"): Mark(_("Not prepared yet"), "clock", "warn"),
    ("bank_month", "APPROVED"): Mark(_("Reconciled and approved"), "settled", "ok"),
    ("journal", "SUBMITTED"): Mark(_("Waiting for a second person"), "submitted", "go"),
    ("return", "SUBMITTED"): Mark(_("Waiting for a second person"), "submitted", "go"),
    ("return", "POSTED"): Mark(_("Posted"), "settled", "ok"),
    ("payment_file", "DRAFT"): Mark(_("Waiting for signatures"), "clock", "warn"),
    ("payment_file", "SENT"): Mark(_("Sent to the bank"), "released", "go"),
    ("payment_file", "ANSWERED"): Mark(_("Answered by the bank"), "settled", "ok"),
    ("bank_answer", "NONE"): Mark(_("Not answered yet"), "clock"),
    ("bank_answer", "PENDING"): Mark(_("In progress at the bank"), "clock", "go"),
    ("bank_answer", "ACCEPTED"): Mark(_("Accepted by the bank"), "settled", "ok"),
    ("bank_answer", "REJECTED"): Mark(_("Rejected by the bank"), "refused", "stop"),
}
"""(kind, status) where the same word means something else than elsewhere."""


def mark_of(value: str, kind: str = "") -> Mark:
    """The mark of a status of a `kind` of record; an unknown status is shown in its own words, without a tint."""
    name = str(value)
    known = _SPECIAL.get((kind, name)) or _MARKS.get(name)
    return known or Mark(name.replace("_", " ").capitalize(), "draft")
