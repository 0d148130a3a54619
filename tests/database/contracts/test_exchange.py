"""Closing a contract posts its exchange position out in each book, once, and by a second person."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.contracts import exchange, life, obligations
from app.contracts.commands import ObligationStep, Step
from app.contracts.rules import what_is_left_can_be_valued
from app.contracts.states import ContractStatus
from app.kernel.currencies import Currency
from app.kernel.errors import NotPermitted, RuleBreached
from app.ledger import balances, posting
from app.ledger.checking import check
from app.ledger.entries import LAST_DAY
from app.ledger.posting import PeriodState
from app.periods import queries as periods
from tests.builders import payments, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld


def closing(session: Session, made: PaymentWorld) -> PaymentWorld:
    """All that is owed is settled, and the maker has started closing."""
    for owed in list(made.contract.obligations):
        obligations.waive(session, made.checker, owed.id, ObligationStep(owed.version, "Not needed"), now=NOW)
        session.flush()
    life.start_closing(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)
    session.flush()
    return made


def legs(session: Session, made: PaymentWorld) -> list[object]:
    return [
        amount
        for book_id in (made.funder.id, made.grantee.id)
        for amount in balances.pair_positions(session, made.contract.id, book_id, LAST_DAY).values()
        if amount
    ]


def test_what_stands_on_the_pair_is_realised_when_the_contract_closes(session: Session) -> None:
    made = statements.spent(session)
    statements.return_residue(session, made, "30022.66", "32282.43", "0.9300")
    assert legs(session, made) == [cny("-238.59")] or legs(session, made) == [cny("238.59")]
    closing(session, made)
    life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    assert made.contract.status == ContractStatus.CLOSED
    assert legs(session, made) == []
    (done,) = exchange.closed_out(session, made.contract)
    assert (done.book_code, done.on, abs(done.difference)) == (made.grantee.code, TODAY, cny("238.59"))
    assert check(session).differences == ()


def test_foreign_money_that_is_left_is_valued_at_the_rate_of_the_day(session: Session) -> None:
    made = closing(session, statements.worked_example(session))
    before = balances.pair_positions(session, made.contract.id, made.grantee.id, LAST_DAY)
    assert before == {Currency.CNY: cny("307461.25"), Currency.HKD: -hkd("332282.43")}
    life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    assert legs(session, made) == []
    (done,) = exchange.closed_out(session, made.contract)
    assert done.difference == -cny("432.28")
    assert check(session).differences == ()


def test_the_months_check_is_met_by_itself(session: Session) -> None:
    made = closing(session, statements.worked_example(session))
    life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    session.flush()
    assert periods.positions(session, made.grantee.id, date(2026, 11, 30)) == ()


def test_who_started_the_closing_does_not_post_what_is_left(session: Session) -> None:
    made = closing(session, statements.worked_example(session))
    with pytest.raises(NotPermitted) as refused:
        life.close(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)
    assert refused.value.breaches[0].code == "access.own-work"
    assert legs(session, made) != []


def test_closing_out_again_posts_nothing(session: Session) -> None:
    made = closing(session, statements.worked_example(session))
    life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    assert exchange.close_out(session, made.checker, made.contract, TODAY) == []
    assert len(exchange.closed_out(session, made.contract)) == 1


def test_a_contract_without_a_position_closes_without_an_entry_and_by_one_hand(session: Session) -> None:
    made = closing(session, payments.world(session))
    life.close(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)
    assert exchange.closed_out(session, made.contract) == []


def test_without_a_rate_what_is_left_keeps_the_contract_open(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = closing(session, statements.worked_example(session))
    monkeypatch.setattr("app.exchange_rates.queries.latest", lambda *_args, **_named: None)
    facts = life.closing_facts(session, made.contract, TODAY)
    assert what_is_left_can_be_valued(facts) is not None
    with pytest.raises(RuleBreached) as refused:
        life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    assert [each.code for each in refused.value.breaches] == ["contract.rate-missing"]


def test_a_month_that_is_being_closed_keeps_the_contract_open(session: Session) -> None:
    made = closing(session, statements.worked_example(session))
    posting.set_period(session, made.grantee.id, TODAY, PeriodState.CLOSING, actor_id=made.finance.person_id)
    with pytest.raises(RuleBreached) as refused:
        life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    assert refused.value.breaches[0].code == "period.closed"
