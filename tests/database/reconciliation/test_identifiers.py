"""A line of the bank that bears nothing but a UETR is known by the payment file that gave it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.disbursements import payment_service
from app.disbursements.commands import Settle
from app.disbursements.models import Disbursement
from app.reconciliation import figures, matching_service, statement_service
from app.reconciliation.commands import EnterStatement
from app.reconciliation.models import BankLine
from app.reconciliation.statements import LineRead
from app.reconciliation.states import Basis
from tests.builders import payment_files, payments
from tests.builders.payments import NOW, TODAY


def test_a_payment_is_matched_by_its_uetr_alone(session: Session) -> None:
    made = payments.world(session)
    sent = payment_files.sent(session, made)
    first, other = sent.payments
    for each in (first, other):
        paid = session.get_one(Disbursement, each.disbursement_id)
        command = Settle(paid.version, TODAY, "BK-9")
        payment_service.settle(session, made.accountant, paid.reference, command, now=NOW)
    money = made.money("10000.00")
    line = LineRead(TODAY, TODAY, -money, "X1", "", "Outward payment")
    zero = money - money
    lines = (replace(line, uetr=str(other.uetr)), replace(line, bank_reference="X2", uetr=str(first.uetr)))
    typed = EnterStatement(TODAY, TODAY, zero, zero - money - money, lines)
    statement_service.enter(session, made.accountant, made.payer_account.id, typed, now=NOW)
    found = matching_service.match_certain(session, made.accountant, made.payer_account.id, now=NOW)
    assert {each.basis for each in found} == {Basis.IDENTIFIER}
    by_uetr = {session.get_one(BankLine, each.lines[0].line_id).uetr: each.postings[0].entry_id for each in found}
    assert by_uetr == {
        str(each.uetr): session.get_one(Disbursement, each.disbursement_id).settlement_entry_id
        for each in (first, other)
    }
    open_now = figures.at_end_of(session, made.payer_account, TODAY)
    assert (open_now.lines, open_now.postings) == ((), ())
