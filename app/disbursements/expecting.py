"""Expected against received: what one side's bank should have moved, what it moved, and the difference in words. Pure.

Every leg is in one currency, that of its account; two currencies are never added. Its parts lead exactly, to the minor
unit, from what was expected to what the bank moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.disbursements import postings
from app.disbursements.postings import Arrival
from app.disbursements.states import ConversionSide
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.entries import Rate


@dataclass(frozen=True, slots=True)
class Part:
    """One step of the way from expected to moved: what it is (`code`), a sentence, and the amount, signed."""

    code: str
    message: str
    amount: Money
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leg:
    """One side's bank: `expected` + the parts = `moved`. `charge_apart` was taken on top and is no part of it.

    `realised` is what was booked on the line of realised exchange differences, in the contract's currency: positive
    for a loss.
    """

    side: ConversionSide
    expected: Money
    parts: tuple[Part, ...]
    moved: Money | None
    charge_apart: Money | None = None
    realised: Money | None = None
    reason: str = ""

    @property
    def difference(self) -> Money | None:
        """What was moved more (positive) or less (negative) than expected; None while the bank has not moved."""
        return None if self.moved is None else self.moved - self.expected


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """The payer's side: `currency` is the paying account's; `debited` None until settled."""

    amount: Money
    currency: Currency
    expected_at: Rate | None
    dealt: Rate | None
    debited: Money | None
    charge: Money | None


@dataclass(frozen=True, slots=True)
class PayeeFacts:
    """The payee's side: `currency` is the payee's account's; `arrival` None until the receipt is confirmed."""

    amount: Money
    currency: Currency
    expected_at: Rate | None
    arrival: Arrival | None
    reason: str = ""


def payer_leg(facts: PayerFacts) -> Leg | None:
    """What the payer's bank should debit and debited; None where a conversion has no rate to expect by."""
    expected = _expected(facts.amount, facts.currency, facts.expected_at)
    if expected is None:
        return None
    if facts.debited is None:
        return Leg(ConversionSide.PAYER, expected, (), None)
    at_dealt = expected
    if facts.currency is not facts.amount.currency and facts.dealt is not None:
        at_dealt = facts.dealt.convert(facts.amount)
    parts = [
        *_rate_part(facts.expected_at, facts.dealt, at_dealt - expected),
        *_unexplained(facts.debited - at_dealt),
    ]
    return Leg(ConversionSide.PAYER, expected, tuple(parts), facts.debited, charge_apart=facts.charge)


def payee_leg(facts: PayeeFacts) -> Leg | None:
    """What should arrive at the payee's bank and arrived; None where a conversion has no rate to expect by.

    Charges and what is unexplained are those the receipt was booked by (`postings.take_apart`).
    """
    arrival = facts.arrival
    currency = facts.currency if arrival is None else arrival.received.currency
    expected = _expected(facts.amount, currency, facts.expected_at)
    if expected is None:
        return None
    if arrival is None:
        return Leg(ConversionSide.PAYEE, expected, (), None)
    booked = postings.take_apart(facts.amount, arrival)
    at_dealt = expected
    if currency is not facts.amount.currency and arrival.dealt is not None:
        at_dealt = arrival.dealt.convert(facts.amount)
    charge = at_dealt - arrival.received - booked.missing_as_received
    parts = [
        *_rate_part(facts.expected_at, arrival.dealt, at_dealt - expected),
        *_charge_part(charge, arrival.charge),
        *_unexplained(-booked.missing_as_received),
    ]
    return Leg(
        ConversionSide.PAYEE,
        expected,
        tuple(parts),
        arrival.received,
        realised=booked.difference if booked.difference else None,
        reason=facts.reason,
    )


def _expected(amount: Money, currency: Currency, rate: Rate | None) -> Money | None:
    if currency is amount.currency:
        return amount
    return rate.convert(amount) if rate is not None else None


def _rate_part(expected_at: Rate | None, dealt: Rate | None, amount: Money) -> list[Part]:
    if not amount or expected_at is None or dealt is None:
        return []
    params = {
        "dealt": _said(dealt),
        "base": dealt.base.value,
        "expected": _said(expected_at),
        "of": expected_at.base.value,
    }
    message = _("The bank dealt at %(dealt)s for 1 %(base)s; %(expected)s for 1 %(of)s was expected.")
    return [Part("RATE", message, amount, params)]


def _charge_part(charge: Money, stated: Money) -> list[Part]:
    if not charge:
        return []
    if stated.currency is charge.currency:
        return [Part("CHARGE", _("What banks on the way and the payee's bank took."), -charge)]
    message = _("What banks on the way and the payee's bank took, stated as %(stated)s.")
    return [Part("CHARGE", message, -charge, {"stated": stated})]


def _unexplained(amount: Money) -> list[Part]:
    if not amount:
        return []
    return [Part("UNEXPLAINED", _("Neither the rate nor a charge explains it."), amount)]


def _said(rate: Rate) -> str:
    text = format(rate.value.normalize(), "f")
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals[:8].ljust(4, '0')}"
