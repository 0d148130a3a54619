"""Interest of a pool apportioned to contracts by their average daily balance; pure.

A day's balance is what stands at its end, in the account's currency. A day below nil counts as nil: a contract that
owes the pool earns nothing and gives nothing up. Parts are found by the largest remainder, so that they add up to the
whole exactly; of equal remainders the contract with the earlier number goes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Holding:
    """What one contract had in the pool: before the period, and the movement of each day within it."""

    contract_id: UUID
    contract: str
    opening: Money
    movements: Mapping[date, Money] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """One contract's part of the interest. `days` had money on them; `average` is for people, rounded half-up."""

    contract_id: UUID
    contract: str
    days: int
    minor_days: int
    average: Money
    part: Money


@dataclass(frozen=True, slots=True)
class Apportionment:
    """The interest of a period and whose it is. `other_part` stays with the institution, for its own money there."""

    first_day: date
    last_day: date
    whole: Money
    other_average: Money
    other_part: Money
    shares: tuple[Share, ...]

    @property
    def days(self) -> int:
        """Days of the period, both ends included."""
        return _days(self.first_day, self.last_day)

    def percent(self, part: Money) -> Decimal:
        """A part of the whole in percent, to four places, for people."""
        return (Decimal(part.minor) * 100 / Decimal(self.whole.minor)).quantize(Decimal("0.0001"))


def apportion(
    whole: Money, holdings: Iterable[Holding], first_day: date, last_day: date, other_average: Money
) -> Apportionment | None:
    """Apportion `whole` (more than nil); None where no money stood in the pool on any day.

    `other_average` is the average daily balance of money in the pool that is no contract's, nil or more. All amounts
    are in one currency. The order of `holdings` does not matter.
    """
    ordered = sorted(holdings, key=lambda each: (each.contract, each.contract_id))
    length = _days(first_day, last_day)
    stood = [_stood(each, first_day, last_day) for each in ordered]
    weights = [minor_days for _number, minor_days in stood]
    other = other_average.minor * length
    if not sum(weights) + other:
        return None
    *parts, other_part = whole.allocate([*weights, other])
    shares = tuple(
        Share(each.contract_id, each.contract, number, minor_days, _average(minor_days, length, whole), part)
        for each, (number, minor_days), part in zip(ordered, stood, parts, strict=True)
    )
    return Apportionment(first_day, last_day, whole, other_average, other_part, shares)


def _days(first_day: date, last_day: date) -> int:
    return (last_day - first_day).days + 1


def _stood(holding: Holding, first_day: date, last_day: date) -> tuple[int, int]:
    """On how many days money stood, and minor units times days, counting days below nil as nil."""
    balance, since = holding.opening.minor, first_day
    number = minor_days = 0
    for on in [*sorted(holding.movements), last_day + timedelta(days=1)]:
        if balance > 0:
            number += (on - since).days
            minor_days += balance * (on - since).days
        since = on
        balance += holding.movements[on].minor if on in holding.movements else 0
    return number, minor_days


def _average(minor_days: int, length: int, whole: Money) -> Money:
    unit = Decimal(minor_days).scaleb(-whole.currency.exponent)
    return Money.rounded(unit / length, whole.currency)
