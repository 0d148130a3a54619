from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from app.kernel.currencies import Currency
from app.sampling import Method, Plan, Population, Row, Seed, draw, evaluate
from app.sampling.drawing import Sample
from app.sampling.evaluation import NotInSample, Side
from app.sampling.factors import factor


def _sample(method: Method, amounts: list[int], *, size: int = 20, confidence: str = "0.95", **more: object) -> Sample:
    rows = [Row(f"JRN-{place:04d}", amount, "AB"[place % 2]) for place, amount in enumerate(amounts)]
    plan = Plan(method, Seed(3), Decimal(confidence), tolerable=10_000_000, size=size, **more)  # type: ignore[arg-type]
    return draw(plan, Population.of(rows, Currency.HKD))


def test_nothing_wrong_leaves_basic_precision() -> None:
    sample = _sample(Method.MONETARY_UNIT, [1_000] * 200)
    evaluation = evaluate(sample, {})
    assert sample.interval == 10_000
    assert evaluation.overstated == evaluation.understated == Side(0, 0, 30_000, 0)
    assert evaluation.overstated.upper_limit == 30_000


def test_the_example_of_the_textbooks() -> None:
    """Interval 1,000: taintings of 100 % and 20 % and one known error, at 95 %: 3.00, 4.75 and 6.30.

    Projected 1,000 + 200, basic 3,000, allowance (4.75 − 3.00 − 1) × 1,000 + (6.30 − 4.75 − 1) × 200 = 860.
    """
    sample = _sample(Method.MONETARY_UNIT, [500] * 36 + [2_000], size=20)
    assert sample.interval == 1_000
    drawn = [each.row.key for each in sample.selected if each.unit is not None]
    over = evaluate(sample, {drawn[0]: 0, drawn[1]: 400, "JRN-0036": 1_850}).overstated
    assert over == Side(known=150, projected=1_200, basic_precision=3_000, incremental_allowance=860)
    assert over.upper_limit == 5_210


def test_taintings_are_taken_largest_first() -> None:
    sample = _sample(Method.MONETARY_UNIT, [500] * 40)
    first, second = sample.keys[:2]
    one_way, other_way = (evaluate(sample, wrong) for wrong in ({first: 0, second: 400}, {first: 400, second: 0}))
    assert one_way.overstated == other_way.overstated


@given(st.integers(0, 499))
@settings(max_examples=40)
def test_a_larger_error_never_lowers_the_limit(audited: int) -> None:
    for method in (Method.MONETARY_UNIT, Method.RANDOM, Method.STRATIFIED):
        sample = _sample(method, [500] * 60)
        smaller = evaluate(sample, {sample.keys[0]: audited + 1}).overstated
        larger = evaluate(sample, {sample.keys[0]: audited}).overstated
        assert larger.upper_limit >= smaller.upper_limit


@given(
    amounts=st.lists(st.integers(1, 100_000), min_size=1, max_size=60),
    method=st.sampled_from([Method.MONETARY_UNIT, Method.RANDOM, Method.STRATIFIED]),
)
@settings(max_examples=60)
def test_limits_hold_known_projected_and_allowances(amounts: list[int], method: Method) -> None:
    sample = _sample(method, amounts)
    evaluation = evaluate(sample, dict.fromkeys(sample.keys[:3], 0))
    over = evaluation.overstated
    assert over.upper_limit >= over.likely >= 0
    assert evaluation.understated.likely == 0


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=60))
@settings(max_examples=60)
def test_more_confidence_never_lowers_the_limit(amounts: list[int]) -> None:
    limits = []
    for confidence in ("0.8", "0.9", "0.95"):
        sample = _sample(Method.MONETARY_UNIT, amounts, confidence=confidence)
        limits.append(evaluate(sample, {sample.keys[0]: 0}).overstated.upper_limit)
    assert limits == sorted(limits)


def test_errors_are_projected_by_the_ratio_of_their_stratum() -> None:
    sample = _sample(Method.RANDOM, [1_000] * 100, size=10)
    over = evaluate(sample, {sample.keys[0]: 900, sample.keys[1]: 900}).overstated
    assert over.projected == 100_000 * 200 // 10_000
    assert over.basic_precision == 30_000


def test_strata_are_projected_each_by_its_own_ratio() -> None:
    sample = _sample(Method.STRATIFIED, [1_000, 100] * 50, size=22)
    wrong = next(each for each in sample.selected if each.stratum == "B")
    drawn = {stratum.name: stratum.drawn for stratum in sample.strata}
    over = evaluate(sample, {wrong.row.key: 50}).overstated
    assert over.projected == (50 * 50 * 2 + drawn["B"]) // (2 * drawn["B"])


@pytest.mark.parametrize("method", [Method.RANDOM, Method.STRATIFIED, Method.MONETARY_UNIT])
def test_a_population_looked_at_whole_is_known_and_not_estimated(method: Method) -> None:
    sample = _sample(method, [1_000] * 8, size=100)
    evaluation = evaluate(sample, {sample.keys[0]: 400, sample.keys[1]: 1_100})
    assert evaluation.overstated.upper_limit == 600
    assert evaluation.understated.upper_limit == 100
    assert evaluation.likely == 500


def test_too_little_recorded_is_a_limit_of_its_own() -> None:
    sample = _sample(Method.MONETARY_UNIT, [500] * 40)
    evaluation = evaluate(sample, {sample.keys[0]: 600, sample.keys[1]: 400})
    assert evaluation.overstated == evaluation.understated
    assert evaluation.overstated.projected == 200
    assert evaluation.likely == 0


def test_rows_taken_whole_are_known() -> None:
    sample = _sample(Method.MONETARY_UNIT, [500] * 40 + [9_000], above=8_000)
    assert evaluate(sample, {"JRN-0040": 8_000}).overstated.known == 1_000


@pytest.mark.parametrize(("method", "more"), [(Method.ABOVE, {"above": 800}), (Method.BY_HAND, {})])
def test_methods_that_choose_say_nothing_of_the_rest(method: Method, more: dict[str, int]) -> None:
    sample = _sample(method, [500, 900], picked=("JRN-0001",), **more)
    evaluation = evaluate(sample, {"JRN-0001": 800})
    assert evaluation.overstated == Side(100, 0, 0, 0)
    assert evaluation.unexamined == 500
    assert evaluation.within_tolerable is None


def test_the_verdict_compares_the_higher_limit() -> None:
    rows = [Row(f"JRN-{place:04d}", 1_000) for place in range(200)]
    population = Population.of(rows, Currency.HKD)
    verdicts = [
        evaluate(draw(Plan(Method.MONETARY_UNIT, Seed(3), tolerable=tolerable, size=20), population), {})
        for tolerable in (29_999, 30_000)
    ]
    assert [each.within_tolerable for each in verdicts] == [False, True]


def test_a_plan_that_expects_nothing_and_finds_nothing_is_just_within() -> None:
    rows = [Row(f"JRN-{place:04d}", 1_000 + place) for place in range(2_000)]
    population = Population.of(rows, Currency.HKD)
    tolerable = population.total // 20
    evaluation = evaluate(draw(Plan(Method.MONETARY_UNIT, Seed(3), tolerable=tolerable), population), {})
    assert evaluation.within_tolerable
    assert evaluation.overstated.upper_limit > tolerable * 95 // 100


def test_an_amount_for_a_row_outside_the_sample_is_refused() -> None:
    with pytest.raises(NotInSample):
        evaluate(_sample(Method.MONETARY_UNIT, [500] * 4), {"JRN-9999": 1})


def test_factors_enter_as_they_are_printed() -> None:
    assert factor(Decimal("0.95"), 0) == Decimal("3.00")
