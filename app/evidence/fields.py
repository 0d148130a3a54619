"""What a document says of itself: amounts, parties and numbers, each with the place it was read from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money


class Source(StrEnum):
    """Where a field was read."""

    XML = "XML"
    OFD = "OFD"
    QR = "QR"
    TEXT = "TEXT"
    PERSON = "PERSON"


SOURCE_NAMES: dict[Source, str] = {
    Source.XML: _("the invoice's XML"),
    Source.OFD: _("the invoice's OFD data"),
    Source.QR: _("the printed code"),
    Source.TEXT: _("the text of the PDF"),
    Source.PERSON: _("typed in by a person"),
}
"""Message ids."""


class VerificationStatus(StrEnum):
    """What is known of an invoice beyond what it says itself."""

    NOT_VERIFIED = "NOT_VERIFIED"
    VERIFIED = "VERIFIED"
    REFUTED = "REFUTED"


VERIFICATION_NAMES: dict[VerificationStatus, str] = {
    VerificationStatus.NOT_VERIFIED: _("not verified"),
    VerificationStatus.VERIFIED: _("verified"),
    VerificationStatus.REFUTED: _("found to be false"),
}
"""Message ids."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether somebody with authority was asked about the invoice; `source` says who, when and how."""

    status: VerificationStatus = VerificationStatus.NOT_VERIFIED
    source: str = ""


READ_FIELDS = (
    "amount",
    "tax",
    "currency",
    "issued_on",
    "seller_name",
    "seller_id",
    "buyer_name",
    "buyer_id",
    "invoice_code",
    "invoice_number",
)
"""The fields that a document may state."""

FIELD_NAMES: dict[str, str] = {
    "amount": _("Amount"),
    "tax": _("Tax"),
    "currency": _("Currency"),
    "issued_on": _("Date of the document"),
    "seller_name": _("Seller"),
    "seller_id": _("Seller's tax or registration number"),
    "buyer_name": _("Buyer"),
    "buyer_id": _("Buyer's tax or registration number"),
    "invoice_code": _("Invoice code"),
    "invoice_number": _("Invoice or receipt number"),
}
"""Message ids."""


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """The fields of one document. What it does not state exactly is None; nothing is guessed.

    `amount` is what was to be paid, tax included; `tax` the tax within it; both in `currency`. Negative amounts are
    red invoices, which take an earlier one back. `sources` names for each field that is given where it was read.
    `disputed` names fields left empty because two places of the same document contradict each other.
    """

    amount: Money | None = None
    tax: Money | None = None
    currency: Currency | None = None
    issued_on: date | None = None
    seller_name: str | None = None
    seller_id: str | None = None
    buyer_name: str | None = None
    buyer_id: str | None = None
    invoice_code: str | None = None
    invoice_number: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    disputed: tuple[str, ...] = ()
    verification: Verification = Verification()

    @property
    def is_invoice(self) -> bool:
        """Whether the document states a Mainland invoice number: twenty digits, or a code with a number."""
        number = self.invoice_number or ""
        return len(number) == 20 or bool(self.invoice_code and number)

    def as_json(self) -> dict[str, Any]:
        """Plain data: amounts as decimal text, dates as ISO 8601, sources by field."""
        plain: dict[str, Any] = {name: _plain(getattr(self, name)) for name in READ_FIELDS}
        return plain | {
            "sources": {name: source.value for name, source in self.sources.items()},
            "disputed": list(self.disputed),
            "verification": {"status": self.verification.status.value, "source": self.verification.source},
        }


def _plain(value: Money | Currency | date | str | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, Money):
        return str(value.amount)
    return value.isoformat() if isinstance(value, date) else str(value)


def from_json(data: Mapping[str, Any]) -> DocumentFields:
    """The fields that `as_json` wrote. Raises InvalidAmount or ValueError for anything else."""
    currency = Currency(data["currency"]) if data["currency"] else None
    amount, tax = (
        Money.parse(data[name], currency) if data[name] is not None and currency else None for name in ("amount", "tax")
    )
    texts = {name: data[name] for name in READ_FIELDS if name not in ("amount", "tax", "currency", "issued_on")}
    return DocumentFields(
        amount=amount,
        tax=tax,
        **texts,
        currency=currency,
        issued_on=date.fromisoformat(data["issued_on"]) if data["issued_on"] else None,
        sources={name: Source(source) for name, source in data["sources"].items()},
        disputed=tuple(data["disputed"]),
        verification=Verification(VerificationStatus(data["verification"]["status"]), data["verification"]["source"]),
    )
