"""Which code a posting takes, and what a profile needs."""

from __future__ import annotations

import pytest

from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from app.vouchers import rules
from app.vouchers.rules import ControlTotal, OwnAccount
from app.vouchers.states import EVERYTHING

CONTRACT = new_id()
MAPPED = {
    ("2101", "HKD", "", None): OwnAccount("common", ""),
    ("2101", "HKD", "TRAVEL", None): OwnAccount("heading", ""),
    ("2101", "HKD", "", CONTRACT): OwnAccount("contract", ""),
}


@pytest.mark.parametrize(
    ("heading", "contract", "code"),
    [
        ("", None, "common"),
        ("SALARY", new_id(), "common"),
        ("TRAVEL", None, "heading"),
        ("SALARY", CONTRACT, "contract"),
        ("TRAVEL", CONTRACT, "contract"),
    ],
)
def test_the_narrower_code_wins(heading: str, contract: object, code: str) -> None:
    found = rules.own_account(MAPPED, "2101", "HKD", heading, contract)  # type: ignore[arg-type]
    assert found is not None
    assert found.code == code


def test_another_currency_has_no_code() -> None:
    assert rules.own_account(MAPPED, "2101", "CNY", "", None) is None


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ("voucher,date,account,currency,amount,colour", "profile.column-unknown"),
        ("voucher,date,account,currency,amount,amount", "profile.column-twice"),
        ("voucher,date,currency,amount", "profile.column-missing"),
        ("voucher,date,account,currency,debit", "profile.amount-missing"),
    ],
)
def test_columns_that_cannot_make_a_file_are_refused(columns: str, code: str) -> None:
    assert [breach.code for breach in rules.column_breaches(rules.parsed_columns(columns))] == [code]


def test_the_usual_columns_are_accepted() -> None:
    assert rules.column_breaches(rules.parsed_columns(EVERYTHING.upper())) == []


def test_a_cost_account_takes_its_own_heading_only() -> None:
    found = rules.mapping_breaches(AccountCode.TRAVEL, Heading.SALARY, "6602")
    assert [breach.code for breach in found] == ["mapping.heading"]
    assert rules.mapping_breaches(AccountCode.TRAVEL, Heading.TRAVEL, "6602") == []


def test_a_code_that_a_spreadsheet_would_run_is_refused() -> None:
    assert [breach.code for breach in rules.mapping_breaches(AccountCode.BANK, None, "=1+1")] == ["mapping.formula"]


def test_a_file_that_does_not_add_up_is_refused() -> None:
    def hkd(text: str) -> Money:
        return Money.parse(text, Currency.HKD)

    right = ControlTotal(Currency.HKD, 2, hkd("1.00"), hkd("1.00"), hkd("1.00"), hkd("1.00"))
    short = ControlTotal(Currency.HKD, 1, hkd("1.00"), hkd("1.00"), hkd("1.01"), hkd("1.01"))
    assert rules.control_breaches([right]) == []
    assert [breach.code for breach in rules.control_breaches([right, short])] == ["vouchers.not-reconciled"]


def test_an_account_without_a_code_is_named_with_its_cure() -> None:
    found = rules.unmapped_breaches({("1001", "", "HKD"), ("2101", "TRAVEL", "HKD")}, "LRU")
    assert [(breach.params["account"], breach.params["name"]) for breach in found] == [
        ("1001", "Bank"),
        ("2101", "Institution clearing"),
    ]
    assert "heading" in found[1].message
    assert all(breach.cure for breach in found)
