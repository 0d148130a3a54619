from __future__ import annotations

import hashlib
from decimal import Decimal, localcontext
from itertools import accumulate

import pytest
from hypothesis import given, settings, strategies as st

from app.kernel.currencies import Currency
from app.sampling import Method, Plan, Population, Reason, Row, Seed, draw, population_digest, sample_csv, sample_digest
from app.sampling.population import NotOnePopulation

AMOUNTS = st.lists(st.integers(-50_000, 900_000), min_size=1, max_size=80)
SEEDS = st.integers(0, 2**256 - 1).map(Seed)
DRAWN = st.sampled_from([Method.MONETARY_UNIT, Method.RANDOM, Method.STRATIFIED])


def _population(amounts: list[int]) -> Population:
    rows = [Row(f"JRN-{place:04d}", amount, "ABC"[place % 3]) for place, amount in enumerate(amounts)]
    return Population.of(rows, Currency.HKD)


def _plan(method: Method, seed: Seed, *, size: int | None = 12, **more: object) -> Plan:
    return Plan(method, seed, tolerable=100_000, size=size, **more)  # type: ignore[arg-type]


@given(amounts=AMOUNTS, seed=SEEDS, method=DRAWN, random=st.randoms())
@settings(max_examples=60)
def test_the_order_of_the_rows_changes_nothing(amounts: list[int], seed: Seed, method: Method, random: object) -> None:
    population = _population(amounts)
    rows = list(population.rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    turned = Population.of(rows, Currency.HKD)
    assert draw(_plan(method, seed), turned) == draw(_plan(method, seed), population)


@given(amounts=AMOUNTS, seed=SEEDS)
@settings(max_examples=100)
def test_rows_of_at_least_the_interval_are_always_in(amounts: list[int], seed: Seed) -> None:
    population = _population(amounts)
    sample = draw(_plan(Method.MONETARY_UNIT, seed), population)
    for row in population.debits:
        assert sample.interval is not None
        if row.amount >= sample.interval:
            assert row.key in sample.keys


@given(amounts=AMOUNTS, seed=SEEDS)
@settings(max_examples=100)
def test_the_rest_is_hit_once_every_interval(amounts: list[int], seed: Seed) -> None:
    sample = draw(_plan(Method.MONETARY_UNIT, seed), _population(amounts))
    units = [each.unit for each in sample.selected if each.reason is Reason.DRAWN]
    rest = sum(stratum.total for stratum in sample.strata)
    if sample.interval is None or sample.start is None:
        assert not units
        return
    assert units == list(range(sample.start, rest + 1, sample.interval))


@given(amounts=AMOUNTS, seed=SEEDS)
@settings(max_examples=100)
def test_a_unit_lies_in_the_row_it_drew(amounts: list[int], seed: Seed) -> None:
    population = _population(amounts)
    sample = draw(_plan(Method.MONETARY_UNIT, seed), population)
    rest = [row for row in population.debits if sample.interval and row.amount < sample.interval]
    ends = dict(zip((row.key for row in rest), accumulate(row.amount for row in rest), strict=True))
    for each in sample.selected:
        if each.unit is not None:
            assert ends[each.row.key] - each.row.amount < each.unit <= ends[each.row.key]


@given(amounts=AMOUNTS, seed=SEEDS, size=st.integers(1, 90))
@settings(max_examples=60)
def test_a_random_sample_has_the_size_asked_for_and_holds_every_smaller_one(
    amounts: list[int], seed: Seed, size: int
) -> None:
    population = _population(amounts)
    larger = draw(_plan(Method.RANDOM, seed, size=size + 1), population)
    smaller = draw(_plan(Method.RANDOM, seed, size=size), population)
    assert len(smaller.keys) == min(size, len(population.debits))
    assert set(smaller.keys) <= set(larger.keys)


@given(amounts=AMOUNTS, seed=SEEDS, size=st.integers(1, 90))
@settings(max_examples=100)
def test_strata_share_the_size_and_each_has_a_row(amounts: list[int], seed: Seed, size: int) -> None:
    population = _population(amounts)
    sample = draw(_plan(Method.STRATIFIED, seed, size=size), population)
    assert all(1 <= stratum.drawn <= stratum.rows for stratum in sample.strata)
    assert sum(stratum.rows for stratum in sample.strata) == len(population.debits)
    asked = min(max(size, len(sample.strata)), len(population.debits))
    assert len(sample.selected) == asked


def test_a_stratum_gets_its_share_of_the_money() -> None:
    rows = [Row(f"A{place}", 900, "large") for place in range(50)] + [
        Row(f"B{place}", 100, "small") for place in range(50)
    ]
    sample = draw(_plan(Method.STRATIFIED, Seed(7), size=22), Population.of(rows, Currency.CNY))
    assert {stratum.name: stratum.drawn for stratum in sample.strata} == {"large": 19, "small": 3}


def test_bounds_part_the_strata_by_amount() -> None:
    population = _population([50, 100, 101, 5_000, 5_001, 9_000])
    sample = draw(_plan(Method.STRATIFIED, Seed(7), size=3, bounds=(100, 5_000)), population)
    assert [(stratum.name, stratum.rows) for stratum in sample.strata] == [("1", 2), ("2", 2), ("3", 2)]


@given(amounts=AMOUNTS, seed=SEEDS, method=st.sampled_from(list(Method)))
@settings(max_examples=60)
def test_what_is_above_and_what_is_picked_is_taken_whole(amounts: list[int], seed: Seed, method: Method) -> None:
    population = _population(amounts)
    picked = population.rows[0]
    sample = draw(_plan(method, seed, above=400_000, picked=(picked.key,)), population)
    reasons = {each.row.key: each.reason for each in sample.selected}
    assert reasons[picked.key] is Reason.BY_HAND
    for row in population.debits:
        if row.amount > 400_000 and row != picked:
            assert reasons[row.key] is Reason.ABOVE


@given(amounts=AMOUNTS, seed=SEEDS, method=DRAWN)
@settings(max_examples=60)
def test_credits_and_nil_are_never_drawn(amounts: list[int], seed: Seed, method: Method) -> None:
    population = _population([*amounts, 0])
    assert all(each.row.amount > 0 for each in draw(_plan(method, seed), population).selected)


def test_credits_are_a_population_of_their_own_when_turned() -> None:
    turned = _population([500, -300, 0, -200]).credits_turned()
    assert [row.amount for row in turned.debits] == [300, 200]
    assert turned.total == 500


def test_another_seed_gives_another_sample() -> None:
    population = _population(list(range(1_000, 9_000, 10)))
    for method in (Method.MONETARY_UNIT, Method.RANDOM, Method.STRATIFIED):
        samples = {draw(_plan(method, Seed(number)), population).keys for number in range(8)}
        assert len(samples) == 8


def test_numbers_below_a_bound_are_spread_evenly() -> None:
    counts = [0] * 6
    for number in range(6_000):
        counts[Seed(number).below(6, "start")] += 1
    assert min(counts) > 900
    assert max(counts) < 1_100


def test_a_number_is_the_digest_of_one_readable_line() -> None:
    line = b"hetao-sample/1|c0ffee|row|JRN-7"
    assert Seed.parse("0xC0FFEE").rank("JRN-7") == int(hashlib.sha256(line).hexdigest(), 16)


@pytest.mark.parametrize("text", ["", "xyz", "12 34", "-1", "f" * 65, "０１"])
def test_what_is_no_seed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        Seed.parse(text)


@pytest.mark.parametrize("rows", [[Row("A", 1), Row("A", 2)], [Row("", 1)], [Row("A", True)]])
def test_what_is_no_population_is_refused(rows: list[Row]) -> None:
    with pytest.raises(NotOnePopulation):
        Population.of(rows, Currency.HKD)


KNOWN = {
    Method.MONETARY_UNIT: "6a580be2ea16d5f1",
    Method.STRATIFIED: "02573fb735a0963a",
    Method.RANDOM: "331fc4682ffa18d0",
}


@pytest.mark.parametrize("method", KNOWN)
def test_a_sample_once_drawn_is_drawn_for_ever(method: Method) -> None:
    population = _population([(place * 7_919) % 90_001 - 2_000 for place in range(400)])
    plan = Plan(method, Seed.parse("c0ffee"), tolerable=800_000, expected=80_000, above=80_000)
    sample = draw(plan, population)
    assert hashlib.sha256(sample_csv(sample)).hexdigest()[:16] == KNOWN[method]


def test_the_surrounding_decimal_context_changes_nothing() -> None:
    population = _population(list(range(1_000, 9_000, 10)))
    plan = _plan(Method.MONETARY_UNIT, Seed(5), size=None)
    with localcontext(prec=3):
        loose = draw(plan, population)
    assert loose == draw(plan, population)


def test_a_plan_comes_back_from_its_facts() -> None:
    plan = Plan(Method.STRATIFIED, Seed(255), Decimal("0.90"), 5, 1, 7, ("A", "B"), 9, (1, 2))
    assert Plan.of_facts(plan.facts()) == plan


@pytest.mark.parametrize(
    "other", [Row("A", 2, "x"), Row("A", 1, "y"), Row("B", 1, "x")], ids=["amount", "group", "key"]
)
def test_a_digest_changes_with_any_part_of_a_row(other: Row) -> None:
    before, after = (Population.of([row, Row("Z", 9)], Currency.HKD) for row in (Row("A", 1, "x"), other))
    assert population_digest(before) != population_digest(after)


def test_a_sample_is_sealed_with_plan_and_population() -> None:
    population = _population([100, 200, 300])
    digests = {
        sample_digest(draw(plan, population), population)
        for plan in (_plan(Method.RANDOM, Seed(1)), _plan(Method.RANDOM, Seed(2)), _plan(Method.MONETARY_UNIT, Seed(1)))
    }
    assert len(digests) == 3


def test_coverage_is_the_selected_share_of_the_money() -> None:
    sample = draw(Plan(Method.ABOVE, Seed(1), above=500), _population([1_000, 500, -400]))
    assert sample.coverage == Decimal("66.7")
