"""The verbs of a statement after its issue: the auditor's report, filing with the funder, accepting, returning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.guards import authorise, authorise_any, own_work
from app.access.permissions import Permission
from app.contracts import obligations, opening, queries as contracts
from app.contracts.commands import ObligationStep
from app.contracts.models import Contract, Obligation
from app.contracts.states import ObligationKind, ObligationStatus
from app.evidence import examining
from app.kernel.actor import Actor
from app.statements import queries, rules
from app.statements.models import Statement
from app.statements.service import Step, kept, move, opened, traced
from app.statements.states import Engagement, FileKind, StatementStatus
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class AddAuditorsReport:
    """The auditor's own signed report, and the standard of the engagement."""

    version: int
    engagement: Engagement
    file: Upload


def add_auditors_report(
    session: Session, actor: Actor, reference: str, command: AddAuditorsReport, *, now: datetime
) -> Statement:
    """Bind the auditor's signed report by its SHA-256; the software writes no opinion and changes no byte."""
    statement = opened(session, actor, reference, command.version)
    contract = contracts.by_id(session, statement.contract_id)
    authorise_any(actor, Permission.STATEMENTS_AUDIT, statement.institution_id, contract.funder_id)
    _must_not_have_certified(actor, statement, "statement.audit")
    move(statement, StatementStatus.AUDITED)
    opening.refuse_if(rules.not_superseded(_successor(session, statement)))
    examining.accept(command.file.content, signed_report=True)
    row = kept(actor, statement, FileKind.AUDITORS_REPORT, command.file.name, command.file.content, now)
    session.add(row)
    statement.status, statement.engagement = StatementStatus.AUDITED.value, command.engagement.value
    statement.audited_by_id, statement.audited_at = actor.person_id, now
    details = {"engagement": command.engagement, "sha256": row.sha256.hex(), "file": row.filename}
    return traced(session, actor, "statement.audit", statement, details, now)


def file(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Statement:
    """File it with the funder; the contract's obligation is answered with it through its own verb."""
    statement = opened(session, actor, reference, command.version)
    authorise(actor, Permission.STATEMENTS_FILE, statement.institution_id)
    move(statement, StatementStatus.FILED)
    owed = _obligation(session, statement)
    audit_asked = owed is not None and owed.kind == ObligationKind.AUDITED_ACCOUNT
    opening.refuse_if(
        [
            *rules.not_superseded(_successor(session, statement)),
            *rules.audited_where_asked(StatementStatus(statement.status), audit_asked),
            *rules.obligation_free(owed is not None and owed.status == ObligationStatus.SUBMITTED),
        ]
    )
    if owed is not None and owed.status in (ObligationStatus.DUE, ObligationStatus.QUERIED):
        document = queries.english_pdf(session, statement.id)
        answer = ObligationStep(owed.version, f"{statement.reference}, SHA-256 {document.sha256.hex()}")
        obligations.submit(session, actor, owed.id, answer, now=now)
    statement.status, statement.status_reason = StatementStatus.FILED.value, ""
    statement.filed_by_id, statement.filed_at = actor.person_id, now
    statement.decided_by_id = statement.decided_at = None
    return traced(session, actor, "statement.file", statement, {"title": owed.title if owed else ""}, now)


def accept(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Statement:
    """The funder's officer accepts it, and with it what the contract asked for; not who certified or filed it."""
    statement = _before_the_funder(session, actor, reference, command, "statement.accept")
    move(statement, StatementStatus.ACCEPTED)
    opening.refuse_if(rules.not_superseded(_successor(session, statement)))
    owed = _obligation(session, statement)
    if owed is not None and owed.status == ObligationStatus.SUBMITTED:
        obligations.accept(session, actor, owed.id, ObligationStep(owed.version, statement.reference), now=now)
    statement.status, statement.status_reason = StatementStatus.ACCEPTED.value, command.reason
    statement.decided_by_id, statement.decided_at = actor.person_id, now
    return traced(session, actor, "statement.accept", statement, {"note": command.reason}, now)


def send_back(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Statement:
    """The funder's officer returns it with a reason; the obligation is queried, and a new version can follow."""
    statement = _before_the_funder(session, actor, reference, command, "statement.return")
    back = StatementStatus.AUDITED if statement.engagement else StatementStatus.ISSUED
    move(statement, back)
    opening.refuse_if(rules.reason_given(command.reason))
    owed = _obligation(session, statement)
    if owed is not None and owed.status == ObligationStatus.SUBMITTED:
        obligations.query(session, actor, owed.id, ObligationStep(owed.version, command.reason), now=now)
    statement.status, statement.status_reason = back.value, command.reason
    statement.decided_by_id, statement.decided_at = actor.person_id, now
    return traced(session, actor, "statement.return", statement, {"reason": command.reason}, now)


def _before_the_funder(session: Session, actor: Actor, reference: str, command: Step, verb: str) -> Statement:
    statement = opened(session, actor, reference, command.version)
    contract: Contract = contracts.by_id(session, statement.contract_id)
    authorise(actor, Permission.STATEMENTS_ACCEPT, contract.funder_id)
    _must_not_have_certified(actor, statement, verb)
    opening.must_be_another(actor, statement.filed_by_id, verb)
    opening.must_be_disinterested(session, actor, contract.id)
    return statement


def _must_not_have_certified(actor: Actor, statement: Statement, verb: str) -> None:
    if any(each.person_id == actor.person_id for each in statement.certificates):
        raise own_work(verb)


def _obligation(session: Session, statement: Statement) -> Obligation | None:
    return session.get(Obligation, statement.obligation_id) if statement.obligation_id else None


def _successor(session: Session, statement: Statement) -> str:
    found = queries.issued_successor(session, statement)
    return found.reference if found else ""
