"""Builds a report for someone: looks at their right and scope, builds it, and leaves a trace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, authorise_any
from app.access.permissions import Permission
from app.access.scope import sees
from app.audit import trail
from app.contracts import queries as contracts
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, NotFound
from app.kernel.messages import _
from app.payment_files import service as payment_files
from app.reporting import queries
from app.reporting.forms import OnPaper, Wanted
from reports import remittance_application as application, thousands
from reports.catalogue import REPORTS, ReportKind
from reports.model import Language, Report
from reports.parameters import Parameters


def kind(name: str) -> ReportKind:
    """The report of that name. Raises NotFound."""
    found = REPORTS.get(name)
    if found is None:
        raise NotFound(Breach("report.not-found", _("There is no such report.")))
    return found


def language_of(name: str, wanted: Wanted) -> Language:
    """The language asked for, else the one its kind of report is written in first."""
    return wanted.language or kind(name).first_language


def build(session: Session, actor: Actor, name: str, wanted: Wanted, *, now: datetime) -> Report:
    """Build a report within the actor's scope.

    Raises NotFound for a contract or book out of scope, NotPermitted without the right, InputRefused when the report
    is not about what was named.
    """
    wanted_kind = kind(name)
    if wanted.in_thousands and not wanted_kind.in_thousands:
        raise InputRefused(_only_to_the_cent())
    parameters = _parameters(session, actor, wanted_kind, wanted, now)
    report = wanted_kind.build(session, parameters)
    if wanted.in_thousands:
        report = thousands.in_thousands(report)
    subject_kind, subject = _subject(parameters)
    trail.record(
        session,
        actor,
        "report.build",
        (subject_kind, subject) if subject else None,
        {
            "report": name,
            "from": wanted.first_day,
            "to": wanted.last_day,
            "digest": report.digest(),
            "document": report.document_id,
        },
        now=now,
        institution_id=parameters.book_id,
    )
    return report


def remittance_application(session: Session, actor: Actor, reference: str, wanted: OnPaper, *, now: datetime) -> Report:
    """The remittance application of a signed payment file, or of one payment of it. Raises NotFound, Conflict."""
    file = payment_files.on_paper(session, actor, reference, wanted.payment, now=now)
    return application.build(session, file, wanted.payment, prepared_at=now)


def _subject(parameters: Parameters) -> tuple[str, UUID | None]:
    if parameters.contract_id is not None:
        return "contract", parameters.contract_id
    if parameters.project_id is not None:
        return "project", parameters.project_id
    return "institution", parameters.book_id


def _parameters(session: Session, actor: Actor, wanted_kind: ReportKind, wanted: Wanted, now: datetime) -> Parameters:
    if wanted.project and wanted_kind.about_project:
        return _of_project(session, actor, wanted, now)
    if wanted.known_at is not None and not wanted_kind.as_known:
        raise InputRefused(
            Breach(
                "report.not-as-known",
                _("This report is not told as known at a block."),
                cure=_("Leave the block empty, or choose the trial balance."),
                field="known_at",
            )
        )
    contract_id = book_id = None
    if wanted.contract and wanted_kind.about_contract:
        contract = contracts.get_visible(session, actor, wanted.contract)
        authorise_any(actor, Permission.REPORTS_BUILD, contract.funder_id, contract.grantee_id)
        contract_id = contract.id
    elif wanted.book and wanted_kind.about_book:
        book_id = _book(session, actor, wanted.book)
    else:
        raise InputRefused(_nothing_named(wanted_kind))
    return Parameters(wanted.first_day, wanted.last_day, now, contract_id, book_id, wanted.known_at)


def _of_project(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> Parameters:
    """The project with those of its contracts that the actor may report on; that others exist is said, not which."""
    project = queries.project_to_report(session, actor, wanted.project)
    if project is None:
        raise NotFound(Breach("project.not-found", _("There is no such project."), field="project"))
    everyone = queries.contract_ids_of_project(session, project.id)
    seen = queries.contract_ids_of_project(session, project.id, actor)
    return Parameters(
        wanted.first_day,
        wanted.last_day,
        now,
        project_id=project.id,
        contract_ids=seen,
        left_out=len(seen) < len(everyone),
    )


def _book(session: Session, actor: Actor, code: str) -> UUID:
    """The book, which only its own people (and overseers) may read."""
    found = institutions.find_by_code(session, code)
    if found is None or not sees(actor, found.id):
        raise NotFound(Breach("book.not-found", _("There is no such book."), field="book"))
    authorise(actor, Permission.REPORTS_BUILD, found.id)
    return found.id


def _only_to_the_cent() -> Breach:
    return Breach(
        "report.not-in-thousands",
        _("This report is not written in thousands."),
        cure=_("Leave the amounts to the cent."),
        field="in_thousands",
    )


def _nothing_named(wanted_kind: ReportKind) -> Breach:
    if wanted_kind.about_project:
        return Breach(
            "report.project-missing",
            _("This report is about a project."),
            cure=_("Choose the project."),
            field="project",
        )
    if wanted_kind.about_contract and not wanted_kind.about_book:
        return Breach(
            "report.contract-missing",
            _("This report is about a contract."),
            cure=_("Choose the contract."),
            field="contract",
        )
    return Breach("report.book-missing", _("This report is about a book."), cure=_("Choose the book."), field="book")
