"""What is said of a signature. Pure: nothing here opens a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from app.kernel.messages import _


class SignatureState(StrEnum):
    """GOOD: whole and by a certificate trusted here. GROWN: whole, but the file went on after it was signed."""

    GOOD = "GOOD"
    UNTRUSTED = "UNTRUSTED"
    GROWN = "GROWN"
    BROKEN = "BROKEN"
    NONE = "NONE"
    UNREADABLE = "UNREADABLE"


STATE_LABELS = {
    SignatureState.GOOD: _("Whole: nothing was changed since it was signed"),
    SignatureState.UNTRUSTED: _("Whole, but by a certificate whose issuer is not known here"),
    SignatureState.GROWN: _("Whole for the part it covers; something was added to the file afterwards"),
    SignatureState.BROKEN: _("Broken: the file was changed after it was signed"),
    SignatureState.NONE: _("Not signed"),
    SignatureState.UNREADABLE: _("The signature could not be read, or not in the time that one file is given"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a file. `at` is the time-stamp authority's time, or the signer's own where `stamped` is False.

    `test`: made with a certificate of the built-in test authority, so it stands for nobody.
    """

    state: SignatureState
    signer: str = ""
    issuer: str = ""
    at: datetime | None = None
    stamped: bool = False
    test: bool = False

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return asdict(self) | {"state": self.state.value, "at": self.at.isoformat() if self.at else None}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Back from `as_json`."""
        at = datetime.fromisoformat(told["at"]) if told["at"] else None
        return cls(**{**told, "state": SignatureState(told["state"]), "at": at})
