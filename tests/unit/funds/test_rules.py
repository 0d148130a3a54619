"""Rules of fund movements."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.funds.rules import MovementFacts, PocketFacts, breaches
from app.funds.states import MovementKind
from app.kernel.currencies import Currency
from app.kernel.money import Money

TODAY = date(2026, 11, 20)
PARENT, SUB, OWNER = UUID(int=1), UUID(int=2), UUID(int=9)


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


PARENT_POCKET = PocketFacts(UUID(int=11), PARENT, None, OWNER, cny("100.00"))
SUB_POCKET = PocketFacts(UUID(int=12), SUB, PARENT, OWNER, cny("0.00"))
ALLOCATION = MovementFacts(MovementKind.ALLOCATION, PARENT_POCKET, SUB_POCKET, cny("60.00"), None, TODAY, TODAY, True)
CONTRIBUTION = MovementFacts(MovementKind.CONTRIBUTION, None, PARENT_POCKET, cny("60.00"), "CNY", TODAY, TODAY, True)


def codes(facts: MovementFacts) -> list[str]:
    return [breach.code for breach in breaches(facts)]


def test_a_parent_may_allocate_what_is_available() -> None:
    assert codes(replace(ALLOCATION, amount=cny("100.00"))) == []


def test_a_parent_cannot_allocate_more_than_is_available() -> None:
    assert codes(replace(ALLOCATION, amount=cny("100.01"))) == ["pocket.insufficient"]


def test_an_allocation_never_crosses_currencies() -> None:
    hkd = replace(SUB_POCKET, available=Money.zero(Currency.HKD))
    assert codes(replace(ALLOCATION, target=hkd)) == ["fund.currency"]


def test_an_allocation_goes_only_to_the_funds_own_sub_fund() -> None:
    stranger = replace(SUB_POCKET, parent_id=UUID(int=7))
    assert codes(replace(ALLOCATION, target=stranger)) == ["fund.not-parent-and-sub-fund"]


def test_a_return_goes_from_the_sub_fund_up_to_its_parent() -> None:
    back = replace(
        ALLOCATION,
        kind=MovementKind.RETURN_TO_PARENT,
        source=replace(SUB_POCKET, available=cny("60.00")),
        target=PARENT_POCKET,
    )
    assert codes(back) == []


def test_a_contribution_is_received_by_the_parent_on_an_account_of_its_currency() -> None:
    assert codes(CONTRIBUTION) == []


def test_a_contribution_to_a_sub_fund_is_refused() -> None:
    assert codes(replace(CONTRIBUTION, target=SUB_POCKET)) == ["fund.contribution-to-sub-fund"]


def test_a_contribution_received_in_the_other_currency_is_refused() -> None:
    assert codes(replace(CONTRIBUTION, bank_account_currency="HKD")) == ["fund.contribution-account"]


def test_a_movement_is_not_booked_before_it_happens() -> None:
    assert codes(replace(ALLOCATION, value_date=date(2026, 11, 21))) == ["fund.in-future"]


def test_a_pocket_in_another_currency_than_the_book_needs_a_rate() -> None:
    assert codes(replace(CONTRIBUTION, has_rate=False)) == ["rate.missing"]
