"""The story's plan, without a database: the same on whatever day it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.contracts.states import FundingMode, TermsFamily
from app.demo import days
from app.demo.agreements import AGREEMENTS, SCHEMES, STUDIES, scheme
from app.demo.cast import BODIES, PLAYERS, body, players
from app.demo.papers import paper
from app.demo.plan import Plan, planned
from app.demo.sign_ins import SIGN_INS
from app.disbursements.states import DisbursementStatus as Status
from app.institutions import identifiers
from app.institutions.states import Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.money import total
from app.web.uploads import PDF, sniff

LOADED_ON = (
    date(2026, 11, 20),
    date(2026, 11, 22),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2028, 3, 31),
    date(2030, 12, 31),
)


def plans(today: date) -> list[Plan]:
    """Every contract's plan on a day of loading."""
    return [planned(each, today, days.working(today - timedelta(days=500))) for each in AGREEMENTS]


@pytest.mark.parametrize("today", LOADED_ON)
def test_three_hundred_payments_stand_in_every_status(today: date) -> None:
    counted = Counter(payment.ends for plan in plans(today) for payment in plan.payments)
    assert sum(counted.values()) == 300
    assert set(counted) == set(Status)


@pytest.mark.parametrize("today", LOADED_ON)
def test_no_tranche_is_asked_for_more_than_it_pays(today: date) -> None:
    for plan in plans(today):
        for number, tranche in enumerate(plan.tranches, 1):
            nothing = frozenset({Status.CANCELLED, Status.REFUSED, Status.BOUNCED})
            mine = [p.amount for p in plan.payments if p.tranche == number and p.ends not in nothing]
            assert total(mine, plan.amount.currency) <= tranche.amount, plan.agreement.key


@pytest.mark.parametrize("today", LOADED_ON)
def test_payments_follow_their_tranches_and_precede_today(today: date) -> None:
    for plan in plans(today):
        assert plan.first_day <= plan.last_day
        for payment in plan.payments:
            tranche = plan.tranches[payment.tranche - 1]
            assert tranche.due_on < payment.submitted_on < today
            assert plan.first_day < payment.submitted_on


@pytest.mark.parametrize("today", LOADED_ON)
def test_tranches_make_round_contracts_with_enough_held_back(today: date) -> None:
    for plan in plans(today):
        assert total((each.amount for each in plan.tranches), plan.amount.currency) == plan.amount
        assert plan.amount.minor % 1_000_000 == 0
        final = plan.tranches[-1].amount.minor
        assert final * 100 >= plan.amount.minor * scheme(plan.agreement.scheme).holdback


def test_twenty_four_contracts_in_fifteen_projects_all_modes_and_families_both_directions() -> None:
    assert len(AGREEMENTS) == 24
    assert {each.study for each in AGREEMENTS} == {each.key for each in STUDIES}
    assert len(STUDIES) == 15
    assert {scheme(each.scheme).mode for each in AGREEMENTS} == set(FundingMode)
    assert {each.family for each in SCHEMES} == set(TermsFamily)
    routes = {(body(e.funder).side, body(e.grantee).side, e.currency, e.account) for e in AGREEMENTS}
    assert (Side.SZ, Side.HK, Currency.CNY, Currency.HKD) in routes
    assert (Side.HK, Side.SZ, Currency.HKD, Currency.CNY) in routes


def test_eight_institutions_beside_two_funders_have_valid_registrations() -> None:
    codes = {each.code for each in BODIES} | {"LOOP"}
    assert len(codes - {"QTSF", "HRT"}) == 8
    for each in BODIES:
        check = identifiers.check_uscc if each.side is Side.SZ else identifiers.check_br
        assert check(each.registration)[1] == [], each.code


def test_everything_that_needs_a_second_person_has_one() -> None:
    for code in ("QTSF", "HRT"):
        for role in (Role.ADMINISTRATOR, Role.GRANT_OFFICER, Role.PAYMENTS_OFFICER, Role.ACCOUNTANT, Role.FUND_MANAGER):
            assert len(players(code, role)) >= 2
    for code in {each.grantee for each in AGREEMENTS}:
        for role in (Role.ADMINISTRATOR, Role.FINANCE_OFFICER, Role.ACCOUNTANT):
            assert len(players(code, role)) >= 2
        assert players(code, Role.PROJECT_MANAGER)
        assert players(code, Role.PRINCIPAL_INVESTIGATOR)


def test_printed_sign_ins_are_people_of_the_cast_with_every_role() -> None:
    by_email = {each.email: each for each in PLAYERS}
    assert {by_email[entry.email].role for entry in SIGN_INS} == set(Role)
    for entry in SIGN_INS:
        assert by_email[entry.email].name_en == entry.person
        assert body(by_email[entry.email].institution).name_en == entry.institution


def test_keys_of_people_are_used_once() -> None:
    assert max(Counter(each.key for each in PLAYERS).values()) == 1


def test_a_paper_is_a_pdf_and_the_same_at_each_load() -> None:
    made = paper("receipt", "Salary (May)", "HKD 100,000.00")
    assert sniff(made.content) == PDF
    assert made == paper("receipt", "Salary (May)", "HKD 100,000.00")
    assert b"Salary \\(May\\)" in made.content


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 11, 25), 5, date(2026, 12, 2)),
    ],
)
def test_working_days_step_over_weekends(day: date, count: int, expected: date) -> None:
    assert days.shifted(day, count) == expected


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_day_worked_is_never_later_and_never_at_a_weekend(day: date) -> None:
    found = days.worked(day)
    assert found.weekday() < 5
    assert timedelta(0) <= day - found <= timedelta(days=2)
