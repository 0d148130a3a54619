"""Rules of rights: nobody for oneself, roles kept apart, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.kernel.actor import Role
from app.kernel.identity import new_id
from app.people.rules import RightFacts, not_for_oneself, proposal_breaches

FACTS = RightFacts(new_id(), new_id(), Role.GRANT_OFFICER, date(2026, 11, 20), None, frozenset())


def codes(facts: RightFacts) -> list[str]:
    return [breach.code for breach in proposal_breaches(facts)]


def test_right_for_another_person_may_be_proposed() -> None:
    assert codes(FACTS) == []
    assert not_for_oneself(FACTS) == []


def test_right_for_oneself_is_refused() -> None:
    own = replace(FACTS, decider_id=FACTS.person_id)
    assert [breach.code for breach in not_for_oneself(own)] == ["right.own"]


@pytest.mark.parametrize(
    ("role", "held"),
    [
        (Role.PAYMENTS_OFFICER, Role.GRANT_OFFICER),
        (Role.GRANT_OFFICER, Role.PAYMENTS_OFFICER),
        (Role.ACCOUNTANT, Role.PAYMENTS_OFFICER),
        (Role.ADMINISTRATOR, Role.FINANCE_OFFICER),
        (Role.AUDITOR, Role.ACCOUNTANT),
    ],
)
def test_roles_kept_apart_are_refused_in_one_person(role: Role, held: Role) -> None:
    assert codes(replace(FACTS, role=role, held=frozenset({held}))) == ["right.kept-apart"]


def test_right_held_already_is_refused() -> None:
    assert codes(replace(FACTS, held=frozenset({Role.GRANT_OFFICER}))) == ["right.held"]


def test_right_that_ends_before_it_begins_is_refused() -> None:
    assert codes(replace(FACTS, last_day=date(2026, 11, 19))) == ["right.days"]
