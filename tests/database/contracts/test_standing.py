"""How a contract's money stands, read from the books, the payments and the journals that wait."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.contracts import payments_seen, queries
from app.contracts.standing import figures
from app.kernel.currencies import Currency
from app.ledger import fund_control
from app.ledger.headings import Heading
from tests.builders import contracts, journals, payments

TODAY = date(2026, 11, 20)


def test_new_contract_has_received_and_spent_nothing(session: Session) -> None:
    world = contracts.world(session)
    standing = figures(session, contracts.active(session, world), TODAY).standing
    nil = contracts.money("0")
    assert (standing.received, standing.spent, standing.held, standing.remaining) == (nil, nil, nil, nil)
    assert standing.not_received == contracts.money("1000000.00")


def test_payments_are_seen_as_the_disbursements_stand(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    seen = payments_seen.payments_of(session, made.contract.id)
    assert [(each.reference, each.status, each.amount) for each in seen] == [
        (row.reference, "SETTLED", made.money("400000.00"))
    ]
    state = queries.tranche_state(session, row.tranche_id, TODAY)
    assert state.paid == made.money("400000.00")
    assert not state.ready


def test_money_received_and_cost_booked_stand_in_the_contracts_currency(session: Session) -> None:
    made = payments.world(session)
    payments.received(session, made, payments.settled(session, made))
    journals.cost(session, made, journals.hkd("100000.00"), Heading.SALARY)
    found = figures(session, made.contract, TODAY)
    assert found.standing.received == made.money("400000.00")
    assert found.standing.spent >= made.money("92400.00")
    assert found.standing.remaining == found.standing.limit_amount - found.standing.spent
    assert sum(line.spent.minor for line in found.lines) == found.standing.spent.minor


def test_waiting_journal_counts_as_held(session: Session) -> None:
    made = payments.world(session)
    payments.received(session, made, payments.settled(session, made))
    journals.submitted(session, made, journals.line(made, journals.hkd("1000.00"), Heading.TRAVEL))
    session.flush()
    held = fund_control.waiting_cost(session, made.contract.id, Currency.CNY)
    assert held == {Heading.TRAVEL: made.money("924.00")}
    assert figures(session, made.contract, TODAY).standing.held == made.money("924.00")
