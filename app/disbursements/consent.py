"""What a checker consents to: the fingerprint of everything that would make it another payment. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Consented:
    """What was shown. `payee_account_digest` changes with the account's number, not only with its record."""

    disbursement_id: UUID
    revision: int
    contract_id: UUID
    tranche_id: UUID
    pocket_id: UUID
    amount: Money
    payer_account_id: UUID
    payee_account_id: UUID
    payee_account_digest: str
    requested_value_date: date
    purpose: str
    converts_at: str | None = None


def fingerprint(shown: Consented) -> bytes:
    """SHA-256 over what was shown, the same for equal content."""
    plain = [
        str(shown.disbursement_id),
        shown.revision,
        str(shown.contract_id),
        str(shown.tranche_id),
        str(shown.pocket_id),
        shown.amount.minor,
        shown.amount.currency.value,
        str(shown.payer_account_id),
        str(shown.payee_account_id),
        shown.payee_account_digest,
        shown.requested_value_date.isoformat(),
        shown.purpose,
        *([shown.converts_at] if shown.converts_at else []),
    ]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).digest()


def batch_fingerprint(fingerprints: Iterable[bytes]) -> str:
    """One short figure for the rows of a batch, to compare what was shown with what was approved."""
    whole = hashlib.sha256(b"".join(sorted(fingerprints))).hexdigest()
    return " ".join(whole[index : index + 4] for index in range(0, 16, 4))
