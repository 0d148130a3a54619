"""The verbs of a statement up to its issue: prepare, prepare again, certify, issue, withdraw, correct."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work, refusal
from app.access.permissions import Permission
from app.audit import trail
from app.contracts import opening, queries as contracts
from app.contracts.models import Contract, Obligation
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, InputRefused
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.signing.signing import SignsFiles
from app.statements import building, queries, rules
from app.statements.models import Statement, StatementCertificate, StatementFile
from app.statements.states import ISSUED_ON, OPEN, Capacity, FileKind, StatementStatus
from reports.model import Report
from reports.output import Format


@dataclass(frozen=True, slots=True)
class PrepareStatement:
    """A statement wanted: of which contract, which report, which inclusive days, for which obligation."""

    contract: str
    report: str
    first_day: date
    last_day: date
    obligation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Certify:
    """A certificate to give; `post` is the office someone signs in for the head of institution."""

    version: int
    capacity: Capacity
    post: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the version that the page showed, with its reason where it needs one."""

    version: int
    reason: str = ""


def prepare(session: Session, actor: Actor, command: PrepareStatement, *, now: datetime) -> Statement:
    """Prepare a draft from the books of today. Raises NotFound, NotPermitted, InputRefused, Conflict."""
    seen = contracts.get_visible(session, actor, command.contract)
    authorise(actor, Permission.STATEMENTS_PREPARE, seen.grantee_id)
    contract = lock_for_update(session, Contract, seen.id)
    if command.last_day > business_date(now):
        raise InputRefused(
            Breach(
                "statement.days-ahead",
                _("The last day has not come yet."),
                _("Enter a last day up to today."),
                field="last_day",
            )
        )
    kind = building.kind_of(command.report)
    twin = queries.live_twin(session, kind.name, contract.id, command.first_day, command.last_day)
    if twin is not None:
        raise Conflict(
            Breach(
                "statement.exists",
                _("There is a statement of this report for these days already: %(number)s."),
                _("Go on with it, or correct it once it is issued."),
                params={"number": twin.reference},
                field="report",
            )
        )
    made = Statement(
        report=kind.name,
        contract_id=contract.id,
        institution_id=contract.grantee_id,
        first_day=command.first_day,
        last_day=command.last_day,
        obligation_id=_answered(session, contract, command.obligation_id),
        edition=1,
        correction_reason="",
    )
    return _begin(session, actor, made, "statement.prepare", now)


def prepare_again(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Statement:
    """Take the figures of today. Certificates already given speak of the old ones and count no more."""
    statement = opened(session, actor, reference, command.version)
    authorise(actor, Permission.STATEMENTS_PREPARE, statement.institution_id)
    if statement.status not in OPEN:
        raise Conflict(*rules.may_move(StatementStatus(statement.status), StatementStatus.DRAFT))
    report = building.figures(session, statement, now=now)
    before, statement.data_digest = statement.data_digest, report.digest()
    statement.status, statement.status_reason = StatementStatus.DRAFT.value, ""
    statement.round += 1
    statement.prepared_by_id, statement.prepared_at = actor.person_id, now
    details = {"round": statement.round, "figures": report.digest(), "changed": before != report.digest()}
    return traced(session, actor, "statement.prepare-again", statement, details, now)


def certify(session: Session, actor: Actor, reference: str, command: Certify, *, now: datetime) -> Statement:
    """Give one of the three certificates, of figures that the books still give. Nobody gives two."""
    statement = opened(session, actor, reference, command.version)
    _may_certify(session, actor, statement, command.capacity, now)
    if statement.status != StatementStatus.DRAFT:
        raise Conflict(*rules.may_move(StatementStatus(statement.status), StatementStatus.CERTIFIED))
    given = queries.signed(statement.standing_certificates)
    if rules.one_person_once(given, actor.person_id):
        raise own_work("statement.certify", _("The other certificates are given by other people."))
    opening.refuse_if([*rules.in_order(given, command.capacity), *rules.post_named(command.capacity, command.post)])
    opening.refuse_if(
        rules.figures_unchanged(statement.data_digest, building.figures(session, statement, now=now).digest())
    )
    statement.certificates.append(
        StatementCertificate(
            id=new_id(),
            statement_id=statement.id,
            round=statement.round,
            capacity=command.capacity.value,
            person_id=actor.person_id,
            post=command.post.strip(),
            signed_at=now,
            data_digest=statement.data_digest,
        )
    )
    if rules.next_capacity(queries.signed(statement.standing_certificates)) is None:
        statement.status = StatementStatus.CERTIFIED.value
    statement.version += 1
    details = {"capacity": command.capacity, "figures": statement.data_digest}
    return traced(session, actor, "statement.certify", statement, details, now)


def _may_certify(session: Session, actor: Actor, statement: Statement, capacity: Capacity, now: datetime) -> None:
    authorise(actor, queries.RIGHT_OF[capacity], statement.institution_id)
    if capacity is Capacity.USE_OF_FUNDS:
        contract = contracts.by_id(session, statement.contract_id)
        if not queries.leads(session, contract, actor.person_id, business_date(now)):
            raise refusal(Permission.STATEMENTS_CERTIFY, statement.institution_id)


@dataclass(frozen=True, slots=True)
class Issuing:
    """What issuing needs of the installation: where statements are checked, and whose hand signs them."""

    address: str
    hand: SignsFiles


def issue(session: Session, actor: Actor, reference: str, command: Step, by: Issuing, *, now: datetime) -> Statement:
    """Freeze it: build it once, write and sign every file, keep the bytes with their SHA-256, digest and blocks.

    Raises Conflict unless certified or when it cannot be signed, RuleBreached when the figures have changed since.
    """
    statement = opened(session, actor, reference, command.version)
    authorise(actor, Permission.STATEMENTS_ISSUE, statement.institution_id)
    move(statement, StatementStatus.ISSUED)
    report = building.figures(session, statement, now=now)
    opening.refuse_if(rules.figures_unchanged(statement.data_digest, report.digest()))
    statement.check_code = building.new_code()
    issued = building.issued(session, statement, report, by.address, test=by.hand.test)
    digests = _keep_files(session, actor, statement, issued, by.hand, now)
    statement.seals = [asdict(seal) for seal in report.seals]
    statement.status, statement.status_reason = StatementStatus.ISSUED.value, ""
    statement.issued_by_id, statement.issued_at = actor.person_id, now
    details: dict[str, Any] = {"figures": statement.data_digest, "files": digests, "blocks": statement.seals}
    if statement.supersedes_id is not None:
        earlier = session.get_one(Statement, statement.supersedes_id)
        details |= {"supersedes": earlier.reference, "reason": statement.correction_reason}
        traced(session, actor, "statement.superseded", earlier, {"by": statement.reference}, now)
    return traced(session, actor, "statement.issue", statement, details, now)


def _keep_files(
    session: Session, actor: Actor, statement: Statement, report: Report, hand: SignsFiles, now: datetime
) -> dict[str, str]:
    """Write the files before the status changes: the database issues nothing without them."""
    digests = {}
    for written in building.files(report):
        reason = f"Issued: {statement.reference}, version {statement.edition}"
        signed = hand.sign(written.content, reason, now) if written.format is Format.PDF else None
        content = signed.content if signed else written.content
        row = kept(actor, statement, FileKind.STATEMENT, written.name, content, now)
        row.language, row.format = written.language.value, written.format.value
        if signed is not None:
            row.unsigned_sha256, row.unsigned_bytes = signed.unsigned_sha256, signed.unsigned_size
            row.signer, row.signed_at, row.test_signature = signed.signer, signed.at, signed.test
        row.media_type = building.media_type(written.format)
        session.add(row)
        digests[written.name] = row.sha256.hex()
    session.flush()
    return digests


def kept(actor: Actor, statement: Statement, kind: FileKind, name: str, content: bytes, now: datetime) -> StatementFile:
    """A file to keep for good, with its digest."""
    return StatementFile(
        id=new_id(),
        statement_id=statement.id,
        kind=kind.value,
        language="",
        format="pdf",
        filename=name,
        media_type="application/pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).digest(),
        content=content,
        added_by_id=actor.person_id,
        added_at=now,
    )


def withdraw(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Statement:
    """Give up a statement before it is issued; it stays on record with its reason."""
    statement = opened(session, actor, reference, command.version)
    authorise(actor, Permission.STATEMENTS_PREPARE, statement.institution_id)
    move(statement, StatementStatus.WITHDRAWN)
    opening.refuse_if(rules.reason_given(command.reason))
    statement.status, statement.status_reason = StatementStatus.WITHDRAWN.value, command.reason
    return traced(session, actor, "statement.withdraw", statement, {"reason": command.reason}, now)


def correct(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Statement:
    """Begin a new version of an issued statement, which says what it supersedes and why; the old one stands."""
    earlier = opened(session, actor, reference, command.version)
    authorise(actor, Permission.STATEMENTS_PREPARE, earlier.institution_id)
    opening.refuse_if(rules.reason_given(command.reason))
    if earlier.status not in ISSUED_ON:
        raise Conflict(
            Breach(
                "statement.not-issued",
                _("Only an issued statement is corrected by a new version."),
                _("Prepare this one again, or withdraw it."),
            )
        )
    if (other := queries.correction_of(session, earlier)) is not None:
        raise Conflict(
            Breach(
                "statement.correction-exists",
                _("A correction of this statement has been begun already: %(number)s."),
                _("Go on with it."),
                params={"number": other.reference},
            )
        )
    made = Statement(
        report=earlier.report,
        contract_id=earlier.contract_id,
        institution_id=earlier.institution_id,
        first_day=earlier.first_day,
        last_day=earlier.last_day,
        obligation_id=earlier.obligation_id,
        edition=earlier.edition + 1,
        supersedes_id=earlier.id,
        correction_reason=command.reason.strip(),
    )
    return _begin(session, actor, made, "statement.correct", now, {"supersedes": earlier.reference})


def _begin(
    session: Session, actor: Actor, made: Statement, verb: str, now: datetime, about: dict[str, Any] | None = None
) -> Statement:
    made.id = new_id()
    made.reference = next_reference(session, "STM", business_date(now))
    made.status, made.status_reason, made.round = StatementStatus.DRAFT.value, "", 1
    made.prepared_by_id, made.prepared_at, made.seals, made.version = actor.person_id, now, [], 1
    made.data_digest = building.figures(session, made, now=now).digest()
    session.add(made)
    details = {
        "report": made.report,
        "from": made.first_day,
        "to": made.last_day,
        "version": made.edition,
        "figures": made.data_digest,
        "reason": made.correction_reason,
    }
    return traced(session, actor, verb, made, details | (about or {}), now)


def _answered(session: Session, contract: Contract, obligation_id: UUID | None) -> UUID | None:
    """The obligation that the statement answers: one of this contract that is still open."""
    if obligation_id is None:
        return None
    owed: Obligation | None = next(
        (each for each in queries.answerable(session, contract.id) if each.id == obligation_id), None
    )
    if owed is None:
        raise InputRefused(
            Breach(
                "statement.obligation",
                _("This contract asks for no such thing now."),
                _("Choose one of the open obligations, or none."),
                field="obligation_id",
            )
        )
    return owed.id


# What every verb begins and ends with


def opened(session: Session, actor: Actor, reference: str, version: int) -> Statement:
    """The statement locked at the version the page showed. Raises NotFound outside the actor's scope, Conflict."""
    row = queries.visible(session, actor, reference)
    return lock_for_update(session, Statement, row.statement.id, version)


def move(statement: Statement, to: StatementStatus) -> None:
    """Refuse a step that is not on its way. Raises Conflict."""
    if found := rules.may_move(StatementStatus(statement.status), to):
        raise Conflict(*found)


def traced(
    session: Session, actor: Actor, verb: str, statement: Statement, details: dict[str, Any], now: datetime
) -> Statement:
    """Write the verb into the statement's trail."""
    session.flush()
    trail.record(
        session,
        actor,
        verb,
        ("statement", statement.id),
        {"reference": statement.reference, **details},
        now=now,
        institution_id=statement.institution_id,
    )
    return statement
