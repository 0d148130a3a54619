"""Moving budget: in force at once where the terms leave it to the institution, otherwise decided by a second person."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.budgets import queries as budget_queries
from app.contracts import amendments, fund_control, virements
from app.contracts.commands import DecideAmendment, MoveBudget
from app.contracts.models import Amendment
from app.contracts.states import AmendmentStatus
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.ledger.headings import Heading
from tests.builders import budgets, journals
from tests.builders.journals import line
from tests.builders.payments import NOW, TODAY, PaymentWorld


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """A contract with CNY 100.00 for operating cost and plenty for labour."""
    return budgets.itemised(session)


def move(
    session: Session, made: PaymentWorld, from_line: str, to_line: str, amount: str, actor: Actor | None = None
) -> Amendment:
    command = MoveBudget(made.contract.version, from_line, to_line, made.money(amount), "More samples are needed")
    return virements.move(session, actor or made.finance, made.contract.id, command, now=NOW)


def line_left(session: Session, made: PaymentWorld, code: str) -> str:
    found = {each.code: each for each in fund_control.standings(session, made.contract, TODAY)}
    return str(found[code].left.amount)


def revised(session: Session, made: PaymentWorld) -> dict[str, str]:
    rows = budget_queries.budget_by_heading(session, made.contract.id, TODAY).rows
    return {row.heading: str(row.revised.amount) for row in rows}


def test_a_free_move_is_in_force_at_once_and_gives_room_to_spend(session: Session, made: PaymentWorld) -> None:
    moved = move(session, made, "LABOUR", "OPERATING", "400.00")
    assert moved.status == AmendmentStatus.APPROVED
    assert (moved.before["budget"]["OPERATING"], moved.after["budget"]["OPERATING"]) == ("100.00", "500.00")
    assert (revised(session, made)["OPERATING"], revised(session, made)["LABOUR"]) == ("500.00", "699500.00")
    journals.submitted(session, made, line(made, made.money("500.00"), Heading.MATERIALS), bank_account_id=None)
    assert line_left(session, made, "OPERATING") == "0.00"


def test_a_move_to_indirect_cost_waits_for_the_funder(session: Session, made: PaymentWorld) -> None:
    waiting = move(session, made, "LABOUR", "INDIRECT", "400.00")
    assert waiting.status == AmendmentStatus.PROPOSED
    assert line_left(session, made, "INDIRECT") == "100000.00"
    with pytest.raises(Conflict, match=r"amendment\.waiting"):
        move(session, made, "LABOUR", "OPERATING", "1.00")
    amendments.approve(session, made.checker, made.contract.id, waiting.number, DecideAmendment(), now=NOW)
    assert line_left(session, made, "INDIRECT") == "100400.00"


def test_whoever_proposed_a_move_does_not_approve_it(session: Session, made: PaymentWorld) -> None:
    waiting = move(session, made, "LABOUR", "INDIRECT", "400.00", made.maker)
    with pytest.raises(NotPermitted):
        amendments.approve(session, made.maker, made.contract.id, waiting.number, DecideAmendment(), now=NOW)


def test_what_is_spent_or_committed_does_not_move(session: Session, made: PaymentWorld) -> None:
    journals.submitted(session, made, line(made, made.money("60.00"), Heading.MATERIALS), bank_account_id=None)
    with pytest.raises(RuleBreached, match=r"virement\.beyond-line"):
        move(session, made, "OPERATING", "LABOUR", "40.01")
    move(session, made, "OPERATING", "LABOUR", "40.00")
    assert line_left(session, made, "OPERATING") == "0.00"


def test_who_may_not_draft_budgets_moves_nothing(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(NotPermitted):
        move(session, made, "LABOUR", "OPERATING", "1.00", made.payer)
