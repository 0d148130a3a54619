"""The accounting of claims: every entry balances per currency and in the book's own, whatever the amounts."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, strategies as st

from app.claims import postings
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import Line, Rate, in_functional
from app.ledger.headings import Heading

RATE = Rate(Currency.HKD, Currency.CNY, Decimal("0.9240"))
minors = st.integers(min_value=1, max_value=10_000_000_00)


def sums(lines: tuple[Line, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        found[line.amount.currency] = found.get(line.amount.currency, 0) + line.amount.minor
    return found


@given(
    st.lists(st.tuples(minors, st.sampled_from(Currency), st.sampled_from(Currency), minors), min_size=1, max_size=6)
)
def test_an_approved_claim_balances_in_every_currency(
    given_lines: list[tuple[int, Currency, Currency, int]],
) -> None:
    costs = []
    for minor, contract, pay, cleared in given_lines:
        booked = Money(minor, contract)
        owed = booked if contract is pay else RATE.convert(booked)
        if not owed:
            continue
        costs.append(postings.CostFacts(Heading.TRAVEL, booked, owed, Money(min(cleared, owed.minor), pay), None))
    lines = in_functional(postings.approved(new_id(), new_id(), costs), Currency.HKD, RATE)
    assert not any(sums(lines).values())
    assert sum(line.functional.minor for line in lines) == 0
    due = [line for line in lines if line.account.code is AccountCode.PAYABLE_TO_CLAIMANTS]
    assert -sum(line.amount.minor for line in due) == sum((each.owed - each.cleared).minor for each in costs)


@given(minors, minors, minors)
def test_a_payment_balances_and_its_difference_stands_without_the_contract(owed: int, carried: int, worth: int) -> None:
    in_book = (Money(carried, Currency.HKD), Money(worth, Currency.HKD))
    lines = postings.paid(new_id(), new_id(), new_id(), Money(owed, Currency.CNY), *in_book)
    assert not any(sums(lines).values())
    assert sum(line.functional.minor for line in lines) == 0
    apart = [line for line in lines if line.account.code is AccountCode.EXCHANGE_REALISED]
    assert bool(apart) == (carried != worth)
    assert all(line.dimensions.contract_id is None and not line.amount for line in apart)
