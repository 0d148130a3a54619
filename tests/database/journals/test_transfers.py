"""Cost transfers: red ink at the source, a new entry at the target, never more than is left of the original."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.budgets import service as approved
from app.budgets.commands import BudgetItem
from app.contracts import fund_control
from app.contracts.models import Contract
from app.journals import service
from app.journals.models import Journal
from app.journals.states import JournalKind
from app.kernel.errors import NotPermitted, Refusal, RuleBreached
from app.ledger import balances
from app.ledger.checking import check
from app.ledger.entries import EntryKind
from app.ledger.headings import Heading
from app.projects.models import Project
from tests.builders import budgets, journals, payments
from tests.builders.journals import cny, hkd, line
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.refusing import Refuser
from tests.postgres import WorkerDatabase

BUDGET = {"OPERATING": "600.00", "LABOUR": "400.00"}


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """A contract with CNY 100.00 for operating cost and much for labour."""
    return budgets.itemised(session)


@pytest.fixture
def other(session: Session, made: PaymentWorld) -> Contract:
    """A second contract of the same institution, CNY 1,000.00 in all, with limits of its own."""
    project = session.get_one(Project, made.contract.project_id)
    contract = payments.contract_in(
        session, project, made.funder, made.grantee, [made.maker, made.checker], made.programme, made.pocket, "1000.00"
    )
    contract.funding_mode = made.contract.funding_mode
    approved.set_approved(session, contract.id, [BudgetItem(key, cny(amount)) for key, amount in BUDGET.items()])
    fund_control.refresh(session, contract, TODAY)
    return contract


def cost(session: Session, made: PaymentWorld, amount: str, heading: Heading = Heading.MATERIALS) -> Journal:
    """A posted cost charged by the institution."""
    return journals.posted(session, made, line(made, cny(amount), heading), bank_account_id=None)


def transfer(original: Journal, **changes: Any) -> dict[str, Any]:
    """What a transfer of the original's cost says besides its lines."""
    values = {"kind": JournalKind.COST_TRANSFER, "moves_entry_id": original.entry_id, "bank_account_id": None}
    return values | changes


def actual(session: Session, contract: Contract) -> dict[str, str]:
    """Actual cost by limit, as text; limits without any are left out."""
    found = fund_control.standings(session, contract, TODAY)
    return {each.code: str(each.actual.amount) for each in found if each.actual}


def turnover(session: Session, entry_id: int | None) -> set[tuple[str, str, str]]:
    """Account, side and amount of an entry's postings."""
    rows = balances.postings(session, balances.Selection(entry_id=entry_id))
    return {(row.code.name, row.side, str(row.amount)) for row in rows}


def test_the_source_stands_in_red_and_the_target_anew(session: Session, made: PaymentWorld, other: Contract) -> None:
    original = cost(session, made, "100.00")
    moved = line(made, cny("40.00"), Heading.MATERIALS, to_contract_id=other.id)
    journal = journals.posted(session, made, moved, **transfer(original))
    assert turnover(session, journal.red_entry_id) == {
        ("MATERIALS", "D", "CNY -40.00"),
        ("INSTITUTION_CLEARING", "C", "CNY 40.00"),
    }
    assert turnover(session, journal.entry_id) == {
        ("MATERIALS", "D", "CNY 40.00"),
        ("INSTITUTION_CLEARING", "C", "CNY -40.00"),
    }
    red, fresh = (
        balances.postings(session, balances.Selection(entry_id=each))[0]
        for each in (journal.red_entry_id, journal.entry_id)
    )
    assert (red.contract_id, red.kind) == (made.contract.id, EntryKind.RED_INK)
    assert (fresh.contract_id, fresh.kind) == (other.id, EntryKind.ACTUAL)
    assert f"(#{original.entry_id}): " in red.reason
    assert red.reason == fresh.reason
    assert red.event_id == fresh.event_id


def test_the_budget_of_both_contracts_moves_with_it(session: Session, made: PaymentWorld, other: Contract) -> None:
    original = cost(session, made, "100.00")
    moved = line(made, cny("40.00"), Heading.MATERIALS, to_contract_id=other.id, to_heading=Heading.SALARY)
    journals.posted(session, made, moved, **transfer(original))
    assert actual(session, made.contract) == {"TOTAL": "60.00", "OPERATING": "60.00"}
    assert {code: amount for code, amount in actual(session, other).items() if code in ("TOTAL", "LABOUR")} == {
        "TOTAL": "40.00",
        "LABOUR": "40.00",
    }
    assert check(session).differences == ()


def test_turnover_of_the_source_is_what_is_left_there(session: Session, made: PaymentWorld, other: Contract) -> None:
    original = cost(session, made, "100.00")
    moved = line(made, cny("40.00"), Heading.MATERIALS, to_contract_id=other.id)
    journals.posted(session, made, moved, **transfer(original))
    rows = [row for row in balances.trial_balance(session, made.grantee.id, TODAY) if row.code.name == "MATERIALS"]
    assert [(str(row.debit), str(row.credit)) for row in rows] == [("CNY 100.00", "CNY 0.00")]


def test_a_waiting_transfer_commits_at_the_target_and_nothing_at_the_source(
    session: Session, made: PaymentWorld, other: Contract
) -> None:
    original = cost(session, made, "100.00")
    moved = line(made, cny("40.00"), Heading.MATERIALS, to_contract_id=other.id)
    journals.submitted(session, made, moved, **transfer(original))
    committed = {
        each.code: str(each.committed) for each in fund_control.standings(session, other, TODAY) if each.committed
    }
    assert (committed["TOTAL"], committed["OPERATING"]) == ("CNY 40.00", "CNY 40.00")
    assert actual(session, made.contract)["OPERATING"] == "100.00"


def test_a_correction_between_headings_moves_cost_and_no_budget(session: Session, made: PaymentWorld) -> None:
    original = cost(session, made, "60.00", Heading.SALARY)
    moved = line(made, cny("60.00"), Heading.SALARY, to_heading=Heading.MATERIALS)
    before = {each.code: each.budget for each in fund_control.standings(session, made.contract, TODAY)}
    journals.posted(session, made, moved, **transfer(original))
    assert actual(session, made.contract) == {"TOTAL": "60.00", "OPERATING": "60.00"}
    assert {each.code: each.budget for each in fund_control.standings(session, made.contract, TODAY)} == before


def test_a_correction_of_a_contract_that_is_all_spent_goes_through(session: Session, made: PaymentWorld) -> None:
    rest = cost(session, made, "699900.00", Heading.SALARY)
    cost(session, made, "200000.00", Heading.EQUIPMENT_PURCHASE)
    cost(session, made, "100000.00", Heading.OVERHEAD)
    cost(session, made, "50.00")
    moved = line(made, cny("50.00"), Heading.SALARY, to_heading=Heading.MATERIALS)
    journals.posted(session, made, moved, **transfer(rest))
    assert actual(session, made.contract)["OPERATING"] == "100.00"


def test_the_heading_it_goes_to_keeps_its_ceiling(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    original = cost(session, made, "200.00", Heading.SALARY)
    moved = line(made, cny("100.01"), Heading.SALARY, to_heading=Heading.MATERIALS)
    refused(RuleBreached, "budget.line-exceeded", submitting(made, moved, **transfer(original)))


def submitting(made: PaymentWorld, *lines: Any, **changes: Any) -> Any:
    """The verb that submits, as the refuser takes it."""
    return lambda own: service.submit(own, made.finance, journals.command(made, *lines, **changes), now=NOW)


def test_no_more_moves_than_is_left(session: Session, made: PaymentWorld, other: Contract, refused: Refuser) -> None:
    original = cost(session, made, "100.00")
    first = line(made, cny("60.00"), Heading.MATERIALS, to_contract_id=other.id)
    journals.posted(session, made, first, **transfer(original))
    waiting = line(made, cny("30.00"), Heading.MATERIALS, to_contract_id=other.id)
    journals.submitted(session, made, waiting, **transfer(original))
    more = line(made, cny("10.01"), Heading.MATERIALS, to_contract_id=other.id)
    refusal = refused(RuleBreached, "journal.transfer-beyond", submitting(made, more, **transfer(original)))
    assert refusal.breaches[0].params["left"] == "CNY 10.00"


def test_two_lines_of_one_transfer_share_what_is_left(made: PaymentWorld, other: Contract, session: Session) -> None:
    original = cost(session, made, "100.00")
    half = line(made, cny("50.01"), Heading.MATERIALS, to_contract_id=other.id)
    with pytest.raises(RuleBreached) as refusal:
        journals.submitted(session, made, half, half, **transfer(original))
    assert [breach.field for breach in refusal.value.breaches] == ["lines-1-amount"]


def test_a_reversed_cost_has_nothing_left_to_move(
    session: Session, made: PaymentWorld, other: Contract, refused: Refuser
) -> None:
    original = cost(session, made, "100.00")
    journals.posted(session, made, kind=JournalKind.REVERSAL, reverses_entry_id=original.entry_id, bank_account_id=None)
    moved = line(made, cny("0.01"), Heading.MATERIALS, to_contract_id=other.id)
    refused(RuleBreached, "journal.transfer-beyond", submitting(made, moved, **transfer(original)))


def test_a_cost_that_has_moved_is_not_reversed(
    session: Session, made: PaymentWorld, other: Contract, refused: Refuser
) -> None:
    original = cost(session, made, "100.00")
    moved = line(made, cny("1.00"), Heading.MATERIALS, to_contract_id=other.id)
    journal = journals.posted(session, made, moved, **transfer(original))
    for entry in (original.entry_id, journal.entry_id):
        reversal = submitting(made, kind=JournalKind.REVERSAL, reverses_entry_id=entry, bank_account_id=None)
        refused(RuleBreached, "journal.reversal-moved", reversal)


def test_moved_cost_moves_back_from_its_new_entry(session: Session, made: PaymentWorld, other: Contract) -> None:
    original = cost(session, made, "100.00")
    there = line(made, cny("100.00"), Heading.MATERIALS, to_contract_id=other.id)
    journal = journals.posted(session, made, there, **transfer(original))
    back = line(made, cny("100.00"), Heading.MATERIALS, contract_id=other.id, to_contract_id=made.contract.id)
    journals.posted(session, made, back, **transfer(journal))
    assert actual(session, made.contract) == {"TOTAL": "100.00", "OPERATING": "100.00"}
    assert actual(session, other) == {}


def test_cost_paid_in_another_currency_moves_in_the_contracts_own(
    session: Session, made: PaymentWorld, other: Contract
) -> None:
    original = journals.posted(session, made, line(made, hkd("100.00"), Heading.MATERIALS))
    moved = line(made, cny("92.40"), Heading.MATERIALS, to_contract_id=other.id)
    journals.posted(session, made, moved, **transfer(original))
    assert actual(session, made.contract) == {}
    rows = balances.postings(session, balances.Selection(contract_id=made.contract.id))
    worth = [row.functional for row in rows if row.code.name == "MATERIALS"]
    assert not sum(worth[1:], worth[0])


def test_the_original_is_named_and_no_later_than_the_transfer(
    session: Session, made: PaymentWorld, other: Contract, refused: Refuser
) -> None:
    original = cost(session, made, "10.00")
    moved = line(made, cny("10.00"), Heading.MATERIALS, to_contract_id=other.id)
    nameless = transfer(original, moves_entry_id=None)
    refused(RuleBreached, "journal.transfer-original", submitting(made, moved, **nameless))
    early = transfer(original, effective_on=TODAY - timedelta(days=1))
    refused(RuleBreached, "journal.transfer-date", submitting(made, moved, **early))


def test_cost_stays_out_of_a_contract_that_had_not_begun(
    session: Session, made: PaymentWorld, other: Contract, refused: Refuser
) -> None:
    original = cost(session, made, "10.00")
    other.first_day = TODAY + timedelta(days=1)
    other.last_day = TODAY + timedelta(days=90)
    session.flush()
    moved = line(made, cny("10.00"), Heading.MATERIALS, to_contract_id=other.id)
    refused(RuleBreached, "journal.transfer-outside-dates", submitting(made, moved, **transfer(original)))


def test_a_transfer_to_where_the_cost_stands_is_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    original = cost(session, made, "10.00")
    same = line(made, cny("10.00"), Heading.MATERIALS, to_contract_id=made.contract.id)
    refused(RuleBreached, "journal.transfer-target", submitting(made, same, **transfer(original)))


def test_old_cost_is_pointed_out_to_the_approver(session: Session, made: PaymentWorld, other: Contract) -> None:
    days = policies.days(session, PolicyName.OLD_TRANSFER_DAYS, TODAY) + 1
    original = cost(session, made, "10.00")
    moved = line(made, cny("10.00"), Heading.MATERIALS, to_contract_id=other.id)
    journal = journals.submitted(session, made, moved, **transfer(original))
    later = NOW + timedelta(days=days)
    found = [breach for breach in service.check(session, journal, later) if breach.code == "journal.transfer-old"]
    assert [(breach.blocking, breach.params["days"]) for breach in found] == [(False, days)]


def test_its_maker_does_not_approve_a_transfer(session: Session, made: PaymentWorld, other: Contract) -> None:
    original = cost(session, made, "10.00")
    moved = line(made, cny("10.00"), Heading.MATERIALS, to_contract_id=other.id)
    journal = journals.submitted(session, made, moved, **transfer(original))
    with pytest.raises(NotPermitted):
        service.approve(session, made.finance, journal.id, now=NOW)


@pytest.fixture
def many(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An engine on which every session has its own connection."""
    engine = create_engine(worker_database.url, poolclass=NullPool)
    yield engine
    engine.dispose()


def test_eight_that_move_a_quarter_each_at_once_move_the_whole_and_no_more(
    session: Session, many: Engine, made: PaymentWorld, other: Contract
) -> None:
    original = cost(session, made, "100.00")
    moved = line(made, cny("25.00"), Heading.MATERIALS, to_contract_id=other.id)
    command = journals.command(made, moved, **transfer(original))
    session.commit()
    gate = Barrier(8)

    def move(_number: int) -> str:
        with Session(many) as own:
            own.execute(text("select 1"))
            own.rollback()
            gate.wait(timeout=30)
            try:
                with own.begin():
                    service.submit(own, made.finance, command, now=NOW)
            except Refusal as refusal:
                return refusal.breaches[0].code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(move, range(8)))
    assert outcomes == ["done"] * 4 + ["journal.transfer-beyond"] * 4
