"""The engine of the corridor: who is asked what, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from app.contracts.states import Purpose
from app.corridor.rules import Case, PolicyRate, Rule, Threshold, asked, coverage, in_force
from app.corridor.states import ROUTES, AskKind, Step
from app.kernel.currencies import Currency
from app.kernel.money import Money

DAY = date(2026, 11, 20)
RATE = {("USD", "CNY"): PolicyRate(Decimal("7.2"), DAY, "Bank")}
FILING = Rule(
    UUID(int=1),
    "filing",
    1,
    "SZ",
    "HK",
    "GRANT",
    "",
    "",
    "",
    Threshold(5_000_000, "USD"),
    "FUND_FLOW",
    "ZONE_AUTHORITY",
    AskKind.FILING,
    "Tax filing",
    "At the tax office",
    "",
    "",
    Step.SUBMISSION,
    None,
    None,
    "Announcement 40",
    False,
    date(2020, 1, 1),
    None,
)


def case(amount: str = "360000.01", **changes: object) -> Case:
    begun = Case("SZ", "HK", Purpose.GRANT, "FUNDER", "UNIVERSITY", Money.parse(amount, Currency.CNY), rates=RATE)
    return replace(begun, **changes)  # type: ignore[arg-type]


def reasons(found: Case, *rules: Rule) -> list[str]:
    return [reason.message for each in asked(found, rules) for reason in each.why]


def test_one_cent_above_the_threshold_is_asked_for() -> None:
    assert [each.rule.code for each in asked(case("360000.01"), [FILING])] == ["filing"]


@pytest.mark.parametrize("amount", ["360000.00", "1.00"])
def test_the_threshold_itself_asks_for_nothing(amount: str) -> None:
    assert asked(case(amount), [FILING]) == []


def test_a_rate_with_many_decimals_is_compared_without_rounding() -> None:
    exact = {("USD", "CNY"): PolicyRate(Decimal("7.20000009"), DAY, "Bank")}
    assert asked(case("360000.00", rates=exact), [FILING]) == []
    assert asked(case("360000.01", rates=exact), [FILING])


def test_a_threshold_in_the_currency_of_the_payment_needs_no_rate() -> None:
    own = replace(FILING, above=Threshold(1_000_00, "CNY"))
    assert asked(case("1000.01", rates={}), [own])
    assert asked(case("1000.00", rates={}), [own]) == []


def test_without_a_rate_it_is_asked_and_the_reason_says_so() -> None:
    assert any("No confirmed rate" in reason for reason in reasons(case("1.00", rates={}), FILING))


def test_the_amount_at_its_rate_is_a_reason() -> None:
    assert any("%(rate)s" in reason for reason in reasons(case(), FILING))


@pytest.mark.parametrize(
    "change",
    [
        {"from_side": "HK", "to_side": "SZ"},
        {"purpose": Purpose.SERVICES},
        {"facilitated_on": frozenset({"FUND_FLOW"})},
        {"payer_kind": "ZONE_AUTHORITY"},
    ],
    ids=["other-route", "other-purpose", "facilitated", "exempt-payer"],
)
def test_a_case_the_rule_does_not_mean_is_not_asked(change: dict[str, object]) -> None:
    assert asked(case(**change), [FILING]) == []


@pytest.mark.parametrize("name", ["payer_kind", "payee_kind", "currency"])
def test_a_condition_that_is_set_must_be_met(name: str) -> None:
    met = {"payer_kind": "FUNDER", "payee_kind": "UNIVERSITY", "currency": "CNY"}
    assert asked(case(), [replace(FILING, **{name: met[name]})])
    assert asked(case(), [replace(FILING, **{name: "OTHER"})]) == []


def test_another_list_facilitates_nothing() -> None:
    assert asked(case(facilitated_on=frozenset({"ZONE_ACCESS"})), [FILING])


def test_a_rule_for_the_purpose_goes_before_one_for_any() -> None:
    general = replace(FILING, id=UUID(int=2), purpose="", title="General")
    for order in ([FILING, general], [general, FILING]):
        assert [each.rule.id for each in asked(case(), order)] == [FILING.id]


def test_the_newest_version_that_has_begun_is_in_force() -> None:
    second = replace(FILING, id=UUID(int=2), number=2, first_day=DAY)
    third = replace(FILING, id=UUID(int=3), number=3, first_day=date(2027, 1, 1))
    assert [each.number for each in in_force([FILING, third, second], DAY)] == [2]
    assert [each.number for each in in_force([FILING, third, second], date(2026, 11, 19))] == [1]


def test_a_version_that_ended_brings_no_older_one_back() -> None:
    ended = replace(FILING, id=UUID(int=2), number=2, last_day=DAY)
    assert [each.number for each in in_force([FILING, ended], DAY)] == [2]
    assert in_force([FILING, ended], date(2026, 11, 21)) == []


def test_versions_for_other_purposes_stand_beside_each_other() -> None:
    other = replace(FILING, id=UUID(int=2), number=2, purpose="SALARY")
    assert len(in_force([FILING, other], DAY)) == 2


def test_coverage_counts_rules_verified_ones_and_those_that_end_soon_and_shows_the_gaps() -> None:
    rules = [
        FILING,
        replace(FILING, id=UUID(int=2), code="note", purpose="", verified=True, last_day=date(2027, 2, 18)),
        replace(FILING, id=UUID(int=3), code="late", purpose="", last_day=date(2027, 2, 19)),
    ]
    found = {(each.from_side, each.purpose): each for each in coverage(rules, ROUTES, DAY)}
    assert len(found) == 12
    grant = found["SZ", Purpose.GRANT]
    assert (grant.rules, grant.verified, grant.ending) == (3, 1, 1)
    assert found["SZ", Purpose.EQUITY].rules == 2
    assert found["HK", Purpose.GRANT].rules == 0
