"""The kinds of key by which a document is known again."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class KeyKind(StrEnum):
    """By what two documents are the same; the fingerprint of a picture says only that they look alike."""

    DIGITAL_INVOICE = "DIGITAL_INVOICE"
    """The twenty-digit number of a fully digitalised invoice."""
    INVOICE = "INVOICE"
    """Invoice code and number of an older invoice."""
    SELLER_INVOICE = "SELLER_INVOICE"
    """Seller's number, invoice code and number."""
    RECEIPT = "RECEIPT"
    """Seller, number, date and amount of a receipt."""
    FILE = "FILE"
    """The SHA-256 of the file."""
    PICTURE = "PICTURE"
    """The fingerprint of a picture: a hint that a person must judge."""


KEY_NAMES: dict[KeyKind, str] = {
    KeyKind.DIGITAL_INVOICE: _("the same invoice number"),
    KeyKind.INVOICE: _("the same invoice code and number"),
    KeyKind.SELLER_INVOICE: _("the same seller, invoice code and number"),
    KeyKind.RECEIPT: _("the same seller, number, date and amount"),
    KeyKind.FILE: _("the same file"),
    KeyKind.PICTURE: _("a picture that looks alike"),
}
"""Message ids."""
