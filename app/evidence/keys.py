"""By what a document is known again: digests of normalised keys. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.evidence.fields import DocumentFields
from app.evidence.states import KeyKind

DIGITAL_NUMBER = 20
NEAR_BITS = 3
"""Bits by which the fingerprints of two pictures of the same thing may differ."""

_BANDS = 4
_COMPANY_WORDS = re.compile(r"(COMPANY|LIMITED|LTD|CO|INC|有限公司|公司)$")


@dataclass(frozen=True, slots=True)
class DocumentKeyValue:
    """One key: what kind it is, and the digest that stands for it."""

    kind: KeyKind
    digest: bytes

    @property
    def certain(self) -> bool:
        """Whether an equal key means the same document; a picture's fingerprint is only a hint."""
        return self.kind is not KeyKind.PICTURE


def keys_of(
    fields: DocumentFields, sha256: bytes | None = None, fingerprints: Sequence[bytes] = ()
) -> tuple[DocumentKeyValue, ...]:
    """The keys of a document with these fields, this file and these fingerprints, the surest first.

    Fields may be read from the document or typed in by a person; what is missing gives no key. Give the fingerprints
    of a picture that came without an invoice number only: two invoices of one seller look alike and are not the same.
    """
    keys = [*_invoice_keys(fields)]
    receipt = _receipt_key(fields) if not keys else None
    keys += [receipt] if receipt else []
    if sha256 is not None:
        keys.append(DocumentKeyValue(KeyKind.FILE, sha256))
    if not fields.is_invoice:
        keys += [DocumentKeyValue(KeyKind.PICTURE, each) for each in dict.fromkeys(fingerprints) if _tells(each)]
    return tuple(keys)


def _invoice_keys(fields: DocumentFields) -> list[DocumentKeyValue]:
    number, code = _plain(fields.invoice_number), _plain(fields.invoice_code)
    if len(number) == DIGITAL_NUMBER and number.isdecimal():
        return [_key(KeyKind.DIGITAL_INVOICE, number)]
    if not code or not number:
        return []
    seller = _plain(fields.seller_id)
    with_seller = [_key(KeyKind.SELLER_INVOICE, seller, code, number)] if seller else []
    return [*with_seller, _key(KeyKind.INVOICE, code, number)]


def _receipt_key(fields: DocumentFields) -> DocumentKeyValue | None:
    """Receipts without a national number: seller, number, date and amount together, all four."""
    seller, number = normalised_seller(fields.seller_name) or _plain(fields.seller_id), _plain(fields.invoice_number)
    if not (seller and number and fields.issued_on and fields.amount):
        return None
    amount = f"{fields.amount.currency}{fields.amount.minor}"
    return _key(KeyKind.RECEIPT, seller, number.lstrip("0") or "0", fields.issued_on.isoformat(), amount)


def normalised_seller(name: str | None) -> str:
    """A seller's name without spaces, marks, width, case and the words for a company at its end."""
    plain = _plain(name)
    while (shorter := _COMPANY_WORDS.sub("", plain)) not in ("", plain):
        plain = shorter
    return plain


def _plain(text: str | None) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text or "").upper() if c.isalnum())


def _key(kind: KeyKind, *parts: str) -> DocumentKeyValue:
    return DocumentKeyValue(kind, hashlib.sha256("\x1f".join((kind.value, *parts)).encode()).digest())


def _tells(fingerprint: bytes) -> bool:
    """Whether a fingerprint says anything: that of an empty wall has hardly a bit set, or hardly one not set."""
    return 8 <= int.from_bytes(fingerprint, "big").bit_count() <= 56


def bands(fingerprint: bytes) -> list[tuple[int, bytes]]:
    """The fingerprint turned round so that each quarter comes first once: near pictures share one quarter exactly."""
    quarter = len(fingerprint) // _BANDS
    return [(n, fingerprint[n * quarter :] + fingerprint[: n * quarter]) for n in range(_BANDS)]


def near(one: bytes, other: bytes) -> bool:
    """Whether two fingerprints differ by few bits."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count() <= NEAR_BITS
