"""The canonical text of an entry and of an account's balance: what is hashed, byte for byte.

One JSON object (RFC 8785: no spaces, keys in order, UTF-8); every value is text, a column without a value is left out.
Numbers are whole decimal numbers, amounts whole minor units of the line's currency, debit positive; days and instants
ISO 8601, instants in UTC with microseconds; bytes in lower-case hex. An entry's reason may speak of people: its digest
stands in its place, SHA-256 of the leaf's salt and the reason, so that a copy of the books can leave the words out.
Every column of `ledger.entry`, `ledger.posting` and `ledger.account` is in it, or equal to one that is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.ledger.balances import NO_SUBJECT

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leaf stands: its book's tree, block and voucher number."""

    book_id: UUID
    leaf_no: int
    block_no: int
    month: date
    voucher_no: int
    salt: bytes


def text_of(value: object) -> str:
    """A column's value as canonical text. Raises TypeError for what has none, floats above all."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical text")


def canonical(fields: dict[str, Any]) -> bytes:
    """A canonical JSON object of fields; None is left out, lists hold objects made the same way."""
    return json.dumps(_plain(fields), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_plain(each) for each in value] if isinstance(value, list) else text_of(value)
        for name, value in fields.items()
        if value is not None
    }


def reason_digest(salt: bytes, reason: str) -> str:
    """SHA-256 of salt and reason, in hex."""
    return hashlib.sha256(salt + reason.encode()).hexdigest()


def entry_text(place: Place, entry: Any, lines: list[Any]) -> bytes:
    """The canonical text of an entry at its place. `entry` and `lines` are rows as `reading` gives them."""
    fields = {
        "v": VERSION,
        "block": place.block_no,
        "leaf": place.leaf_no,
        "month": place.month,
        "voucher": place.voucher_no,
        "book": place.book_id,
        "entry": entry.entry_id,
        "kept_in": entry.book_id if entry.book_id != place.book_id else None,
        "date": entry.effective_on,
        "kind": entry.kind,
        "recorded_at": entry.recorded_at,
        "xact": entry.xact,
        "epoch": entry.seal_epoch,
        "line_count": entry.line_count,
        "event": entry.event_id,
        "reverses": entry.reverses_id,
        "reverses_date": entry.reverses_on,
        "actor": entry.actor_id,
        "approval": entry.approval_id,
        "reason_sha256": reason_digest(place.salt, entry.reason),
        "evidence_sha256": entry.evidence_sha256,
        "lines": [_line(place.book_id, line) for line in lines],
    }
    return canonical(fields)


def _line(book_id: UUID, line: Any) -> dict[str, Any]:
    return {
        "line": line.line_no,
        "book": line.book_id if line.book_id != book_id else None,
        "account": line.account_id,
        "currency": line.currency,
        "amount": line.amount_minor,
        "side": line.side,
        "functional": line.functional_minor,
        "rate": line.rate_id,
        "contract": line.contract_id,
        "tranche": line.tranche_id,
        "disbursement": line.disbursement_id,
        "claim": line.claim_id,
        "heading": line.heading,
        "pocket": line.pocket_id,
        "party": line.party_id,
    }


def attached_text(attached: Any) -> bytes:
    """The canonical text of an attachment, a leaf of the tree of what is attached to a block: a digest, and of what."""
    return canonical(
        {
            "v": VERSION,
            "book": attached.book_id,
            "attached": attached.attached_id,
            "subject": attached.subject,
            "sha256": attached.sha256,
            "at": attached.attached_at,
        }
    )


def account_text(account: Any) -> bytes:
    """The canonical text of an account with what stands on it: a leaf of the tree of balances."""
    return canonical(
        {
            "v": VERSION,
            "book": account.book_id,
            "account": account.account_id,
            "code": account.code,
            "currency": account.currency,
            "subject": account.subject_id if account.subject_id != NO_SUBJECT else None,
            "role": account.role,
            "normal_side": account.normal_side,
            "limited": account.limited,
            "stripes": account.stripes,
            "heading": account.heading,
            "is_own": account.is_own,
            "opened_at": account.opened_at,
            "debit": account.debit_minor,
            "credit": account.credit_minor,
            "functional": account.functional_minor,
        }
    )
