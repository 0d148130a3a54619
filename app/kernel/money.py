"""Money as whole minor units of one currency. No float enters, and two currencies never meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from app.kernel.currencies import Currency

MAX_MINOR = 10**15 - 1
"""Largest amount the ledger takes: 9,999,999,999,999.99. Far below 2**63, so sums stay exact in BIGINT."""

_AMOUNT_TEXT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")


class CurrencyMismatch(TypeError):
    """Raised when an operation would combine amounts of two currencies."""


class InvalidAmount(ValueError):
    """Raised for text or numbers that are not an exact amount in the currency's minor unit."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` whole minor units (fen or cents) of `currency`. Negative means owed the other way."""

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        """Refuse anything but an int within the ledger's range."""
        if type(self.minor) is not int:
            raise InvalidAmount(f"minor units must be int, not {type(self.minor).__name__}")
        if abs(self.minor) > MAX_MINOR * 1000:
            raise InvalidAmount(f"amount out of range: {self.minor}")

    @classmethod
    def zero(cls, currency: Currency) -> Self:
        """Nil in `currency`."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: Currency) -> Self:
        """Read a plain decimal such as `1234.50`. No separators, no exponent, ASCII digits, at most two decimals.

        Raises InvalidAmount for anything else, including NaN, full-width digits and sub-unit fractions.
        """
        stripped = text.strip()
        if not _AMOUNT_TEXT.fullmatch(stripped):
            raise InvalidAmount(text[:40])
        whole, _, fraction = stripped.partition(".")
        if len(fraction) > currency.exponent:
            raise InvalidAmount(text[:40])
        return cls(int(whole + fraction.ljust(currency.exponent, "0")), currency)

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: Currency) -> Self:
        """Exact conversion from a Decimal in major units; raises InvalidAmount if it has a sub-unit fraction."""
        if not amount.is_finite():
            raise InvalidAmount(str(amount))
        scaled = amount.scaleb(currency.exponent)
        if scaled != scaled.to_integral_value():
            raise InvalidAmount(str(amount))
        return cls(int(scaled), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: Currency) -> Self:
        """Round a Decimal in major units half-up (away from zero) to the minor unit. Use once, at posting."""
        scaled = amount.scaleb(currency.exponent).to_integral_value(ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """Major units as an exact Decimal with the currency's decimal places."""
        return Decimal(self.minor).scaleb(-self.currency.exponent)

    @property
    def plain(self) -> str:
        """Major units as a plain decimal with the currency's decimal places, for machines: `-1234.50`."""
        places = self.currency.exponent
        digits = str(abs(self.minor)).zfill(places + 1)
        return f"{'-' if self.minor < 0 else ''}{digits[:-places]}.{digits[-places:]}"

    def __str__(self) -> str:
        """ISO code and plain decimal: `CNY 1234.50`. For people, use the templates' money filter."""
        return f"{self.currency.value} {self.plain}"

    def _same(self, other: Money) -> None:
        if not isinstance(other, Money) or other.currency is not self.currency:
            raise CurrencyMismatch(f"cannot combine {self} with {other}")

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts of one currency; CurrencyMismatch otherwise."""
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Difference of two amounts of one currency; CurrencyMismatch otherwise."""
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        """The same amount with the other sign."""
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        """The amount without its sign."""
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: Money) -> bool:
        """Compare within one currency; CurrencyMismatch otherwise."""
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        """Compare within one currency; CurrencyMismatch otherwise."""
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        """Compare within one currency; CurrencyMismatch otherwise."""
        self._same(other)
        return self.minor > other.minor

    def __ge__(self, other: Money) -> bool:
        """Compare within one currency; CurrencyMismatch otherwise."""
        self._same(other)
        return self.minor >= other.minor

    def __bool__(self) -> bool:
        """False for nil."""
        return self.minor != 0

    def convert(self, rate: Decimal, into: Currency) -> Money:
        """This amount times `rate` (units of `into` per one unit of this currency), rounded half-up once."""
        return Money.rounded(self.amount * rate, into)

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split by integer weights with the largest-remainder method; the parts sum to the whole exactly.

        Ties go to the earlier part, so the result is stable. Raises ValueError without a positive weight.
        """
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must be non-negative with a positive sum")
        sign = -1 if self.minor < 0 else 1
        whole = abs(self.minor)
        floors = [whole * weight // total for weight in weights]
        remainders = [whole * weight % total for weight in weights]
        for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[: whole - sum(floors)]:
            floors[index] += 1
        return tuple(Money(sign * part, self.currency) for part in floors)


def total(amounts: Iterable[Money], currency: Currency) -> Money:
    """Sum of amounts that must all be in `currency`; nil for none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
