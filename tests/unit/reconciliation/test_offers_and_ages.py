"""What an open line offers, word by word, and how old what is unmatched is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.reconciliation.ageing import Age, age_of, aged
from app.reconciliation.models import BankLine
from app.reconciliation.offers import Finding, LineFacts, Offer, PaymentFacts, Step, offer, references_in
from tests.builders.banking import hkd

DAY = date(2026, 9, 10)
REFERENCE = "DSB-2026-00042"


def line(amount: str, **other: object) -> LineFacts:
    return LineFacts(UUID(int=1), DAY, hkd(amount), "BK-1", **other)  # type: ignore[arg-type]


def payment(status: str = "RELEASED", *, is_payer: bool = True, **other: object) -> PaymentFacts:
    facts: dict[str, object] = {"paid_on": DAY, "late_after": 7} | other
    return PaymentFacts(REFERENCE, status, hkd("1000.00"), is_payer, **facts)  # type: ignore[arg-type]


def said(found: Offer | None) -> tuple[Step, list[Finding]]:
    assert found is not None
    return found.step, [finding for finding, _facts in found.findings]


def test_references_are_known_however_a_bank_writes_them() -> None:
    assert references_in({"DSB202600042", "JNL202600007", "DSB2026"}) == {REFERENCE}


def test_money_out_settles_what_was_released_and_fills_the_form() -> None:
    found = offer(line("-1000.00"), payment())
    assert said(found) == (Step.SETTLE, [])
    assert found is not None
    assert found.values == {
        "value_date": "2026-09-10", "bank_reference": "BK-1", "debited": "1000.00", "charge": "0.00",
    }  # fmt: skip


def test_a_charge_inside_the_line_is_taken_out_of_the_amount() -> None:
    found = offer(line("-1015.00", charge=hkd("15.00")), payment())
    assert said(found) == (Step.SETTLE, [])
    assert found is not None
    assert (found.values["debited"], found.values["charge"]) == ("1000.00", "15.00")


def test_more_than_the_payment_is_said_with_the_difference() -> None:
    found = offer(line("-1015.00"), payment())
    assert found is not None
    assert found.findings == ((Finding.MORE, {"off": hkd("15.00")}),)


def test_money_back_bounces_with_the_banks_reason() -> None:
    for status in ("RELEASED", "SETTLED"):
        found = offer(line("980.00", return_reason="AC04"), payment(status))
        assert said(found) == (Step.BOUNCE, [Finding.RETURNED, Finding.SHORT])
        assert found is not None
        assert found.values["reason"] == "AC04"


def test_a_receipt_that_is_late_or_short_says_so() -> None:
    on_time = offer(line("1000.00"), payment(is_payer=False))
    assert said(on_time) == (Step.RECEIPT, [])
    late = offer(line("990.00"), payment(is_payer=False, paid_on=date(2026, 9, 2)))
    assert said(late) == (Step.RECEIPT, [Finding.LATE, Finding.SHORT])
    assert said(offer(line("1000.00"), payment(is_payer=False, paid_on=date(2026, 9, 3)))) == (Step.RECEIPT, [])


@pytest.mark.parametrize(
    ("amount", "known", "finding"),
    [
        ("-1000.00", payment("SETTLED"), Finding.DOUBLE),
        ("1000.00", payment("BOUNCED"), Finding.DOUBLE),
        ("1000.00", payment("SETTLED", is_payer=False, is_received=True), Finding.DOUBLE),
        ("1000.00", payment("BOUNCED", is_payer=False), Finding.CAME_BACK),
    ],
)
def test_what_is_booked_already_offers_nothing_to_book(amount: str, known: PaymentFacts, finding: Finding) -> None:
    assert said(offer(line(amount), known)) == (Step.NONE, [finding])


def test_a_line_whose_posting_still_waits_for_it_is_no_double() -> None:
    assert offer(line("-1000.00"), payment("SETTLED", has_open=True)) is None


def test_payments_not_released_and_money_the_other_way_offer_nothing() -> None:
    assert offer(line("-1000.00"), payment("APPROVED")) is None
    assert offer(line("1000.00"), payment("APPROVED", is_payer=False)) is None
    assert offer(line("-1000.00"), payment(is_payer=False)) is None


def test_an_amount_in_another_currency_is_not_compared() -> None:
    abroad = PaymentFacts(REFERENCE, "RELEASED", Money(90000, Currency.CNY), False, DAY, 7)
    assert said(offer(line("1000.00"), abroad)) == (Step.RECEIPT, [])


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 9, 11), Age.WEEK),
        (date(2026, 9, 3), Age.WEEK),
        (date(2026, 9, 2), Age.MONTH),
        (date(2026, 8, 11), Age.MONTH),
        (date(2026, 8, 10), Age.QUARTER),
        (date(2026, 6, 12), Age.QUARTER),
        (date(2026, 6, 11), Age.OLDER),
    ],
)
def test_ages_end_on_their_last_day(day: date, age: Age) -> None:
    assert age_of(day, DAY) is age


def test_every_age_is_shown_and_the_sums_are_signed() -> None:
    lines = [
        BankLine(booked_on=day, amount_minor=minor, currency="HKD")
        for day, minor in ((DAY, -500), (DAY, 200), (date(2026, 1, 1), 70))
    ]
    found = aged(lines, [], Currency.HKD, DAY)
    assert [(each.age, each.lines, each.lines_sum.minor) for each in found] == [
        (Age.WEEK, 2, -300), (Age.MONTH, 0, 0), (Age.QUARTER, 0, 0), (Age.OLDER, 1, 70),
    ]  # fmt: skip
