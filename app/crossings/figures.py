"""Figures of payments across the boundary: days to cross, value by week and route, flows between institutions. Pure.

Days are calendar days from the day of release to the value date at the payee's bank, because both banks' holidays lie
between them and the people who wait count them too. Renminbi and Hong Kong dollars stand apart everywhere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.kernel.currencies import Currency
from app.kernel.money import Money, total

NINETIETH = 90


class Route(StrEnum):
    """The two ways across the zone, the payer's side first."""

    SZ_HK = "SZ-HK"
    HK_SZ = "HK-SZ"


class Place(StrEnum):
    """Where a payment is between the two banks."""

    RELEASED = "RELEASED"
    ON_THE_WAY = "ON_THE_WAY"
    ARRIVED = "ARRIVED"
    SENT_BACK = "SENT_BACK"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A payment released from an account on one side to an account on the other; amount in the contract's currency."""

    id: UUID
    reference: str
    contract: str
    contract_id: UUID
    funder_id: UUID
    grantee_id: UUID
    payee_account_id: UUID
    from_side: str
    to_side: str
    amount: Money
    released_on: date
    settled_on: date | None = None
    arrived_on: date | None = None
    sent_back_on: date | None = None

    @property
    def route(self) -> str:
        """Both sides, payer's first: `SZ-HK`."""
        return f"{self.from_side}-{self.to_side}"

    @property
    def place(self) -> Place:
        """Where it is. What was sent back is not on its way, whatever came before."""
        if self.sent_back_on is not None:
            return Place.SENT_BACK
        if self.arrived_on is not None:
            return Place.ARRIVED
        return Place.ON_THE_WAY if self.settled_on is not None else Place.RELEASED

    def days_out(self, today: date) -> int:
        """Calendar days since its release, at least 0."""
        return max(0, (today - self.released_on).days)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long payments of one route took: the median and the day by which nine of ten had arrived."""

    route: str
    arrived: int
    median: int
    ninetieth: int


@dataclass(frozen=True, slots=True)
class Value:
    """How many payments and how much of each currency."""

    count: int
    cny: Money
    hkd: Money


@dataclass(frozen=True, slots=True)
class Week:
    """What was released on one route in the week that begins on `monday`."""

    monday: date
    route: str
    value: Value


@dataclass(frozen=True, slots=True)
class Flow:
    """What one institution sent to another across the boundary, in one currency."""

    funder_id: UUID
    grantee_id: UUID
    count: int
    amount: Money


def pace(crossings: Iterable[Crossing]) -> list[Pace]:
    """Days to cross by route, of payments that arrived; a route on which none arrived is left out.

    Percentiles by nearest rank: a number of days that a payment really took.
    """
    taken: dict[str, list[int]] = defaultdict(list)
    for each in crossings:
        if each.place is Place.ARRIVED and each.arrived_on is not None:
            taken[each.route].append(max(0, (each.arrived_on - each.released_on).days))
    return [
        Pace(route, len(days), nearest_rank(days, 50), nearest_rank(days, NINETIETH))
        for route, days in sorted(taken.items())
    ]


def nearest_rank(values: Sequence[int], percent: int) -> int:
    """The smallest value that at least `percent` per cent of the values do not exceed. `values` is not empty."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def value_of(crossings: Sequence[Crossing]) -> Value:
    """Count and sums, each currency apart."""
    return Value(len(crossings), _sum(crossings, Currency.CNY), _sum(crossings, Currency.HKD))


def weeks(crossings: Iterable[Crossing]) -> list[Week]:
    """Value by week of release and route, the latest week first. What the bank sent back is not counted."""
    grouped: dict[tuple[date, str], list[Crossing]] = defaultdict(list)
    for each in crossings:
        if each.place is not Place.SENT_BACK:
            grouped[each.released_on - timedelta(days=each.released_on.weekday()), each.route].append(each)
    found = [Week(monday, route, value_of(mine)) for (monday, route), mine in grouped.items()]
    return sorted(found, key=lambda week: (-week.monday.toordinal(), week.route))


def flows(crossings: Iterable[Crossing]) -> list[Flow]:
    """Who sent how much to whom, by currency and then the largest first. What the bank sent back is not counted."""
    grouped: dict[tuple[UUID, UUID, Currency], list[Crossing]] = defaultdict(list)
    for each in crossings:
        if each.place is not Place.SENT_BACK:
            grouped[each.funder_id, each.grantee_id, each.amount.currency].append(each)
    found = [
        Flow(funder, grantee, len(mine), _sum(mine, currency)) for (funder, grantee, currency), mine in grouped.items()
    ]
    return sorted(
        found,
        key=lambda flow: (flow.amount.currency.value, -flow.amount.minor, str(flow.funder_id), str(flow.grantee_id)),
    )


def percent_of_largest(flow: Flow, among: Iterable[Flow]) -> int:
    """Whole per cent, rounded down, of the largest flow in the same currency; for the length of a bar."""
    largest = max((each.amount.minor for each in among if each.amount.currency is flow.amount.currency), default=0)
    return flow.amount.minor * 100 // largest if largest > 0 else 0


def _sum(crossings: Iterable[Crossing], currency: Currency) -> Money:
    return total((each.amount for each in crossings if each.amount.currency is currency), currency)
