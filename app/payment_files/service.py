"""The verbs of payment files: make, sign under the mandate, send, withdraw, hand out the bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.scope import sees
from app.audit import trail
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.disbursements.states import DisbursementStatus
from app.institutions import queries as institutions
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.payment_files import making, message, queries, rules, schema
from app.payment_files.commands import MakeFile, Reasoned, Seen, Send
from app.payment_files.making import Gathered
from app.payment_files.models import FilePayment, FileSignature, PaymentFile
from app.payment_files.rules import SigningFacts
from app.payment_files.states import AnswerStatus, FileStatus, may_move

SUBJECT = "payment-file"
ABOUT_THE_PERSON = ("payment-file.signed-already", "payment-file.took-part")
"""Breaches about the person rather than the file: answered with 403 instead of 422."""


def preview(session: Session, actor: Actor, command: MakeFile, *, now: datetime) -> Gathered:
    """What the bank would see of a file, and everything that stands in its way; nothing is kept."""
    account_of(session, actor, command.account_id, Permission.PAYMENT_FILES_MAKE)
    return making.gather(session, actor, command, reference="PREVIEW", now=now)


def make(session: Session, actor: Actor, command: MakeFile, *, now: datetime) -> PaymentFile:
    """Make a file of released disbursements: its bytes are valid, kept, and never change.

    Raises RuleBreached with everything that stands in the way, a payment in another live file above all.
    """
    account = account_of(session, actor, command.account_id, Permission.PAYMENT_FILES_MAKE)
    reference = next_reference(session, "PAY", business_date(now))
    gathered = making.gather(session, actor, command, reference=reference, now=now, locked=True)
    if gathered.breaches:
        raise RuleBreached(*gathered.breaches)
    instruction = gathered.composed.instruction
    content = message.write(instruction)
    schema.must_be_valid(content, message.MESSAGE)
    row = PaymentFile(
        id=new_id(),
        reference=reference,
        institution_id=account.institution_id,
        bank_account_id=account.id,
        profile_id=gathered.profile.id,
        currency=command.currency.value,
        rail=command.rail,
        execute_on=command.execute_on,
        purpose_code=command.purpose_code,
        total_minor=instruction.total.minor,
        payment_count=len(instruction.payments),
        snapshot=instruction.to_json(),
        content=content,
        sha256=hashlib.sha256(content).digest(),
        status=FileStatus.DRAFT,
        maker_id=actor.person_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    row.payments = _payments(row, gathered)
    session.flush()
    record(session, actor, "make", row, now, account=account.masked_number, amount=row.total, sha256=row.digest)
    return row


def _payments(row: PaymentFile, gathered: Gathered) -> list[FilePayment]:
    sent = zip(gathered.rows, gathered.composed.instruction.payments, strict=True)
    return [
        FilePayment(
            id=new_id(),
            payment_file_id=row.id,
            number=number,
            disbursement_id=paid.id,
            end_to_end_id=payment.end_to_end_id,
            uetr=UUID(payment.uetr),
            amount_minor=paid.amount_minor,
            currency=paid.currency,
            live=True,
            answer=AnswerStatus.NONE,
        )
        for number, (paid, payment) in enumerate(sent, start=1)
    ]


def sign(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> PaymentFile:
    """Sign the bytes of a file; the last signatory of the mandate makes it ready to be sent.

    Raises NotPermitted for the maker and for whoever took part in a payment, RuleBreached without a mandate.
    """
    row = locked(session, actor, Permission.PAYMENT_FILES_SIGN, reference, command.version)
    if actor.person_id == row.maker_id:
        raise own_work("payment-file.sign", _("A payments officer who did not make the file signs it."))
    _move(row, FileStatus.SIGNED)
    account = session.get_one(BankAccount, row.bank_account_id)
    asked = making.signatories_for(session, account, row.total, now)
    facts = SigningFacts(
        asked,
        any(each.signatory_id == actor.person_id for each in row.signatures),
        queries.took_part(session, actor.person_id, [each.disbursement_id for each in row.payments]),
        _changed(session, row, now),
        row.execute_on,
        business_date(now),
    )
    _refuse(rules.signing_breaches(facts))
    row.signatures.append(
        FileSignature(
            id=new_id(), payment_file_id=row.id, signatory_id=actor.person_id, sha256=row.sha256, signed_at=now
        )
    )
    row.signatories = asked or 1
    row.version += 1
    session.flush()
    if len(row.signatures) >= row.signatories:
        row.status = FileStatus.SIGNED
        session.flush()
    record(session, actor, "sign", row, now, amount=row.total, sha256=row.digest, signatories=row.signatories)
    return row


def send(session: Session, actor: Actor, reference: str, command: Send, *, now: datetime) -> PaymentFile:
    """Note that the signed file went to the bank, with the bank's own reference if it gave one."""
    row = locked(session, actor, Permission.PAYMENT_FILES_SEND, reference, command.version)
    _move(row, FileStatus.SENT)
    _refuse(rules.standing_breaches(_changed(session, row, now), row.execute_on, business_date(now)))
    row.status, row.sent_by_id, row.sent_at = FileStatus.SENT, actor.person_id, now
    row.bank_reference = command.bank_reference
    row.version += 1
    session.flush()
    record(session, actor, "send", row, now, amount=row.total, sha256=row.digest, bank_reference=row.bank_reference)
    return row


def withdraw(session: Session, actor: Actor, reference: str, command: Reasoned, *, now: datetime) -> PaymentFile:
    """Take a file back before it was sent; its payments may go into another one."""
    row = locked(session, actor, Permission.PAYMENT_FILES_MAKE, reference, command.version)
    _move(row, FileStatus.WITHDRAWN)
    row.status, row.withdrawn_by_id, row.withdrawn_at = FileStatus.WITHDRAWN, actor.person_id, now
    row.withdrawal_reason = command.reason
    row.version += 1
    session.flush()
    for each in row.payments:
        each.live = False
    session.flush()
    record(session, actor, "withdraw", row, now, reason=command.reason)
    return row


def download(session: Session, actor: Actor, reference: str, *, now: datetime) -> PaymentFile:
    """The file whose bytes, with full account numbers, are handed out: the trail says to whom.

    Raises Conflict before it is signed.
    """
    row = _handed_out(session, actor, reference)
    record(session, actor, "download", row, now, sha256=row.digest)
    return row


def on_paper(session: Session, actor: Actor, reference: str, payment: str, *, now: datetime) -> PaymentFile:
    """The file whose remittance application is handed out, of the one `payment` or of all (empty): the trail says so.

    Raises Conflict before it is signed, NotFound for a payment that is not in it.
    """
    row = _handed_out(session, actor, reference)
    if payment and payment not in {each.end_to_end_id for each in row.payments}:
        raise NotFound(Breach("payment-file.not-found", _("There is no such payment file.")))
    record(session, actor, "on-paper", row, now, sha256=row.digest, payment=payment)
    return row


def _handed_out(session: Session, actor: Actor, reference: str) -> PaymentFile:
    row = queries.get_visible(session, actor, reference)
    authorise(actor, Permission.PAYMENT_FILES_SEND, row.institution_id)
    if row.status in (FileStatus.DRAFT, FileStatus.WITHDRAWN):
        said = _("%(reference)s is not handed out: it is not signed, or it was withdrawn.")
        cure = _("The signatories of the bank mandate sign it first.")
        raise Conflict(Breach("payment-file.not-signed", said, cure, rules.MANDATE, {"reference": reference}))
    if hashlib.sha256(row.content).digest() != row.sha256:
        raise AssertionError("the bytes kept are not those that were signed")
    return row


def account_of(session: Session, actor: Actor, account_id: UUID, permission: Permission) -> BankAccount:
    """The paying account, if in scope and the right is held at its institution. Raises NotFound, NotPermitted."""
    account = institutions.account_by_id(session, account_id)
    if not sees(actor, account.institution_id):
        raise NotFound(Breach("bank-account.not-found", _("There is no such bank account.")))
    authorise(actor, permission, account.institution_id)
    return account


def locked(session: Session, actor: Actor, permission: Permission, reference: str, version: int | None) -> PaymentFile:
    """The file under a row lock, at the version the page showed, with the right checked at its institution."""
    found = queries.get_visible(session, actor, reference)
    authorise(actor, permission, found.institution_id)
    row = lock_for_update(session, PaymentFile, found.id, version)
    for name in ("payments", "signatures", "answers"):
        session.expire(row, [name])
    return row


def _move(row: PaymentFile, after: FileStatus) -> None:
    if not may_move(FileStatus(row.status), after):
        said = _("%(reference)s has moved on: this cannot be done any more, or not yet.")
        raise Conflict(Breach("payment-file.status", said, params={"reference": row.reference, "status": row.status}))


def _changed(session: Session, row: PaymentFile, now: datetime) -> tuple[str, ...]:
    """References of the payments that are not as they were: not released any more, or their account not payable."""
    changed, paid_by = [], queries.paid_by(session, row, shared=True)
    payees = making.payees_of(session, list(paid_by.values()))
    for each in row.payments:
        paid = paid_by[each.disbursement_id]
        if paid.status != DisbursementStatus.RELEASED or not payees[paid.id].is_payable(now):
            changed.append(each.end_to_end_id)
    return tuple(changed)


def _refuse(found: list[Breach]) -> None:
    if any(each.code in ABOUT_THE_PERSON for each in found):
        raise NotPermitted(*found)
    if found:
        raise RuleBreached(*found)


def record(session: Session, actor: Actor, verb: str, row: PaymentFile, now: datetime, **details: Any) -> None:
    """Write the verb into the trail."""
    shown = {"reference": row.reference, **details}
    place = row.institution_id
    trail.record(session, actor, f"{SUBJECT}.{verb}", (SUBJECT, row.id), shown, now=now, institution_id=place)
