"""Amendments: the second person, the hold follows the amount, variations are written, days move what is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.budgets.commands import BudgetItem
from app.contracts import amendments, queries
from app.contracts.commands import AmendContract, DecideAmendment
from app.contracts.drafting import tranche_inputs
from app.contracts.models import Contract
from app.contracts.states import AmendmentStatus, TermsFamily
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.ledger import balances
from tests.builders import contracts
from tests.builders.contracts import World, money
from tests.builders.projects import NOW

DONE = DecideAmendment()
AMENDMENT = AuthorityKind.AMENDMENT


def amended(contract: Contract, amount: str = "1000000.00", **changes: Any) -> AmendContract:
    """The contract with another amount, the difference on its last tranche."""
    tranches = list(tranche_inputs(contract))
    difference = money(amount) - queries.amount_of(contract)
    tranches[-1] = replace(tranches[-1], amount=tranches[-1].amount + difference)
    command = AmendContract(
        version=contract.version,
        reason="More samples",
        effective_on=date(2026, 11, 1),
        amount=money(amount),
        first_day=contract.first_day,
        last_day=contract.last_day,
        tranches=tuple(tranches),
    )
    return replace(command, **changes)


def approve(session: Session, world: World, contract: Contract, command: AmendContract) -> None:
    """Propose as the one officer, approve as the other."""
    proposed = amendments.propose(session, world.maker, contract.id, command, now=NOW)
    amendments.approve(session, world.checker, contract.id, proposed.number, DONE, now=NOW)


def test_increase_is_held_on_the_pocket(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    approve(session, world, contract, amended(contract, "1500000.00"))
    held = balances.hold(session, contract.hold_id)  # type: ignore[arg-type]
    assert queries.amount_of(contract) == money("1500000.00")
    assert held is not None
    assert held.remaining == money("1500000.00")
    assert [tranche.amount_minor for tranche in contract.tranches] == [80000000, 70000000]


def test_decrease_gives_the_difference_back_to_the_pocket(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    approve(session, world, contract, amended(contract, "900000.00"))
    position = balances.pocket_position(session, world.pocket.id)
    assert position is not None
    assert position.held == money("900000.00")


def test_increase_beyond_the_pocket_is_refused(session: Session) -> None:
    world = contracts.world(session, available="1000000.00")
    contract = contracts.active(session, world)
    with pytest.raises(RuleBreached) as refusal:
        amendments.propose(session, world.maker, contract.id, amended(contract, "1000000.01"), now=NOW)
    assert [breach.code for breach in refusal.value.breaches] == ["amendment.pocket-short"]


def test_proposer_cannot_approve_own_amendment(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    proposed = amendments.propose(session, world.maker, contract.id, amended(contract, "900000.00"), now=NOW)
    with pytest.raises(NotPermitted) as refusal:
        amendments.approve(session, world.maker, contract.id, proposed.number, DONE, now=NOW)
    assert refusal.value.breaches[0].code == "access.own-work"


@pytest.mark.parametrize(("amount", "maximum"), [("1200000.01", "1200000.00"), ("900000.00", "999999.99")])
def test_larger_amount_before_or_after_counts_against_the_limit(session: Session, amount: str, maximum: str) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    contracts.limit(session, world.funder, world.maker, world.checker, AMENDMENT, money(maximum), only=world.checker)
    proposed = amendments.propose(session, world.maker, contract.id, amended(contract, amount), now=NOW)
    with pytest.raises(NotPermitted) as refusal:
        amendments.approve(session, world.checker, contract.id, proposed.number, DONE, now=NOW)
    assert [breach.code for breach in refusal.value.breaches] == ["authority.over-limit"]
    assert proposed.status == AmendmentStatus.PROPOSED
    assert queries.amount_of(contract) == money("1000000.00")


def test_amendment_at_the_limit_is_approved_by_whom_the_refusal_named(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    able = contracts.officer(session, "Director Ho", world.funder)
    for person, maximum in ((world.checker, "1000.00"), (able, "1200000.00")):
        contracts.limit(session, world.funder, world.maker, world.checker, AMENDMENT, money(maximum), only=person)
    proposed = amendments.propose(session, world.maker, contract.id, amended(contract, "1200000.00"), now=NOW)
    with pytest.raises(NotPermitted) as refusal:
        amendments.approve(session, world.checker, contract.id, proposed.number, DONE, now=NOW)
    assert refusal.value.breaches[0].params["who"] == "Director Ho"
    amendments.approve(session, able, contract.id, proposed.number, DONE, now=NOW)
    assert queries.amount_of(contract) == money("1200000.00")


def test_officer_beyond_their_limit_may_still_refuse_an_amendment(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    contracts.limit(session, world.funder, world.maker, world.checker, AMENDMENT, money("1.00"), only=world.checker)
    proposed = amendments.propose(session, world.maker, contract.id, amended(contract, "900000.00"), now=NOW)
    reason = DecideAmendment("Not now")
    amendments.refuse(session, world.checker, contract.id, proposed.number, reason, now=NOW)
    assert proposed.status == AmendmentStatus.REFUSED


def test_amendment_that_changes_nothing_is_refused(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    with pytest.raises(RuleBreached) as refusal:
        amendments.propose(session, world.maker, contract.id, amended(contract), now=NOW)
    assert [breach.code for breach in refusal.value.breaches] == ["amendment.no-change"]


def test_second_amendment_waits_for_the_first(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    amendments.propose(session, world.maker, contract.id, amended(contract, "900000.00"), now=NOW)
    with pytest.raises(Conflict):
        amendments.propose(session, world.maker, contract.id, amended(contract, "800000.00"), now=NOW)


def test_amendment_is_decided_once(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    approve(session, world, contract, amended(contract, "900000.00"))
    with pytest.raises(Conflict):
        amendments.approve(session, world.checker, contract.id, 1, DONE, now=NOW)


def test_refused_amendment_changes_nothing(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    proposed = amendments.propose(session, world.maker, contract.id, amended(contract, "900000.00"), now=NOW)
    amendments.refuse(session, world.checker, contract.id, proposed.number, DecideAmendment("No"), now=NOW)
    assert proposed.status == AmendmentStatus.REFUSED
    assert queries.amount_of(contract) == money("1000000.00")


def test_only_the_proposer_withdraws(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    proposed = amendments.propose(session, world.maker, contract.id, amended(contract, "900000.00"), now=NOW)
    with pytest.raises(NotPermitted):
        amendments.withdraw(session, world.checker, contract.id, proposed.number, DONE, now=NOW)
    amendments.withdraw(session, world.maker, contract.id, proposed.number, DONE, now=NOW)
    assert proposed.status == AmendmentStatus.WITHDRAWN


def test_moving_budget_between_headings_writes_signed_variations(session: Session) -> None:
    world = contracts.world(session, TermsFamily.ITF)
    contract = contracts.active(session, world)
    budget = (BudgetItem("EQUIPMENT", money("700000.00")), BudgetItem("MANPOWER", money("300000.00")))
    approve(session, world, contract, amended(contract, budget=budget))
    before = queries.budget_by_heading(session, contract.id, date(2026, 10, 31))
    after = queries.budget_by_heading(session, contract.id, date(2026, 11, 1))
    assert before.revised == money("1000000.00")
    assert not before.variations
    assert {row.heading: (row.approved, row.variations) for row in after.rows} == {
        "EQUIPMENT": (money("1000000.00"), money("-300000.00")),
        "MANPOWER": (money("0"), money("300000.00")),
    }


def test_longer_contract_moves_the_final_account_and_adds_a_year(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    approve(session, world, contract, amended(contract, last_day=date(2028, 8, 31)))
    owed = {each.title: each for each in contract.obligations}
    statements = [each.period_last_day for each in contract.obligations if each.title == "Yearly statement"]
    assert owed["Final account"].due_on == date(2028, 11, 30)
    assert owed["Final account"].original_due_on == date(2027, 11, 30)
    assert statements == [date(2025, 12, 31), date(2026, 12, 31), date(2027, 12, 31)]


def test_lump_sum_increase_varies_the_total_only(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    approve(session, world, contract, amended(contract, "1200000.00"))
    budget = queries.budget_by_heading(session, contract.id, date(2026, 12, 1))
    assert not budget.by_heading
    assert (budget.approved, budget.variations) == (money("1000000.00"), money("200000.00"))
