"""Pure checks of a rate before it is kept: the factor-100 slip, the wrong side round, dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _

SOURCE = _("Rate policy: HKD parity is published per 100 HKD by some sources and per 1 HKD by others")


@dataclass(frozen=True, slots=True)
class RateFacts:
    """What a rule needs to judge a rate: the new rate per one unit, and the last confirmed one of the same pair.

    A rate more than `largest_step_percent` away from the last one is taken for a slip; a true move is entered in steps.
    """

    base: Currency
    quote: Currency
    unit: int
    per_one: Decimal
    rate_date: date
    today: date
    last_per_one: Decimal | None
    last_date: date | None
    largest_step_percent: Decimal


def pair_differs(facts: RateFacts) -> Breach | None:
    """A rate is between two different currencies."""
    if facts.base is not facts.quote:
        return None
    return Breach(
        "rate.same-currency",
        _("A rate needs two different currencies."),
        cure=_("Choose the other currency on one side."),
        source=SOURCE,
        field="quote_currency",
    )


def not_in_future(facts: RateFacts) -> Breach | None:
    """A rate is dated today or earlier: nobody knows tomorrow's."""
    if facts.rate_date <= facts.today:
        return None
    return Breach(
        "rate.in-future",
        _("The rate is dated %(day)s, which is after today."),
        cure=_("Enter the date on which the rate was published or dealt."),
        source=SOURCE,
        params={"day": facts.rate_date.isoformat()},
        field="rate_date",
    )


def factor_of_last_rate(facts: RateFacts) -> Breach | None:
    """Refuse a rate about 100 times, 1/100 of, or otherwise far from the last rate of its pair."""
    if facts.last_per_one is None:
        return None
    factor = facts.per_one / facts.last_per_one
    largest = 1 + facts.largest_step_percent / 100
    if 1 / largest <= factor <= largest:
        return None
    return Breach(
        "rate.unlikely",
        _("%(rate)s %(quote)s for %(unit)s %(base)s is far from the last rate, %(last)s for 1 %(base)s on %(day)s."),
        cure=_("Check whether the source quotes 1 or 100 units, and which currency it quotes."),
        source=SOURCE,
        params={
            "rate": format((facts.per_one * facts.unit).normalize(), "f"),
            "unit": facts.unit,
            "base": facts.base.value,
            "quote": facts.quote.value,
            "last": format(facts.last_per_one.quantize(Decimal("0.000001")), "f"),
            "day": facts.last_date.isoformat() if facts.last_date else "",
        },
        field="unit",
    )


ENTRY_RULES = (pair_differs, not_in_future, factor_of_last_rate)


def breaches(facts: RateFacts) -> list[Breach]:
    """Every rule the rate does not satisfy."""
    return [breach for rule in ENTRY_RULES if (breach := rule(facts)) is not None]
