"""A payment file as its page shows it: payments beside what the bank sees and said, people, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.audit.timeline import history
from app.bank_notices import queries as notices
from app.bank_notices.models import BankNoticeEntry
from app.institutions import queries as institutions
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.payment_files import instruction, making, queries, reasons, return_service, service
from app.payment_files.instruction import Payment
from app.payment_files.models import BankProfile, FilePayment, PaymentFile
from app.payment_files.states import AnswerStatus, FileStatus
from app.people import queries as people


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment of the file: what was sent, to which account (masked), and what the bank said of it."""

    row: FilePayment
    sent: Payment
    account: BankAccount
    reason: str
    may_bounce: bool
    notified: tuple[BankNoticeEntry, ...]


def page_of(session: Session, actor: Actor, row: PaymentFile, language: str) -> dict[str, Any]:
    """Everything the page of a file shows."""
    snapshot = instruction.from_json(row.snapshot)
    sent = {each.end_to_end_id: each for each in snapshot.payments}
    paid = queries.paid_by(session, row)
    told, payees = notified(session, row), making.payees_of(session, list(paid.values()))
    bounces = may(actor, Permission.DISBURSEMENTS_BOUNCE, row.institution_id)
    lines = [
        PaymentLine(
            each,
            sent[each.end_to_end_id],
            payees[each.disbursement_id],
            reasons.words_of(each.reason_code),
            bounces and each.answer == AnswerStatus.REJECTED and paid[each.disbursement_id].status == "RELEASED",
            told.get(each.id, ()),
        )
        for each in row.payments
    ]
    involved: set[UUID | None] = {row.maker_id, row.sent_by_id, row.withdrawn_by_id}
    involved |= {each.signatory_id for each in row.signatures} | {each.taken_by_id for each in row.answers}
    return {
        "row": row,
        "told": snapshot,
        "lines": lines,
        "account": institutions.account_by_id(session, row.bank_account_id),
        "profile": session.get_one(BankProfile, row.profile_id),
        "names": people.names_of(session, [key for key in involved if key], language),
        "verbs": verbs(actor, row),
        "to_return": _to_return(session, actor, row),
        "rejected": reasons.words_of(row.payments[0].reason_code),
        "rejected_on": business_date(row.payments[0].answered_at).isoformat() if row.payments[0].answered_at else "",
        "events": history(session, service.SUBJECT, row.id),
    }


def _to_return(session: Session, actor: Actor, row: PaymentFile) -> int:
    """How many payments of a file rejected whole the actor may enter as returned at once."""
    allowed = may(actor, Permission.DISBURSEMENTS_BOUNCE, row.institution_id)
    return len(return_service.to_return(session, row)) if allowed else 0


def notified(session: Session, row: PaymentFile) -> dict[UUID, tuple[BankNoticeEntry, ...]]:
    """What the paying account's bank notified of each payment, by the payment's key; others are absent."""
    named = {each.id: (each.end_to_end_id, str(each.uetr)) for each in row.payments}
    found = notices.told_of(session, row.bank_account_id, list(named.values()))
    return {key: found[given] for key, given in named.items() if given in found}


def verbs(actor: Actor, row: PaymentFile) -> frozenset[str]:
    """What the actor's roles let them try in this status; the service decides."""
    me, place = actor.person_id, row.institution_id
    signed = any(each.signatory_id == me for each in row.signatures)
    table: tuple[tuple[str, set[FileStatus], Permission, bool], ...] = (
        ("sign", {FileStatus.DRAFT}, Permission.PAYMENT_FILES_SIGN, row.maker_id != me and not signed),
        ("withdraw", {FileStatus.DRAFT, FileStatus.SIGNED}, Permission.PAYMENT_FILES_MAKE, True),
        ("download", {FileStatus.SIGNED, FileStatus.SENT, FileStatus.ANSWERED}, Permission.PAYMENT_FILES_SEND, True),
        ("send", {FileStatus.SIGNED}, Permission.PAYMENT_FILES_SEND, True),
        ("answer", {FileStatus.SENT, FileStatus.ANSWERED}, Permission.PAYMENT_FILES_SEND, True),
    )
    return frozenset(verb for verb, at, right, also in table if row.status in at and also and may(actor, right, place))
