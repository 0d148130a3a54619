"""Floors and ceilings of the terms: a draft says what its budget breaks, signing refuses what somebody has verified."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.budgets.commands import BudgetItem
from app.contracts import fund_control, service
from app.contracts.commands import Sign
from app.contracts.models import Contract
from app.contracts.states import ContractStatus, TermsFamily
from app.kernel.errors import RuleBreached
from tests.builders import contracts
from tests.builders.contracts import NOW, money

TODAY = NOW.date()


def drafted(session: Session, family: TermsFamily, **budget: str) -> tuple[contracts.World, Contract]:
    """A draft of CNY 1,000,000.00 with this budget."""
    world = contracts.world(session, family)
    items = tuple(BudgetItem(line, money(text)) for line, text in budget.items())
    return world, contracts.drafted(session, world, budget=items)


def signed(session: Session, world: contracts.World, contract: Contract) -> Contract:
    return service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)


def test_a_draft_says_what_its_budget_breaks_and_where_that_stands(session: Session) -> None:
    _world, contract = drafted(session, TermsFamily.HETAO_PARK, CONSTRUCTION="450000.00", HUMAN_RESOURCES="550000.00")
    found = {each.code: each for each in fund_control.budget_breaches(session, contract, TODAY)}
    assert set(found) == {"budget.ratio-floor", "budget.ratio-ceiling"}
    assert "post_11593079" in found["budget.ratio-ceiling"].source
    assert found["budget.ratio-floor"].params["limit"] == money("500000.00")
    assert {"budget.ratio-floor", "budget.ratio-ceiling"} <= {
        each.code for each in service.signing_breaches(session, contract, TODAY)
    }


def test_signing_refuses_what_the_terms_forbid(session: Session) -> None:
    world, contract = drafted(session, TermsFamily.HETAO_PARK, CONSTRUCTION="450000.00", HUMAN_RESOURCES="550000.00")
    with pytest.raises(RuleBreached) as refused:
        signed(session, world, contract)
    assert {each.code for each in refused.value.breaches if each.blocking} == {
        "budget.ratio-floor",
        "budget.ratio-ceiling",
    }
    assert contract.status == ContractStatus.DRAFT


def test_a_budget_at_the_very_ratios_is_signed(session: Session) -> None:
    budget = {"CONSTRUCTION": "500000.00", "HUMAN_RESOURCES": "400000.00", "COMMISSIONED": "100000.00"}
    world, contract = drafted(session, TermsFamily.HETAO_PARK, **budget)
    assert signed(session, world, contract).status == ContractStatus.SIGNED


def test_tiers_nobody_has_verified_warn_and_let_the_contract_be_signed(session: Session) -> None:
    world, contract = drafted(session, TermsFamily.MAINLAND_ITEMISED, LABOUR="600000.00", INDIRECT="400000.00")
    (found,) = fund_control.budget_breaches(session, contract, TODAY)
    assert (found.code, found.blocking, found.params["limit"]) == ("budget.ratio-ceiling", False, money("180000.00"))
    assert signed(session, world, contract).status == ContractStatus.SIGNED
