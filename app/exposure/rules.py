"""Checks of a note of forward cover before it is kept. Facts in, breaches out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _

SOURCE = _("The bank's confirmation of the forward contract")


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """A note as typed, beside the latest rate of the pair: units of the other currency for one of `rate_base`."""

    pocket: Currency
    bought: Currency
    rate: Decimal
    first_day: date
    last_day: date
    today: date
    latest: Decimal | None
    largest_step_percent: Decimal


def other_currency(facts: CoverFacts) -> Breach | None:
    """Cover buys the other currency than the pocket's."""
    if facts.bought is not facts.pocket:
        return None
    message = _("The pocket is in %(currency)s already: cover buys the other currency.")
    return Breach("cover.currency", message, source=SOURCE, params={"currency": facts.pocket.value}, field="amount")


def days_in_order(facts: CoverFacts) -> Breach | None:
    """It can be called from its first to its last day, which has not passed."""
    if facts.last_day < facts.first_day:
        message = _("The last day is before the first.")
        return Breach("cover.days", message, source=SOURCE, field="last_day")
    if facts.last_day < facts.today:
        message = _("The cover ended on %(day)s.")
        cure = _("Only cover that can still be called is noted.")
        return Breach("cover.ended", message, cure, SOURCE, {"day": facts.last_day}, "last_day")
    return None


def near_the_latest_rate(facts: CoverFacts) -> Breach | None:
    """A rate far from the latest one is taken for a slip: per 100, or the wrong way round."""
    if facts.latest is None:
        return None
    largest = 1 + facts.largest_step_percent / 100
    if 1 / largest <= facts.rate / facts.latest <= largest:
        return None
    message = _("The rate %(rate)s is far from the latest one, %(latest)s.")
    cure = _("Check which currency it prices, and that it is for one unit.")
    params = {"rate": facts.rate.normalize(), "latest": facts.latest.quantize(Decimal("0.000001"))}
    return Breach("cover.rate-unlikely", message, cure, SOURCE, params, "rate")


COVER_RULES = (other_currency, days_in_order, near_the_latest_rate)


def breaches(facts: CoverFacts) -> list[Breach]:
    """Every rule the note does not satisfy."""
    return [breach for rule in COVER_RULES if (breach := rule(facts)) is not None]
