"""What accompanies a payment: documents of its route, minutes, and the bank mandate of the paying account."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.scope import sees
from app.audit import trail
from app.corridor import queries as corridor
from app.corridor.rules import Rule
from app.corridor.states import AskKind
from app.db.unit_of_work import lock_for_update
from app.disbursements import gathering
from app.disbursements.commands import AttachMinutes, DeclareReceipt, EnterMandate, ListDocument, Seen
from app.disbursements.loading import SUBJECT, in_status, locked, record
from app.disbursements.models import BankMandate, Disbursement, RouteDocument
from app.disbursements.states import DisbursementStatus as Status
from app.evidence import service as evidence
from app.institutions import queries as institutions
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money

OPEN = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED_TO_MAKER, Status.APPROVED)
LATER = (*OPEN, Status.RELEASED, Status.SETTLED)
"""What no step waits for, such as the bank's word on a code, may still come once the money is on its way."""


def list_document(
    session: Session, actor: Actor, reference: str, command: ListDocument, *, now: datetime
) -> Disbursement:
    """List what the route asks for: a paper, a filing, a code, a note. Listed again it asks for a new confirmation.

    Raises InputRefused for what is not asked, and for a code that is not on its list.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_DRAFT, reference, None)
    need = _asked(session, row, command.code, now)
    in_status(row, *(OPEN if need.blocks else LATER))
    if need.kind is AskKind.DECLARATION:
        raise _not_required()
    if need.code_list and command.number not in {each.code for each in corridor.codes_of(session, need.code_list)}:
        message, cure = _("This code is not on the list."), _("Choose one of the codes shown.")
        raise InputRefused(Breach("document.unknown-code", message, cure, need.source, field="number"))
    kept = None
    if command.file is not None:
        kept = evidence.keep(
            session,
            actor,
            command.file,
            subject_kind=SUBJECT,
            subject_id=row.id,
            institution_id=row.funder_id,
            title=need.title,
            now=now,
        )
    listed = _piece(row, need)
    listed.number, listed.expires_on = command.number, command.expires_on
    if listed.expires_on is None and need.valid_days is not None:
        listed.expires_on = business_date(now) + timedelta(need.valid_days)
    listed.document_id = kept.id if kept else listed.document_id
    listed.listed_by_id, listed.confirmed_by_id, listed.confirmed_at = actor.person_id, None, None
    row.version += 1
    session.flush()
    record(session, actor, "list-document", row, now, label=need.title, number=command.number)
    return row


def declare_receipt(
    session: Session, actor: Actor, reference: str, command: DeclareReceipt, *, now: datetime
) -> Disbursement:
    """Note that the grantee declared the receipt to its bank, once the money has arrived.

    Raises InputRefused where no declaration is asked for, Conflict before the receipt is confirmed, RuleBreached for a
    day before the receipt or one that has not come.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_CONFIRM_RECEIPT, reference, None, at_grantee=True)
    need = _asked(session, row, command.code, now)
    if need.kind is not AskKind.DECLARATION:
        raise _not_required()
    if row.receipt is None:
        message = _("Nothing is declared before the receipt is confirmed.")
        raise Conflict(Breach("declaration.no-receipt", message, _("Confirm what arrived first."), need.source))
    if not row.receipt.value_date <= command.declared_on <= business_date(now):
        message = _("The declaration is made between the day the money arrived and today.")
        raise RuleBreached(Breach("declaration.day", message, source=need.source, field="declared_on"))
    listed = _piece(row, need)
    listed.number, listed.dated_on, listed.listed_by_id = command.number, command.declared_on, actor.person_id
    row.version += 1
    session.flush()
    record(session, actor, "declare-receipt", row, now, label=need.title, number=command.number)
    return row


def _asked(session: Session, row: Disbursement, code: str, now: datetime) -> Rule:
    need = next((each.rule for each in gathering.asked_alone(session, row, now) if each.rule.code == code), None)
    if need is None:
        raise _not_required()
    return need


def _waited_for_by_no_step(session: Session, row: Disbursement, code: str, now: datetime) -> bool:
    return any(each.code == code and each.blocks is None for each in listable(session, row, now))


def _not_required() -> InputRefused:
    message = _("The route does not ask for this document.")
    cure = _("Choose one of the documents listed for the route.")
    return InputRefused(Breach("document.not-required", message, cure, field="code"))


def _piece(row: Disbursement, need: Rule) -> RouteDocument:
    """The piece of the row's file that answers a rule, begun where there is none yet."""
    listed = next((each for each in row.documents if each.code == need.code), None)
    if listed is None:
        listed = RouteDocument(id=new_id(), disbursement_id=row.id, code=need.code, title=need.title)
        row.documents.append(listed)
    return listed


def confirm_document(
    session: Session, actor: Actor, reference: str, code: str, command: Seen, *, now: datetime
) -> Disbursement:
    """Confirm a document somebody else listed, as it was seen.

    Raises NotPermitted for one's own, Conflict where anything was listed or changed since.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_CONFIRM_DOCUMENTS, reference, command.version)
    in_status(row, *(LATER if _waited_for_by_no_step(session, row, code, now) else OPEN))
    listed = next((each for each in row.documents if each.code == code), None)
    if listed is None:
        raise NotFound(Breach("document.not-listed", _("There is no such document on this disbursement.")))
    if listed.listed_by_id == actor.person_id:
        raise own_work("disbursement.confirm-document", _("A grant officer who did not list it confirms it."))
    if listed.confirmed_by_id is not None:
        raise Conflict(Breach("document.confirmed", _("This document has been confirmed already.")))
    listed.confirmed_by_id, listed.confirmed_at = actor.person_id, now
    row.version += 1
    session.flush()
    record(session, actor, "confirm-document", row, now, label=listed.title)
    return row


def attach_minutes(
    session: Session, actor: Actor, reference: str, command: AttachMinutes, *, now: datetime
) -> Disbursement:
    """Attach the minutes of the collective decision, where the terms ask for one."""
    row = locked(session, actor, Permission.DISBURSEMENTS_DRAFT, reference, None)
    in_status(row, Status.DRAFT, Status.SUBMITTED, Status.RETURNED_TO_MAKER)
    kept = evidence.keep(
        session,
        actor,
        command.file,
        subject_kind=SUBJECT,
        subject_id=row.id,
        institution_id=row.funder_id,
        title="Minutes of the collective decision",
        now=now,
    )
    row.minutes_document_id = kept.id
    session.flush()
    record(session, actor, "attach-minutes", row, now, sha256=kept.sha256.hex())
    return row


def requirements_of(session: Session, row: Disbursement, now: datetime) -> list[Rule]:
    """What the route of this disbursement asks for today before the money moves."""
    return [each for each in listable(session, row, now) if each.blocks is not None]


def listable(session: Session, row: Disbursement, now: datetime) -> list[Rule]:
    """Everything the maker lists for this disbursement: all that is asked but what the receiving side declares."""
    found = (each.rule for each in gathering.asked_alone(session, row, now))
    return [rule for rule in found if rule.kind is not AskKind.DECLARATION]


def enter_mandate(session: Session, actor: Actor, command: EnterMandate, *, now: datetime) -> BankMandate:
    """Enter how many signatories an account needs above an amount; in force once a second person confirms it."""
    account = institutions.account_by_id(session, command.bank_account_id)
    authorise(actor, Permission.BANK_ACCOUNTS_ENTER, account.institution_id)
    if command.above.currency.value != account.currency:
        raise InputRefused(
            Breach(
                "mandate.currency",
                _("The mandate is in %(currency)s, the account's currency."),
                params={"currency": account.currency},
                field="above",
            )
        )
    mandate = BankMandate(
        id=new_id(),
        bank_account_id=account.id,
        above_minor=command.above.minor,
        signatories=command.signatories,
        source=command.source,
        first_day=command.first_day,
        last_day=command.last_day,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(mandate)
    session.flush()
    _record_mandate(session, actor, "mandate.enter", mandate, account, now)
    return mandate


def confirm_mandate(session: Session, actor: Actor, mandate_id: UUID, *, now: datetime) -> BankMandate:
    """Confirm a mandate somebody else entered."""
    mandate = session.get(BankMandate, mandate_id)
    account = session.get(BankAccount, mandate.bank_account_id) if mandate else None
    if mandate is None or account is None or not sees(actor, account.institution_id):
        raise NotFound(Breach("mandate.not-found", _("There is no such bank mandate.")))
    authorise(actor, Permission.BANK_ACCOUNTS_VERIFY, account.institution_id)
    mandate = lock_for_update(session, BankMandate, mandate_id)
    if mandate.entered_by_id == actor.person_id:
        raise own_work("mandate.confirm", _("Another accountant confirms the mandate."))
    if mandate.confirmed_by_id is not None:
        raise Conflict(Breach("mandate.confirmed", _("This mandate has been confirmed already.")))
    mandate.confirmed_by_id = actor.person_id
    session.flush()
    _record_mandate(session, actor, "mandate.confirm", mandate, account, now)
    return mandate


def _record_mandate(
    session: Session, actor: Actor, verb: str, mandate: BankMandate, account: BankAccount, now: datetime
) -> None:
    details = {
        "account": account.masked_number,
        "amount": Money(mandate.above_minor, Currency(account.currency)),
        "signatories": mandate.signatories,
        "note": mandate.source,
    }
    subject = ("bank_account", account.id)
    trail.record(session, actor, verb, subject, details, now=now, institution_id=account.institution_id)
