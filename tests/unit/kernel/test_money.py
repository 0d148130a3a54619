"""Money: exact, one currency at a time, nothing lost in splitting."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.money import CurrencyMismatch, InvalidAmount, Money, total

CNY, HKD = Currency.CNY, Currency.HKD
minors = st.integers(min_value=-(10**14), max_value=10**14)


@pytest.mark.parametrize(
    "text", ["", "1e308", "NaN", "Infinity", "0.001", "1,000", "１２３", "1.", ".5", "+1", "--1", "1 000"]
)
def test_text_that_is_not_an_exact_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(text, CNY)


@pytest.mark.parametrize(
    ("text", "minor"), [("0", 0), ("1", 100), ("1.5", 150), ("-2.05", -205), (" 400000.00 ", 40000000)]
)
def test_plain_decimals_are_read_exactly(text: str, minor: int) -> None:
    assert Money.parse(text, CNY) == Money(minor, CNY)


@given(minors)
def test_the_plain_text_of_an_amount_is_its_decimal_and_reads_back(minor: int) -> None:
    money = Money(minor, HKD)
    assert money.plain == str(money.amount)
    assert str(money) == f"HKD {money.amount}"
    assert Money.parse(money.plain, HKD) == money


def test_a_float_cannot_become_money() -> None:
    with pytest.raises(InvalidAmount):
        Money(1.0, CNY)  # type: ignore[arg-type]


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, CNY) + Money(1, HKD)


def test_two_currencies_are_never_compared() -> None:
    with pytest.raises(CurrencyMismatch):
        assert Money(1, CNY) < Money(2, HKD)


def test_equal_numbers_of_two_currencies_are_not_equal() -> None:
    assert Money(1, CNY) != Money(1, HKD)


@pytest.mark.parametrize(("amount", "minor"), [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("2.675", 268)])
def test_rounding_is_half_away_from_nil(amount: str, minor: int) -> None:
    assert Money.rounded(Decimal(amount), CNY) == Money(minor, CNY)


def test_conversion_rounds_once() -> None:
    assert Money.parse("1000000.00", HKD).convert(Decimal("0.92406"), CNY) == Money.parse("924060.00", CNY)


@given(minors, st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=12).filter(any))
def test_allocated_parts_sum_to_the_whole(minor: int, weights: list[int]) -> None:
    whole = Money(minor, HKD)
    assert total(whole.allocate(weights), HKD) == whole


@given(minors, st.integers(min_value=1, max_value=50))
def test_equal_shares_differ_by_at_most_one_minor_unit(minor: int, count: int) -> None:
    shares = [part.minor for part in Money(minor, CNY).allocate([1] * count)]
    assert max(shares) - min(shares) <= 1


def test_a_hundred_split_by_three_leaves_nothing_over() -> None:
    assert [str(part.amount) for part in Money.parse("100.00", CNY).allocate([1, 1, 1])] == ["33.34", "33.33", "33.33"]
