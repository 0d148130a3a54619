"""A rail as it stands on a day, and a payment that looks for one, as plain data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.rails.states import PartyKind


@dataclass(frozen=True, slots=True)
class Rail:
    """One version of a rail. Hours are local time (UTC+8); without hours it runs around the clock, every day.

    `crossing` rails serve only two different sides. `days_of` are the sides on whose banking days it runs;
    `makeup_days`: on the Mainland's working weekends too. `largest` is the largest single payment, if there is one.
    `name`, `note` and `source` are message ids where the system brings the rail, otherwise text as it was typed.
    """

    version_id: UUID
    code: str
    name: str
    currencies: frozenset[Currency]
    from_sides: frozenset[Side]
    to_sides: frozenset[Side]
    crossing: bool
    payer_kinds: frozenset[PartyKind]
    payee_kinds: frozenset[PartyKind]
    opens_at: time | None
    closes_at: time | None
    cut_off: time | None
    days_of: tuple[Side, ...]
    makeup_days: bool
    largest: Money | None
    note: str
    source: str
    verified: bool
    first_day: date
    last_day: date | None

    @property
    def around_the_clock(self) -> bool:
        """Whether it has no hours: value is the same day at any time."""
        return self.cut_off is None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment that looks for a rail: between which sides, from and to what kind of party, and when.

    `carried` is the currency in which it crosses, where the paying bank converts it first; else it is the amount's.
    """

    amount: Money
    from_side: Side
    to_side: Side
    payer_kind: PartyKind
    payee_kind: PartyKind
    moment: datetime
    carried: Currency | None = None
