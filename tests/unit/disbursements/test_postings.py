"""The accounting of a disbursement, to the cent, in both directions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from app.disbursements import postings
from app.disbursements.postings import Arrival, Book, Payment, Residue
from app.disbursements.states import ResidueComponent
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.chart import AccountCode as Code
from app.ledger.entries import Entry, Rate
from tests.builders.disbursements import cny, hkd

SZ_BOOK = Book(new_id(), Currency.CNY)
HK_BOOK = Book(new_id(), Currency.HKD)
DEALT = Rate(Currency.HKD, Currency.CNY, Decimal("0.9250"))
DAY = date(2026, 2, 24)


def payment(amount: Money) -> Payment:
    keys = [new_id() for _ in range(7)]
    return Payment("DSB-2026-00042", *keys, amount)  # type: ignore[call-arg]


def figures(entry: Entry) -> dict[tuple[Code, str], str]:
    return {(line.account.code, line.amount.currency.value): str(line.amount.amount) for line in entry.lines}


def test_worked_example_cny_pocket_to_hkd_account() -> None:
    arrival = Arrival(new_id(), DAY, hkd("432282.43"), hkd("150.00"), DEALT)
    entry = postings.receipt(payment(cny("400000.00")), HK_BOOK, arrival, DEALT)
    assert figures(entry) == {
        (Code.BANK, "HKD"): "432282.43",
        (Code.BANK_CHARGE, "CNY"): "138.75",
        (Code.GRANT_RECEIVED, "CNY"): "-400000.00",
        (Code.CURRENCY_TRADING, "CNY"): "399861.25",
        (Code.CURRENCY_TRADING, "HKD"): "-432282.43",
    }
    assert postings.take_apart(cny("400000.00"), arrival).missing_as_received == hkd("0.00")


def test_worked_example_hkd_pocket_to_cny_account() -> None:
    arrival = Arrival(new_id(), DAY, cny("369850.00"), cny("150.00"), DEALT)
    entry = postings.receipt(payment(hkd("400000.00")), SZ_BOOK, arrival, DEALT)
    assert figures(entry) == {
        (Code.BANK, "CNY"): "369850.00",
        (Code.BANK_CHARGE, "HKD"): "162.16",
        (Code.GRANT_RECEIVED, "HKD"): "-400000.00",
        (Code.CURRENCY_TRADING, "HKD"): "399837.84",
        (Code.CURRENCY_TRADING, "CNY"): "-369850.00",
    }


def test_receipt_in_the_contracts_currency_needs_no_pair() -> None:
    arrival = Arrival(new_id(), DAY, cny("399900.00"), cny("100.00"))
    entry = postings.receipt(payment(cny("400000.00")), HK_BOOK, arrival, DEALT)
    assert figures(entry) == {
        (Code.BANK, "CNY"): "399900.00",
        (Code.BANK_CHARGE, "CNY"): "100.00",
        (Code.GRANT_RECEIVED, "CNY"): "-400000.00",
    } | {key: value for key, value in figures(entry).items() if key[0] is Code.ROUNDING}


def test_explained_difference_stands_on_the_realised_exchange_line() -> None:
    arrival = Arrival(new_id(), DAY, hkd("432272.43"), hkd("150.00"), DEALT)
    entry = postings.receipt(payment(cny("400000.00")), HK_BOOK, arrival, DEALT)
    assert figures(entry)[Code.EXCHANGE_REALISED, "CNY"] == "9.25"
    assert figures(entry)[Code.GRANT_RECEIVED, "CNY"] == "-400000.00"


def test_charge_taken_before_conversion_is_booked_as_stated() -> None:
    arrival = Arrival(new_id(), DAY, hkd("432324.32"), cny("100.00"), DEALT)
    parts = postings.take_apart(cny("400000.00"), arrival)
    assert (parts.charge, parts.missing_as_received) == (cny("100.00"), hkd("0.00"))


def test_release_posts_grant_and_pocket() -> None:
    paid = payment(cny("400000.00"))
    entry = postings.release(paid, SZ_BOOK, DAY, None)
    assert figures(entry) == {
        (Code.GRANTS_PAID, "CNY"): "400000.00",
        (Code.PAYMENTS_IN_TRANSIT, "CNY"): "-400000.00",
        (Code.POCKET, "CNY"): "400000.00",
        (Code.FUNDS_APPLIED, "CNY"): "-400000.00",
    }
    assert {line.dimensions.disbursement_id for line in entry.lines} == {paid.disbursement_id}
    assert entry.event_id == paid.event_id


def test_settlement_clears_payments_in_transit() -> None:
    entry = postings.settlement(
        payment(cny("10.00")), SZ_BOOK, DAY, bank_account_id=new_id(), debited=cny("10.00"), rate=None
    )
    assert figures(entry) == {(Code.PAYMENTS_IN_TRANSIT, "CNY"): "10.00", (Code.BANK, "CNY"): "-10.00"}


def test_settlement_from_an_account_of_another_currency_passes_through_the_pair() -> None:
    entry = postings.settlement(
        payment(hkd("1000.00")), SZ_BOOK, DAY, bank_account_id=new_id(), debited=cny("925.00"), rate=DEALT
    )
    assert figures(entry) == {
        (Code.PAYMENTS_IN_TRANSIT, "HKD"): "1000.00",
        (Code.BANK, "CNY"): "-925.00",
        (Code.CURRENCY_TRADING, "HKD"): "-1000.00",
        (Code.CURRENCY_TRADING, "CNY"): "925.00",
    }


def test_payers_charge_is_borne_by_the_pocket() -> None:
    entry = postings.payer_charge(
        payment(cny("10.00")),
        SZ_BOOK,
        DAY,
        bank_account_id=new_id(),
        charge=cny("2.00"),
        from_pocket=cny("2.00"),
        rate=None,
    )
    assert figures(entry) == {
        (Code.FUNDER_BANK_CHARGES, "CNY"): "2.00",
        (Code.BANK, "CNY"): "-2.00",
        (Code.POCKET, "CNY"): "2.00",
        (Code.FUNDS_APPLIED, "CNY"): "-2.00",
    }


def residue() -> Residue:
    parts = {
        ResidueComponent.GRANT_THIS_YEAR: cny("100.00"),
        ResidueComponent.GRANT_EARLIER_YEARS: cny("50.00"),
        ResidueComponent.INTEREST: cny("7.00"),
        ResidueComponent.OTHER: cny("3.00"),
    }
    keys = [new_id() for _ in range(5)]
    return Residue("RES-2026-00001", *keys, parts)  # type: ignore[call-arg]


def test_residue_is_never_taken_from_grant_received() -> None:
    entry = postings.residue_sent(residue(), HK_BOOK, DAY, bank_account_id=new_id(), paid=hkd("172.97"), rate=DEALT)
    codes = {line.account.code for line in entry.lines}
    assert Code.GRANT_RECEIVED not in codes
    by_code = {code: sum(x.amount.minor for x in entry.lines if x.account.code is code) for code in codes}
    assert by_code[Code.REFUND_OF_GRANT] == 15000
    assert by_code[Code.REFUND_OF_INTEREST] == 700
    assert by_code[Code.REFUND_OTHER] == 300
    assert by_code[Code.BANK] == -17297


def test_residue_received_goes_back_into_the_pocket() -> None:
    entry = postings.residue_received(residue(), SZ_BOOK, DAY, bank_account_id=new_id(), rate=None)
    assert figures(entry) == {
        (Code.BANK, "CNY"): "160.00",
        (Code.RECOVERY_THIS_YEAR, "CNY"): "-100.00",
        (Code.RECOVERY_EARLIER_YEARS, "CNY"): "-50.00",
        (Code.RECOVERY_INTEREST, "CNY"): "-7.00",
        (Code.RECOVERY_OTHER, "CNY"): "-3.00",
        (Code.FUNDS_APPLIED, "CNY"): "160.00",
        (Code.POCKET, "CNY"): "-160.00",
    }


@given(
    amount=st.integers(10_000, 10**11),
    charge=st.integers(0, 5_000),
    drift=st.integers(-200, 200),
    rate=st.decimals("0.5", "1.5", places=6),
    contract_currency=st.sampled_from(list(Currency)),
)
def test_any_receipt_balances_and_keeps_grant_gross(
    amount: int, charge: int, drift: int, rate: Decimal, contract_currency: Currency
) -> None:
    received_in = Currency.HKD if contract_currency is Currency.CNY else Currency.CNY
    dealt = Rate(Currency.HKD, Currency.CNY, rate)
    gross = Money(amount, contract_currency)
    arrived = dealt.convert(gross) - Money(charge, received_in) - Money(drift, received_in)
    if arrived.minor <= 200:
        return
    arrival = Arrival(new_id(), DAY, arrived, Money(charge, received_in), dealt)
    parts = postings.take_apart(gross, arrival)
    assert parts.charge + parts.difference + parts.converted == gross
    assert parts.missing_as_received == Money(drift, received_in)
    book = SZ_BOOK if received_in is Currency.CNY else HK_BOOK
    entry = postings.receipt(payment(gross), book, arrival, dealt)
    grant = [line for line in entry.lines if line.account.code is Code.GRANT_RECEIVED]
    assert [line.amount for line in grant] == [-gross]


def test_receipt_in_another_currency_without_a_rate_is_an_error() -> None:
    arrival = Arrival(new_id(), DAY, hkd("1.00"), hkd("0"))
    with pytest.raises(ValueError, match="dealt"):
        postings.receipt(payment(cny("1.00")), HK_BOOK, arrival, None)
