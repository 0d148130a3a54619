"""Reports as JSON, and their files."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.reporting import service
from app.reporting.forms import OnPaper, OnPaperForm, Wanted, WantedForm
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.present import now
from app.web.schemas import Out
from reports.catalogue import REPORTS
from reports.output import MEDIA_TYPES, Format, file_name, write

api = ApiBlueprint("reports", __name__)


class ReportKindOut(Out):
    """A report that can be asked for."""

    name = fields.String()
    title = fields.String()
    letter = fields.String()
    about_contract = fields.Boolean()
    about_book = fields.Boolean()
    about_project = fields.Boolean()
    in_thousands = fields.Boolean()
    summary = fields.String()


@api.get("/reports", permission=Permission.REPORTS_READ, response=ReportKindOut, many=True, summary="List the reports")
def index(session: Session, actor: Actor) -> list[Any]:
    """Every report by name, and whether it is about a contract, a book or a project."""
    return list(REPORTS.values())


@api.get("/reports/<name>", permission=Permission.REPORTS_BUILD, query=WantedForm, summary="Build a report")
def build(session: Session, actor: Actor, query: Wanted, name: str) -> Response:
    """The report as `format` (pdf, xlsx, csv, json) in `language` (en, zh-Hant, zh-Hans)."""
    report = service.build(session, actor, name, query, now=now())
    language = service.language_of(name, query)
    content = write(report, query.format, language, bilingual=query.bilingual)
    return attachment(content, MEDIA_TYPES[query.format], file_name(report, query.format, language))


@api.get(
    "/payment-files/<reference:reference>/application",
    permission=Permission.PAYMENT_FILES_SEND,
    query=OnPaperForm,
    summary="Build the remittance application of a payment file",
)
def remittance_application(session: Session, actor: Actor, query: OnPaper, reference: str) -> Response:
    """As PDF, for a bank that wants paper: the whole signed file, or one `payment` of it."""
    report = service.remittance_application(session, actor, reference, query, now=now())
    content = write(report, Format.PDF, query.language, bilingual=query.bilingual)
    return attachment(content, MEDIA_TYPES[Format.PDF], file_name(report, Format.PDF, query.language))
