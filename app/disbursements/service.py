"""The verbs of maker and checkers: draft, edit, submit, approve, return, refuse, cancel, recall.

Releasing, settling and bouncing stand in `payment_service`, receipts in `receipt_service`, route documents, minutes and
bank mandates in `document_service`, batches in `batch_service`, residue in `residue_service`. Services never commit.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.contracts import bulk, queries as contracts
from app.contracts.models import Contract, Tranche
from app.db.references import next_reference
from app.disbursements import quote_rules, rules
from app.disbursements.commands import Approve, Draft, Edit, Reasoned, Seen
from app.disbursements.conversion import Currencies
from app.disbursements.facts import Facts, Stage
from app.disbursements.gathering import approvers_of
from app.disbursements.loading import (
    check_gates,
    consented,
    contract_hold,
    give_hold_back,
    in_status,
    locked,
    record,
    refuse_if_blocked,
)
from app.disbursements.models import CheckerDecision, Disbursement
from app.disbursements.states import Decision, DisbursementStatus as Status
from app.institutions import queries as institutions
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotPermitted, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import holds
from app.ledger.posting import key_for


def draft(session: Session, actor: Actor, command: Draft, *, now: datetime) -> Disbursement:
    """Prepare a payment of a tranche. A draft may still break gates; submitting it may not."""
    contract = contracts.get_visible(session, actor, command.contract)
    authorise(actor, Permission.DISBURSEMENTS_DRAFT, contract.funder_id)
    tranche = _tranche(contract, command.tranche)
    today = business_date(now)
    row = Disbursement(
        id=new_id(),
        reference=next_reference(session, "DSB", today),
        contract_id=contract.id,
        tranche_id=tranche.id,
        funder_id=contract.funder_id,
        grantee_id=contract.grantee_id,
        pocket_id=contract.pocket_id,
        payer_account_id=_account(session, command.payer_account_id, "payer_account_id").id,
        payee_account_id=_account(session, command.payee_account_id, "payee_account_id").id,
        amount_minor=_amount(session, contract, tranche, command.amount, now).minor,
        currency=contract.currency,
        converts_at=_side(session, contract, command),
        requested_value_date=command.requested_value_date,
        purpose=command.purpose,
        warning_reason=command.warning_reason,
        status=Status.DRAFT,
        revision=1,
        maker_id=actor.person_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    _refuse_strangers(session, row)
    record(session, actor, "draft", row, now, amount=row.amount, contract=contract.reference)
    return row


def edit(session: Session, actor: Actor, reference: str, command: Edit, *, now: datetime) -> Disbursement:
    """Change what the maker prepared. Once submitted, every change makes a new revision and voids all approvals."""
    row = locked(session, actor, Permission.DISBURSEMENTS_DRAFT, reference, command.version)
    _only_maker(row, actor)
    in_status(row, Status.DRAFT, Status.RETURNED_TO_MAKER, Status.SUBMITTED, Status.APPROVED)
    before = Status(row.status)
    if before is Status.APPROVED:
        give_hold_back(session, actor, row)
    contract = contracts.by_id(session, row.contract_id)
    tranche = _tranche(contract, command.tranche)
    row.tranche_id = tranche.id
    row.payer_account_id = _account(session, command.payer_account_id, "payer_account_id").id
    row.payee_account_id = _account(session, command.payee_account_id, "payee_account_id").id
    row.amount_minor = _amount(session, contract, tranche, command.amount, now).minor
    row.converts_at = _side(session, contract, command)
    row.requested_value_date = command.requested_value_date
    row.purpose, row.warning_reason = command.purpose, command.warning_reason
    if before in (Status.SUBMITTED, Status.APPROVED):
        row.revision += 1
        row.status, row.approved_at, row.submitted_at = Status.SUBMITTED, None, now
    session.flush()
    _refuse_strangers(session, row)
    if before in (Status.SUBMITTED, Status.APPROVED):
        _lock_tranche(session, row)
        check_gates(session, row, Stage.SUBMISSION, actor, now)
    record(session, actor, "edit", row, now, amount=row.amount, approvals_void=before is Status.APPROVED)
    return row


def _side(session: Session, contract: Contract, command: Draft | Edit) -> str | None:
    """Whose bank converts, where the accounts leave a choice. Raises RuleBreached for one they do not leave."""
    payer = _account(session, command.payer_account_id, "payer_account_id")
    payee = _account(session, command.payee_account_id, "payee_account_id")
    currencies = Currencies(Currency(contract.currency), Currency(payer.currency), Currency(payee.currency))
    chosen = command.converts_at
    refuse_if_blocked(quote_rules.side_fits(currencies, chosen))
    choice = currencies.payer is currencies.contract is not currencies.payee
    return chosen.value if chosen is not None and choice else None


def submit(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> Disbursement:
    """Hand it to the checkers. Refused with every gate of submission that blocks."""
    row = locked(session, actor, Permission.DISBURSEMENTS_SUBMIT, reference, command.version)
    _only_maker(row, actor)
    in_status(row, Status.DRAFT, Status.RETURNED_TO_MAKER)
    _lock_tranche(session, row)
    check_gates(session, row, Stage.SUBMISSION, actor, now)
    if row.status == Status.RETURNED_TO_MAKER:
        row.revision += 1
    row.status, row.submitted_at, row.status_reason = Status.SUBMITTED, now, ""
    session.flush()
    record(session, actor, "submit", row, now, amount=row.amount)
    return row


def approve(session: Session, actor: Actor, reference: str, command: Approve, *, now: datetime) -> Disbursement:
    """Approve what was shown. It stays submitted until the last checker needed; then money held moves to it.

    Raises NotPermitted for own work or beyond one's authority, Conflict where it changed since it was shown,
    RuleBreached with every gate that blocks, or with the notes nobody said they had seen.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_APPROVE, reference, command.version)
    _not_own(row, actor, "approve")
    in_status(row, Status.SUBMITTED)
    shown = consented(session, row)
    if command.consented is not None and command.consented != shown.hex():
        raise _changed(row)
    facts = check_gates(session, row, Stage.APPROVAL, actor, now)
    _notes_seen(facts, command)
    principal = facts.authority.on_behalf_of_id
    _decide(session, row, actor, Decision.APPROVED, command.reason, now, shown, command.batch_reference, principal)
    if len(approvers_of(row)) >= facts.authority.checkers_needed:
        _become_approved(session, row, actor, now)
    record(
        session,
        actor,
        "approve",
        row,
        now,
        amount=row.amount,
        status=row.status,
        consented=shown.hex(),
        batch=command.batch_reference or "",
    )
    return row


def return_to_maker(
    session: Session, actor: Actor, reference: str, command: Reasoned, *, now: datetime
) -> Disbursement:
    """Give it back to the maker, saying what to correct."""
    row = locked(session, actor, Permission.DISBURSEMENTS_RETURN, reference, command.version)
    _not_own(row, actor, "return")
    in_status(row, Status.SUBMITTED)
    _without_interest(session, row, actor)
    _decide(session, row, actor, Decision.RETURNED, command.reason, now, consented(session, row))
    row.status, row.status_reason = Status.RETURNED_TO_MAKER, command.reason
    session.flush()
    record(session, actor, "return", row, now, reason=command.reason)
    return row


def refuse(session: Session, actor: Actor, reference: str, command: Reasoned, *, now: datetime) -> Disbursement:
    """Refuse it for good, before release; what was held for it goes back to the contract."""
    row = locked(session, actor, Permission.DISBURSEMENTS_REFUSE, reference, command.version)
    _not_own(row, actor, "refuse")
    in_status(row, Status.SUBMITTED, Status.APPROVED)
    _without_interest(session, row, actor)
    _decide(session, row, actor, Decision.REFUSED, command.reason, now, consented(session, row))
    give_hold_back(session, actor, row)
    row.status, row.status_reason = Status.REFUSED, command.reason
    session.flush()
    record(session, actor, "refuse", row, now, reason=command.reason)
    return row


def cancel(session: Session, actor: Actor, reference: str, command: Reasoned, *, now: datetime) -> Disbursement:
    """Take it back before release; what was held for it goes back to the contract."""
    row = locked(session, actor, Permission.DISBURSEMENTS_CANCEL, reference, command.version)
    in_status(row, Status.DRAFT, Status.SUBMITTED, Status.RETURNED_TO_MAKER, Status.APPROVED)
    give_hold_back(session, actor, row)
    row.status, row.status_reason = Status.CANCELLED, command.reason
    session.flush()
    record(session, actor, "cancel", row, now, reason=command.reason)
    return row


def recall(session: Session, actor: Actor, reference: str, command: Reasoned, *, now: datetime) -> Disbursement:
    """An approver takes their approval back before release: all approvals are void, it is submitted again."""
    row = locked(session, actor, Permission.DISBURSEMENTS_RECALL, reference, command.version)
    in_status(row, Status.APPROVED)
    if actor.person_id not in approvers_of(row):
        raise NotPermitted(
            Breach(
                "disbursement.not-approver",
                _("Only somebody who approved this can recall it."),
                _("Ask one of its checkers; or refuse it, or have the maker cancel it."),
                rules.SEPARATION,
            )
        )
    _decide(session, row, actor, Decision.RECALLED, command.reason, now, consented(session, row))
    give_hold_back(session, actor, row)
    row.revision += 1
    row.status, row.approved_at, row.status_reason = Status.SUBMITTED, None, command.reason
    session.flush()
    record(session, actor, "recall", row, now, reason=command.reason)
    return row


def _become_approved(session: Session, row: Disbursement, actor: Actor, now: datetime) -> None:
    """The last approval: part of the contract's hold becomes the disbursement's."""
    parent = contract_hold(session, row)
    if parent is None:
        raise RuleBreached(Breach("contract.no-hold", _("Nothing is held for this contract."), source=rules.LEDGER))
    moved = holds.move_hold(
        session,
        parent,
        row.amount,
        disbursement_id=row.id,
        actor_id=actor.person_id,
        idempotency_key=key_for("disbursement.approve", row.id, row.revision),
    )
    row.hold_id, row.status, row.approved_at = moved.hold_id, Status.APPROVED, now
    session.flush()


def _decide(
    session: Session,
    row: Disbursement,
    actor: Actor,
    decision: Decision,
    reason: str,
    now: datetime,
    shown: bytes,
    batch_reference: str | None = None,
    on_behalf_of_id: UUID | None = None,
) -> None:
    """Write a checker's decision on the revision that stands, before the status changes."""
    row.decisions.append(
        CheckerDecision(
            id=new_id(),
            disbursement_id=row.id,
            revision=row.revision,
            decision=decision,
            checker_id=actor.person_id,
            on_behalf_of_id=on_behalf_of_id,
            consented_sha256=shown,
            reason=reason,
            batch_reference=batch_reference,
            decided_at=now,
        )
    )
    session.flush()


def _tranche(contract: Contract, number: int) -> Tranche:
    found = next((each for each in contract.tranches if each.number == number), None)
    if found is None:
        raise InputRefused(
            Breach(
                "tranche.unknown",
                _("%(contract)s has no tranche %(number)s."),
                _("Choose one of its tranches."),
                params={"contract": contract.reference, "number": number},
                field="tranche",
            )
        )
    return found


def _lock_tranche(session: Session, row: Disbursement) -> None:
    """Two submissions under one tranche wait for each other, so that together they cannot exceed it."""
    session.execute(select(Tranche.id).where(Tranche.id == row.tranche_id).with_for_update())


def _account(session: Session, account_id: object, field: str) -> BankAccount:
    found = session.get(BankAccount, account_id)
    if found is None:
        raise InputRefused(
            Breach("bank-account.unknown", _("There is no such account."), _("Choose one of the list."), field=field)
        )
    return found


def _amount(session: Session, contract: Contract, tranche: Tranche, given: Money | None, now: datetime) -> Money:
    """The amount asked for, or what the tranche has left to pay. Raises InputRefused for another currency or nil."""
    if given is None:
        state = contracts.tranche_state(session, tranche.id, business_date(now))
        given = state.open
    if given.currency.value != contract.currency:
        raise InputRefused(
            Breach(
                "disbursement.currency",
                _("The contract is in %(currency)s: amount and pocket must be too."),
                _("Enter the amount in the contract's currency."),
                params={"currency": contract.currency},
                field="amount",
            )
        )
    if given.minor <= 0:
        raise RuleBreached(
            Breach(
                "tranche.nothing-left",
                _("Tranche %(number)s has nothing left to pay."),
                _("Choose another tranche."),
                rules.SCHEDULE,
                {"number": tranche.number},
                field="tranche",
            )
        )
    return given


def _refuse_strangers(session: Session, row: Disbursement) -> None:
    """Accounts of others are refused at once, also in a draft: money goes from the funder to the grantee."""
    payee = institutions.account_by_id(session, row.payee_account_id)
    payer = institutions.account_by_id(session, row.payer_account_id)
    found = []
    if payee.institution_id != row.grantee_id:
        found.append(
            Breach(
                "payee.not-grantee",
                _("The payee's account does not belong to the grantee of the contract."),
                _("Choose an account of the grantee."),
                rules.GRANT_AGREEMENT,
                field="payee_account_id",
            )
        )
    if payer.institution_id != row.funder_id:
        found.append(
            Breach(
                "payer-account.unusable",
                _("The paying account is not the funder's."),
                _("Choose an account of the funder."),
                rules.ACCOUNTS,
                field="payer_account_id",
            )
        )
    if found:
        raise RuleBreached(*found)


def _notes_seen(facts: Facts, command: Approve) -> None:
    """Notes do not block, but whoever approves says that they were seen."""
    notes = [breach for breach in rules.breaches(facts) if not breach.blocking]
    if not notes or command.notes_seen:
        return
    ask = Breach(
        "notes.not-seen",
        _("This has something to note. Say that you have looked at it."),
        _("Read the notes and tick the box above the button."),
        rules.SEPARATION,
        field="notes_seen",
    )
    raise RuleBreached(ask, *notes)


def _without_interest(session: Session, row: Disbursement, actor: Actor) -> None:
    """Whoever has an interest in the contract decides nothing about it."""
    if actor.person_id in bulk.interests_of(session, [row.contract_id]).get(row.contract_id, frozenset()):
        raise NotPermitted(rules.interest(actor.name))


def _only_maker(row: Disbursement, actor: Actor) -> None:
    if row.maker_id != actor.person_id:
        raise NotPermitted(
            Breach(
                "disbursement.not-maker",
                _("Only its maker can change or submit this disbursement."),
                _("Return it to the maker, or prepare another one."),
                rules.SEPARATION,
            )
        )


def _not_own(row: Disbursement, actor: Actor, verb: str) -> None:
    if row.maker_id == actor.person_id:
        raise own_work(f"disbursement.{verb}")


def _changed(row: Disbursement) -> Conflict:
    return Conflict(
        Breach(
            "disbursement.changed",
            _("%(reference)s changed since you looked."),
            _("Open it again and look at what changed."),
            rules.SEPARATION,
            {"reference": row.reference},
        )
    )
