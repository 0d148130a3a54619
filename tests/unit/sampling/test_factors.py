from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings, strategies as st

from app.sampling.factors import LARGEST_SIZE, SizeOutOfReach, exact_factor, factor, gamma_below, size
from tests.unit.sampling.published import FACTORS, RISKS, SIZES, TOLERABLE

SHARES = st.decimals(min_value="0.01", max_value="0.5", places=3)
CONFIDENCES = st.decimals(min_value="0.5", max_value="0.99", places=2)


@pytest.mark.parametrize("column", range(len(RISKS)))
def test_factors_are_those_of_the_published_table(column: int) -> None:
    confidence = 1 - Decimal(RISKS[column]) / 100
    lines = [line.split() for line in FACTORS.split("\n") if line]
    assert len(lines) == 21
    wrong = [
        (count, line[column], factor(confidence, count))
        for count, line in enumerate(lines)
        if line[column] != "-" and factor(confidence, count) != Decimal(line[column])
    ]
    assert not wrong


@pytest.mark.parametrize("line", SIZES.split("\n")[1:-1])
def test_sizes_are_those_of_the_published_table(line: str) -> None:
    head, *printed = line.split()
    risk, ratio = (Decimal(part) / 100 for part in head.split(":"))
    computed = [size(1 - risk, Decimal(share), Decimal(share) * ratio) for share in TOLERABLE]
    assert computed == [int(number) for number in printed]


def test_the_cell_that_reprints_get_wrong_is_computed() -> None:
    assert factor(Decimal("0.63"), 2) == Decimal("3.25")


@given(count=st.integers(0, 25), confidence=CONFIDENCES)
@settings(max_examples=30)
def test_a_factor_solves_the_poisson_sum_it_stands_for(count: int, confidence: Decimal) -> None:
    mean = exact_factor(confidence, count)
    term = total = Decimal(1)
    for step in range(1, count + 1):
        term = term * mean / step
        total += term
    assert abs(total * (-mean).exp() - (1 - confidence)) < Decimal("1e-9")


@given(confidence=CONFIDENCES, more=CONFIDENCES, tolerable=SHARES, ratio=st.decimals("0", "0.6", places=1))
@settings(max_examples=40)
def test_more_confidence_never_needs_fewer_items(
    confidence: Decimal, more: Decimal, tolerable: Decimal, ratio: Decimal
) -> None:
    assume(confidence <= more)
    assert size(confidence, tolerable, tolerable * ratio) <= size(more, tolerable, tolerable * ratio)


@given(confidence=CONFIDENCES, tolerable=SHARES, larger=SHARES, ratio=st.decimals("0", "0.6", places=1))
@settings(max_examples=40)
def test_to_tolerate_more_never_needs_more_items(
    confidence: Decimal, tolerable: Decimal, larger: Decimal, ratio: Decimal
) -> None:
    assume(tolerable <= larger)
    assert size(confidence, tolerable, tolerable * ratio) >= size(confidence, larger, tolerable * ratio)


@given(confidence=CONFIDENCES, tolerable=SHARES, ratio=st.decimals("0", "0.6", places=1))
@settings(max_examples=40)
def test_a_size_is_the_fewest_items_that_do(confidence: Decimal, tolerable: Decimal, ratio: Decimal) -> None:
    items, expected = size(confidence, tolerable, tolerable * ratio), tolerable * ratio
    assert gamma_below(1 + items * expected, items * tolerable) >= confidence
    assert gamma_below(1 + (items - 1) * expected, (items - 1) * tolerable) < confidence


@pytest.mark.parametrize(("tolerable", "expected"), [("0.01", "0.01"), ("0.01", "0.02"), ("0.0001", "0"), ("0", "0")])
def test_what_no_sample_can_answer_is_refused(tolerable: str, expected: str) -> None:
    with pytest.raises(SizeOutOfReach):
        size(Decimal("0.95"), Decimal(tolerable), Decimal(expected))


def test_the_largest_size_is_still_given() -> None:
    assert size(Decimal("0.95"), Decimal("2.9958") / LARGEST_SIZE, Decimal(0)) == LARGEST_SIZE


@pytest.mark.parametrize("confidence", ["0", "1", "-0.5", "95"])
def test_a_confidence_that_is_no_share_is_refused(confidence: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        exact_factor(Decimal(confidence), 0)
