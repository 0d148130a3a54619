"""The role table keeps apart what the product keeps apart."""

from __future__ import annotations

import pytest

from app.access import guards
from app.access.permissions import Permission
from app.access.roles import GRANTS, ROLE_NAMES, roles_granting
from app.kernel.actor import Role
from app.kernel.errors import NotPermitted
from app.kernel.identity import new_id
from tests.builders.people import actor_with

WRITES_MONEY = (
    Permission.DISBURSEMENTS_DRAFT,
    Permission.DISBURSEMENTS_APPROVE,
    Permission.DISBURSEMENTS_RELEASE,
    Permission.DISBURSEMENTS_SETTLE,
    Permission.FUNDS_CONTRIBUTE,
    Permission.JOURNALS_DRAFT,
    Permission.RATES_ENTER,
)


def test_every_role_has_grants_and_a_name() -> None:
    assert set(GRANTS) == set(Role) == set(ROLE_NAMES)


def test_every_permission_is_granted_to_some_role() -> None:
    assert [permission for permission in Permission if not roles_granting(permission)] == []


def test_payments_officer_only_releases() -> None:
    forbidden = [p for p in WRITES_MONEY if p is not Permission.DISBURSEMENTS_RELEASE]
    assert GRANTS[Role.PAYMENTS_OFFICER].isdisjoint(forbidden)


def test_accountant_cannot_release() -> None:
    assert Permission.DISBURSEMENTS_RELEASE not in GRANTS[Role.ACCOUNTANT]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.OVERSEER, Role.WHITELIST_OFFICER])
def test_role_without_money_touches_no_money(role: Role) -> None:
    assert GRANTS[role].isdisjoint(WRITES_MONEY)


def test_an_overseer_writes_nothing_and_an_auditor_only_their_own_report() -> None:
    readers = {p for p in Permission if p.value.endswith((".read", ".directory"))}
    readers |= {Permission.TOKENS_OWN, Permission.REPORTS_BUILD, Permission.EVIDENCE_ORIGINAL}
    assert GRANTS[Role.OVERSEER] <= readers
    assert GRANTS[Role.AUDITOR] - readers == {Permission.STATEMENTS_AUDIT}


def test_permission_at_another_institution_does_not_count() -> None:
    here, elsewhere = new_id(), new_id()
    officer = actor_with(Role.GRANT_OFFICER, institution_id=here)
    guards.authorise(officer, Permission.DISBURSEMENTS_APPROVE, here)
    with pytest.raises(NotPermitted) as refused:
        guards.authorise(officer, Permission.DISBURSEMENTS_APPROVE, elsewhere)
    assert "Grant officer" in str(refused.value.breaches[0].params["roles"])


def test_token_without_the_scope_may_not_what_its_person_may() -> None:
    place = new_id()
    officer = actor_with(Role.GRANT_OFFICER, institution_id=place, scopes=["contracts.read"])
    assert guards.may(officer, Permission.CONTRACTS_READ, place)
    assert not guards.may(officer, Permission.DISBURSEMENTS_APPROVE, place)
