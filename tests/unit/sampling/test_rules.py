from __future__ import annotations

from dataclasses import replace

import pytest

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.sampling import Method, Plan, Population, Row, Seed, breaches_of, check, draw

POPULATION = Population.of([Row("A", 50_000), Row("B", 30_000), Row("C", -100), Row("D", 0)], Currency.HKD)
PLAN = Plan(Method.MONETARY_UNIT, Seed(1), tolerable=20_000)


@pytest.mark.parametrize("method", list(Method))
def test_a_plan_that_is_whole_can_be_drawn(method: Method) -> None:
    plan = replace(PLAN, method=method, above=10_000, picked=("C",), bounds=(40_000,))
    check(plan, POPULATION)
    assert draw(plan, POPULATION).selected


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("sample.confidence-unusual", {"confidence": PLAN.confidence * 100}),
        ("sample.tolerable-missing", {"tolerable": 0}),
        ("sample.expected-too-high", {"expected": 20_000}),
        ("sample.expected-too-high", {"expected": -1}),
        ("sample.size-out-of-range", {"size": 0}),
        ("sample.size-out-of-range", {"size": 10_001}),
        ("sample.size-out-of-reach", {"tolerable": 1}),
        ("sample.size-out-of-reach", {"expected": 19_999}),
        ("sample.threshold-missing", {"method": Method.ABOVE}),
        ("sample.threshold-missing", {"above": -1}),
        ("sample.nothing-picked", {"method": Method.BY_HAND}),
        ("sample.line-unknown", {"picked": ("Z",)}),
        ("sample.bounds-unordered", {"bounds": (500, 500)}),
        ("sample.bounds-unordered", {"bounds": (0,)}),
    ],
)
def test_a_plan_that_lacks_something_is_refused_by_one_rule(code: str, changes: dict[str, object]) -> None:
    found = breaches_of(replace(PLAN, **changes), POPULATION)  # type: ignore[arg-type]
    assert [breach.code for breach in found] == [code]


def test_nothing_to_draw_is_said() -> None:
    empty = Population.of([Row("C", -100), Row("D", 0)], Currency.HKD)
    assert [breach.code for breach in breaches_of(PLAN, empty)] == ["sample.nothing-to-draw"]
    check(replace(PLAN, method=Method.BY_HAND, picked=("C",)), empty)


def test_every_breach_is_raised_at_once() -> None:
    with pytest.raises(InputRefused) as refused:
        check(replace(PLAN, tolerable=0, bounds=(2, 1)), POPULATION)
    assert len(refused.value.breaches) == 2
