"""The bank's answers: taken whole or not at all, once each; what is rejected waits for a person to enter its return."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, InputRefused
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.payment_files import queries, service, status_report
from app.payment_files.commands import TakeAnswer
from app.payment_files.models import BankAnswer, PaymentFile
from app.payment_files.states import GONE, AnswerStatus, FileStatus
from app.payment_files.status_report import Outcome, SentFile, SentPayment


@dataclass(frozen=True, slots=True)
class Taken:
    """The file with the answer, and whether these very bytes had been taken before: then nothing was."""

    file: PaymentFile
    answer: BankAnswer
    again: bool


def take(session: Session, actor: Actor, reference: str, command: TakeAnswer, *, now: datetime) -> Taken:
    """Take the bank's answer on a file that was sent. The same bytes again take nothing.

    Nothing is posted: a rejected payment is bounced by an accountant, with the bank's reason at hand.
    Raises InputRefused where the answer is damaged, hostile or not about this file.
    """
    row = service.locked(session, actor, Permission.PAYMENT_FILES_SEND, reference, None)
    digest = hashlib.sha256(command.file.content).digest()
    before = queries.answer_taken(session, row.id, digest)
    if before is not None:
        return Taken(row, before, again=True)
    if row.status not in GONE:
        said = _("%(reference)s has not been sent, so no bank can have answered it.")
        raise Conflict(Breach("bank-answer.not-sent", said, params={"reference": reference}, field="file"))
    report = status_report.read(command.file.content)
    sent = _sent(row)
    found = status_report.misfits(report, sent)
    if any(each.message_id == report.message_id for each in row.answers):
        said = _("Another answer with the identifier %(named)s has been taken.")
        named = {"named": report.message_id}
        found.append(Breach("bank-answer.same-identifier", said, source="ISO 20022", params=named, field="file"))
    if found:
        raise InputRefused(*found)
    told = status_report.outcomes(report, sent)
    counted = Counter(each.answer for each in told.values())
    answer = BankAnswer(
        id=new_id(),
        payment_file_id=row.id,
        message_id=report.message_id,
        filename=command.file.name[:200],
        sha256=digest,
        content=command.file.content,
        accepted=counted[AnswerStatus.ACCEPTED],
        rejected=counted[AnswerStatus.REJECTED],
        pending=counted[AnswerStatus.PENDING],
        taken_by_id=actor.person_id,
        taken_at=now,
    )
    row.answers.append(answer)
    _note(row, told, now)
    row.status = FileStatus.ANSWERED
    row.version += 1
    session.flush()
    numbers = {"accepted": answer.accepted, "rejected": answer.rejected, "pending": answer.pending}
    service.record(session, actor, "answer", row, now, message_id=report.message_id, sha256=digest.hex(), **numbers)
    return Taken(row, answer, again=False)


def _sent(row: PaymentFile) -> SentFile:
    payments = tuple(
        SentPayment(each.end_to_end_id, str(each.uetr), AnswerStatus(each.answer)) for each in row.payments
    )
    return SentFile(row.reference, row.total.amount, payments)


def _note(row: PaymentFile, told: dict[str, Outcome], now: datetime) -> None:
    for each in row.payments:
        outcome = told.get(each.end_to_end_id)
        if outcome is not None:
            each.answer, each.answered_at = outcome.answer, now
            each.bank_status, each.reason_code = outcome.said.status, outcome.said.reason_code
            each.reason_text = outcome.said.reason_text[:2000]
