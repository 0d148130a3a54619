"""The two currencies of the zone. CNH is a market label for offshore CNY, never a currency code."""

from __future__ import annotations

from enum import StrEnum


class Currency(StrEnum):
    """ISO 4217 code of a currency the ledger keeps."""

    CNY = "CNY"
    HKD = "HKD"

    @property
    def exponent(self) -> int:
        """Number of decimal places of the minor unit (ISO 4217: two for both)."""
        return 2

    @property
    def other(self) -> Currency:
        """The other of the two currencies of the zone."""
        return Currency.HKD if self is Currency.CNY else Currency.CNY


class Market(StrEnum):
    """Where a CNY rate was dealt: Mainland (onshore) or Hong Kong (offshore, traded as CNH)."""

    ONSHORE = "ONSHORE"
    OFFSHORE = "OFFSHORE"
