"""Journals and what a contract has left: committed when submitted, actual when posted, refused beyond what binds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.budgets.rules import LimitKind
from app.contracts import fund_control
from app.contracts.states import FundingMode, TermsFamily
from app.journals import service
from app.journals.service import WhatIf
from app.journals.states import JournalKind
from app.kernel.errors import Refusal, RuleBreached
from app.ledger import balances
from app.ledger.checking import check
from app.ledger.headings import Heading
from tests.builders import budgets, journals
from tests.builders.budgets import parameter
from tests.builders.journals import cny, hkd, line
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.postgres import WorkerDatabase


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """A contract with CNY 100.00 for operating cost."""
    return budgets.itemised(session)


def standing(session: Session, made: PaymentWorld, code: str = "OPERATING") -> tuple[str, str, str]:
    """Committed, actual and left of a limit, as text."""
    found = {each.code: each for each in fund_control.standings(session, made.contract, TODAY)}[code]
    return str(found.committed.amount), str(found.actual.amount), str(found.left.amount)


def charged(made: PaymentWorld, amount: str, heading: Heading = Heading.MATERIALS) -> dict[str, object]:
    """A cost charged by the institution, in the contract's currency."""
    return {"lines": (line(made, cny(amount), heading),), "bank_account_id": None}


def test_a_submitted_cost_is_committed_and_an_approved_one_actual(session: Session, made: PaymentWorld) -> None:
    journal = journals.submitted(session, made, **charged(made, "60.00"))
    assert standing(session, made) == ("60.00", "0.00", "40.00")
    service.approve(session, made.other_finance, journal.id, now=NOW)
    assert standing(session, made) == ("0.00", "60.00", "40.00")
    assert standing(session, made, "TOTAL") == ("0.00", "60.00", "999940.00")


@pytest.mark.parametrize("verb", [service.send_back, service.refuse])
def test_a_cost_that_comes_back_gives_its_room_back(
    session: Session, made: PaymentWorld, verb: Callable[..., object]
) -> None:
    journal = journals.submitted(session, made, **charged(made, "60.00"))
    verb(session, made.other_finance, journal.id, "Wrong heading", now=NOW)
    assert standing(session, made) == ("0.00", "0.00", "100.00")


def test_a_corrected_journal_commits_what_it_says_now(session: Session, made: PaymentWorld) -> None:
    journal = journals.submitted(session, made, **charged(made, "60.00"))
    service.send_back(session, made.other_finance, journal.id, "Wrong amount", now=NOW)
    again = journals.correction(made, journal, line(made, cny("100.00"), Heading.MATERIALS), bank_account_id=None)
    service.correct(session, made.finance, journal.id, again, now=NOW)
    assert standing(session, made) == ("100.00", "0.00", "0.00")


def test_a_cost_beyond_its_line_is_refused_in_words(session: Session, made: PaymentWorld) -> None:
    journals.submitted(session, made, **charged(made, "60.00"))
    with pytest.raises(RuleBreached) as refused:
        journals.submitted(session, made, **charged(made, "40.01"))
    breach = refused.value.breaches[0]
    assert (breach.code, breach.field) == ("budget.line-exceeded", "lines-0-amount")
    assert (breach.params["left"], breach.params["wanted"]) == (cny("40.00"), cny("40.01"))


def test_cost_in_another_currency_is_committed_at_its_own_rate(session: Session, made: PaymentWorld) -> None:
    journals.submitted(session, made, line(made, hkd("100.00"), Heading.MATERIALS))
    assert standing(session, made) == ("92.40", "0.00", "7.60")


def test_a_reversal_gives_the_room_back(session: Session, made: PaymentWorld) -> None:
    journal = journals.posted(session, made, **charged(made, "100.00"))
    journals.posted(session, made, kind=JournalKind.REVERSAL, reverses_entry_id=journal.entry_id, bank_account_id=None)
    assert standing(session, made) == ("0.00", "0.00", "100.00")


def test_disallowed_cost_leaves_the_line_for_the_institutions_own_account(session: Session, made: PaymentWorld) -> None:
    journals.posted(session, made, **charged(made, "100.00"))
    taken = journals.posted(session, made, kind=JournalKind.DISALLOWED, **charged(made, "30.00"))
    rows = balances.postings(session, balances.Selection(entry_id=taken.entry_id))
    assert {row.code.name: str(row.amount.amount) for row in rows} == {"OWN_COST": "30.00", "MATERIALS": "-30.00"}
    assert standing(session, made) == ("0.00", "70.00", "30.00")


def test_an_advance_takes_no_budget_until_it_is_cleared(session: Session, made: PaymentWorld) -> None:
    journals.posted(session, made, line(made, hkd("100.00"), None), kind=JournalKind.ADVANCE)
    assert standing(session, made) == ("0.00", "0.00", "100.00")
    journals.posted(
        session,
        made,
        line(made, hkd("100.00"), Heading.MATERIALS),
        kind=JournalKind.ADVANCE_CLEARED,
        bank_account_id=None,
    )
    assert standing(session, made) == ("0.00", "92.40", "7.60")


def test_a_ceiling_nobody_has_read_warns_and_a_verified_one_refuses(session: Session) -> None:
    made = budgets.itemised(session, {"LABOUR": "900000.00", "INDIRECT": "100000.00"})
    parameter(session, made, "indirect_cost_tiers", [[None, "10"]])
    journals.submitted(session, made, **charged(made, "90000.00", Heading.OVERHEAD))
    with pytest.raises(RuleBreached) as refused:
        journals.submitted(session, made, **charged(made, "0.01", Heading.OVERHEAD))
    breach = refused.value.breaches[0]
    assert (breach.code, breach.source) == ("budget.above-ceiling", "Agreement, clause 7")


def test_an_item_outside_a_one_line_vote_needs_approval_first(session: Session) -> None:
    made = budgets.itemised(session, family=TermsFamily.RGC_ONE_LINE_VOTE, mode=FundingMode.ONE_LINE_VOTE)
    journals.submitted(session, made, **charged(made, "10.00", Heading.TRAVEL))
    parameter(session, made, "approved_items", ["STAFF", "EQUIPMENT"])
    with pytest.raises(RuleBreached) as refused:
        journals.submitted(session, made, **charged(made, "10.00", Heading.TRAVEL))
    assert [breach.code for breach in refused.value.breaches] == ["journal.new-item"]
    journals.submitted(session, made, **charged(made, "10.00", Heading.SALARY))


def test_what_if_says_what_would_be_left_and_writes_nothing(session: Session, made: PaymentWorld) -> None:
    typed = WhatIf(made.grantee.id, JournalKind.COST, TODAY, (line(made, hkd("150.00"), Heading.MATERIALS),))
    ((contract, found),) = service.effects(session, made.finance, typed, now=NOW)
    assert contract.reference == made.contract.reference
    operating = next(each for each in found if each.standing.code == "OPERATING")
    assert (operating.wanted, operating.left_after, operating.fits) == (cny("138.60"), cny("-38.60"), False)
    assert {each.standing.kind for each in found} == {LimitKind.WHOLE, LimitKind.LINE}
    assert standing(session, made) == ("0.00", "0.00", "100.00")


def test_what_if_tells_nothing_of_another_institutions_contract(session: Session, made: PaymentWorld) -> None:
    other = budgets.itemised(session)
    typed = WhatIf(made.grantee.id, JournalKind.COST, TODAY, (line(other, cny("1.00"), Heading.MATERIALS),))
    assert service.effects(session, made.finance, typed, now=NOW) == ()


@pytest.fixture
def many(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An engine on which every session has its own connection."""
    engine = create_engine(worker_database.url, poolclass=NullPool)
    yield engine
    engine.dispose()


def test_twenty_officers_spend_ten_each_from_a_line_of_a_hundred_and_ten_succeed(
    session: Session, many: Engine, made: PaymentWorld
) -> None:
    command = journals.command(made, **charged(made, "10.00"))
    session.commit()
    gate = Barrier(20)

    def spend(_number: int) -> str:
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

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(spend, range(20)))
    assert outcomes.count("done") == 10
    assert set(outcomes) <= {"done", "budget.exceeded", "budget.line-exceeded"}
    assert standing(session, made) == ("100.00", "0.00", "0.00")
    assert check(session).differences == ()
