"""From activation to the end: moves, reasons, and what is held goes back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.contracts import life, obligations, service
from app.contracts.commands import ConfirmCondition, ObligationStep, Step, TrancheInput
from app.contracts.models import Contract
from app.contracts.queries import contract_facts, tranche_state
from app.contracts.states import ContractStatus, TrancheCondition
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.ledger import balances
from tests.builders import contracts
from tests.builders.contracts import World, money
from tests.builders.projects import NOW

TODAY = date(2026, 11, 20)


def settle_obligations(session: Session, world: World, contract: Contract) -> None:
    """Submit and accept everything owed."""
    for owed in list(contract.obligations):
        obligations.submit(session, world.finance, owed.id, ObligationStep(owed.version), now=NOW)
        session.flush()
        obligations.accept(session, world.maker, owed.id, ObligationStep(owed.version), now=NOW)
        session.flush()


def test_suspending_without_a_reason_is_refused(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    with pytest.raises(RuleBreached) as refusal:
        life.suspend(session, world.maker, contract.id, Step(contract.version, " "), now=NOW)
    assert refusal.value.breaches[0].code == "contract.no-reason"


def test_suspended_contract_can_be_resumed_and_keeps_its_hold(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    life.suspend(session, world.maker, contract.id, Step(contract.version, "Report late"), now=NOW)
    assert not contract_facts(session, contract.id).pays(final_tranche=True)
    life.resume(session, world.maker, contract.id, Step(contract.version, "Report came"), now=NOW)
    assert contract.status == ContractStatus.ACTIVE
    assert balances.hold(session, contract.hold_id).remaining == money("1000000.00")  # type: ignore[union-attr, arg-type]


def test_draft_cannot_be_activated(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.drafted(session, world)
    with pytest.raises(Conflict):
        life.activate(session, world.maker, contract.id, Step(contract.version), now=NOW)


def test_contract_with_something_owed_cannot_close(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    life.start_closing(session, world.maker, contract.id, Step(contract.version), now=NOW)
    with pytest.raises(RuleBreached) as refusal:
        life.close(session, world.maker, contract.id, Step(contract.version), now=NOW)
    assert [breach.code for breach in refusal.value.breaches] == ["contract.obligations-open"]


def test_closing_releases_what_is_still_held(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    life.start_closing(session, world.maker, contract.id, Step(contract.version), now=NOW)
    settle_obligations(session, world, contract)
    life.close(session, world.maker, contract.id, Step(contract.version), now=NOW)
    position = balances.pocket_position(session, world.pocket.id)
    assert contract.status == ContractStatus.CLOSED
    assert contract.closed_on == TODAY
    assert position is not None
    assert position.held == money("0")
    assert position.available == money("5000000.00")


def test_termination_releases_what_is_still_held(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    life.terminate(session, world.maker, contract.id, Step(contract.version, "The team left"), now=NOW)
    position = balances.pocket_position(session, world.pocket.id)
    assert position is not None
    assert position.held == money("0")


def test_closed_contract_takes_no_further_step(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    life.terminate(session, world.maker, contract.id, Step(contract.version, "The team left"), now=NOW)
    with pytest.raises(Conflict):
        life.start_closing(session, world.maker, contract.id, Step(contract.version), now=NOW)


def test_payments_officer_cannot_suspend(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    with pytest.raises(NotPermitted):
        life.suspend(session, world.finance, contract.id, Step(contract.version, "No"), now=NOW)


def test_dated_tranche_is_ready_from_its_day_on(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    first = contract.tranches[0]
    assert not tranche_state(session, first.id, date(2025, 9, 14)).ready
    state = tranche_state(session, first.id, date(2025, 9, 15))
    assert state.ready
    assert state.payable == money("800000.00")


def test_milestone_tranche_waits_for_its_confirmation(session: Session) -> None:
    world = contracts.world(session)
    tranches = (
        TrancheInput(
            money("800000.00"), date(2026, 1, 1), TrancheCondition.MILESTONE, milestone="Demonstrator accepted"
        ),
        TrancheInput(money("200000.00"), date(2027, 12, 31), TrancheCondition.FINAL_ACCOUNT),
    )
    contract = contracts.active(session, world, tranches=tranches)
    before = tranche_state(session, contract.tranches[0].id, TODAY)
    command = ConfirmCondition(date(2026, 11, 1), "Acceptance protocol 14")
    service.confirm_condition(session, world.maker, contract.id, 1, command, now=NOW)
    after = tranche_state(session, contract.tranches[0].id, TODAY)
    assert (before.condition_met, before.ready) == (False, False)
    assert (after.condition_met, after.ready) == (True, True)


def test_milestone_met_tomorrow_is_refused(session: Session) -> None:
    world = contracts.world(session)
    tranches = (
        TrancheInput(money("1000000.00"), date(2026, 1, 1), TrancheCondition.MILESTONE, milestone="Demonstrator"),
    )
    contract = contracts.active(session, world, tranches=tranches)
    command = ConfirmCondition(date(2026, 11, 21), "soon")
    with pytest.raises(RuleBreached):
        service.confirm_condition(session, world.maker, contract.id, 1, command, now=NOW)


def test_final_tranche_waits_for_the_final_account(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    later = date(2028, 1, 31)
    before = tranche_state(session, contract.tranches[1].id, later)
    settle_obligations(session, world, contract)
    after = tranche_state(session, contract.tranches[1].id, later)
    assert not before.condition_met
    assert before.waiting_for
    assert after.condition_met
    assert after.final_account_accepted


def test_holdback_is_not_payable_before_the_final_account(session: Session) -> None:
    world = contracts.world(session)
    tranches = (TrancheInput(money("1000000.00"), date(2025, 9, 15), holdback=money("200000.00")),)
    contract = contracts.active(session, world, tranches=tranches)
    assert tranche_state(session, contract.tranches[0].id, TODAY).payable == money("800000.00")
    settle_obligations(session, world, contract)
    assert tranche_state(session, contract.tranches[0].id, TODAY).payable == money("1000000.00")
