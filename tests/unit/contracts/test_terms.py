"""Terms families: their rows, what is owed when, what may be kept, the negative list."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from app.contracts.states import ObligationKind, TermsFamily
from app.contracts.terms import FAMILIES, family
from app.contracts.terms.family import Family, kept_by_institution
from app.contracts.terms.negative_list import NEGATIVE_LIST, entries_in_force
from app.contracts.terms.schedule import months_later, plan, year_ends
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading

EVERY = list(FAMILIES.values())
NAMES = [terms.code.value for terms in EVERY]


def seeds(terms: Family) -> dict[str, object]:
    """The family's own parameters."""
    return {seed.name: seed.value for seed in terms.seeds}


@pytest.mark.parametrize("terms", EVERY, ids=NAMES)
def test_every_leaf_of_cost_stands_in_exactly_one_row(terms: Family) -> None:
    leaves = [heading for row in terms.rows for heading in row.headings]
    assert sorted(leaves) == sorted(Heading)


@pytest.mark.parametrize("terms", EVERY, ids=NAMES)
def test_audit_fee_is_a_row_of_its_own_outside_the_overhead_base(terms: Family) -> None:
    row = terms.row_of(Heading.AUDIT_FEE)
    assert row.headings == (Heading.AUDIT_FEE,)
    assert not row.in_overhead_base


@pytest.mark.parametrize("terms", EVERY, ids=NAMES)
def test_every_parameter_names_its_source(terms: Family) -> None:
    assert all(seed.source and seed.label for seed in terms.seeds)
    assert len(seeds(terms)) == len(terms.seeds)


def test_every_family_of_the_states_has_a_file() -> None:
    assert set(FAMILIES) == set(TermsFamily)
    assert family("itf").code is TermsFamily.ITF


@given(st.dictionaries(st.sampled_from(list(Heading)), st.integers(-(10**12), 10**12)))
def test_rolling_up_neither_loses_nor_makes_money(minor: dict[Heading, int]) -> None:
    nil = Money.zero(Currency.CNY)
    cost = {heading: Money(amount, Currency.CNY) for heading, amount in minor.items()}
    for terms in EVERY:
        rolled = terms.roll_up(cost, nil)
        assert sum(amount.minor for _row, amount in rolled) == sum(minor.values())


def test_manpower_gathers_salary_and_social_insurance_under_itf() -> None:
    terms = FAMILIES[TermsFamily.ITF]
    cost = {Heading.SALARY: Money(100, Currency.HKD), Heading.SOCIAL_INSURANCE: Money(5, Currency.HKD)}
    rolled = {row.code: amount.minor for row, amount in terms.roll_up(cost, Money.zero(Currency.HKD))}
    assert rolled == {"MANPOWER": 105, "EQUIPMENT": 0, "OTHER_DIRECT": 0, "AUDIT_FEE": 0, "OVERHEADS": 0}


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 3, date(2027, 3, 31)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_last_year_end_is_the_final_accounts() -> None:
    assert year_ends(date(2025, 9, 1), date(2027, 8, 31), 3) == (date(2026, 3, 31), date(2027, 3, 31))
    assert year_ends(date(2025, 9, 1), date(2026, 12, 31), 12) == (date(2025, 12, 31),)


def test_itf_contract_owes_half_yearly_reports_and_one_audited_account() -> None:
    terms = FAMILIES[TermsFamily.ITF]
    owed = plan(terms, seeds(terms), date(2025, 9, 1), date(2027, 8, 31), 3)
    progress = [each.due_on for each in owed if each.kind is ObligationKind.PROGRESS_REPORT]
    audited = [each.due_on for each in owed if each.kind is ObligationKind.AUDITED_ACCOUNT]
    assert progress == [date(2026, 3, 31), date(2026, 9, 30), date(2027, 3, 31)]
    assert audited == [date(2027, 11, 30)]


def test_changed_parameter_moves_the_due_date() -> None:
    terms = FAMILIES[TermsFamily.ITF]
    values = seeds(terms) | {"audited_account_due_months": 6}
    owed = plan(terms, values, date(2025, 9, 1), date(2027, 8, 31), 3)
    assert [e.due_on for e in owed if e.kind is ObligationKind.AUDITED_ACCOUNT] == [date(2028, 2, 29)]


@pytest.mark.parametrize("terms", EVERY, ids=NAMES)
@given(start=st.dates(date(2020, 1, 1), date(2040, 1, 1)), length=st.integers(0, 4000), month=st.integers(1, 12))
def test_periods_of_a_report_never_overlap_and_stay_within_the_contract(
    terms: Family, start: date, length: int, month: int
) -> None:
    end = date.fromordinal(start.toordinal() + length)
    owed = plan(terms, seeds(terms), start, end, month)
    for kind in (ObligationKind.PROGRESS_REPORT, ObligationKind.YEARLY_STATEMENT):
        periods = sorted((each.first_day, each.last_day) for each in owed if each.kind is kind)
        assert all(start <= first <= last <= end for first, last in periods)
        assert all(one[1] < two[0] for one, two in itertools.pairwise(periods))
    assert all(each.due_on >= each.last_day for each in owed)


@pytest.mark.parametrize(
    ("unspent", "percent", "kept"),
    [("100.00", "100", "100.00"), ("100.00", "0", "0"), ("0.01", "50", "0.01"), ("-5.00", "100", "0")],
)
def test_institution_keeps_the_percentage_the_terms_let_it(unspent: str, percent: str, kept: str) -> None:
    found = kept_by_institution(Money.parse(unspent, Currency.HKD), Decimal(percent))
    assert found == Money.parse(kept, Currency.HKD)


def test_negative_list_has_twelve_entries_in_order() -> None:
    assert [item.code for item in NEGATIVE_LIST] == [f"NL{number:02d}" for number in range(1, 13)]
    assert all(item.text and item.source for item in NEGATIVE_LIST)


def test_programme_may_narrow_the_negative_list() -> None:
    assert [item.code for item in entries_in_force(["NL07", "NL01", "NL99"])] == ["NL01", "NL07"]
    assert entries_in_force(None) == NEGATIVE_LIST
