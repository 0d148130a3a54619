"""What the verbs of periods are asked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.ledger.posting import PeriodState
from app.periods.states import CheckCode


@dataclass(frozen=True, slots=True)
class Step:
    """A step on a month as the page showed it."""

    seen: PeriodState


@dataclass(frozen=True, slots=True)
class OpenAgain:
    """Opening a month that is closing, for a reason."""

    seen: PeriodState
    reason: str


@dataclass(frozen=True, slots=True)
class GiveException:
    """Who may post into the closing month, for how many days, and why."""

    person: UUID
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class EndException:
    """An exception to take back."""

    exception: UUID


@dataclass(frozen=True, slots=True)
class Explain:
    """A note on a check."""

    check: CheckCode
    note: str
