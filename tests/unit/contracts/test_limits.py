"""Limits from terms: lines, ratios by percentage and by slice, floors, and what binds; with a small model of a cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, strategies as st

from app.budgets.rules import Effect, LimitKind, LimitStanding, breach, effects
from app.contracts.facts import Parameter
from app.contracts.limits import ContractTerms, limits
from app.contracts.states import FundingMode, SpendingLimit, TermsFamily
from app.contracts.terms import FAMILIES
from app.contracts.terms.ratios import share
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading

TIERS = [["5000000.00", "30"], ["10000000.00", "25"], [None, "20"]]


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def terms(
    family: TermsFamily, amount: str = "1000000.00", verified: bool | None = None, **budget: str
) -> ContractTerms:
    """A contract under the family's own starting parameters; `verified` overrules every one of theirs."""
    known = FAMILIES[family]
    parameters = {
        seed.name: Parameter(
            seed.name, seed.label, seed.value, seed.source, seed.verified if verified is None else verified, None
        )
        for seed in known.seeds
    }
    lines = {code: cny(text) for code, text in budget.items()}
    return ContractTerms(known, known.modes[0], known.spending_limit, cny(amount), lines, parameters)


# ratios


@pytest.mark.parametrize(
    ("base", "allowed"),
    [
        ("0.00", "0.00"),
        ("3000000.00", "900000.00"),
        ("5000000.00", "1500000.00"),
        ("8000000.00", "2250000.00"),
        ("10000000.00", "2750000.00"),
        ("14000000.00", "3550000.00"),
    ],
)
def test_indirect_cost_is_reckoned_slice_by_slice(base: str, allowed: str) -> None:
    assert share(TIERS, cny(base)) == cny(allowed)


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_a_larger_base_never_allows_less_and_never_more_than_the_highest_tier(first: int, second: int) -> None:
    low, high = sorted((first, second))
    small, large = share(TIERS, Money(low, Currency.CNY)), share(TIERS, Money(high, Currency.CNY))
    assert small is not None
    assert large is not None
    assert small <= large
    assert large.minor <= high * 30 // 100 + 1
    assert large.minor >= high * 20 // 100


@given(st.integers(0, 10**13), st.decimals(0, 100, places=2))
def test_a_percentage_is_rounded_half_up_once(minor: int, percent: Decimal) -> None:
    exact = (Decimal(minor) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    assert share(str(percent), Money(minor, Currency.HKD)) == Money(int(exact), Currency.HKD)


def test_a_negative_base_allows_nothing() -> None:
    assert share("15", cny("-100.00")) == cny("0.00")


@pytest.mark.parametrize("value", [15, None, "fifteen", True, [["5", "30", "1"]], [[None, 30]]])
def test_a_value_that_is_no_percentage_limits_nothing(value: object) -> None:
    assert share(value, cny("100.00")) is None


# limits


def by_line(found: ContractTerms) -> dict[str, tuple[str, bool]]:
    return {limit.line: (str(limit.budget.amount), limit.enforced) for limit in limits(found)}


def test_itemised_terms_bind_every_line_even_without_a_budget() -> None:
    found = by_line(terms(TermsFamily.ITF, MANPOWER="600000.00", OTHER_DIRECT="400000.00"))
    assert found["MANPOWER"] == ("600000.00", True)
    assert found["EQUIPMENT"] == ("0.00", True)
    assert found["TOTAL"] == ("1000000.00", True)


def test_a_lump_sum_has_no_lines() -> None:
    assert set(by_line(terms(TermsFamily.MAINLAND_LUMP_SUM))) == {"TOTAL", "management_fee_percent"}


def test_money_received_raises_the_whole_only_where_the_terms_limit_by_it() -> None:
    received = next(iter(limits(terms(TermsFamily.MAINLAND_LUMP_SUM))))
    contracted = next(iter(limits(terms(TermsFamily.RGC_ONE_LINE_VOTE))))
    assert (received.budget, AccountCode.GRANT_RECEIVED in received.raised_by) == (cny("0.00"), True)
    assert (contracted.budget, AccountCode.GRANT_RECEIVED in contracted.raised_by) == (cny("1000000.00"), False)


def test_a_figure_nobody_has_read_binds_nothing() -> None:
    base = {"MANPOWER": "600000.00", "EQUIPMENT": "200000.00", "AUDIT_FEE": "10000.00"}
    assert by_line(terms(TermsFamily.ITF, **base))["overhead_percent"] == ("120000.00", False)
    assert by_line(terms(TermsFamily.ITF, verified=True, **base))["overhead_percent"] == ("120000.00", True)


def test_mainland_overhead_is_reckoned_on_direct_cost_less_equipment() -> None:
    found = by_line(
        terms(
            TermsFamily.MAINLAND_ITEMISED,
            "20000000.00",
            EQUIPMENT="9000000.00",
            OPERATING="5000000.00",
            LABOUR="3000000.00",
            AUDIT_FEE="50000.00",
        )
    )
    assert found["indirect_cost_tiers"][0] == "2250000.00"


def test_a_floor_on_one_row_limits_all_the_others_together() -> None:
    floor = next(limit for limit in limits(terms(TermsFamily.HETAO_PARK)) if limit.line == "construction_min_percent")
    assert (floor.budget, floor.enforced) == (cny("500000.00"), True)
    assert Heading.CONSTRUCTION not in floor.counts
    assert Heading.SALARY in floor.counts


@pytest.mark.parametrize("family", list(TermsFamily))
def test_every_ratio_names_a_row_and_a_parameter_of_its_family(family: TermsFamily) -> None:
    known = FAMILIES[family]
    assert all(known.row(ratio.row) and known.seed(ratio.parameter) for ratio in known.ratios)
    assert len(limits(terms(family))) == len(known.ratios) + 1 + (len(known.rows) if terms(family).by_heading else 0)


# what is left, against a model


STANDING = LimitStanding(
    kind=LimitKind.LINE,
    code="EQUIPMENT",
    label="Equipment",
    headings=frozenset({Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE}),
    budget=cny("100.00"),
    received=cny("0.00"),
    committed=cny("0.00"),
    actual=cny("0.00"),
    binds=True,
    source="The approved budget",
)
AMOUNTS = st.integers(-(10**6), 10**6)


@given(st.lists(AMOUNTS, min_size=4, max_size=4), st.dictionaries(st.sampled_from(list(Heading)), AMOUNTS))
def test_an_effect_is_what_a_plain_sum_says(figures: list[int], wanted: dict[Heading, int]) -> None:
    budget, received, committed, actual = (Money(minor, Currency.CNY) for minor in figures)
    standing = replace(STANDING, budget=budget, received=received, committed=committed, actual=actual)
    found = effects([standing], {heading: Money(minor, Currency.CNY) for heading, minor in wanted.items()})
    touched = [minor for heading, minor in wanted.items() if heading in standing.headings]
    assert len(found) == (1 if touched else 0)
    for effect in found:
        left = figures[0] + figures[1] - figures[2] - figures[3] - sum(touched)
        assert effect.left_after.minor == left
        assert effect.fits == (sum(touched) <= 0 or left >= 0)
        assert (breach(effect, "CON-1") is None) == effect.fits


def test_a_refusal_says_what_is_left_and_what_is_wanted() -> None:
    found = breach(Effect(STANDING, cny("130.00")), "CON-1", "lines-0-amount")
    assert found is not None
    assert (found.code, found.blocking, found.field) == ("budget.line-exceeded", True, "lines-0-amount")
    assert (found.params["left"], found.params["wanted"]) == (cny("100.00"), cny("130.00"))


def test_a_limit_that_does_not_bind_warns() -> None:
    standing = replace(STANDING, kind=LimitKind.CEILING, binds=False, verified=False)
    found = breach(Effect(standing, cny("130.00")), "CON-1")
    assert found is not None
    assert not found.blocking


@pytest.mark.parametrize(("used", "near"), [("89.99", False), ("90.00", True), ("100.00", True), ("100.01", False)])
def test_nine_tenths_of_a_limit_are_near_it(used: str, near: bool) -> None:
    assert replace(STANDING, actual=cny(used)).near is near


def test_modes_of_the_families_are_those_their_limits_expect() -> None:
    assert terms(TermsFamily.ITF).mode is FundingMode.ITEMISED
    assert terms(TermsFamily.ITF).spending_limit is SpendingLimit.CONTRACTED
