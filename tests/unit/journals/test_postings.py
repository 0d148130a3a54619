"""The accounting of journals, to the cent."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from app.journals.kinds import KINDS, Against
from app.journals.postings import LineFacts, lines, transfer
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import Entry, EntryKind, Line, Rate, in_functional
from app.ledger.headings import Heading

CONTRACT, OTHER, BANK = UUID(int=1), UUID(int=2), UUID(int=3)
CNY, HKD = Currency.CNY, Currency.HKD


def cny(text: str) -> Money:
    return Money.parse(text, CNY)


def hkd(text: str) -> Money:
    return Money.parse(text, HKD)


def amounts(booked: tuple[Line, ...]) -> dict[tuple[AccountCode, Currency], str]:
    return {(line.account.code, line.account.currency): str(line.amount.amount) for line in booked}


def test_salary_in_hong_kong_dollars_under_a_renminbi_contract_passes_through_the_pair() -> None:
    facts = LineFacts(CONTRACT, CNY, hkd("100000.00"), cny("92400.00"), Heading.SALARY)
    booked = amounts(lines(JournalKind.COST, BANK, [facts]))
    assert booked == {
        (AccountCode.SALARY, CNY): "92400.00",
        (AccountCode.BANK, HKD): "-100000.00",
        (AccountCode.CURRENCY_TRADING, CNY): "-92400.00",
        (AccountCode.CURRENCY_TRADING, HKD): "100000.00",
    }


def test_interest_in_the_contracts_currency_needs_no_pair() -> None:
    facts = LineFacts(CONTRACT, CNY, cny("12.34"), cny("12.34"))
    booked = amounts(lines(JournalKind.INTEREST, BANK, [facts]))
    assert booked == {(AccountCode.BANK, CNY): "12.34", (AccountCode.INTEREST, CNY): "-12.34"}


def test_cost_without_a_bank_account_stands_against_the_institutions_clearing() -> None:
    facts = LineFacts(CONTRACT, CNY, cny("5.00"), cny("5.00"), Heading.MATERIALS)
    booked = amounts(lines(JournalKind.COST, None, [facts]))
    assert booked[(AccountCode.INSTITUTION_CLEARING, CNY)] == "-5.00"


def test_a_cost_transfer_is_red_ink_at_the_source_and_a_new_entry_at_the_target() -> None:
    facts = LineFacts(
        CONTRACT, CNY, cny("5.00"), cny("5.00"), Heading.MATERIALS, to_contract_id=OTHER, to_heading=Heading.TRAVEL
    )
    red, fresh = transfer([facts])
    assert {line.dimensions.contract_id for line in red} == {CONTRACT}
    assert {line.dimensions.contract_id for line in fresh} == {OTHER}
    assert amounts(red) == {(AccountCode.MATERIALS, CNY): "-5.00", (AccountCode.INSTITUTION_CLEARING, CNY): "5.00"}
    assert amounts(fresh) == {(AccountCode.TRAVEL, CNY): "5.00", (AccountCode.INSTITUTION_CLEARING, CNY): "-5.00"}


def test_disallowed_cost_leaves_its_heading_for_the_institutions_own() -> None:
    facts = LineFacts(CONTRACT, CNY, cny("5.00"), cny("5.00"), Heading.TRAVEL)
    booked = amounts(lines(JournalKind.DISALLOWED, None, [facts]))
    assert booked == {(AccountCode.OWN_COST, CNY): "5.00", (AccountCode.TRAVEL, CNY): "-5.00"}


def test_an_advance_stays_in_the_currency_it_was_paid_in() -> None:
    facts = LineFacts(CONTRACT, CNY, hkd("10.00"), cny("9.24"))
    booked = amounts(lines(JournalKind.ADVANCE, BANK, [facts]))
    assert booked == {(AccountCode.ADVANCES, HKD): "10.00", (AccountCode.BANK, HKD): "-10.00"}


ONE_ENTRY = [k for k, row in KINDS.items() if row.against not in (Against.NOTHING, Against.OTHER_COST)]


@pytest.mark.parametrize("kind", ONE_ENTRY)
@pytest.mark.parametrize("paid", [cny("92.40"), hkd("100.00")])
def test_every_kind_makes_an_entry_that_balances_in_both_currencies(kind: JournalKind, paid: Money) -> None:
    facts = LineFacts(CONTRACT, CNY, paid, cny("92.40"), Heading.TRAVEL, to_contract_id=OTHER)
    booked = in_functional(lines(kind, BANK, [facts]), HKD, Rate(HKD, CNY, Decimal("0.924")))
    Entry(UUID(int=9), date(2026, 1, 1), EntryKind.ACTUAL, UUID(int=8), "test", booked)
