"""Checks of what a bank quoted, and of a dealt rate that names its quote. Facts in, breaches out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.disbursements.conversion import Currencies, price
from app.disbursements.states import ConversionSide, Firmness
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.ledger.entries import Rate

QUOTE = _("The bank's quote: a rate, from when until when, and whether it binds the bank")
DEALT = _("A rate is dealt while its quote stands, at the rate quoted")


@dataclass(frozen=True, slots=True)
class QuoteFacts:
    """A quote as typed, beside the reference rate of its day. `dealt`: the bank of that side has converted already."""

    currencies: Currencies
    quoted: Rate
    firmness: Firmness
    asked_at: datetime
    valid_until: datetime | None
    now: datetime
    reference: Rate | None
    largest_step_percent: Decimal
    dealt: bool


def something_to_convert(facts: QuoteFacts) -> Breach | None:
    """A quote is for a payment that is converted."""
    if facts.currencies.converted:
        return None
    message = _("Nothing is converted: both accounts are in %(currency)s, the contract's currency.")
    params = {"currency": facts.currencies.contract.value}
    return Breach("quote.nothing-converted", message, source=QUOTE, params=params)


def asked_before_now(facts: QuoteFacts) -> Breach | None:
    """A quote was asked for at some time up to now."""
    if facts.asked_at <= facts.now:
        return None
    message = _("The quote is dated %(at)s, which has not come yet.")
    return Breach("quote.in-future", message, source=QUOTE, params={"at": facts.asked_at}, field="asked_at")


def ends_after_it_was_asked(facts: QuoteFacts) -> Breach | None:
    """A firm quote has an end, and no quote ends before it was asked for."""
    if facts.valid_until is None and facts.firmness is Firmness.FIRM:
        message = _("A firm quote binds the bank until a certain time.")
        cure = _("Enter until when it holds, or keep it as indicative.")
        return Breach("quote.end-missing", message, cure, QUOTE, field="valid_until")
    if facts.valid_until is not None and facts.valid_until <= facts.asked_at:
        message = _("The quote would end before it was asked for.")
        return Breach("quote.ends-early", message, _("Check both times."), QUOTE, field="valid_until")
    return None


def near_the_reference(facts: QuoteFacts) -> Breach | None:
    """A quote far from the day's reference rate is taken for a slip: 1 or 100 units, or the wrong way round."""
    if facts.reference is None or not facts.currencies.converted:
        return None
    factor = price(facts.quoted, facts.currencies.sold) / price(facts.reference, facts.currencies.sold)
    largest = 1 + facts.largest_step_percent / 100
    if 1 / largest <= factor <= largest:
        return None
    message = _("%(rate)s for 1 %(base)s is far from the reference rate, %(reference)s for 1 %(of)s.")
    cure = _("Check the rate: is it for 1 or 100 units, and which currency does it price?")
    params = {
        "rate": format(facts.quoted.value.normalize(), "f"),
        "base": facts.quoted.base.value,
        "reference": format(facts.reference.value.quantize(Decimal("0.000001")), "f"),
        "of": facts.reference.base.value,
    }
    return Breach("quote.unlikely", message, cure, QUOTE, params, "rate")


def kept_before_the_deal(facts: QuoteFacts) -> Breach | None:
    """Once that bank has converted, a quote is of no use any more."""
    if not facts.dealt:
        return None
    message = _("The money has been converted: a quote comes too late.")
    return Breach("quote.too-late", message, _("The rate dealt stands on the payment."), QUOTE)


QUOTE_RULES = (
    something_to_convert,
    asked_before_now,
    ends_after_it_was_asked,
    near_the_reference,
    kept_before_the_deal,
)


def quote_breaches(facts: QuoteFacts) -> list[Breach]:
    """Every rule the quote does not satisfy."""
    return [breach for rule in QUOTE_RULES if (breach := rule(facts)) is not None]


@dataclass(frozen=True, slots=True)
class DealFacts:
    """A dealt rate and the quote it names. `moment` is when the bank dealt, or the earliest time it could have."""

    side: ConversionSide | None
    quote_side: ConversionSide
    quoted: Rate
    asked_at: datetime
    valid_until: datetime | None
    dealt: Rate
    moment: datetime
    stated: bool


def deal_breaches(facts: DealFacts) -> list[Breach]:
    """The quote is of the bank that converts, still stood when it dealt, and gave that rate."""
    if facts.side is not facts.quote_side:
        return [of_another_payment()]
    found = []
    if facts.valid_until is not None and facts.valid_until < facts.moment:
        message = _("The quote ended at %(end)s; the bank dealt at %(dealt)s or later.")
        cure = _("Name the quote that stood then, or enter the rate without a quote.")
        params: dict[str, object] = {"end": facts.valid_until, "dealt": facts.moment}
        found.append(Breach("quote.ended", message, cure, DEALT, params, "quote_id"))
    if facts.stated and facts.moment < facts.asked_at:
        message = _("The bank cannot have dealt before the quote was asked for, at %(asked)s.")
        found.append(Breach("quote.later", message, "", DEALT, {"asked": facts.asked_at}, "dealt_at"))
    if facts.dealt.base is not facts.quoted.base or facts.dealt.value != facts.quoted.value:
        message = _("The rate dealt is not the rate quoted, %(rate)s for 1 %(base)s.")
        cure = _("Correct the rate, or enter it without naming the quote.")
        params = {"rate": format(facts.quoted.value.normalize(), "f"), "base": facts.quoted.base.value}
        found.append(Breach("quote.rate", message, cure, DEALT, params, "dealt_rate"))
    return found


def of_another_payment() -> Breach:
    """The quote named is none of this payment's."""
    message = _("The quote is of another payment, or of a bank that does not convert this one.")
    return Breach("quote.other-payment", message, _("Choose one of the quotes listed."), DEALT, field="quote_id")


def withdrawable(*, withdrawn: bool, dealt: bool) -> list[Breach]:
    """A quote is taken back once, and before its bank has converted."""
    found = []
    if withdrawn:
        found.append(Breach("quote.withdrawn", _("The quote has been taken back already."), source=QUOTE))
    if dealt:
        message = _("The money has been converted: what was quoted before stays as it is.")
        found.append(Breach("quote.too-late", message, _("The rate dealt stands on the payment."), QUOTE))
    return found


def dealt_by_now(dealt_at: datetime | None, now: datetime) -> list[Breach]:
    """A rate was dealt at some time up to now."""
    if dealt_at is None or dealt_at <= now:
        return []
    message = _("The rate would be dealt at %(at)s, which has not come yet.")
    return [Breach("deal.in-future", message, source=DEALT, params={"at": dealt_at}, field="dealt_at")]


def side_fits(currencies: Currencies, chosen: ConversionSide | None) -> list[Breach]:
    """The payee's bank cannot be chosen where the paying account is in another currency than the contract's."""
    if chosen is not ConversionSide.PAYEE or currencies.payer is currencies.contract:
        return []
    message = _("The paying account is in %(currency)s, so the payer's bank converts.")
    params = {"currency": currencies.payer.value}
    return [
        Breach(
            "conversion.side", message, _("Choose the payer's bank, or another account."), QUOTE, params, "converts_at"
        )
    ]
