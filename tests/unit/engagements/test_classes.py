"""Which class a posting belongs to, and what control totals say."""

from __future__ import annotations

from typing import cast

import pytest

from app.contracts.models import Contract
from app.engagements.population import Control, class_of
from app.engagements.states import LineClass
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import CHART, AccountCode

ONE = Money.parse("1.00", Currency.HKD)


@pytest.mark.parametrize(
    ("code", "debit", "found"),
    [
        (AccountCode.GRANT_RECEIVED, -ONE, LineClass.RECEIPT),
        (AccountCode.INTEREST, -ONE, LineClass.RECEIPT),
        (AccountCode.SALARY, ONE, LineClass.COST),
        (AccountCode.SALARY, -ONE, LineClass.CREDIT),
        (AccountCode.OWN_COST, ONE, LineClass.COST),
        (AccountCode.REFUND_OF_GRANT, ONE, LineClass.RETURN),
        (AccountCode.CURRENCY_TRADING, -ONE, LineClass.EXCHANGE),
        (AccountCode.ROUNDING, ONE, LineClass.EXCHANGE),
        (AccountCode.BANK, ONE, None),
        (AccountCode.PAYABLE_TO_CLAIMANTS, -ONE, None),
    ],
)
def test_a_posting_has_the_class_of_its_account(code: AccountCode, debit: Money, found: LineClass | None) -> None:
    assert class_of(code, debit) is found


def test_every_account_of_money_advances_and_debts_has_no_class_and_every_other_has_one() -> None:
    without = {code for code in CHART if class_of(code, ONE) is None}
    assert without == {code for code in CHART if code.value[0] in "12"}


def _control(closing: str) -> Control:
    def money(text: str) -> Money:
        return Money.parse(text, Currency.HKD)

    return Control(
        cast(Contract, None),
        Currency.HKD,
        money("100.00"),
        money("50.00"),
        money("30.00"),
        money("5.00"),
        money("-2.00"),
        money(closing),
    )


def test_totals_tie_when_the_lines_lead_to_the_closing_balance() -> None:
    assert _control("113.00").ties


def test_a_cent_too_much_is_a_difference() -> None:
    off = _control("113.01")
    assert (off.ties, off.difference) == (False, Money.parse("0.01", Currency.HKD))
