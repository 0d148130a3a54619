"""Forward cover of the story: one note that counts and one that waits for its second person."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from uuid import UUID

from app.demo import days
from app.demo.paying import CREWS
from app.demo.stage import Stage
from app.exchange_rates import queries as rates
from app.exposure import service
from app.exposure.models import ForwardCover
from app.exposure.service import EnterCover
from app.kernel.currencies import Currency
from app.kernel.money import Money

HOME = "QTSF"
POCKET = ("QF-Q", Currency.CNY)
FOUR_PLACES = Decimal("0.0001")


class Covering:
    """Puts the two notes on the agenda, a month before the story ends and on its last days."""

    def __init__(self, stage: Stage) -> None:
        """The first is confirmed the day after it is entered; the second waits."""
        self.stage = stage
        entered = days.working(stage.today - timedelta(days=30))
        stage.on(entered, self.first)
        stage.on(days.working(stage.today - timedelta(days=2)), self.second)

    def first(self) -> None:
        """HKD 400,000.00 for the half-year ahead, confirmed by the other accountant on the next working day."""
        cover = self._enter("400000.00", "FW-20417", "For the instalments of the half-year").id
        self.stage.on(days.shifted(self.stage.day, 1), partial(self.confirm, cover))

    def confirm(self, cover_id: UUID) -> None:
        """The other accountant confirms the note."""
        other = self.stage.actor(CREWS[HOME].accountants[1])
        service.confirm(self.stage.session, other, cover_id, now=self.stage.now)

    def second(self) -> None:
        """HKD 250,000.00 more, not confirmed yet."""
        self._enter("250000.00", "FW-20611", "")

    def _enter(self, amount: str, reference: str, note: str) -> ForwardCover:
        stage = self.stage
        found = rates.valuing_rate(stage.session, Currency.HKD, Currency.CNY, stage.day, stage.institution(HOME))
        rate = found.units(Currency.CNY) if found else Decimal("0.9240")
        command = EnterCover(
            stage.world.pockets[POCKET],
            "Bank of the Deep Bay",
            reference,
            Money.parse(amount, Currency.HKD),
            (rate * Decimal("1.002")).quantize(FOUR_PLACES, ROUND_HALF_UP),
            Currency.HKD,
            stage.day + timedelta(days=14),
            stage.day + timedelta(days=194),
            note,
        )
        return service.enter(stage.session, stage.actor(CREWS[HOME].accountants[0]), command, now=stage.now)
