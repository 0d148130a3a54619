"""What the banks say is checked before it is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.disbursements import bank_rules
from app.disbursements.bank_rules import ReceiptFacts, ResidueFacts, SettlementFacts
from app.disbursements.postings import Arrival
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.entries import Rate
from tests.builders.disbursements import TODAY, cny, hkd

DEALT = Rate(Currency.HKD, Currency.CNY, Decimal("0.9250"))
RELEASED = date(2026, 11, 16)


def settlement(**changes: Any) -> list[str]:
    sound = SettlementFacts(
        amount=cny("1000.00"),
        released_on=RELEASED,
        value_date=date(2026, 11, 17),
        today=TODAY,
        account_currency=Currency.CNY,
        debited=cny("1000.00"),
        rate=None,
        charge=cny("2.00"),
        charge_from_pocket=cny("2.00"),
        pocket_available=cny("2.00"),
    )
    return [breach.code for breach in bank_rules.settlement_breaches(replace(sound, **changes))]


def receipt(**changes: Any) -> list[str]:
    arrival = Arrival(new_id(), date(2026, 11, 18), hkd("432282.43"), hkd("150.00"), DEALT)
    arrival = replace(
        arrival, **{k: changes.pop(k) for k in ("received", "charge", "dealt", "value_date") if k in changes}
    )
    sound = ReceiptFacts(
        amount=cny("400000.00"),
        released_on=RELEASED,
        arrival=arrival,
        today=TODAY,
        account_currency=Currency.HKD,
        account_belongs=True,
        account_id_paid=arrival.bank_account_id,
        difference_reason="",
    )
    return [breach.code for breach in bank_rules.receipt_breaches(replace(sound, **changes))]


def residue(**changes: Any) -> list[str]:
    sound = ResidueFacts(
        components=(cny("100.00"), cny("25.00")),
        contract_currency=Currency.CNY,
        sent_on=TODAY,
        today=TODAY,
        from_currency=Currency.HKD,
        from_belongs=True,
        to_currency=Currency.CNY,
        to_belongs=True,
        paid=hkd("135.14"),
        dealt=DEALT,
        contract_signed=True,
    )
    return [breach.code for breach in bank_rules.residue_breaches(replace(sound, **changes))]


def test_sound_bank_lines_pass() -> None:
    assert settlement() == []
    assert receipt() == []
    assert residue() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value_date": date(2026, 11, 15)}, "bank.date-early"),
        ({"value_date": date(2026, 11, 21)}, "bank.date-future"),
        ({"debited": hkd("1000.00")}, "settlement.currency"),
        ({"debited": cny("999.00")}, "settlement.amount"),
        ({"pocket_available": cny("1.99")}, "pocket.insufficient"),
    ],
)
def test_settlement_is_refused(changes: dict[str, Any], code: str) -> None:
    assert settlement(**changes) == [code]


def test_settlement_from_another_currency_needs_the_dealt_rate_and_agrees_with_it() -> None:
    other: dict[str, Any] = {
        "account_currency": Currency.HKD,
        "charge": Money.zero(Currency.HKD),
        "charge_from_pocket": None,
        "debited": hkd("1081.08"),
    }
    assert settlement(**other) == ["bank.rate-missing"]
    assert settlement(**other, rate=DEALT) == []
    assert settlement(**(other | {"debited": hkd("1081.20")}), rate=DEALT) == ["bank.rate"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value_date": date(2026, 11, 15)}, "bank.date-early"),
        ({"account_belongs": False}, "receipt.account"),
        ({"account_currency": Currency.CNY}, "receipt.account"),
        ({"dealt": None}, "receipt.rate-missing"),
        ({"received": hkd("432272.43")}, "receipt.difference"),
        ({"dealt": Rate(Currency.HKD, Currency.CNY, Decimal("92.50"))}, "receipt.rate-unlikely"),
        ({"dealt": Rate(Currency.HKD, Currency.CNY, Decimal("1.1"))}, "receipt.rate-unlikely"),
        ({"charge": hkd("432432.43")}, "receipt.charge"),
    ],
)
def test_receipt_is_refused(changes: dict[str, Any], code: str) -> None:
    assert receipt(**changes) == [code]


def test_difference_with_a_reason_is_accepted() -> None:
    assert receipt(received=hkd("432272.43"), difference_reason="Rounding by the correspondent bank") == []


def test_unconverted_receipt_must_agree_to_the_cent() -> None:
    same: dict[str, Any] = {"account_currency": Currency.CNY, "dealt": None, "charge": cny("10.00")}
    assert receipt(**same, received=cny("399990.00")) == []
    assert receipt(**same, received=cny("399989.99"), difference_reason="lost") == ["receipt.difference"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"components": ()}, "residue.components"),
        ({"components": (cny("0"),)}, "residue.components"),
        ({"from_belongs": False}, "residue.from-account"),
        ({"to_currency": Currency.HKD}, "residue.to-account"),
        ({"sent_on": date(2026, 11, 21)}, "bank.date-future"),
        ({"contract_signed": False}, "residue.contract"),
        ({"paid": hkd("140.00")}, "bank.rate"),
        ({"from_currency": Currency.CNY, "paid": cny("124.00")}, "residue.amount"),
    ],
)
def test_residue_is_refused(changes: dict[str, Any], code: str) -> None:
    assert residue(**changes) == [code]


def test_bounce_cannot_precede_what_it_undoes() -> None:
    assert bank_rules.bounce_breaches(date(2026, 11, 17), RELEASED, date(2026, 11, 18), TODAY)
    assert not bank_rules.bounce_breaches(date(2026, 11, 19), RELEASED, date(2026, 11, 18), TODAY)
