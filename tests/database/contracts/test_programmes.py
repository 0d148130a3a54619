"""Programmes and the parameters of their terms: seeds, proposals, the second officer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.contracts import programme_queries, programmes
from app.contracts.commands import CreateProgramme, EditProgramme, ProposeParameter
from app.contracts.models import Programme
from app.contracts.states import Basis, OverdueScope, SpendingLimit, TermsFamily, WhitelistEffect
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from tests.builders import contracts
from tests.builders.projects import NOW

TODAY = date(2026, 11, 20)
SHORTER = ProposeParameter("final_account_due_months", 2, "Agreement, clause 9", True, date(2026, 11, 1))


def test_parameter_starts_as_the_family_says_and_unverified(session: Session) -> None:
    world = contracts.world(session)
    found = programme_queries.parameter(session, world.programme.id, "final_account_due_months", TODAY)
    assert found is not None
    assert (found.value, found.verified, found.first_day) == (3, False, None)


def test_proposed_parameter_is_not_in_force(session: Session) -> None:
    world = contracts.world(session)
    programmes.propose_parameter(session, world.maker, world.programme.id, SHORTER, now=NOW)
    found = programme_queries.parameter(session, world.programme.id, "final_account_due_months", TODAY)
    assert found is not None
    assert found.value == 3


def test_confirmed_parameter_is_in_force_from_its_first_day(session: Session) -> None:
    world = contracts.world(session)
    proposed = programmes.propose_parameter(session, world.maker, world.programme.id, SHORTER, now=NOW)
    programmes.confirm_parameter(session, world.checker, proposed.id, now=NOW)
    before = programme_queries.parameter(session, world.programme.id, SHORTER.name, date(2026, 10, 31))
    after = programme_queries.parameter(session, world.programme.id, SHORTER.name, TODAY)
    assert before is not None
    assert before.value == 3
    assert after is not None
    assert (after.value, after.verified, after.source) == (2, True, "Agreement, clause 9")


def test_officer_cannot_confirm_own_parameter(session: Session) -> None:
    world = contracts.world(session)
    proposed = programmes.propose_parameter(session, world.maker, world.programme.id, SHORTER, now=NOW)
    with pytest.raises(NotPermitted):
        programmes.confirm_parameter(session, world.maker, proposed.id, now=NOW)


def test_parameter_of_another_shape_is_refused(session: Session) -> None:
    world = contracts.world(session)
    command = replace(SHORTER, value="soon")
    with pytest.raises(RuleBreached) as refusal:
        programmes.propose_parameter(session, world.maker, world.programme.id, command, now=NOW)
    assert refusal.value.breaches[0].code == "parameter.shape"


def test_narrowed_negative_list_keeps_the_named_entries(session: Session) -> None:
    world = contracts.world(session)
    command = replace(SHORTER, name="negative_list", value=["NL01", "NL07"])
    proposed = programmes.propose_parameter(session, world.maker, world.programme.id, command, now=NOW)
    programmes.confirm_parameter(session, world.checker, proposed.id, now=NOW)
    listed = programme_queries.negative_list(session, world.programme.id, TODAY)
    assert [item.code for item in listed] == ["NL01", "NL07"]


def test_code_of_a_programme_is_taken_once(session: Session) -> None:
    world = contracts.world(session)
    command = CreateProgramme(
        world.programme.code, world.funder.id, "Again", TermsFamily.ITF, Currency.HKD, year_end_month=3
    )
    with pytest.raises(Conflict):
        programmes.create(session, world.maker, command, now=NOW)


def edited(programme: Programme, basis: Basis) -> EditProgramme:
    """The programme with another basis."""
    return EditProgramme(
        version=programme.version,
        name_en="Renamed",
        year_end_month=programme.year_end_month,
        basis=basis,
        spending_limit=SpendingLimit(programme.spending_limit),
        whitelist_effect=WhitelistEffect(programme.whitelist_effect),
        overdue_scope=OverdueScope(programme.overdue_scope),
    )


def test_basis_stays_once_a_contract_is_signed(session: Session) -> None:
    world = contracts.world(session)
    contracts.signed(session, world)
    with pytest.raises(RuleBreached) as refusal:
        programmes.edit(session, world.maker, world.programme.id, edited(world.programme, Basis.ACCRUAL), now=NOW)
    assert refusal.value.breaches[0].code == "programme.in-use"


def test_grantee_cannot_change_a_programme(session: Session) -> None:
    world = contracts.world(session)
    with pytest.raises(NotPermitted):
        programmes.edit(session, world.finance, world.programme.id, edited(world.programme, Basis.CASH), now=NOW)
