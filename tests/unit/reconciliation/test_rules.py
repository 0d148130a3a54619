"""Rules of statements, matches and months: each with a passing and a refusing case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.reconciliation import rules
from app.reconciliation.rules import MonthFacts, Span
from app.reconciliation.statements import LineRead, StatementRead


def hkd(minor: int) -> Money:
    return Money(minor, Currency.HKD)


DAY = date(2026, 9, 1)
LINE = LineRead(DAY, DAY, hkd(500))
SOUND = StatementRead(DAY, date(2026, 9, 30), hkd(1000), hkd(1500), (LINE,))
BEFORE = Span("BST-2026-00001", date(2026, 8, 1), date(2026, 8, 31), hkd(0), hkd(1000))
AFTER = Span("BST-2026-00003", date(2026, 10, 1), date(2026, 10, 31), hkd(1500), hkd(0))


def codes(read: StatementRead, *standing: Span) -> list[str]:
    return [each.code for each in rules.statement_breaches(read, standing)]


def test_a_statement_that_adds_up_and_continues_is_sound() -> None:
    assert codes(SOUND, BEFORE, AFTER) == []
    assert codes(SOUND) == []


@pytest.mark.parametrize(
    ("read", "code", "field"),
    [
        (replace(SOUND, last_day=date(2026, 8, 1), lines=(), closing=hkd(1000)), "bank-statement.days", "last_day"),
        (
            replace(SOUND, lines=(replace(LINE, booked_on=date(2026, 10, 1)),)),
            "bank-statement.line-day",
            "lines-0-booked_on",
        ),
        (replace(SOUND, lines=(LINE, replace(LINE, amount=hkd(0)))), "bank-statement.line-nil", "lines-1-amount"),
        (replace(SOUND, closing=hkd(1501)), "bank-statement.adds-up", "closing"),
    ],
)
def test_each_fault_of_a_statement_names_its_field(read: StatementRead, code: str, field: str) -> None:
    found = rules.statement_breaches(read, ())
    assert [(each.code, each.field) for each in found] == [(code, field)]
    assert all(each.cure and each.message % dict(each.params) for each in found)


def test_the_difference_of_a_statement_is_named() -> None:
    assert rules.adds_up(replace(SOUND, closing=hkd(1501)))[0].params["off"] == hkd(1)


@pytest.mark.parametrize(
    ("standing", "code", "field"),
    [
        (replace(BEFORE, closing=hkd(999)), "bank-statement.continuity", "opening"),
        (replace(AFTER, opening=hkd(1)), "bank-statement.continuity", "closing"),
        (replace(BEFORE, last_day=DAY), "bank-statement.overlap", "first_day"),
        (replace(AFTER, first_day=date(2026, 9, 30)), "bank-statement.overlap", "first_day"),
    ],
)
def test_a_statement_that_does_not_continue_another_is_refused(standing: Span, code: str, field: str) -> None:
    assert [(each.code, each.field) for each in rules.continues(SOUND, [standing])] == [(code, field)]


def test_only_the_nearest_statements_have_to_continue() -> None:
    far = Span("BST-2026-00000", date(2026, 1, 1), date(2026, 1, 31), hkd(0), hkd(77))
    assert codes(SOUND, far, BEFORE) == []


# Matches


@pytest.mark.parametrize(
    ("lines", "postings", "code"),
    [
        ([5], [], "bank-match.too-few"),
        ([], [], "bank-match.too-few"),
        ([1, 2], [1, 2], "bank-match.many-to-many"),
        ([5], [4], "bank-match.sums"),
        ([5, -4], [], "bank-match.sums"),
    ],
)
def test_what_is_no_match_is_refused(lines: list[int], postings: list[int], code: str) -> None:
    found = rules.match_breaches([hkd(each) for each in lines], [hkd(each) for each in postings])
    assert [each.code for each in found] == [code]


@pytest.mark.parametrize(
    ("lines", "postings"), [([5], [5]), ([5], [2, 3]), ([2, 3], [5]), ([5, -5], []), ([], [5, -5])]
)
def test_what_agrees_to_the_cent_is_a_match(lines: list[int], postings: list[int]) -> None:
    assert rules.match_breaches([hkd(each) for each in lines], [hkd(each) for each in postings]) == []


AMOUNTS = st.integers(-(10**13), 10**13).filter(bool)


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.integers(-3, 3))
def test_one_line_matches_its_parts_and_nothing_a_cent_away(parts: list[int], off: int) -> None:
    postings = [hkd(part) for part in parts]
    line = total(postings, Currency.HKD) + hkd(off)
    found = rules.match_breaches([line], postings)
    assert (not found) == (off == 0)
    if off:
        assert found[0].params["off"] == hkd(off)


@given(st.lists(AMOUNTS, max_size=6), st.lists(AMOUNTS, max_size=6))
def test_a_match_that_is_taken_always_sums_to_the_same(lines: list[int], postings: list[int]) -> None:
    if not rules.match_breaches([hkd(each) for each in lines], [hkd(each) for each in postings]):
        assert sum(lines) == sum(postings)
        assert min(len(lines), len(postings)) <= 1


# Months

MONTH = MonthFacts(date(2026, 9, 30), date(2026, 10, 1), True, None, 0, hkd(0), "")


def test_a_month_that_is_over_covered_and_in_order_may_be_prepared() -> None:
    assert rules.month_breaches(MONTH) == []
    assert rules.month_breaches(replace(MONTH, open_lines=2, note="Entered in October")) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(MONTH, today=date(2026, 9, 30)), "bank-month.not-over"),
        (replace(MONTH, covered=False), "bank-month.not-covered"),
        (replace(MONTH, earlier=date(2026, 8, 1)), "bank-month.order"),
        (replace(MONTH, open_lines=1), "bank-month.unexplained"),
        (replace(MONTH, forward=hkd(-1)), "bank-month.unexplained"),
    ],
)
def test_what_keeps_a_month_from_being_prepared_says_what_to_do(facts: MonthFacts, code: str) -> None:
    found = rules.month_breaches(facts)
    assert [each.code for each in found] == [code]
    assert found[0].cure
    assert found[0].message % dict(found[0].params)


def test_a_gap_of_days_without_movement_is_no_gap_of_money() -> None:
    later = replace(SOUND, first_day=DAY + timedelta(days=7), lines=(replace(LINE, booked_on=date(2026, 9, 9)),))
    assert codes(later, BEFORE) == []
