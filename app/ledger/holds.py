"""Money reserved on a pocket: a hold is a row with append-only events, never an entry.

A contract's hold is opened at signing; approving a disbursement moves part of it to a child hold; release uses up the
child together with the posting (`posting.Consumption`); a bounce opens a new child and returns it to the contract's.
Moving and returning leave the pocket's held total as it was; opening raises it; consuming and releasing lower it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.entries import AccountKey
from app.ledger.refusals import refusals


@dataclass(frozen=True, slots=True)
class Held:
    """The hold made or changed, or the one of the first call under the same key (`replayed`)."""

    hold_id: UUID
    replayed: bool


def open_hold(
    session: Session,
    book_id: UUID,
    pocket: AccountKey,
    amount: Money,
    *,
    contract_id: UUID,
    actor_id: UUID,
    idempotency_key: UUID,
    disbursement_id: UUID | None = None,
    parent_id: UUID | None = None,
) -> Held:
    """Reserve `amount`, in the pocket's currency. Raises RuleBreached `pocket.insufficient` where less is available.

    `parent_id` with `disbursement_id` is for a bounced payment: its hold comes back and may be returned to the parent.
    """
    if amount.currency is not pocket.currency:
        raise ValueError(f"{amount} held on an account in {pocket.currency}")
    values = {
        "hold": new_id(),
        "book": book_id,
        "code": pocket.code.value,
        "currency": pocket.currency.value,
        "subject": pocket.subject_id,
        "amount": amount.minor,
        "contract": contract_id,
        "disbursement": disbursement_id,
        "parent": parent_id,
    }
    return _run(session, "open", values, actor_id, idempotency_key)


def raise_hold(session: Session, hold_id: UUID, amount: Money, *, actor_id: UUID, idempotency_key: UUID) -> Held:
    """Reserve `amount` more on a contract's own open hold: an amendment raised the contract.

    Raises RuleBreached `pocket.insufficient` where less is available, Conflict `hold.closed`.
    """
    values = {"hold": hold_id, "amount": amount.minor, "currency": amount.currency.value}
    return _run(session, "raise", values, actor_id, idempotency_key)


def move_hold(
    session: Session,
    hold_id: UUID,
    amount: Money,
    *,
    disbursement_id: UUID,
    actor_id: UUID,
    idempotency_key: UUID,
) -> Held:
    """Turn part of a contract's hold into a disbursement's own; answers with the child hold.

    Raises RuleBreached `hold.insufficient` where less remains, Conflict `hold.closed`.
    """
    values = {
        "child": new_id(),
        "hold": hold_id,
        "amount": amount.minor,
        "currency": amount.currency.value,
        "disbursement": disbursement_id,
    }
    return _run(session, "move", values, actor_id, idempotency_key)


def return_hold(session: Session, hold_id: UUID, *, actor_id: UUID, idempotency_key: UUID) -> Held:
    """Give all that remains of a disbursement's hold back to the contract's, and close it; answers with the parent.

    Raises Conflict `hold.closed` where either is closed (release the child instead).
    """
    return _run(session, "return", {"hold": hold_id}, actor_id, idempotency_key)


def consume_hold(
    session: Session,
    hold_id: UUID,
    amount: Money,
    *,
    event_id: UUID,
    actor_id: UUID,
    idempotency_key: UUID,
) -> Held:
    """Use up part of a hold for an event whose entry is posted separately, right after, in the same unit of work.

    Prefer `posting.post(..., consumes=[Consumption(...)])`, which does both at once. A child used up closes.
    """
    values = {
        "hold": hold_id,
        "amount": amount.minor,
        "currency": amount.currency.value,
        "event": event_id,
    }
    return _run(session, "consume", values, actor_id, idempotency_key)


def release_hold(
    session: Session, hold_id: UUID, amount: Money | None = None, *, actor_id: UUID, idempotency_key: UUID
) -> Held:
    """Give held money back to the pocket: all that remains, closing the hold, or `amount` of it, leaving it open."""
    values = {
        "hold": hold_id,
        "amount": amount.minor if amount else None,
        "currency": amount.currency.value if amount else None,
    }
    return _run(session, "release", values, actor_id, idempotency_key)


def _run(session: Session, verb: str, values: dict[str, Any], actor_id: UUID, key: UUID) -> Held:
    made_here = {"child"} if "child" in values else {"hold"} if "subject" in values else set()
    body = {name: str(value) for name, value in values.items() if name not in made_here}
    digest = hashlib.sha256(json.dumps([verb, body], sort_keys=True).encode()).digest()
    with refusals():
        row = session.execute(_STATEMENTS[verb], {**values, "actor": actor_id, "key": key, "hash": digest}).one()
    return Held(row.hold_id, row.replayed)


_STATEMENTS = {
    "open": text(
        "select hold_id, replayed from ledger.open_hold(:hold, :book, :key, :hash, :code, :currency, :subject, :amount,"
        " :contract, :disbursement, :parent, :actor)"
    ),
    "raise": text("select hold_id, replayed from ledger.raise_hold(:hold, :key, :hash, :amount, :currency, :actor)"),
    "move": text(
        "select hold_id, replayed from ledger.move_hold(:hold, :child, :key, :hash, :amount, :currency,"
        " :disbursement, :actor)"
    ),
    "return": text("select hold_id, replayed from ledger.return_hold(:hold, :key, :hash, :actor)"),
    "consume": text(
        "select hold_id, replayed from ledger.consume_hold(:hold, :key, :hash, :amount, :currency, :event, :actor)"
    ),
    "release": text(
        "select hold_id, replayed from ledger.release_hold(:hold, :key, :hash, :amount, :currency, :actor)"
    ),
}
