"""Expected against received: the parts lead to the cent from one to the other, each leg in one currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from app.disbursements.expecting import Leg, PayeeFacts, PayerFacts, payee_leg, payer_leg
from app.disbursements.postings import Arrival, take_apart
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.entries import Rate
from tests.builders.disbursements import cny, hkd

EXPECTED = Rate(Currency.HKD, Currency.CNY, Decimal("0.9240"))
DEALT = Rate(Currency.HKD, Currency.CNY, Decimal("0.9250"))
ACCOUNT = new_id()


def arrived(received: Money, charge: Money, dealt: Rate | None = DEALT) -> Arrival:
    return Arrival(ACCOUNT, date(2026, 11, 20), received, charge, dealt)


def parts(leg: Leg | None) -> list[tuple[str, str]]:
    assert leg is not None
    return [(part.code, str(part.amount)) for part in leg.parts]


def test_the_worked_example_is_explained_by_rate_and_charge() -> None:
    """CNY 400,000.00 at 0.9240 would be HKD 432,900.43; at 0.9250 less HKD 150.00 it is HKD 432,282.43."""
    facts = PayeeFacts(cny("400000.00"), Currency.HKD, EXPECTED, arrived(hkd("432282.43"), hkd("150.00")))
    leg = payee_leg(facts)
    assert leg is not None
    assert (leg.expected, leg.moved, leg.difference) == (hkd("432900.43"), hkd("432282.43"), hkd("-618.00"))
    assert parts(leg) == [("RATE", "HKD -468.00"), ("CHARGE", "HKD -150.00")]
    assert leg.realised is None


def test_what_neither_rate_nor_charge_explains_is_said_and_was_booked_as_realised() -> None:
    arrival = arrived(hkd("432272.43"), hkd("150.00"))
    leg = payee_leg(PayeeFacts(cny("400000.00"), Currency.HKD, DEALT, arrival, "Correspondent"))
    assert parts(leg) == [("CHARGE", "HKD -150.00"), ("UNEXPLAINED", "HKD -10.00")]
    assert leg is not None
    assert (leg.realised, leg.reason) == (cny("9.25"), "Correspondent")


def test_a_charge_stated_in_the_contracts_currency_is_shown_in_the_received_one() -> None:
    arrival = arrived(hkd("432270.27"), cny("150.00"))
    leg = payee_leg(PayeeFacts(cny("400000.00"), Currency.HKD, DEALT, arrival))
    assert parts(leg) == [("CHARGE", "HKD -162.16")]
    assert leg is not None
    assert leg.parts[0].params == {"stated": cny("150.00")}


def test_an_unconverted_receipt_needs_no_rate() -> None:
    arrival = arrived(cny("399990.00"), cny("10.00"), None)
    leg = payee_leg(PayeeFacts(cny("400000.00"), Currency.CNY, None, arrival))
    assert parts(leg) == [("CHARGE", "CNY -10.00")]


def test_without_a_rate_nothing_is_expected_of_a_conversion() -> None:
    assert payee_leg(PayeeFacts(cny("400000.00"), Currency.HKD, None, None)) is None
    assert payer_leg(PayerFacts(cny("400000.00"), Currency.HKD, None, None, None, None)) is None


def test_the_payers_bank_debits_at_its_rate_and_takes_its_charge_apart() -> None:
    amount = cny("924000.00")
    leg = payer_leg(PayerFacts(amount, Currency.HKD, EXPECTED, DEALT, hkd("998918.93"), hkd("60.00")))
    assert leg is not None
    assert leg.expected == hkd("1000000.00")
    assert parts(leg) == [("RATE", "HKD -1081.08"), ("UNEXPLAINED", "HKD 0.01")]
    assert (leg.moved, leg.charge_apart) == (hkd("998918.93"), hkd("60.00"))


def test_before_the_bank_moves_only_the_expectation_stands() -> None:
    leg = payee_leg(PayeeFacts(cny("924.00"), Currency.HKD, EXPECTED, None))
    assert leg is not None
    assert (leg.expected, leg.parts, leg.moved, leg.difference) == (hkd("1000.00"), (), None, None)


def test_parts_always_lead_from_expected_to_received_and_agree_with_what_is_booked() -> None:
    random = Random(20261120)
    for _ in range(300):
        amount = Money(random.randrange(10_000, 10**10), Currency.CNY)
        dealt = Rate(Currency.HKD, Currency.CNY, Decimal(random.randrange(8500, 9900)) / 10_000)
        expected = Rate(Currency.CNY, Currency.HKD, Decimal(random.randrange(10100, 11800)) / 10_000)
        charge = Money(random.randrange(0, 3_000), random.choice(list(Currency)))
        received = Money(dealt.convert(amount).minor - random.randrange(4_000, 6_000), Currency.HKD)
        arrival = arrived(received, charge, dealt)
        leg = payee_leg(PayeeFacts(amount, Currency.HKD, expected, arrival))
        assert leg is not None
        assert sum(part.amount.minor for part in leg.parts) == received.minor - leg.expected.minor
        unexplained = sum(part.amount.minor for part in leg.parts if part.code == "UNEXPLAINED")
        assert unexplained == -take_apart(amount, arrival).missing_as_received.minor
