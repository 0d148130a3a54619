"""Entries as plain data: what balances exists, what does not is refused with every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.kernel.money import MAX_MINOR, Money
from app.ledger.chart import AccountCode
from app.ledger.entries import (
    AccountKey,
    Dimensions,
    Entry,
    EntryKind,
    Line,
    Rate,
    canonical,
    cost,
    credit,
    debit,
    exchange_lines,
    in_functional,
)
from app.ledger.headings import Heading

CNY, HKD = Currency.CNY, Currency.HKD
BANK = AccountKey(AccountCode.BANK, HKD, UUID(int=7))
GRANT = AccountKey(AccountCode.GRANT_RECEIVED, HKD)
RATE = Rate(HKD, CNY, Decimal("0.9250"))

amounts = st.integers(1, MAX_MINOR // 1000)
rates = st.decimals(Decimal("0.5"), Decimal("2"), places=6)


def entry(*lines: Line, **changes: object) -> Entry:
    values: dict[str, object] = {
        "book_id": UUID(int=1),
        "effective_on": date(2026, 3, 2),
        "kind": EntryKind.ACTUAL,
        "event_id": UUID(int=2),
        "reason": "A test",
        "lines": lines,
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def hkd(minor: int) -> Money:
    return Money(minor, HKD)


def codes(refused: pytest.ExceptionInfo[RuleBreached]) -> list[str]:
    return [breach.code for breach in refused.value.breaches]


@given(st.lists(amounts, min_size=1, max_size=8))
def test_lines_that_balance_make_an_entry(parts: list[int]) -> None:
    lines = [debit(cost(Heading.TRAVEL, HKD), hkd(part)) for part in parts]
    made = entry(*lines, credit(BANK, hkd(sum(parts))))
    assert sum(line.amount.minor for line in made.lines) == 0


@given(amounts, amounts)
def test_lines_that_differ_are_refused(first: int, second: int) -> None:
    if first == second:
        second += 1
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(first)), credit(GRANT, hkd(second)))
    assert codes(refused) == ["entry.unbalanced", "entry.functional"]


def test_two_currencies_are_balanced_apart() -> None:
    yuan = AccountKey(AccountCode.GRANT_RECEIVED, CNY)
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(100)), credit(yuan, Money(100, CNY), functional=hkd(100)))
    assert codes(refused) == ["entry.unbalanced", "entry.unbalanced"]


def test_a_cost_line_takes_its_heading_from_the_account() -> None:
    assert debit(cost(Heading.MATERIALS, HKD), hkd(5)).dimensions.heading is Heading.MATERIALS


def test_a_cost_line_under_another_heading_is_refused() -> None:
    line = debit(cost(Heading.MATERIALS, HKD), hkd(5), Dimensions(heading=Heading.TRAVEL))
    with pytest.raises(RuleBreached) as refused:
        entry(line, credit(BANK, hkd(5)))
    assert codes(refused) == ["entry.line"]


def test_a_pocket_line_names_its_pocket() -> None:
    pocket = AccountKey(AccountCode.POCKET, HKD, uuid4())
    assert debit(pocket, hkd(5)).dimensions.pocket_id == pocket.subject_id


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"effective_on": date(1999, 12, 31)}, "entry.date"),
        ({"effective_on": date(2061, 1, 1)}, "entry.date"),
        ({"kind": EntryKind.REVERSAL}, "entry.reversal"),
        ({"reason": "   "}, "entry.reason"),
        ({"reason": "x" * 501}, "entry.reason"),
        ({"evidence_sha256": b"short"}, "entry.evidence"),
    ],
)
def test_a_head_that_breaks_a_rule_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(5)), credit(GRANT, hkd(5)), **change)
    assert codes(refused) == [code]


def test_an_entry_of_one_line_is_refused() -> None:
    rounding = AccountKey(AccountCode.ROUNDING, HKD)
    with pytest.raises(RuleBreached) as refused:
        entry(Line(rounding, hkd(0), hkd(0)))
    assert "entry.lines" in codes(refused)


def test_every_breach_is_named_at_once() -> None:
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(5)), credit(GRANT, hkd(6)), reason="", effective_on=date(1990, 1, 1))
    assert codes(refused) == ["entry.date", "entry.reason", "entry.unbalanced", "entry.functional"]


def test_an_amount_of_nil_is_for_exchange_and_rounding_only() -> None:
    lines = (
        Line(AccountKey(AccountCode.GRANT_RECEIVED, CNY), Money(0, CNY), hkd(3)),
        Line(AccountKey(AccountCode.ROUNDING, CNY), Money(0, CNY), hkd(-3)),
    )
    with pytest.raises(RuleBreached) as refused:
        entry(*lines)
    assert codes(refused) == ["entry.line"]
    assert refused.value.breaches[0].params["line"] == 1


def test_the_books_own_currency_has_one_amount_only() -> None:
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(5), functional=hkd(4)), credit(GRANT, hkd(5), functional=hkd(4)))
    assert codes(refused) == ["entry.line", "entry.line"]


def test_an_account_with_a_subject_must_name_it() -> None:
    with pytest.raises(RuleBreached) as refused:
        entry(debit(AccountKey(AccountCode.BANK, HKD), hkd(5)), credit(GRANT, hkd(5)))
    assert codes(refused) == ["entry.line"]


def test_an_account_without_a_subject_takes_none() -> None:
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(5)), credit(replace(GRANT, subject_id=uuid4()), hkd(5)))
    assert codes(refused) == ["entry.line"]


def test_an_amount_beyond_the_limit_is_refused() -> None:
    with pytest.raises(RuleBreached) as refused:
        entry(debit(BANK, hkd(MAX_MINOR + 1)), credit(GRANT, hkd(MAX_MINOR + 1)))
    assert codes(refused) == ["entry.line", "entry.line"]


@pytest.mark.parametrize("make", [debit, credit])
def test_a_negative_amount_is_a_mistake_of_the_caller(make: object) -> None:
    with pytest.raises(ValueError, match="positive"):
        make(BANK, hkd(-1))  # type: ignore[operator]


def test_an_amount_on_an_account_of_another_currency_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="on an account in HKD"):
        debit(BANK, Money(1, CNY))


def test_a_rate_converts_both_ways_half_up() -> None:
    assert RATE.convert(hkd(100)) == Money(93, CNY)  # 92.5 fen
    assert RATE.convert(Money(40_000_000, CNY)) == hkd(43_243_243)
    assert RATE.convert(hkd(-100)) == Money(-93, CNY)


@given(amounts, rates)
def test_a_division_by_the_rate_is_rounded_once_from_the_exact_quotient(minor: int, value: Decimal) -> None:
    worth = Rate(HKD, CNY, value).convert(Money(minor, CNY))
    assert abs(worth.minor * value - minor) * 2 <= value


@pytest.mark.parametrize("value", [Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_rate_that_is_no_rate_converts_nothing(value: Decimal) -> None:
    with pytest.raises(ValueError, match="does not convert"):
        Rate(HKD, CNY, value).convert(hkd(1))


def test_the_worked_example_balances_to_the_cent() -> None:
    """CNY 400,000.00 at 0.9250 arrives as HKD 432,432.43 less HKD 150.00 (product.md 3)."""
    received, charge = Money.parse("432282.43", HKD), Money.parse("138.75", CNY)
    made = entry(
        *in_functional(
            [
                debit(BANK, received),
                debit(cost(Heading.BANK_CHARGE, CNY), charge),
                credit(AccountKey(AccountCode.GRANT_RECEIVED, CNY), Money.parse("400000.00", CNY)),
                *exchange_lines(received, Money.parse("399861.25", CNY), Dimensions()),
            ],
            HKD,
            RATE,
        )
    )
    by_account = {(line.account.code, line.account.currency): line.functional.amount for line in made.lines}
    assert by_account[AccountCode.BANK_CHARGE, CNY] == Decimal("150.00")
    assert by_account[AccountCode.GRANT_RECEIVED, CNY] == Decimal("-432432.43")
    assert by_account[AccountCode.CURRENCY_TRADING, CNY] == Decimal("432282.43")
    assert (AccountCode.ROUNDING, CNY) not in by_account


@given(st.lists(amounts, min_size=1, max_size=6), rates)
def test_translation_balances_and_leaves_the_residue_on_a_named_line(parts: list[int], value: Decimal) -> None:
    lines = [debit(cost(Heading.TRAVEL, CNY), Money(part, CNY)) for part in parts]
    lines.append(credit(AccountKey(AccountCode.INSTITUTION_CLEARING, CNY), Money(sum(parts), CNY)))
    made = entry(*in_functional(lines, HKD, Rate(HKD, CNY, value)))
    residue = [line for line in made.lines if line.account.code is AccountCode.ROUNDING]
    assert sum(line.functional.minor for line in made.lines) == 0
    assert len(residue) <= 1
    assert all(not line.amount and abs(line.functional.minor) <= len(parts) + 1 for line in residue)


def test_a_foreign_line_without_a_rate_is_refused() -> None:
    with pytest.raises(RuleBreached) as refused:
        in_functional([debit(cost(Heading.TRAVEL, CNY), Money(1, CNY))], HKD)
    assert codes(refused) == ["entry.rate-missing"]


def test_an_exchange_needs_two_currencies() -> None:
    with pytest.raises(ValueError, match="two currencies"):
        exchange_lines(hkd(1), hkd(1), Dimensions())


def test_equal_entries_have_equal_canonical_forms_and_others_do_not() -> None:
    first = entry(debit(BANK, hkd(5)), credit(GRANT, hkd(5)))
    again = entry(debit(BANK, hkd(5)), credit(GRANT, hkd(5)))
    other = entry(debit(BANK, hkd(6)), credit(GRANT, hkd(6)))
    assert canonical(first) == canonical(again) != canonical(other)
