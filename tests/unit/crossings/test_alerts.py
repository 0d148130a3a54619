"""What to look at twice: replaced and woken accounts, round trips, splits; each fires and each keeps still."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.crossings.alerts import AccountPast, Alert, Approval, Limits, alerts, changed_account, woken_account
from app.crossings.figures import Crossing
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.unit.crossings.test_figures import DAY, FUNDER, GRANTEE, OTHER, crossing

LIMITS = Limits(changed_account=90, still_account=365, round_trip=30)
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


def days_before(days: int) -> date:
    """So many days before the release."""
    return DAY - timedelta(days=days)


def found(*crossings: Crossing, approvals: dict[UUID, Approval] | None = None) -> list[Alert]:
    """Everything to look at, accounts aside."""
    return alerts(crossings, {}, approvals or {}, LIMITS)


def test_the_first_payment_into_an_account_that_just_replaced_another_is_shown() -> None:
    says = changed_account(crossing(), AccountPast(days_before(90), None), LIMITS)
    assert says is not None
    assert says.code == "crossing.account-changed"
    assert says.params["days"] == 90
    assert not says.blocking


def test_an_account_replaced_long_ago_or_paid_before_or_never_replaced_is_not_shown() -> None:
    for past in (AccountPast(days_before(91)), AccountPast(days_before(5), days_before(1)), AccountPast()):
        assert changed_account(crossing(), past, LIMITS) is None


def test_an_account_paid_again_after_more_than_the_days_allowed_is_shown() -> None:
    says = woken_account(crossing(), AccountPast(paid_before_on=days_before(366)), LIMITS)
    assert says is not None
    assert says.params["days"] == 366


def test_an_account_paid_within_the_days_allowed_or_never_is_not_woken() -> None:
    for past in (AccountPast(paid_before_on=days_before(365)), AccountPast()):
        assert woken_account(crossing(), past, LIMITS) is None


def back(number: int, days: int, **changes: object) -> Crossing:
    """A payment the other way, so many days later."""
    ways = {"from_side": "HK", "to_side": "SZ", "funder_id": GRANTEE, "grantee_id": FUNDER}
    return crossing(number, released_on=DAY + timedelta(days=days), **(ways | changes))


def test_money_that_goes_back_within_the_days_is_a_round_trip_at_its_second_payment() -> None:
    (alert,) = found(crossing(1), back(2, 30))
    assert alert.crossing.reference == "DSB-2026-00002"
    assert alert.says.params["other"] == "DSB-2026-00001"


def test_later_or_to_another_or_sent_back_is_no_round_trip() -> None:
    assert found(crossing(1), back(2, 31)) == []
    assert found(crossing(1), back(2, 1, grantee_id=OTHER)) == []
    assert found(crossing(1), back(2, 1, sent_back_on=DAY)) == []
    assert found(crossing(1), crossing(2, released_on=DAY + timedelta(days=1))) == []


def test_payments_that_keep_under_the_approvers_limit_together_are_shown_at_each() -> None:
    limit = Money.parse("150.00", Currency.CNY)
    approvals = {UUID(int=1): Approval(NOON, limit), UUID(int=2): Approval(NOON + timedelta(days=7), limit)}
    shown = found(crossing(1), crossing(2), approvals=approvals)
    assert [(each.crossing.reference, each.says.params["others"]) for each in shown] == [
        ("DSB-2026-00001", "DSB-2026-00002"),
        ("DSB-2026-00002", "DSB-2026-00001"),
    ]
    assert shown[0].says.params["together"] == Money.parse("200.00", Currency.CNY)


def test_payments_within_the_limit_together_or_of_two_contracts_or_far_apart_are_no_split() -> None:
    both = {UUID(int=1): Approval(NOON, Money.parse("200.00", Currency.CNY))}
    both[UUID(int=2)] = both[UUID(int=1)]
    assert found(crossing(1), crossing(2), approvals=both) == []
    limit = Money.parse("150.00", Currency.CNY)
    near = {UUID(int=1): Approval(NOON, limit), UUID(int=2): Approval(NOON, limit)}
    assert found(crossing(1), crossing(2, contract_id=UUID(int=77)), approvals=near) == []
    far = {UUID(int=1): Approval(NOON, limit), UUID(int=2): Approval(NOON + timedelta(days=8), limit)}
    assert found(crossing(1), crossing(2), approvals=far) == []
