"""The verbs on statements: enter by hand, bring a bank's file and take what it says, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.evidence import service as evidence
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.ledger import periods
from app.reconciliation import bank_files, matching_service, notice_service, queries, rules
from app.reconciliation.commands import BringFile, EnterStatement, Reasoned, Seen
from app.reconciliation.models import BankFile, BankLine, BankStatement
from app.reconciliation.rules import Span
from app.reconciliation.statements import NoticeRead, StatementRead, is_number_of
from app.reconciliation.states import FileStatus, StatementSource, StatementStatus

EVIDENCE_KIND = "bank_statement"


def enter(session: Session, actor: Actor, account_id: UUID, command: EnterStatement, *, now: datetime) -> BankStatement:
    """Enter a statement typed from paper, with the paper if there is a file of it.

    Raises RuleBreached with everything wrong: days, lines, opening + lines against closing, the statements beside it.
    """
    bank = _opened(session, actor, account_id)
    read = StatementRead(
        command.first_day, command.last_day, command.opening, command.closing, command.lines, "", command.bank_number
    )
    _refuse_breached(session, bank, [read])
    made = _kept(session, actor, bank, read, StatementSource.HAND, None, now)
    if command.evidence is not None:
        evidence.keep(
            session,
            actor,
            command.evidence,
            subject_kind=EVIDENCE_KIND,
            subject_id=made.id,
            institution_id=bank.institution_id,
            title=_("Bank statement"),
            now=now,
        )
    matching_service.match_identified(session, actor, bank, now=now)
    return made


def bring(session: Session, actor: Actor, account_id: UUID, command: BringFile, *, now: datetime) -> BankFile:
    """Keep a bank's file after reading all of it; what it says is taken from its preview, by `take`.

    The same bytes again give the file that is there; its layout may change while it waits. Raises InputRefused for what
    cannot be read exactly and RuleBreached for statements that do not fit; then nothing is kept.
    """
    bank = _opened(session, actor, account_id)
    upload = command.file
    known = queries.file_by_digest(session, account_id, bytes.fromhex(upload.sha256))
    if known is not None and known.status == FileStatus.TAKEN:
        return known
    source = bank_files.source_of(upload)
    asked = {} if source in bank_files.SELF_DESCRIBING else bank_files.as_asked(command.layout)
    read = bank_files.read(source, upload.content, asked, bank)
    _refuse_breached(session, bank, read)
    notified = bank_files.notices(source, upload.content, bank)
    _refuse_foreign(bank, notified)
    kept = known or BankFile(
        id=new_id(),
        bank_account_id=bank.id,
        institution_id=bank.institution_id,
        source=source,
        status=FileStatus.WAITING,
        filename=upload.name,
        media_type=upload.media_type,
        sha256=bytes.fromhex(upload.sha256),
        content=upload.content,
        brought_by_id=actor.person_id,
        brought_at=now,
    )
    kept.asked = asked
    session.add(kept)
    session.flush()
    details = {"sha256": upload.sha256, "file": upload.name, "statements": len(read)}
    details |= {"notices": len(notified)} if notified else {}
    _record(session, actor, "bank.bring-file", bank, details, now)
    return kept


def preview(session: Session, bank: BankAccount, kept: BankFile) -> Sequence[StatementRead]:
    """What the file says, read again from the bytes that are kept."""
    return bank_files.read(StatementSource(kept.source), kept.content, kept.asked, bank)


def notices(bank: BankAccount, kept: BankFile) -> Sequence[NoticeRead]:
    """The notifications in the file, read again from the bytes that are kept; none in a file of statements."""
    return bank_files.notices(StatementSource(kept.source), kept.content, bank)


def notes(session: Session, bank: BankAccount, kept: BankFile, read: Sequence[StatementRead]) -> list[Breach]:
    """What a person should know of a file that waits, though it keeps nothing from being taken."""
    if kept.status != FileStatus.WAITING:
        return []
    return rules.sequence_notes(read, queries.last_sequence(session, bank.id))


def take(
    session: Session, actor: Actor, account_id: UUID, file_id: UUID, command: Seen, *, now: datetime
) -> list[BankStatement]:
    """Take every statement of a file, or none. Raises Conflict when it was taken, RuleBreached as `enter`.

    Of a file of notifications everything is kept beside the statements, and there are no statements to give.
    """
    bank = _opened(session, actor, account_id)
    queries.file(session, account_id, file_id)
    kept = lock_for_update(session, BankFile, file_id, command.version)
    if kept.status != FileStatus.WAITING:
        message = _("What this file says was taken already.")
        raise Conflict(Breach("bank-file.taken", message, source=rules.STATEMENT))
    read, notified = preview(session, bank, kept), notices(bank, kept)
    _refuse_breached(session, bank, read)
    _refuse_foreign(bank, notified)
    kept.status = FileStatus.TAKEN
    kept.version += 1
    notice_service.keep(session, actor, bank, kept, notified, now=now)
    made = [_kept(session, actor, bank, each, StatementSource(kept.source), kept.id, now) for each in read]
    if made or notified:
        matching_service.match_identified(session, actor, bank, now=now)
    return made


def withdraw(
    session: Session, actor: Actor, account_id: UUID, reference: str, command: Reasoned, *, now: datetime
) -> BankStatement:
    """Take back the newest statement of an account, for a reason, while none of its lines is matched.

    Its file may be brought and taken again. Raises Conflict otherwise.
    """
    bank = _opened(session, actor, account_id)
    row = lock_for_update(session, BankStatement, queries.statement(session, account_id, reference).id, command.version)
    newest = queries.statements(session, account_id)[-1:]
    matched = queries.cleared_lines(session, account_id)
    if row.status != StatementStatus.STANDING or not newest or newest[0].id != row.id:
        message = _("Only the newest statement of an account can be withdrawn.")
        raise Conflict(
            Breach("bank-statement.not-newest", message, _("Withdraw the later ones first."), rules.STATEMENT)
        )
    if any(line.id in matched for line in row.lines):
        message, cure = _("Lines of this statement are matched."), _("Undo the matches first.")
        raise Conflict(Breach("bank-statement.matched", message, cure, rules.STATEMENT))
    if any(
        month.month <= row.last_day
        for month in queries.months(session, account_id)
        if month.month >= periods.month_start(row.first_day)
    ):
        message, cure = _("Its month is prepared or approved."), _("Have the month returned first.")
        raise Conflict(Breach("bank-statement.month", message, cure, rules.STATEMENT))
    row.status = StatementStatus.WITHDRAWN
    row.withdrawal_reason = command.reason
    row.version += 1
    if row.file_id is not None:
        _wait_again(session, row.file_id)
    details = {"statement": row.reference, "reason": command.reason}
    _record(session, actor, "bank.withdraw-statement", bank, details, now)
    return row


def _wait_again(session: Session, file_id: UUID) -> None:
    """A file whose last statement is withdrawn waits on its preview again."""
    session.flush()
    if not any(each.status == StatementStatus.STANDING for each in queries.statements_of_file(session, file_id)):
        kept = session.get_one(BankFile, file_id)
        kept.status = FileStatus.WAITING
        kept.version += 1


def _opened(session: Session, actor: Actor, account_id: UUID) -> BankAccount:
    """The account under a lock, so that its statements follow each other. Raises NotFound, NotPermitted."""
    bank = queries.account(session, actor, account_id)
    authorise(actor, Permission.BANK_IMPORT, bank.institution_id)
    return lock_for_update(session, BankAccount, account_id)


def _refuse_breached(session: Session, bank: BankAccount, read: Sequence[StatementRead]) -> None:
    """Each statement by itself, against the account, and beside those before it in the file and those that stand."""
    standing = queries.spans(session, bank.id)
    known = queries.known_lines(session, bank.id)
    found: list[Breach] = []
    for each in read:
        found += account_breaches(bank, each)
        found += rules.statement_breaches(each, standing)
        found += rules.lines_are_new(each, known)
        standing.append(Span(each.bank_number or "–", each.first_day, each.last_day, each.opening, each.closing))
    if found:
        raise RuleBreached(*found)


def _refuse_foreign(bank: BankAccount, read: Sequence[NoticeRead]) -> None:
    """Each notification is of this account and in its currency."""
    found = [breach for each in read for breach in account_breaches(bank, each)]
    if found:
        raise RuleBreached(*found)


def account_breaches(bank: BankAccount, read: StatementRead | NoticeRead) -> list[Breach]:
    """The statement or notification is of this account and in its currency."""
    if read.currency.value != bank.currency:
        message = _("The account is kept in %(currency)s.")
        raise InputRefused(
            Breach(
                "bank-statement.currency", message, "", rules.STATEMENT, {"currency": bank.currency}, field="opening"
            )
        )
    if not read.account or is_number_of(read.account, bank.number):
        return []
    message = _("The statement is of account %(account)s, not of %(ours)s.")
    params = {"account": f"…{read.account[-4:]}", "ours": bank.masked_number}
    cure = _("Bring the file in at the account it belongs to.")
    return [Breach("bank-statement.account", message, cure, rules.STATEMENT, params, field="file")]


def _kept(
    session: Session,
    actor: Actor,
    bank: BankAccount,
    read: StatementRead,
    source: StatementSource,
    file_id: UUID | None,
    now: datetime,
) -> BankStatement:
    made = BankStatement(
        id=new_id(),
        reference=next_reference(session, "BST", business_date(now)),
        bank_account_id=bank.id,
        institution_id=bank.institution_id,
        currency=bank.currency,
        bank_number=read.bank_number,
        sequence=read.sequence,
        first_day=read.first_day,
        last_day=read.last_day,
        opening_minor=read.opening.minor,
        closing_minor=read.closing.minor,
        source=source,
        file_id=file_id,
        status=StatementStatus.STANDING,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    made.lines = [
        BankLine(
            id=new_id(),
            number=number,
            booked_on=line.booked_on,
            value_on=line.value_on,
            amount_minor=line.amount.minor,
            currency=bank.currency,
            bank_reference=line.bank_reference,
            end_to_end=line.end_to_end,
            text=line.text,
            uetr=line.uetr,
            mandate_reference=line.mandate_reference,
            clearing_reference=line.clearing_reference,
            counterparty=line.counterparty,
            counterparty_account=line.counterparty_account,
            charge_minor=line.charge.minor if line.charge is not None else None,
            return_reason=line.return_reason,
            reversal=line.reversal,
        )
        for number, line in enumerate(read.lines, 1)
    ]
    session.add(made)
    session.flush()
    details = {
        "statement": made.reference,
        "first_day": made.first_day,
        "last_day": made.last_day,
        "opening": read.opening,
        "closing": read.closing,
        "lines": len(made.lines),
        "source": source.value,
    }
    _record(session, actor, "bank.enter-statement", bank, details, now)
    return made


def _record(
    session: Session, actor: Actor, verb: str, bank: BankAccount, details: dict[str, Any], now: datetime
) -> None:
    subject = ("bank_account", bank.id)
    trail.record(session, actor, verb, subject, details, now=now, institution_id=bank.institution_id)
