"""What a pocket owes in another currency than its own, and how much of it is covered. Pure: amounts in, lines out.

A contract is paid in its pocket's currency, so the exposure lies with payees whose account is in another currency: what
is held for them and what is on its way to them, in their currency at the latest rate. Two currencies are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.exchange_rates.queries import FoundRate
from app.exposure.models import ForwardCover
from app.exposure.states import CoverStatus
from app.funds.models import Fund, Pocket
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger.balances import PocketPosition


@dataclass(frozen=True, slots=True)
class Owed:
    """What one contract still takes from a pocket: `held` and `on_the_way`, in the pocket's currency.

    `on_the_way` is released and neither confirmed by the payee nor converted yet. `named`: the payee's account is
    known; else its book's currency stands for it.
    """

    pocket_id: UUID
    contract: str
    grantee_id: UUID
    payee_currency: Currency
    held: Money
    on_the_way: Money
    named: bool

    @property
    def unpaid(self) -> Money:
        """What has not arrived yet, in the pocket's currency."""
        return self.held + self.on_the_way


@dataclass(frozen=True, slots=True)
class PocketExposure:
    """One pocket: its position, what it owes abroad, that in the foreign currency, and the cover that stands today."""

    pocket: Pocket
    fund: Fund
    position: PocketPosition
    owed: tuple[Owed, ...]
    rate: FoundRate | None
    covers: tuple[ForwardCover, ...]

    @property
    def currency(self) -> Currency:
        """The pocket's own currency."""
        return Currency(self.pocket.currency)

    @property
    def foreign(self) -> Currency:
        """The other currency, in which payees are paid."""
        return self.currency.other

    @property
    def abroad(self) -> tuple[Owed, ...]:
        """What is owed to payees whose account is in the other currency."""
        return tuple(each for each in self.owed if each.payee_currency is not self.currency)

    @property
    def held(self) -> Money:
        """Held for payees in the other currency, in the pocket's currency."""
        return total((each.held for each in self.abroad), self.currency)

    @property
    def on_the_way(self) -> Money:
        """On its way to payees in the other currency, in the pocket's currency."""
        return total((each.on_the_way for each in self.abroad), self.currency)

    @property
    def unpaid(self) -> Money:
        """The unpaid balance exposed, in the pocket's currency."""
        return self.held + self.on_the_way

    @property
    def in_foreign(self) -> Money | None:
        """The unpaid balance in the other currency at the latest rate, rounded once; None without a rate."""
        if not self.unpaid:
            return Money.zero(self.foreign)
        return self.rate.convert(self.unpaid) if self.rate is not None else None

    @property
    def covered(self) -> Money:
        """What banks promised to deliver, in the other currency."""
        return total((cover.amount for cover in self.covers), self.foreign)

    @property
    def uncovered(self) -> Money | None:
        """What stays open, nil where more is covered than owed; None without a rate."""
        owed = self.in_foreign
        if owed is None:
            return None
        return owed - self.covered if owed > self.covered else Money.zero(self.foreign)

    @property
    def over_covered(self) -> Money | None:
        """What is covered beyond what is owed; None where nothing is, or without a rate."""
        owed = self.in_foreign
        return self.covered - owed if owed is not None and self.covered > owed else None


def in_force(covers: Iterable[ForwardCover], today: date) -> Sequence[ForwardCover]:
    """Confirmed notes whose last day has not passed: what they promise can still be called."""
    return [cover for cover in covers if cover.status == CoverStatus.CONFIRMED and cover.last_day >= today]
