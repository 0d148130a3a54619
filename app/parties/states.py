"""What a known party is, and by what two of them are connected; pure."""

from __future__ import annotations

import hashlib
import unicodedata
from enum import StrEnum

from app.kernel.messages import _


class PartyKind(StrEnum):
    """What a party is to the institution."""

    SPONSOR = "SPONSOR"
    SUPPLIER = "SUPPLIER"
    STAFF = "STAFF"


class MarkKind(StrEnum):
    """By what two parties may turn out to be connected."""

    ACCOUNT = "ACCOUNT"
    ADDRESS = "ADDRESS"
    PHONE = "PHONE"


KIND_LABELS = {
    PartyKind.SPONSOR: _("Sponsor"),
    PartyKind.SUPPLIER: _("Supplier"),
    PartyKind.STAFF: _("Staff"),
}
MARK_LABELS = {
    MarkKind.ACCOUNT: _("a bank account"),
    MarkKind.ADDRESS: _("an address"),
    MarkKind.PHONE: _("a telephone number"),
}
"""What is shared, as part of a sentence."""

_PHONE_DIGITS = 8
"""The last digits of a telephone number: with and without the code of the country they are the same."""


def plain(text: str) -> str:
    """Letters and figures alone, in one width and case: the same for two ways of writing one thing."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each.isalnum())


def digest(kind: MarkKind, text: str) -> bytes | None:
    """What stands for an account, address or telephone number, so that it need not be kept; None where it says nothing.

    A short value can be guessed back from its digest: whoever reads the table must be trusted with the values.
    """
    value = plain(text)
    if kind is MarkKind.PHONE:
        value = "".join(each for each in value if each.isdecimal())[-_PHONE_DIGITS:]
    if len(value) < 6:
        return None
    return hashlib.sha256(f"{kind.value}\x1f{value}".encode()).digest()


def masked(text: str) -> str:
    """The last four letters or figures, the others hidden."""
    value = plain(text)
    return f"…{value[-4:]}" if value else ""
