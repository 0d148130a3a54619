"""Statements as JSON: every verb of the screens, the files, and the check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.signing.signing import Hand
from app.statements import building, checking, filing, handing_out, queries, service
from app.statements.filing import AddAuditorsReport
from app.statements.forms import (
    AcceptForm,
    AuditForm,
    CertifyForm,
    DraftFileForm,
    ListForm,
    PrepareForm,
    ReasonForm,
    StepForm,
    VerifyForm,
)
from app.statements.models import Statement, StatementFile
from app.statements.queries import StatementFilter, StatementRow
from app.statements.service import Certify, PrepareStatement, Step
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, Out
from reports.model import Language
from reports.output import Format

api = ApiBlueprint("statements", __name__)
ONE = "/statements/<reference:reference>"


class CertificateOut(Out):
    """One certificate of the figures as they stand."""

    capacity = CodeOut()
    person_id = fields.UUID()
    post = fields.String()
    signed_at = fields.DateTime()
    data_digest = fields.String()


class FileOut(Out):
    """One kept file; `sha256` is of exactly these bytes."""

    id = fields.UUID()
    kind = CodeOut()
    language = fields.String()
    format = fields.String()
    filename = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer()
    sha256 = fields.String()
    unsigned_sha256 = fields.String(allow_none=True)
    signer = fields.String()
    signed_at = fields.DateTime(allow_none=True)
    test_signature = fields.Boolean()


class StatementOut(Out):
    """A statement. `edition` is the version people read; `version` counts changes and is the ETag."""

    reference = fields.String()
    report = fields.String()
    contract = fields.String()
    institution_id = fields.UUID()
    first_day = fields.Date()
    last_day = fields.Date()
    status = CodeOut()
    status_reason = fields.String()
    edition = fields.Integer()
    supersedes = fields.String(allow_none=True)
    correction_reason = fields.String()
    superseded_by = fields.String(allow_none=True)
    obligation_id = fields.UUID(allow_none=True)
    data_digest = fields.String()
    blocks = fields.Raw()
    prepared_by_id = fields.UUID()
    prepared_at = fields.DateTime()
    issued_at = fields.DateTime(allow_none=True)
    engagement = CodeOut(allow_none=True)
    filed_at = fields.DateTime(allow_none=True)
    decided_at = fields.DateTime(allow_none=True)
    check_address = fields.String(allow_none=True)
    certificates = fields.List(fields.Nested(CertificateOut))
    version = fields.Integer()


class StatementWithFilesOut(StatementOut):
    """A statement with its kept files."""

    files = fields.List(fields.Nested(FileOut))


_PLAIN = (
    "reference", "report", "institution_id", "first_day", "last_day", "status", "status_reason", "edition",
    "correction_reason", "obligation_id", "data_digest", "prepared_by_id", "prepared_at", "issued_at", "engagement",
    "filed_at", "decided_at", "version",
)  # fmt: skip


def _address() -> str:
    return str(current_app.extensions["hetao.settings"].public_url)


def _out(session: Session, row: StatementRow) -> dict[str, Any]:
    statement = row.statement
    earlier = session.get(Statement, statement.supersedes_id) if statement.supersedes_id else None
    return {name: getattr(statement, name) for name in _PLAIN} | {
        "contract": row.contract.reference,
        "supersedes": earlier.reference if earlier else None,
        "superseded_by": row.superseded_by or None,
        "blocks": statement.seals,
        "check_address": building.verify_address(_address(), statement.code) if statement.check_code else None,
        "certificates": statement.standing_certificates,
    }


def _after(session: Session, actor: Actor, statement: Statement) -> dict[str, Any]:
    session.flush()
    return _out(session, queries.visible(session, actor, statement.reference))


@api.get(
    "/statements",
    permission=Permission.STATEMENTS_READ,
    query=ListForm,
    response=StatementOut,
    many=True,
    summary="List statements",
)
def index(session: Session, actor: Actor, query: StatementFilter) -> Page[dict[str, Any]]:
    """Statements in scope; drafts only of your own institution."""
    return queries.listed(session, actor, query).map(lambda row: _out(session, row))


@api.get(ONE, permission=Permission.STATEMENTS_READ, response=StatementWithFilesOut, summary="Show a statement")
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One statement with its certificates and kept files."""
    row = queries.visible(session, actor, reference)
    return _out(session, row) | {"files": [_file_out(each) for each in queries.files_of(session, row.statement.id)]}


def _file_out(file: StatementFile) -> dict[str, Any]:
    before = file.unsigned_sha256
    digests = {"sha256": file.sha256.hex(), "unsigned_sha256": before.hex() if before else None}
    return {name: getattr(file, name) for name in FileOut().fields if name not in digests} | digests


@api.post(
    "/statements",
    permission=Permission.STATEMENTS_PREPARE,
    body=PrepareForm,
    response=StatementOut,
    status=201,
    summary="Prepare a statement",
)
def prepare(session: Session, actor: Actor, command: PrepareStatement) -> dict[str, Any]:
    """Prepare a draft from the books of today."""
    return _after(session, actor, service.prepare(session, actor, command, now=now()))


@api.post(
    f"{ONE}/prepare-again",
    permission=Permission.STATEMENTS_PREPARE,
    body=StepForm,
    response=StatementOut,
    summary="Take the figures of today",
)
def prepare_again(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """Take the figures of today; certificates already given count no more."""
    return _after(session, actor, service.prepare_again(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/certify",
    permission=Permission.STATEMENTS_CERTIFY,
    body=CertifyForm,
    response=StatementOut,
    summary="Certify a statement",
)
def certify(session: Session, actor: Actor, command: Certify, reference: str) -> dict[str, Any]:
    """Give the next of the three certificates."""
    return _after(session, actor, service.certify(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/issue",
    permission=Permission.STATEMENTS_ISSUE,
    body=StepForm,
    response=StatementOut,
    summary="Issue a statement",
)
def issue(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """Freeze it: its files are written once and kept byte for byte."""
    by = service.Issuing(_address(), Hand(current_app.extensions["hetao.settings"]))
    return _after(session, actor, service.issue(session, actor, reference, command, by, now=now()))


@api.post(
    f"{ONE}/withdraw",
    permission=Permission.STATEMENTS_PREPARE,
    body=ReasonForm,
    response=StatementOut,
    summary="Withdraw a statement",
)
def withdraw(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """Give it up before it is issued."""
    return _after(session, actor, service.withdraw(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/correct",
    permission=Permission.STATEMENTS_PREPARE,
    body=ReasonForm,
    response=StatementOut,
    status=201,
    summary="Begin a new version",
)
def correct(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """Begin a new version that supersedes this one when it is issued."""
    return _after(session, actor, service.correct(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/audit",
    permission=Permission.STATEMENTS_AUDIT,
    body=AuditForm,
    response=StatementOut,
    summary="Bind the auditor's signed report",
)
def audit(session: Session, actor: Actor, command: AddAuditorsReport, reference: str) -> dict[str, Any]:
    """Bind the auditor's own signed report, sent as multipart/form-data, by its SHA-256."""
    return _after(session, actor, filing.add_auditors_report(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/file",
    permission=Permission.STATEMENTS_FILE,
    body=StepForm,
    response=StatementOut,
    summary="File a statement with the funder",
)
def file(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """File it with the funder; the contract's obligation is answered with it."""
    return _after(session, actor, filing.file(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/accept",
    permission=Permission.STATEMENTS_ACCEPT,
    body=AcceptForm,
    response=StatementOut,
    summary="Accept a statement",
)
def accept(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """The funder accepts it; nobody who certified it can."""
    return _after(session, actor, filing.accept(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/return",
    permission=Permission.STATEMENTS_ACCEPT,
    body=ReasonForm,
    response=StatementOut,
    summary="Return a statement",
)
def send_back(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """The funder returns it with a reason."""
    return _after(session, actor, filing.send_back(session, actor, reference, command, now=now()))


@api.get(
    f"{ONE}/draft",
    permission=Permission.STATEMENTS_READ,
    query=DraftFileForm,
    summary="Get a file of a draft",
)
def draft_file(session: Session, actor: Actor, query: dict[str, Any], reference: str) -> Response:
    """The draft as a file, marked on every page as not issued."""
    language, form = query["language"] or Language.EN, query["format"] or Format.PDF
    made = handing_out.draft_file(session, actor, reference, language, form, now=now())
    return attachment(made.content, made.media_type, made.name)


@api.get(f"{ONE}/files/<uuid:file_id>", permission=Permission.STATEMENTS_READ, summary="Get a kept file")
def download(session: Session, actor: Actor, reference: str, file_id: UUID) -> Response:
    """A kept file, byte for byte."""
    made = handing_out.kept_file(session, actor, reference, file_id, now=now())
    return attachment(made.content, made.media_type, made.name)


class CheckedOut(Out):
    """What a check answers: the verdict, and of the statement no more than stands on its first page's foot."""

    verdict = fields.String()
    sha256 = fields.String(allow_none=True)
    number = fields.String()
    edition = fields.Integer()
    report = fields.String()
    title = fields.String()
    institution = fields.Raw()
    first_day = fields.String()
    last_day = fields.String()
    issued_at = fields.String()
    data_digest = fields.String()
    blocks = fields.Raw()
    is_auditors_report = fields.Boolean()
    issued_in_test = fields.Boolean()
    signatures = fields.Raw()
    superseded_by = fields.Raw(allow_none=True)


@api.post(
    "/statements/check",
    permission=None,
    body=VerifyForm,
    response=CheckedOut,
    summary="Check a statement by its code or its file",
)
def check(session: Session, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
    """valid, altered, superseded or unknown; a file is sent as multipart/form-data and not kept."""
    if command["file"] is not None:
        content = command["file"].content
        checked = checking.by_file(session, content)
        return checking.facts(checking.with_signatures(checked, content, current_app.extensions["hetao.settings"]))
    return checking.facts(checking.by_code(session, command["code"]))
