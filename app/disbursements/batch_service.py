"""Approving many at once: one funder, one transaction an item, each item with its own outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.disbursements import queries, service
from app.disbursements.commands import Approve, BatchRow
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, Refusal
from app.kernel.messages import _
from app.web import idempotency

InUnit = Callable[[Callable[[Session], "Outcome"]], "Outcome"]
CHANGED = frozenset({"record.changed", "disbursement.changed", "disbursement.status"})
LARGEST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: `approved`, `waits` (for a second checker), `changed` or `refused`, and why."""

    reference: str
    result: str
    breaches: tuple[Breach, ...] = ()


def refuse_mixed(session: Session, actor: Actor, rows: Sequence[BatchRow]) -> None:
    """A batch is one funder's and not larger than a page. Raises InputRefused."""
    found = queries.by_references(session, actor, {row.reference for row in rows})
    if not found or len(rows) > LARGEST:
        raise InputRefused(
            Breach(
                "batch.empty",
                _("Choose from 1 to %(limit)s disbursements."),
                _("Tick the rows you want to approve."),
                params={"limit": LARGEST},
            )
        )
    if len({row.funder_id for row in found}) > 1:
        raise InputRefused(
            Breach(
                "batch.two-funders",
                _("A batch holds the disbursements of one funder."),
                _("Choose a funder in the filters, then select again."),
            )
        )


def batch_reference_of(key: str) -> str:
    """The number under which a batch's decisions can be found again: the same for the same idempotency key."""
    return f"BATCH-{hashlib.sha256(key.encode()).hexdigest()[:12].upper()}"


def approve_all(
    in_unit: InUnit, actor: Actor, rows: Sequence[BatchRow], *, batch_reference: str, key: str, now: datetime
) -> list[Outcome]:
    """Approve each row in a unit of work of its own, opened by `in_unit`; a row that changed drops out, others go on.

    `key` is the batch's idempotency key: sent again, each row answers as it did the first time.
    """
    return [_approve_one(in_unit, actor, row, batch_reference, f"{key}:{row.reference}", now) for row in rows]


def _approve_one(
    in_unit: InUnit, actor: Actor, row: BatchRow, batch_reference: str, key: str, now: datetime
) -> Outcome:
    def once(session: Session) -> Outcome:
        said = idempotency.digest("batch", row.reference, row.version, row.consented, row.notes_seen)
        earlier = idempotency.claim(session, actor.person_id, key, said, wait=True)
        if earlier is not None:
            return Outcome(row.reference, earlier.body or "approved")
        command = Approve(row.version, row.consented, row.notes_seen, "", batch_reference)
        approved = service.approve(session, actor, row.reference, command, now=now)
        result = "approved" if approved.status == "APPROVED" else "waits"
        idempotency.remember(session, actor.person_id, key, status=200, body=result)
        return Outcome(row.reference, result)

    try:
        return in_unit(once)
    except Refusal as refusal:
        changed = any(breach.code in CHANGED for breach in refusal.breaches)
        return Outcome(row.reference, "changed" if changed else "refused", tuple(refusal.breaches))
