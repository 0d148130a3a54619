"""Overhead by formula and apportioned interest, to the cent; the parts of a pool always add up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as some

from app.contracts.terms.ratios import Of
from app.journals import sheets
from app.journals.interest import Apportionment, Holding, apportion
from app.journals.overhead import Formula, Overhead, RowCost
from app.kernel.currencies import Currency
from app.kernel.money import Money

HKD = Currency.HKD
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
TIERS = [["5000000.00", "30"], ["10000000.00", "25"], [None, "20"]]


def hkd(text: str) -> Money:
    return -Money.parse(text[1:], HKD) if text.startswith("-") else Money.parse(text, HKD)


def overhead(value: Any, of: Of = Of.OVERHEAD_BASE, **changes: Any) -> Overhead:
    """Manpower 1,200,000, equipment 300,000 and other cost 150,000 count; the audit fee does not."""
    nil = Money.zero(HKD)
    costs = [("MANPOWER", "1200000.00", True), ("EQUIPMENT", "300000.00", True), ("OTHER_DIRECT", "150000.00", True)]
    rows = [*costs, ("AUDIT_FEE", "14000.00", False)]
    values: dict[str, Any] = {
        "contract": "CON-2026-00001",
        "first_day": FIRST,
        "last_day": LAST,
        "formula": Formula("overhead_percent", "Rate", value, "Terms", False, of, "OVERHEADS", "Overheads"),
        "costs": tuple(RowCost(code, code, nil, hkd(amount), counted) for code, amount, counted in rows),
        "received": hkd("400000.00"),
        "sponsorship": nil,
        "left_out": nil,
        "left_out_reason": "",
        "charged": nil,
        "waiting": nil,
    }
    return Overhead(**(values | changes))


def holding(number: int, opening: str, **movements: str) -> Holding:
    """A contract with money before the period; movements as `d05="-10.00"`."""
    moved = {FIRST + timedelta(days=int(day[1:]) - 1): hkd(amount) for day, amount in movements.items()}
    return Holding(UUID(int=number), f"CON-2026-{number:05}", hkd(opening), moved)


def apportioned(whole: str, *holdings: Holding, other: str = "0.00") -> Apportionment:
    found = apportion(hkd(whole), holdings, FIRST, LAST, hkd(other))
    assert found is not None
    return found


# overhead


def test_overhead_is_the_percentage_of_the_rows_that_count_and_of_no_other() -> None:
    sheet = overhead("15")
    assert (sheet.base, sheet.given) == (hkd("1650000.00"), hkd("247500.00"))


def test_sponsorship_comes_off_the_base_of_a_platform_project() -> None:
    assert overhead("15", sponsorship=hkd("165000.00")).given == hkd("222750.00")


@pytest.mark.parametrize(("base", "expected"), [("3", "0.90"), ("8", "2.25"), ("14", "3.55")])
def test_tiers_apply_slice_by_slice(base: str, expected: str) -> None:
    counted = (RowCost("LABOUR", "Labour", Money.zero(HKD), hkd(f"{base}000000.00"), True),)
    assert overhead(TIERS, costs=counted).given == Money.rounded(hkd(expected).amount * 1_000_000, HKD)


def test_what_the_terms_reckon_from_the_grant_takes_the_grant_received() -> None:
    assert overhead("5", of=Of.GRANT).given == hkd("20000.00")


def test_only_what_is_neither_charged_nor_waiting_is_left_to_charge() -> None:
    sheet = overhead("15", charged=hkd("200000.00"), waiting=hkd("40000.00"))
    assert sheet.charge == hkd("7500.00")
    assert overhead("15", charged=hkd("250000.00")).charge == hkd("-2500.00")


def test_cost_before_the_period_counts_as_well_so_that_slices_go_on_where_they_stood() -> None:
    counted = (RowCost("LABOUR", "Labour", hkd("4000000.00"), hkd("4000000.00"), True),)
    assert overhead(TIERS, costs=counted).given == hkd("2250000.00")


def test_a_base_that_is_taken_off_below_nil_counts_as_nil() -> None:
    sheet = overhead("15", left_out=hkd("2000000.00"))
    assert (sheet.base, sheet.charge) == (Money.zero(HKD), Money.zero(HKD))


def test_overhead_is_rounded_half_up_once() -> None:
    counted = (RowCost("LABOUR", "Labour", Money.zero(HKD), hkd("0.10"), True),)
    assert overhead("15", costs=counted).given == hkd("0.02")


# interest


def test_interest_follows_the_average_daily_balance() -> None:
    sheet = apportioned("310.00", holding(1, "1000.00"), holding(2, "0.00", d17="1000.00"))
    one, other = sheet.shares
    assert (one.days, one.average, other.days, other.average) == (31, hkd("1000.00"), 15, hkd("483.87"))
    assert (one.part, other.part) == (hkd("208.91"), hkd("101.09"))


def test_a_day_counts_with_the_balance_at_its_end() -> None:
    (share,) = apportioned("1.00", holding(1, "0.00", d31="31.00")).shares
    assert (share.days, share.average) == (1, hkd("1.00"))


def test_days_below_nil_count_as_nil_and_take_nothing_from_anybody() -> None:
    sheet = apportioned("100.00", holding(1, "500.00"), holding(2, "-9000.00"), holding(3, "500.00", d16="-600.00"))
    assert [each.part for each in sheet.shares] == [hkd("67.39"), hkd("0.00"), hkd("32.61")]


def test_money_of_no_contract_keeps_its_part() -> None:
    sheet = apportioned("100.00", holding(1, "250.00"), other="750.00")
    assert (sheet.shares[0].part, sheet.other_part) == (hkd("25.00"), hkd("75.00"))


def test_cents_left_over_go_by_the_largest_remainder_and_then_by_number() -> None:
    sheet = apportioned("0.05", holding(3, "10.00"), holding(1, "10.00"), holding(2, "10.00"))
    assert [(each.contract[-1], each.part.minor) for each in sheet.shares] == [("1", 2), ("2", 2), ("3", 1)]


def test_a_pool_without_money_is_not_apportioned() -> None:
    assert apportion(hkd("1.00"), [holding(1, "-5.00")], FIRST, LAST, hkd("0.00")) is None


_amounts = some.integers(-(10**12), 10**12).map(lambda minor: Money(minor, HKD))
_movements = some.dictionaries(some.integers(0, 30).map(lambda n: FIRST + timedelta(days=n)), _amounts, max_size=6)
_pools = some.lists(some.tuples(_amounts, _movements), max_size=7)


@given(pool=_pools, whole=some.integers(1, 10**10), other=some.integers(0, 10**10), order=some.randoms())
def test_parts_of_any_pool_add_up_are_never_negative_and_do_not_hang_on_the_order(
    pool: list[tuple[Money, dict[date, Money]]], whole: int, other: int, order: Any
) -> None:
    holdings = [Holding(UUID(int=n), f"CON-{n}", opening, moved) for n, (opening, moved) in enumerate(pool, 1)]
    found = apportion(Money(whole, HKD), holdings, FIRST, LAST, Money(other, HKD))
    shuffled = list(holdings)
    order.shuffle(shuffled)
    assert apportion(Money(whole, HKD), shuffled, FIRST, LAST, Money(other, HKD)) == found
    if found is None:
        return
    assert sum(each.part.minor for each in found.shares) + found.other_part.minor == whole
    assert all(each.part.minor >= 0 for each in found.shares)
    assert all(not each.part for each in found.shares if not each.days)


def test_a_calculation_is_read_back_as_it_was_written() -> None:
    for sheet in (overhead(TIERS, sponsorship=hkd("1.00")), apportioned("1.00", holding(1, "5.00"), other="2.00")):
        assert sheets.read(sheets.written(sheet)) == sheet
