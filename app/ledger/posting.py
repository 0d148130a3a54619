"""The only way into the books: one call of a database function, which locks, checks, writes and counts in one go.

Each call needs an idempotency key: the same key and body answer with the first call's entry, another body is refused.
Amounts are debit-positive whole minor units; the database refuses what does not balance, what lies in a closed month
and what would take a limited account below nil. Where one verb posts several entries, use `post_all`: it takes every
balance in one fixed order, so two verbs never wait for each other in a circle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.entries import Entry, canonical
from app.ledger.refusals import refusals

_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
_KEYS = uuid5(NAMESPACE_URL, "hetao-ledger:idempotency-key")


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry made, or the one made before under the same key (`replayed`)."""

    entry_id: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One entry to post with its idempotency key."""

    entry: Entry
    idempotency_key: UUID


@dataclass(frozen=True, slots=True)
class Consumption:
    """Part of a hold used up by an entry, in the pocket's currency: the hold falls as the pocket is debited."""

    hold_id: UUID
    amount: Money


class PeriodState(StrEnum):
    """Who may post in a book's month: anyone, those with an exception, nobody ever again. Without a row it is open."""

    OPEN = "OPEN"
    CLOSING = "CLOSING"
    SEALED = "SEALED"


def key_for(*parts: object) -> UUID:
    """An idempotency key that is the same for the same parts: `key_for("disbursement.release", id, "funder")`."""
    return uuid5(_KEYS, "\x1f".join(str(part) for part in parts))


def post(
    session: Session,
    entry: Entry,
    *,
    actor_id: UUID,
    idempotency_key: UUID,
    approval_id: UUID | None = None,
    consumes: Sequence[Consumption] = (),
) -> Posted:
    """Post one entry, using up holds with it where `consumes` says so.

    Raises RuleBreached (`pocket.insufficient`, `period.closed`, `key.reused`…), NotFound for a book never opened and
    Conflict for a hold already closed; nothing is rounded or changed on the way.
    """
    plain = canonical(entry)
    values = {
        "book": entry.book_id,
        "key": idempotency_key,
        "hash": _digest(plain, consumes, approval_id),
        "on": entry.effective_on,
        "kind": entry.kind.value,
        "event": entry.event_id,
        "actor": actor_id,
        "approval": approval_id,
        "reason": entry.reason,
        "evidence": entry.evidence_sha256,
        "functional": entry.functional_currency.value,
        "lines": json.dumps(plain["lines"]),
        "consumes": _consumed(consumes),
    }
    with refusals():
        entry_id, replayed = session.execute(_POST, values).scalar_one()
    return Posted(int(entry_id), replayed == "t")


def post_all(
    session: Session,
    orders: Sequence[Order],
    *,
    actor_id: UUID,
    approval_id: UUID | None = None,
    consumes: Sequence[Consumption] = (),
) -> tuple[Posted, ...]:
    """Post several entries, over any books, all or none; answers in the order given. Refusals as in `post`.

    `consumes` belongs to the first entry and is used up only if that entry is new.
    """
    if not orders:
        return ()
    batch = ",".join(
        _in_batch(order, consumes if number == 0 else (), approval_id) for number, order in enumerate(orders)
    )
    values = {"batch": f"[{batch}]", "actor": actor_id, "approval": approval_id, "consumes": _consumed(consumes)}
    with refusals():
        rows = session.execute(_POST_ALL, values).all()
    return tuple(Posted(row.entry_id, row.replayed) for row in rows)


def reverse(
    session: Session,
    entry_id: int,
    *,
    effective_on: date,
    event_id: UUID,
    reason: str,
    actor_id: UUID,
    idempotency_key: UUID,
    approval_id: UUID | None = None,
    evidence_sha256: bytes | None = None,
) -> Posted:
    """Reverse an entry in full: the same lines on the same sides with the amounts negated (red ink), at its own rates.

    Raises Conflict where it has been reversed already, RuleBreached for a reversal of a reversal, for a date before the
    original's, a closed month, or where the money is no longer there (`pocket.insufficient`).
    """
    body = {
        "reverses": entry_id,
        "on": effective_on.isoformat(),
        "event": str(event_id),
        "reason": reason,
        "evidence": evidence_sha256.hex() if evidence_sha256 else None,
    }
    values = {
        "original": entry_id,
        "key": idempotency_key,
        "hash": _digest(body, (), approval_id),
        "on": effective_on,
        "event": event_id,
        "actor": actor_id,
        "approval": approval_id,
        "reason": reason,
        "evidence": evidence_sha256,
    }
    with refusals():
        row = session.execute(_REVERSE, values).one()
    return Posted(row.entry_id, row.replayed)


def open_book(session: Session, book_id: UUID, code: str, functional_currency: Currency) -> None:
    """Open an institution's book; again with the same code and currency does nothing, with others raises Conflict."""
    values = {"book": book_id, "code": code, "currency": functional_currency.value}
    with refusals():
        session.execute(text("select ledger.open_book(:book, :code, :currency)"), values)


def set_period(session: Session, book_id: UUID, month: date, state: PeriodState, *, actor_id: UUID) -> None:
    """Begin to close the month `month` lies in, or open it again. `app.ledger.periods.seal_month` seals it.

    Waits for postings under way there; none can slip in behind it. Raises RuleBreached (`period.sealed`) for a month
    sealed, itself or by a later one.
    """
    values = {"book": book_id, "month": month, "state": state.value, "actor": actor_id}
    with refusals():
        session.execute(text("select ledger.set_period(:book, :month, :state, :actor)"), values)


def _digest(plain: dict[str, Any], consumes: Sequence[Consumption], approval_id: UUID | None) -> bytes:
    """SHA-256 over what was asked, key and actor apart: what tells a repeat from another request under one key."""
    return hashlib.sha256(_body(plain, consumes, approval_id).encode()).digest()


def _body(plain: dict[str, Any], consumes: Sequence[Consumption], approval_id: UUID | None) -> str:
    """What was asked, as one JSON text that is the same for equal requests."""
    used = [[str(c.hold_id), c.amount.minor] for c in consumes]
    return _json({**plain, "consumes": used, "approval": str(approval_id or "")})


def _in_batch(order: Order, consumes: Sequence[Consumption], approval_id: UUID | None) -> str:
    """One member of a batch: the text its digest covers, and before it key, digest and functional currency."""
    body = _body(canonical(order.entry), consumes, approval_id)
    digest = hashlib.sha256(body.encode()).hexdigest()
    functional = order.entry.functional_currency.value
    return f'{{"key":"{order.idempotency_key}","hash":"{digest}","functional":"{functional}",{body[1:]}'


def _consumed(consumes: Sequence[Consumption]) -> str | None:
    if not consumes:
        return None
    return json.dumps(
        [{"hold": str(c.hold_id), "amount": c.amount.minor, "currency": c.amount.currency} for c in consumes]
    )


# Called as a value and not as a table, which costs the server a tenth less; the pair comes back as text.
_POST = text(
    "select ledger.post_entry(:book, :key, :hash, :on, :kind, :event, :actor, :approval,"
    " :reason, :evidence, :functional, cast(:lines as jsonb), cast(:consumes as jsonb))"
)
_POST_ALL = text(
    "select entry_id, replayed from ledger.post_entries(cast(:batch as jsonb), :actor, :approval,"
    " cast(:consumes as jsonb)) order by ordinal"
)
_REVERSE = text(
    "select entry_id, replayed from ledger.reverse_entry(:original, :key, :hash, :on, :event, :actor, :approval,"
    " :reason, :evidence)"
)
