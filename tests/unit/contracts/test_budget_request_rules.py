"""What may be asked of the funder about a budget, and the limits of years that follow from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.contracts.budget_request_rules import (
    ItemFacts,
    YearFacts,
    item_asked_once,
    item_breaches,
    item_is_open,
    lines_are_the_terms,
    year_asked_once,
    year_breaches,
    years_are_asked_for,
    years_within_the_budget,
)
from app.contracts.limits import ContractTerms, YearBudget, year_limits
from app.contracts.states import TermsFamily
from app.kernel.money import Money
from tests.unit.contracts.test_limits import cny, terms

FIRST = (date(2025, 9, 1), date(2025, 12, 31))
SECOND = (date(2026, 1, 1), date(2026, 12, 31))


def itemised(*years: dict[str, Money] | None, carries: bool = True, asked: bool = True) -> ContractTerms:
    """An itemised contract of two years with these budgets, under terms that budget by year."""
    found = terms(TermsFamily.MAINLAND_ITEMISED, LABOUR="700000.00", OPERATING="300000.00")
    said = {
        name: replace(found.parameters[name], value=value)
        for name, value in (("budget_by_year", asked), ("year_budget_carries_over", carries))
    }
    given = (*years, None, None)[:2]
    entered = tuple(
        YearBudget(number, *days, lines)
        for number, (days, lines) in enumerate(zip((FIRST, SECOND), given, strict=True), 1)
    )
    return replace(found, parameters={**found.parameters, **said}, years=entered)


def year(found: ContractTerms, number: int = 1, waiting: frozenset[int] = frozenset(), **lines: str) -> YearFacts:
    return YearFacts(found, number, {line: cny(text) for line, text in lines.items()}, waiting)


def vote(line: str, approved: frozenset[str] | None, waiting: frozenset[str] = frozenset()) -> ItemFacts:
    return ItemFacts(terms(TermsFamily.RGC_ONE_LINE_VOTE), line, approved, waiting)


@pytest.mark.parametrize(
    ("line", "approved", "opened"),
    [("EQUIPMENT", frozenset({"STAFF"}), True), ("STAFF", frozenset({"STAFF"}), False), ("EQUIPMENT", None, False),
     ("LABOUR", frozenset({"STAFF"}), False)],
)  # fmt: skip
def test_only_a_row_that_is_not_approved_is_asked_for(line: str, approved: frozenset[str], opened: bool) -> None:
    assert (item_is_open(vote(line, approved)) is None) is opened


def test_an_item_is_asked_for_once_at_a_time() -> None:
    facts = vote("EQUIPMENT", frozenset({"STAFF"}), frozenset({"EQUIPMENT"}))
    assert item_asked_once(facts) is not None
    assert [each.code for each in item_breaches(facts)] == ["item.asked"]


def test_a_year_is_budgeted_where_the_terms_say_so_and_the_contract_has_it() -> None:
    assert years_are_asked_for(year(itemised(), LABOUR="1.00")) is None
    assert years_are_asked_for(year(itemised(), 3, LABOUR="1.00")) is not None
    assert years_are_asked_for(year(itemised(asked=False), LABOUR="1.00")) is not None


def test_a_year_waits_for_one_decision_at_a_time() -> None:
    assert year_asked_once(year(itemised(), waiting=frozenset({2}), LABOUR="1.00")) is None
    assert year_asked_once(year(itemised(), waiting=frozenset({1}), LABOUR="1.00")) is not None


@pytest.mark.parametrize(("line", "known"), [("LABOUR", True), ("TOTAL", False), ("STAFF", False)])
def test_a_year_stands_on_the_rows_of_the_terms(line: str, known: bool) -> None:
    assert (lines_are_the_terms(year(itemised(), **{line: "1.00"})) is None) is known
    assert lines_are_the_terms(year(itemised())) is not None


def test_the_years_of_a_line_come_to_no_more_than_its_budget() -> None:
    found = itemised({"LABOUR": cny("400000.00")})
    assert years_within_the_budget(year(found, 2, LABOUR="300000.00")) is None
    breach = years_within_the_budget(year(found, 2, LABOUR="300000.01"))
    assert breach is not None
    assert (breach.params["sum"], breach.params["budget"]) == (cny("700000.01"), cny("700000.00"))
    assert [each.code for each in year_breaches(year(found, 2, LABOUR="300000.01"))] == ["year.beyond-budget"]


def test_a_year_entered_anew_replaces_its_own_amount() -> None:
    assert years_within_the_budget(year(itemised({"LABOUR": cny("400000.00")}), LABOUR="700000.00")) is None


def labour(found: ContractTerms) -> list[tuple[int, str, date]]:
    return [
        (limit.year, str(limit.budget.amount), limit.days[0]) for limit in year_limits(found) if limit.line == "LABOUR"
    ]


def test_unspent_budget_goes_over_into_the_next_year_where_the_terms_say_so() -> None:
    found = itemised({"LABOUR": cny("400000.00")}, {"LABOUR": cny("300000.00")})
    assert labour(found) == [(1, "400000.00", FIRST[0]), (2, "700000.00", FIRST[0])]


def test_unspent_budget_lapses_where_they_do_not() -> None:
    found = itemised({"LABOUR": cny("400000.00")}, {"LABOUR": cny("300000.00")}, carries=False)
    assert labour(found) == [(1, "400000.00", FIRST[0]), (2, "300000.00", SECOND[0])]


def test_a_year_without_a_budget_has_nil_once_another_has_one() -> None:
    assert labour(itemised({"LABOUR": cny("400000.00")}, carries=False)) == [
        (1, "400000.00", FIRST[0]),
        (2, "0.00", SECOND[0]),
    ]


def test_there_are_no_limits_of_years_without_the_terms_or_without_any_budget() -> None:
    assert year_limits(itemised()) == ()
    assert year_limits(itemised({"LABOUR": cny("1.00")}, asked=False)) == ()
