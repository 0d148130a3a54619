"""The bytes of a payment file: valid, exact, the same for the same snapshot, in both directions and currencies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.payment_files import message, rules, schema
from app.payment_files.composing import AccountOnFile, Composed, PaymentOnFile, Taking, compose
from app.payment_files.instruction import Exchange, Instruction, from_json
from app.payment_files.states import ChargeBearer, PurposePlacement, Repertoire

NS = {"p": message.NAMESPACE}
NORTH = AccountOnFile("Qingtan Fund", "44201501100059", "CNY", "LYBKCNBS", "103584001077", "", Side.SZ, "1 Park Rd")
SOUTH = AccountOnFile("Lion Ridge University", "004123456001", "HKD", "LRBKHKHH", "", "004", Side.HK, "Lion Ridge")


def taking(**changes: object) -> Taking:
    given: dict[str, object] = {
        "repertoire": Repertoire.LATIN,
        "name_length": 70,
        "address_length": 35,
        "remittance_length": 140,
        "address_structured": False,
        "purpose_placement": PurposePlacement.REMITTANCE,
        "charge_bearer": ChargeBearer.SHAR,
    }
    return Taking(**(given | changes))


def composed(
    amounts: list[int],
    currency: Currency = Currency.CNY,
    payer: AccountOnFile = NORTH,
    payee: AccountOnFile = SOUTH,
    said: str = "CTR-2025-00001 First tranche",
    **changes: object,
) -> Composed:
    payments = [
        PaymentOnFile(
            f"DSB-2026-{n:05d}", str(UUID(int=n + (4 << 76) + (8 << 60))), Money(minor, currency), payee, said
        )
        for n, minor in enumerate(amounts, start=1)
    ]
    return compose(
        reference="PAY-2026-00001",
        made_at=datetime(2026, 11, 20, 1, 2, 3, 456, tzinfo=UTC),
        execute_on=date(2026, 11, 24),
        currency=currency,
        rail="CIPS",
        purpose_code="CSTRDR",
        payer=payer,
        payments=payments,
        taking=taking(**changes),
    )


def text_at(content: bytes, path: str) -> list[str]:
    return [str(each.text) for each in etree.fromstring(content).iterfind(f".//{path}", NS)]


@pytest.mark.parametrize("currency", list(Currency))
@pytest.mark.parametrize(("payer", "payee"), [(NORTH, SOUTH), (SOUTH, NORTH)], ids=["south", "north"])
@pytest.mark.parametrize("placement", list(PurposePlacement))
@pytest.mark.parametrize("structured", [True, False])
def test_a_file_fits_the_published_schema(
    currency: Currency, payer: AccountOnFile, payee: AccountOnFile, placement: PurposePlacement, structured: bool
) -> None:
    made = composed([1, 100], currency, payer, payee, purpose_placement=placement, address_structured=structured)
    assert schema.faults(message.write(made.instruction), message.MESSAGE) == []


def test_a_file_that_does_not_fit_the_schema_is_not_kept() -> None:
    content = message.write(composed([1]).instruction).replace(b"<PmtMtd>TRF", b"<PmtMtd>BAD")
    with pytest.raises(schema.NotValid):
        schema.must_be_valid(content, message.MESSAGE)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 10**13), min_size=1, max_size=12), st.sampled_from(Currency))
def test_control_sum_and_count_are_those_of_the_payments(amounts: list[int], currency: Currency) -> None:
    content = message.write(composed(amounts, currency).instruction)
    paid = [Decimal(each) for each in text_at(content, "p:InstdAmt")]
    assert {Decimal(each) for each in text_at(content, "p:CtrlSum")} == {sum(paid)}
    assert sum(paid) == Decimal(sum(amounts)) / 100
    assert set(text_at(content, "p:NbOfTxs")) == {str(len(amounts))}
    assert "E" not in "".join(text_at(content, "p:CtrlSum"))


def converted(made: Composed) -> Instruction:
    """The same file where the paying bank is to convert, at a rate agreed with it."""
    agreed = Exchange("HKD", "0.925", "Q-17")
    payments = [replace(each, sent_in="HKD", exchange=agreed) for each in made.instruction.payments]
    return replace(made.instruction, payments=tuple(payments))


def test_what_the_paying_bank_converts_is_sent_as_an_equivalent_at_the_rate_agreed() -> None:
    content = message.write(converted(composed([40_000_000])))
    assert schema.faults(content, message.MESSAGE) == []
    assert text_at(content, "p:InstdAmt") == []
    assert text_at(content, "p:EqvtAmt/p:Amt") == ["400000.00"]
    assert text_at(content, "p:EqvtAmt/p:CcyOfTrf") == ["HKD"]
    assert [text_at(content, f"p:XchgRateInf/p:{name}") for name in ("UnitCcy", "XchgRate", "RateTp", "CtrctId")] == [
        ["HKD"], ["0.925"], ["AGRD"], ["Q-17"],
    ]  # fmt: skip
    assert set(text_at(content, "p:CtrlSum")) == {"400000.00"}


@pytest.mark.parametrize("convert", [False, True])
def test_the_snapshot_makes_the_same_bytes_again(convert: bool) -> None:
    made = converted(composed([5, 7])) if convert else composed([5, 7]).instruction
    kept = json.loads(json.dumps(made.to_json()))
    assert message.write(from_json(kept)) == message.write(made)


def test_every_payment_carries_its_identifiers_and_its_banks_code() -> None:
    content = message.write(composed([5]).instruction)
    assert text_at(content, "p:EndToEndId") == ["DSB-2026-00001"]
    assert text_at(content, "p:UETR") == ["00000000-0000-4000-8000-000000000001"]
    assert text_at(content, "p:CdtrAgt//p:MmbId") == ["004"]
    assert text_at(content, "p:CdtrAgt//p:ClrSysId/p:Cd") == ["HKNCC"]
    assert text_at(content, "p:DbtrAgt//p:ClrSysId/p:Cd") == ["CNAPS"]


@pytest.mark.parametrize(
    ("placement", "path", "text"),
    [
        (PurposePlacement.PURPOSE, "p:Purp/p:Prtry", "CSTRDR"),
        (PurposePlacement.INSTRUCTION, "p:InstrForCdtrAgt/p:InstrInf", "CSTRDR"),
        (PurposePlacement.REGULATORY, "p:RgltryRptg/p:Dtls/p:Cd", "CSTRDR"),
        (PurposePlacement.REMITTANCE, "p:RmtInf/p:Ustrd", "CSTRDR CTR-2025-00001 First tranche"),
    ],
)
def test_the_purpose_code_stands_where_the_profile_says(placement: PurposePlacement, path: str, text: str) -> None:
    content = message.write(composed([5], purpose_placement=placement).instruction)
    assert text_at(content, path) == [text]


def test_what_a_latin_bank_cannot_see_is_refused_with_field_and_cure() -> None:
    chinese = AccountOnFile("獅子山大學", "004123", "HKD", "LRBKHKHH", "", "004", Side.HK, "")
    found = rules.text_breaches(composed([1], payee=chinese))
    assert [each.code for each in found] == ["payment-file.characters"]
    assert found[0].params["characters"] == "獅子山大學"
    assert found[0].cure
    assert rules.text_breaches(composed([1], payee=chinese, repertoire=Repertoire.HKSCS)) == []


def test_a_number_with_signs_the_bank_does_not_take_is_refused_and_not_told() -> None:
    odd = AccountOnFile("Lion Ridge", "004_123", "HKD", "LRBKHKHH", "", "004", Side.HK, "")
    found = rules.text_breaches(composed([1], payee=odd))
    assert [each.code for each in found] == ["payment-file.number"]
    assert "004_123" not in str(found[0])


def test_a_payee_whose_bank_has_no_code_is_refused() -> None:
    bare = AccountOnFile("Lion Ridge", "004123", "HKD", "", "", "", Side.HK, "")
    assert [each.code for each in rules.text_breaches(composed([1], payee=bare))] == ["payment-file.no-bank-code"]
    assert [each.code for each in rules.text_breaches(composed([1], payer=bare))] == ["payment-file.no-payer-code"]


def test_a_name_of_which_nothing_is_left_is_refused() -> None:
    empty = AccountOnFile("  ", "004123", "HKD", "LRBKHKHH", "", "", Side.HK, "")
    assert [each.code for each in rules.text_breaches(composed([1], payee=empty))] == ["payment-file.empty"]
