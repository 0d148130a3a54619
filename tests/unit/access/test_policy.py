"""The authority policy: limits, second checkers, delegation, separation of duties, and who can instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from app.access import policy
from app.access.policy import ApprovalFacts, AuthorityKind, Limit, Mandate
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money

TODAY = date(2026, 11, 20)
ME, MAKER, CHIEF, PLACE = (new_id() for _ in range(4))


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def a_limit(maximum: str = "500000.00", **changes: object) -> Limit:
    limit = Limit(PLACE, Role.GRANT_OFFICER, AuthorityKind.DISBURSEMENT, cny(maximum), None, date(2026, 1, 1))
    return replace(limit, **changes)  # type: ignore[arg-type]


def facts(**changes: object) -> ApprovalFacts:
    given = ApprovalFacts(
        person_id=ME,
        kind=AuthorityKind.DISBURSEMENT,
        amount=cny("400000.00"),
        today=TODAY,
        mandates=(Mandate(Role.GRANT_OFFICER, ME),),
        limits=(a_limit(),),
        makers=frozenset({MAKER}),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def codes(given: ApprovalFacts) -> list[str]:
    return [breach.code for breach in policy.may_approve(given)]


def test_officer_within_limit_may_approve_anothers_work() -> None:
    assert codes(facts()) == []


def test_maker_cannot_approve_own_work() -> None:
    assert "authority.own-work" in codes(facts(makers=frozenset({ME})))


def test_maker_cannot_approve_through_a_second_role() -> None:
    mandates = (Mandate(Role.GRANT_OFFICER, ME), Mandate(Role.FUND_MANAGER, ME))
    assert "authority.own-work" in codes(facts(makers=frozenset({ME}), mandates=mandates))


def test_delegate_of_the_maker_cannot_approve() -> None:
    mandates = (Mandate(Role.GRANT_OFFICER, MAKER, delegated=True),)
    assert codes(facts(mandates=mandates)) == ["authority.delegate-of-maker"]


def test_delegate_of_another_officer_may_approve_in_their_name() -> None:
    given = facts(mandates=(Mandate(Role.GRANT_OFFICER, CHIEF, delegated=True),))
    assert codes(given) == []
    used = policy.mandate_used(given)
    assert used is not None
    assert used.principal_id == CHIEF


def test_first_checker_cannot_be_the_second() -> None:
    assert "authority.already-checked" in codes(facts(checkers=frozenset({ME})))


def test_delegate_of_the_first_checker_cannot_be_the_second() -> None:
    given = facts(checkers=frozenset({CHIEF}), mandates=(Mandate(Role.GRANT_OFFICER, CHIEF, delegated=True),))
    assert codes(given) == ["authority.delegate-of-maker"]


def test_person_without_a_role_is_refused() -> None:
    assert codes(facts(mandates=())) == ["authority.no-role"]


@pytest.mark.parametrize(("amount", "expected"), [("500000.00", []), ("500000.01", ["authority.over-limit"])])
def test_limit_is_inclusive_to_the_cent(amount: str, expected: list[str]) -> None:
    assert codes(facts(amount=cny(amount))) == expected


@pytest.mark.parametrize(
    "limit",
    [
        a_limit(kind=AuthorityKind.JOURNAL),
        a_limit(maximum="500000.00", first_day=date(2026, 11, 21)),
        a_limit(last_day=date(2026, 11, 19)),
        a_limit(role=Role.ACCOUNTANT),
        replace(a_limit(), maximum=Money.parse("500000.00", Currency.HKD)),
        a_limit(person_id=CHIEF),
    ],
)
def test_a_row_for_another_case_gives_no_authority(limit: Limit) -> None:
    assert codes(facts(limits=(limit,))) == ["authority.no-limit"]


def test_personal_row_takes_the_place_of_the_roles_row() -> None:
    limits = (a_limit("500000.00"), a_limit("100000.00", person_id=ME))
    assert codes(facts(limits=limits)) == ["authority.over-limit"]


def test_of_overlapping_rows_the_lowest_counts_and_the_overlap_is_reported() -> None:
    limits = (a_limit("500000.00"), a_limit("300000.00"))
    assert codes(facts(limits=limits)) == ["authority.over-limit"]
    assert len(policy.overlaps(limits)) == 1


def test_rows_that_follow_each_other_do_not_overlap() -> None:
    earlier, later = a_limit(last_day=date(2026, 6, 30)), a_limit(first_day=date(2026, 7, 1))
    assert policy.overlaps([earlier, later]) == []


@pytest.mark.parametrize(("amount", "checkers"), [("200000.00", 1), ("200000.01", 2)])
def test_second_checker_is_needed_above_the_threshold(amount: str, checkers: int) -> None:
    limits = [a_limit(second_checker_above=cny("200000.00"))]
    assert policy.checkers_needed(limits, AuthorityKind.DISBURSEMENT, cny(amount), TODAY) == checkers


def test_refusal_names_who_can() -> None:
    breach = policy.may_approve(facts(amount=cny("900000.00"), others_who_can=("Ms Chan", "Mr Li")))[0]
    assert breach.params["who"] == "Ms Chan, Mr Li"
    assert breach.source


def test_every_breach_cites_its_source() -> None:
    everything = facts(makers=frozenset({ME}), checkers=frozenset({ME}), mandates=())
    assert all(breach.source for breach in policy.may_approve(everything))


def test_own_id_is_compared_not_the_name() -> None:
    same_person_renamed = UUID(str(ME))
    assert "authority.own-work" in codes(facts(makers=frozenset({same_person_renamed})))
