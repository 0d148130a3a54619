"""What a person asks for: a version of a rail, or a day entered by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.rails.states import PartyKind


@dataclass(frozen=True, slots=True)
class ProposeRail:
    """A version of a rail from its first day on; hours in local time, none for a rail around the clock."""

    code: str
    name: str
    currencies: tuple[Currency, ...]
    from_sides: tuple[Side, ...]
    to_sides: tuple[Side, ...]
    payer_kinds: tuple[PartyKind, ...]
    payee_kinds: tuple[PartyKind, ...]
    source: str
    first_day: date
    crossing: bool = False
    opens_at: time | None = None
    closes_at: time | None = None
    cut_off: time | None = None
    days_of: tuple[Side, ...] = ()
    makeup_days: bool = False
    largest_currency: Currency | None = None
    largest: Money | None = None
    note: str = ""
    verified: bool = False
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ProposeDay:
    """A day on which the banks of a side are open or closed, other than the calendar says; `reason` names it."""

    side: Side
    day: date
    open: bool
    reason: str
    source: str
