"""The verbs of maker and checkers: what they allow, what they refuse, and that a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contracts.states import WhitelistEffect
from app.disbursements import document_service, payment_service, receipt_service, service
from app.disbursements.commands import Approve, Edit, ListDocument, Reasoned, Seen, Settle, WithdrawReceipt
from app.disbursements.loading import consented
from app.disbursements.models import Disbursement
from app.institutions.states import BankAccountStatus
from app.kernel.actor import Actor, Right, Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, Refusal, RuleBreached
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances
from app.whitelist.models import WhitelistEntry
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld


def codes(refusal: Refusal) -> set[str]:
    return {breach.code for breach in refusal.breaches}


def with_role(person: Actor, role: Role, world: PaymentWorld) -> Actor:
    """The person holding a further role at the funder."""
    return replace(person, rights=(*person.rights, Right(role, world.funder.id, TODAY)))


def edit_command(row: Disbursement, **changes: Any) -> Edit:
    command = Edit(
        row.version,
        1,
        row.payer_account_id,
        row.payee_account_id,
        row.requested_value_date,
        row.amount,
        row.purpose,
    )
    return replace(command, **changes)


def listing(session: Session, world: PaymentWorld, status: str = "LISTED") -> WhitelistEntry:
    entry = WhitelistEntry(
        id=new_id(),
        kind="FUND_FLOW",
        subject_kind="INSTITUTION",
        institution_id=world.grantee.id,
        subject_name=world.grantee.name_en,
        status=status,
        valid_from=TODAY - timedelta(days=30),
        source="List of 2026",
        applied_by_id=world.maker.person_id,
        applied_for_id=world.grantee.id,
        applied_at=NOW,
        listed_by_id=world.checker.person_id,
        listed_at=NOW,
        status_since=NOW,
    )
    session.add(entry)
    session.flush()
    return entry


def test_draft_takes_what_the_tranche_has_left_when_no_amount_is_given(session: Session) -> None:
    world = payments.world(session)
    command = payments.Draft(world.contract.reference, 1, world.payer_account.id, world.payee_account.id, TODAY)
    assert service.draft(session, world.maker, command, now=NOW).amount == world.money("400000.00")


def test_maker_cannot_approve_own_disbursement(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    with pytest.raises(NotPermitted) as refused:
        service.approve(session, world.maker, row.reference, Approve(row.version), now=NOW)
    assert codes(refused.value) == {"access.own-work"}


def test_maker_cannot_approve_through_a_second_role(session: Session) -> None:
    world = payments.world(session)
    payments.right(session, world.maker.person_id, Role.FUND_MANAGER, world.funder)
    acting = with_role(world.maker, Role.FUND_MANAGER, world)
    row = payments.submitted(session, world)
    with pytest.raises(NotPermitted):
        service.approve(session, acting, row.reference, Approve(row.version), now=NOW)


def test_maker_who_is_payments_officer_too_cannot_release_own_work(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    for person in (world.maker, world.checker):
        acting = with_role(person, Role.PAYMENTS_OFFICER, world)
        with pytest.raises(NotPermitted):
            payment_service.release(session, acting, row.reference, Seen(row.version), now=NOW)


def test_approval_is_refused_without_a_limit_in_the_matrix_or_beyond_it(session: Session) -> None:
    world = payments.world(session, maximum="399999.99")
    row = payments.submitted(session, world)
    with pytest.raises(NotPermitted) as refused:
        service.approve(session, world.checker, row.reference, Approve(row.version), now=NOW)
    assert "authority.over-limit" in codes(refused.value)


def test_second_checker_is_needed_above_the_threshold(session: Session) -> None:
    world = payments.world(session, second_above="300000.00")
    row = payments.submitted(session, world)
    row = service.approve(session, world.checker, row.reference, Approve(row.version, notes_seen=True), now=NOW)
    assert (row.status, row.hold_id) == ("SUBMITTED", None)
    with pytest.raises(NotPermitted):
        service.approve(session, world.checker, row.reference, Approve(row.version, notes_seen=True), now=NOW)
    row = service.approve(session, world.second, row.reference, Approve(row.version), now=NOW)
    assert row.status == "APPROVED"
    assert row.hold_id is not None


def test_notes_have_to_be_seen(session: Session) -> None:
    world = payments.world(session, second_above="300000.00")
    row = payments.submitted(session, world)
    with pytest.raises(RuleBreached) as refused:
        service.approve(session, world.checker, row.reference, Approve(row.version), now=NOW)
    assert codes(refused.value) == {"notes.not-seen", "checkers.second-needed"}


def test_what_changed_since_it_was_shown_is_not_approved(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    shown = consented(session, row).hex()
    world.payee_account.number = "999999999999"
    session.flush()
    with pytest.raises(Conflict) as refused:
        service.approve(session, world.checker, row.reference, Approve(row.version, shown), now=NOW)
    assert codes(refused.value) == {"disbursement.changed"}


def test_change_after_approval_voids_it_and_gives_the_hold_back(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    row = service.edit(session, world.maker, row.reference, edit_command(row, amount=world.money("300000.00")), now=NOW)
    assert (row.status, row.revision, row.hold_id) == ("SUBMITTED", 2, None)
    held = [str(h.remaining.amount) for h in balances.holds_of_contract(session, world.contract.id)]
    assert held == ["1000000.00"]
    row = service.approve(session, world.checker, row.reference, Approve(row.version), now=NOW)
    assert row.status == "APPROVED"


def test_only_the_maker_edits_and_submits(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world)
    with pytest.raises(NotPermitted):
        service.edit(session, world.checker, row.reference, edit_command(row), now=NOW)
    with pytest.raises(NotPermitted):
        service.submit(session, world.checker, row.reference, Seen(row.version), now=NOW)


def test_approver_recalls_before_release_and_nobody_else_does(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    with pytest.raises(NotPermitted):
        service.recall(session, world.second, row.reference, Reasoned(row.version, "no"), now=NOW)
    row = service.recall(session, world.checker, row.reference, Reasoned(row.version, "wrong day"), now=NOW)
    assert (row.status, row.revision, row.hold_id) == ("SUBMITTED", 2, None)


def test_returned_disbursement_is_corrected_and_submitted_again(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    row = service.return_to_maker(session, world.checker, row.reference, Reasoned(row.version, "purpose"), now=NOW)
    row = service.edit(session, world.maker, row.reference, edit_command(row, purpose="Clear"), now=NOW)
    row = service.submit(session, world.maker, row.reference, Seen(row.version), now=NOW)
    assert (row.status, row.revision) == ("SUBMITTED", 2)


@pytest.mark.parametrize("verb", [service.refuse, service.cancel])
def test_refusing_and_cancelling_give_the_hold_back(session: Session, verb: Callable[..., Disbursement]) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    row = verb(session, world.second, row.reference, Reasoned(row.version, "not now"), now=NOW)
    assert row.status in ("REFUSED", "CANCELLED")
    held = [str(h.remaining.amount) for h in balances.holds_of_contract(session, world.contract.id)]
    assert held == ["1000000.00"]


def test_two_submissions_cannot_exceed_the_tranche_together(session: Session) -> None:
    world = payments.world(session)
    payments.submitted(session, world, "300000.00")
    with pytest.raises(RuleBreached) as refused:
        payments.submitted(session, world, "200000.00")
    assert codes(refused.value) == {"tranche.exceeded"}


def test_account_of_somebody_else_is_refused_already_in_the_draft(session: Session) -> None:
    world = payments.world(session)
    with pytest.raises(RuleBreached) as refused:
        payments.drafted(session, replace(world, payee_account=world.payer_account))
    assert codes(refused.value) == {"payee.not-grantee"}


def test_amount_in_another_currency_is_refused(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world)
    other = edit_command(row, amount=Money.parse("1.00", Currency.HKD))
    with pytest.raises(InputRefused):
        service.edit(session, world.maker, row.reference, other, now=NOW)


def test_missing_route_document_blocks_submission(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world, documents=False)
    with pytest.raises(RuleBreached) as refused:
        service.submit(session, world.maker, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"document.missing"}


def test_whoever_lists_a_document_cannot_confirm_it(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world, documents=False)
    code = document_service.requirements_of(session, row, NOW)[0].code
    document_service.list_document(session, world.maker, row.reference, ListDocument(code, "1"), now=NOW)
    with pytest.raises(NotPermitted):
        document_service.confirm_document(session, world.maker, row.reference, code, Seen(row.version), now=NOW)


def test_unconfirmed_document_blocks_approval(session: Session) -> None:
    world = payments.world(session)
    row = payments.drafted(session, world, documents=False)
    for need in document_service.requirements_of(session, row, NOW):
        document_service.list_document(session, world.maker, row.reference, ListDocument(need.code, "1"), now=NOW)
    row = service.submit(session, world.maker, row.reference, Seen(row.version), now=NOW)
    with pytest.raises(RuleBreached) as refused:
        service.approve(session, world.checker, row.reference, Approve(row.version), now=NOW)
    assert codes(refused.value) == {"document.unconfirmed"}


def test_closed_contract_takes_no_payment(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    world.contract.status = "CLOSED"
    session.flush()
    with pytest.raises(RuleBreached) as refused:
        service.approve(session, world.checker, row.reference, Approve(row.version), now=NOW)
    assert "contract.not-payable" in codes(refused.value)


def test_missing_rate_blocks_submission(session: Session) -> None:
    world = payments.world(session, rates=False)
    with pytest.raises(RuleBreached) as refused:
        payments.submitted(session, world)
    assert codes(refused.value) == {"rate.missing"}


def test_stale_rate_blocks_submission(session: Session) -> None:
    world = payments.world(session, rates=False)
    payments.rate(session, "0.92", TODAY - timedelta(days=60))
    with pytest.raises(RuleBreached) as refused:
        payments.submitted(session, world)
    assert codes(refused.value) == {"rate.stale"}


def test_whitelist_is_looked_at_again_at_release(session: Session) -> None:
    world = payments.world(session, effect=WhitelistEffect.BLOCK)
    entry = listing(session, world)
    row = payments.approved(session, world)
    entry.status = "SUSPENDED"
    session.flush()
    with pytest.raises(RuleBreached) as refused:
        payment_service.release(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"whitelist.not-listed"}


def test_replaced_account_blocks_release(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    world.payee_account.status = BankAccountStatus.REPLACED.value
    session.flush()
    with pytest.raises(RuleBreached) as refused:
        payment_service.release(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"account.not-verified"}


def test_mandate_of_two_signatories_needs_both(session: Session) -> None:
    world = payments.world(session, signatories=2)
    row = payments.released(session, world)
    assert row.status == "APPROVED"
    with pytest.raises(NotPermitted) as refused:
        payment_service.release(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"mandate.signed-already"}
    row = payment_service.release(session, world.other_payer, row.reference, Seen(row.version), now=NOW)
    assert row.status == "RELEASED"


def test_minutes_are_needed_where_the_terms_ask(session: Session) -> None:
    world = payments.world(session, minutes=True)
    with pytest.raises(RuleBreached) as refused:
        payments.submitted(session, world)
    assert codes(refused.value) == {"minutes.missing"}


def test_leader_of_the_project_checks_nothing_of_it(session: Session) -> None:
    world = payments.world(session)
    payments.right(session, world.leader.person_id, Role.GRANT_OFFICER, world.funder)
    acting = with_role(world.leader, Role.GRANT_OFFICER, world)
    row = payments.submitted(session, world)
    with pytest.raises(NotPermitted) as refused:
        service.approve(session, acting, row.reference, Approve(row.version), now=NOW)
    assert "interest.declared" in codes(refused.value)


def test_grantee_sees_a_payment_only_once_it_is_decided(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    with pytest.raises(NotFound):
        receipt_service.withdraw(
            session, world.finance, row.reference, WithdrawReceipt(row.version, TODAY, "x"), now=NOW
        )


def test_settling_before_release_or_by_the_payer_is_refused(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    with pytest.raises(Conflict):
        payment_service.settle(session, world.accountant, row.reference, Settle(row.version, TODAY, "B"), now=NOW)
    row = payment_service.release(session, world.payer, row.reference, Seen(row.version), now=NOW)
    acting = with_role(world.payer, Role.ACCOUNTANT, world)
    with pytest.raises(NotPermitted):
        payment_service.settle(session, acting, row.reference, Settle(row.version, TODAY, "B"), now=NOW)


def test_receipt_withdrawn_can_be_confirmed_again(session: Session) -> None:
    world = payments.world(session)
    row = payments.received(session, world, payments.settled(session, world))
    with pytest.raises(Conflict):
        payments.received(session, world, row)
    row = receipt_service.withdraw(
        session, world.finance, row.reference, WithdrawReceipt(row.version, TODAY, "wrong account"), now=NOW
    )
    assert row.receipt is None
    assert payments.received(session, world, row).receipt is not None


def test_unexplained_difference_is_refused(session: Session) -> None:
    world = payments.world(session)
    row = payments.settled(session, world)
    with pytest.raises(RuleBreached) as refused:
        payments.received(session, world, row, received=Money.parse("432282.42", Currency.HKD))
    assert codes(refused.value) == {"receipt.difference"}


def test_stale_version_is_refused(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    with pytest.raises(Conflict):
        service.approve(session, world.checker, row.reference, Approve(row.version - 1), now=NOW)


@pytest.mark.parametrize(
    "break_it",
    [
        "update contract set status = 'CLOSED'",
        "update bank_account set status = 'REPLACED'",
        "delete from exchange_rate",
        "update authority_limit set maximum_minor = 1",
    ],
)
def test_refused_approval_leaves_the_database_as_it_was(
    session: Session, database_digest: Callable[[], str], break_it: str
) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    session.execute(text(break_it))
    session.commit()
    session.expire_all()
    before = database_digest()
    with pytest.raises(Refusal):
        service.approve(session, world.checker, row.reference, Approve(row.version), now=NOW)
    session.rollback()
    assert database_digest() == before
