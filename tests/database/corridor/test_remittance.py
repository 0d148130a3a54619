"""The file of a remittance: which pieces it has, where each stands, for whom it waits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.contracts.states import Purpose
from app.corridor import queries as corridor, service
from app.corridor.service import Decide, ProposeRule
from app.corridor.states import AskKind, Step
from app.disbursements import document_service, payment_service, queries, remittance, service as disbursements
from app.disbursements.commands import Approve, DeclareReceipt, ListDocument, Seen
from app.disbursements.models import Disbursement
from app.disbursements.remittance import FileFilter, Piece, PieceState, Waiting
from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotPermitted, RuleBreached
from app.kernel.money import Money
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld

LETTER = ProposeRule(
    "bank-letter",
    Side.SZ,
    Side.HK,
    AskKind.DOCUMENT,
    "Letter of the bank",
    "Ask the bank",
    "Notice 4 of the bank",
    TODAY,
    purpose=Purpose.GRANT,
    blocks=Step.RELEASE,
)


def piece(session: Session, world: PaymentWorld, row: Disbursement, code: str, days: int = 0) -> Piece:
    found = remittance.one(session, world.maker, row.reference, now=NOW + timedelta(days))
    return next(each for each in found.pieces if each.code == code)


def arrived(session: Session) -> tuple[PaymentWorld, Disbursement]:
    """Hong Kong dollars that reached Shenzhen today."""
    world = payments.world(session, funder_side=Side.HK, currency=Currency.HKD, payee_currency=Currency.CNY)
    row = payments.settled(session, world)
    changes: dict[str, Any] = {
        "received": Money.parse("370000.00", Currency.CNY),
        "charge": Money.parse("0.00", Currency.CNY),
        "dealt_rate": Decimal("0.925"),
    }
    return world, payments.received(session, world, row, **changes)


def declared(session: Session, world: PaymentWorld, row: Disbursement, day: date = TODAY) -> Disbursement:
    command = DeclareReceipt("receipt-declaration", "R-9", day)
    return document_service.declare_receipt(session, world.finance, row.reference, command, now=NOW)


def test_a_code_is_chosen_from_its_list_by_one_person_and_confirmed_by_another(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world)
    assert piece(session, world, row, "bop-code").state is PieceState.MISSING
    document_service.list_document(session, world.maker, row.reference, ListDocument("bop-code", "421990"), now=NOW)
    waiting = piece(session, world, row, "bop-code")
    assert (waiting.state, waiting.waits_for) == (PieceState.UNCONFIRMED, Waiting.SECOND_PERSON)
    with pytest.raises(NotPermitted):
        document_service.confirm_document(session, world.maker, row.reference, "bop-code", Seen(row.version), now=NOW)
    document_service.confirm_document(session, world.checker, row.reference, "bop-code", Seen(row.version), now=NOW)
    assert piece(session, world, row, "bop-code").state is PieceState.COMPLETE


def test_a_code_that_is_on_no_list_is_refused(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world)
    with pytest.raises(InputRefused) as refused:
        document_service.list_document(session, world.maker, row.reference, ListDocument("bop-code", "999999"), now=NOW)
    assert refused.value.breaches[0].code == "document.unknown-code"


def test_what_stops_nothing_may_still_come_after_the_release(session: Session) -> None:
    world = payments.world(session)
    row = payments.released(session, world)
    document_service.list_document(session, world.maker, row.reference, ListDocument("bop-code", "421990"), now=NOW)
    document_service.confirm_document(session, world.checker, row.reference, "bop-code", Seen(row.version), now=NOW)
    paper = ListDocument("approval-and-contract", "7")
    with pytest.raises(Conflict):
        document_service.list_document(session, world.maker, row.reference, paper, now=NOW)


@pytest.mark.parametrize(
    ("purpose", "paper"),
    [(Purpose.GRANT, "approval-and-contract"), (Purpose.COMMISSIONED_RESEARCH, "contract-and-invoice")],
)
def test_what_is_asked_follows_the_purpose_of_the_contract(session: Session, purpose: Purpose, paper: str) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world, documents=False)
    session.get_one(Contract, row.contract_id).purpose = purpose.value
    session.flush()
    needed = {need.code for need in document_service.requirements_of(session, row, NOW)}
    assert needed == {paper, "outbound-tax-filing"}


def test_what_the_release_waits_for_does_not_stop_the_approval(session: Session) -> None:
    world = payments.world(session)
    rule = service.propose_rule(session, world.maker, LETTER, now=NOW)
    service.confirm_rule(session, world.checker, rule.id, Decide(rule.version), now=NOW)
    row = payments.drafted(session, world, documents=False)
    for need in document_service.requirements_of(session, row, NOW):
        if need.code != "bank-letter":
            paper = ListDocument(need.code, "1")
            document_service.list_document(session, world.maker, row.reference, paper, now=NOW)
            seen = Seen(row.version)
            document_service.confirm_document(session, world.checker, row.reference, need.code, seen, now=NOW)
    disbursements.submit(session, world.maker, row.reference, Seen(row.version), now=NOW)
    disbursements.approve(session, world.checker, row.reference, Approve(row.version, notes_seen=True), now=NOW)
    with pytest.raises(RuleBreached) as refused:
        payment_service.release(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert {each.code for each in refused.value.breaches if each.blocking} == {"document.missing"}


def test_a_declaration_runs_five_working_days_from_the_money(session: Session) -> None:
    world, row = arrived(session)
    due = piece(session, world, row, "receipt-declaration")
    assert (due.state, due.waits_for) == (PieceState.DUE, Waiting.GRANTEE)
    assert due.due_on == date(2026, 11, 27), "a week after Friday 20 November"
    assert piece(session, world, row, "receipt-declaration", days=30).state is PieceState.OVERDUE
    waiting = remittance.to_declare(session, world.finance, now=NOW)
    assert [each.reference for each in waiting] == [row.reference]
    declared(session, world, row)
    assert piece(session, world, row, "receipt-declaration", days=30).state is PieceState.COMPLETE
    assert not remittance.to_declare(session, world.finance, now=NOW)


def test_a_declaration_for_another_purpose_waits_for_nobody(session: Session) -> None:
    world, row = arrived(session)
    declared(session, world, row)
    of_equity = ProposeRule(
        "equity-declaration",
        Side.HK,
        Side.SZ,
        AskKind.DECLARATION,
        "Declaration of equity",
        "Tell the bank",
        "Notice 5 of the bank",
        TODAY,
        purpose=Purpose.EQUITY,
        blocks=Step.AFTER,
        due_days=5,
    )
    rule = service.propose_rule(session, world.maker, of_equity, now=NOW)
    service.confirm_rule(session, world.checker, rule.id, Decide(rule.version), now=NOW)
    assert session.scalars(queries.receipts_to_look_at(world.finance, TODAY)).all() == [row]
    assert remittance.to_declare(session, world.finance, now=NOW) == []


def test_nothing_is_declared_before_the_money_arrived(session: Session) -> None:
    world = payments.world(session, funder_side=Side.HK, currency=Currency.HKD, payee_currency=Currency.CNY)
    row = payments.settled(session, world)
    assert piece(session, world, row, "receipt-declaration").state is PieceState.NOT_YET
    with pytest.raises(Conflict):
        declared(session, world, row)


def test_a_declaration_before_the_receipt_is_refused(session: Session) -> None:
    world, row = arrived(session)
    with pytest.raises(RuleBreached):
        declared(session, world, row, TODAY - timedelta(1))


def test_the_payer_does_not_declare_for_the_payee(session: Session) -> None:
    world, row = arrived(session)
    command = DeclareReceipt("receipt-declaration", "R-9", TODAY)
    with pytest.raises(NotPermitted):
        document_service.declare_receipt(session, world.maker, row.reference, command, now=NOW)


def test_an_expired_paper_waits_for_the_maker(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world)
    paper = ListDocument("approval-and-contract", "7", TODAY)
    document_service.list_document(session, world.maker, row.reference, paper, now=NOW)
    lapsed = piece(session, world, row, "approval-and-contract", days=1)
    assert (lapsed.state, lapsed.waits_for) == (PieceState.EXPIRED, Waiting.MAKER)


def test_files_are_narrowed_by_route_by_what_they_lack_and_by_whom_they_wait_for(session: Session) -> None:
    world = payments.world(session)
    reference = payments.submitted(session, world).reference

    def found(**asked: str) -> bool:
        page = remittance.files(session, world.maker, FileFilter(**asked), now=NOW)
        return reference in [each.row.reference for each in page.items]

    assert found()
    assert found(route="SZ-HK")
    assert not found(route="HK-SZ")
    assert found(missing="bop-code")
    assert not found(missing="approval-and-contract")
    assert found(waits_for="MAKER")
    assert not found(waits_for="GRANTEE")


def test_the_first_page_shows_a_file_that_fits_wherever_it_stands(session: Session) -> None:
    world = payments.world(session)
    older = payments.drafted(session, world, "1000.00", documents=False)
    payments.drafted(session, world, "1000.00")
    wanted = FileFilter(missing="approval-and-contract")
    page = remittance.files(session, world.maker, wanted, now=NOW, limit=1)
    assert [each.row.reference for each in page.items] == [older.reference]


def test_what_a_file_still_lacks_is_a_task_of_its_maker_until_it_is_listed(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    assert [each.row for each in remittance.to_complete(session, world.maker, now=NOW)] == [row]
    assert remittance.to_complete(session, world.checker, now=NOW) == []
    lacking = [each for each in remittance.one(session, world.maker, row.reference, now=NOW).open if each.waits_for]
    for each in lacking:
        codes = corridor.codes_of(session, each.asked.rule.code_list) if each.asked.rule.code_list else []
        listed = ListDocument(each.code, codes[0].code if codes else "1")
        document_service.list_document(session, world.maker, row.reference, listed, now=NOW)
    assert remittance.to_complete(session, world.maker, now=NOW) == []
