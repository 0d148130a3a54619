"""The closing checks of a month, each with a passing and a refusing case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.periods.rules import Facts, Position, Revalued, Unpaired, checks, open_breaches
from app.periods.states import CheckCode, Outcome

CENT = Money(1, Currency.HKD)
NIL = Money(0, Currency.HKD)
YUAN = Money(100, Currency.CNY)
SOUND = Facts(
    last_day=date(2026, 10, 31),
    today=date(2026, 11, 1),
    earlier_open=None,
    entries=3,
    not_in_a_block=0,
    sums=(NIL,),
    rollups_agree=True,
    in_transit=(NIL,),
    unpaired=(),
    revalued=Revalued(YUAN, CENT, CENT, date(2026, 10, 30)),
    positions=(),
)

FAULTS: dict[CheckCode, Facts] = {
    CheckCode.MONTH_OVER: replace(SOUND, today=date(2026, 10, 31)),
    CheckCode.EARLIER_MONTHS: replace(SOUND, earlier_open=date(2026, 8, 1)),
    CheckCode.BLOCKS: replace(SOUND, not_in_a_block=1),
    CheckCode.SUMS: replace(SOUND, sums=(NIL, CENT)),
    CheckCode.IN_TRANSIT: replace(SOUND, in_transit=(-CENT,)),
    CheckCode.INTER_BOOK: replace(SOUND, unpaired=(Unpaired("DSB-2026-00001", date(2026, 10, 3), CENT),)),
    CheckCode.REVALUATION: replace(SOUND, revalued=Revalued(YUAN, CENT, NIL, date(2026, 10, 30))),
    CheckCode.EXCHANGE_POSITIONS: replace(SOUND, positions=(Position("CON-2026-00001", CENT),)),
}


def outcomes(facts: Facts) -> dict[CheckCode, Outcome]:
    return {check.code: check.outcome for check in checks(facts)}


def test_a_sound_month_has_nothing_open() -> None:
    assert open_breaches(checks(SOUND)) == []
    assert set(outcomes(SOUND)) == set(CheckCode)


@pytest.mark.parametrize("code", list(FAULTS))
def test_each_fault_opens_its_own_check_and_says_what_to_do(code: CheckCode) -> None:
    breaches = open_breaches(checks(FAULTS[code]))
    assert [breach.code for breach in breaches] == [f"period.{code}"]
    assert breaches[0].cure
    assert breaches[0].message % dict(breaches[0].params)


@pytest.mark.parametrize("code", list(FAULTS))
def test_a_note_explains_what_may_be_explained_and_nothing_else(code: CheckCode) -> None:
    found = {check.code: check for check in checks(replace(FAULTS[code], notes={code.value: "Known."}))}[code]
    assert found.outcome is (Outcome.EXPLAINED if found.explainable else Outcome.OPEN)
    assert found.note == "Known."


def test_day_rows_that_differ_from_the_postings_keep_the_month_open() -> None:
    assert outcomes(replace(SOUND, rollups_agree=False))[CheckCode.SUMS] is Outcome.OPEN


def test_without_a_rate_of_the_month_foreign_balances_keep_it_open() -> None:
    assert outcomes(replace(SOUND, revalued=Revalued(YUAN, CENT, None, None)))[CheckCode.REVALUATION] is Outcome.OPEN
    assert outcomes(replace(SOUND, revalued=None))[CheckCode.REVALUATION] is Outcome.NOTHING


def test_reconciliation_says_honestly_that_there_is_nothing_to_reconcile_with() -> None:
    assert outcomes(SOUND)[CheckCode.UNRECONCILED] is Outcome.NOTHING
