"""Rules of the manpower schedule on plain facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.money import Money
from app.manpower.forms import ConfirmForm
from app.manpower.rules import Charge, MonthRate, charge, confirmation_breaches, confirmed_months_touched
from app.manpower.states import months_between

NIL = Money.zero(Currency.CNY)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def test_months_run_over_the_turn_of_the_year() -> None:
    found = months_between(date(2025, 11, 1), date(2026, 2, 1))
    assert found == (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))


@given(minor=st.integers(0, 10**9), share=st.decimals(min_value=0, max_value=100, places=4))
def test_share_of_a_month_is_never_more_than_the_month(minor: int, share: Decimal) -> None:
    rate = Money(minor, Currency.CNY)
    made = charge(share, rate, NIL, Currency.CNY)
    assert made.pay is not None
    assert NIL <= made.pay <= rate


def test_other_currency_gives_no_amounts() -> None:
    assert charge(Decimal(50), Money(100, Currency.HKD), Money.zero(Currency.HKD), Currency.CNY) == Charge(
        Decimal(50), None, None
    )


def test_pay_in_another_currency_is_rounded_once_after_conversion() -> None:
    rate = MonthRate(Decimal("0.9245"), UUID(int=1))
    made = charge(Decimal("33.3"), Money(1_000_01, Currency.HKD), Money(50_00, Currency.HKD), Currency.CNY, rate)
    assert (made.pay, made.contribution) == (Money(307_86, Currency.CNY), Money(15_39, Currency.CNY))


def test_only_confirmed_months_are_protected() -> None:
    before = {MARCH: Charge(Decimal(50), NIL, NIL), APRIL: Charge(Decimal(50), NIL, NIL)}
    after = {MARCH: Charge(Decimal(60), NIL, NIL), APRIL: Charge(Decimal(60), NIL, NIL)}
    assert [each.params["month"] for each in confirmed_months_touched(before, after, frozenset({APRIL}))] == ["2026-04"]
    assert confirmed_months_touched(before, before, frozenset({APRIL})) == []


def test_month_to_come_is_not_confirmed() -> None:
    found = confirmation_breaches(
        has_rows=True, unknown=False, flagged=False, difference=NIL, reason="", month=APRIL, today=date(2026, 3, 31)
    )
    assert [each.code for each in found] == ["manpower.month-not-begun"]


@pytest.mark.parametrize(("typed", "month"), [("2026-03", MARCH), ("2026-03-31", MARCH)])
def test_month_is_typed_alone_or_as_a_day_of_it(typed: str, month: date) -> None:
    assert ConfirmForm().to_command({"month": typed})["month"] == month


@pytest.mark.parametrize("typed", ["2026-13", "03/2026", "2026", "２０２６-03", "1999-12"])
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(InputRefused):
        ConfirmForm().to_command({"month": typed})
