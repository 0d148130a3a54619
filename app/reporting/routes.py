"""Screens of reports: the catalogue, a report on the screen, and its files."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting, sees_everything
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.kernel.errors import InputRefused, NotFound, Refusal
from app.projects.models import Project
from app.reporting import periods, queries, service
from app.reporting.forms import FORMAT_LABELS, LANGUAGE_LABELS, OnPaperForm, WantedForm
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import named
from reports.catalogue import REPORTS
from reports.heads import CURRENCY_WORDS
from reports.model import Language
from reports.output import MEDIA_TYPES, Format, file_name, write
from reports.output.wording import voice

pages = Blueprint("reporting", __name__)

MOST_ROWS_ON_SCREEN = 400
"""Rows of one table shown on the screen; longer tables end with a line that leads to the files."""


@pages.get("/reports")
@requires(Permission.REPORTS_READ)
def index() -> ResponseReturnValue:
    """Every report with a form that asks for it."""
    with unit_of_work() as session:
        return page("reporting/index.html", reports=REPORTS.values(), **_choices(session))


def _choices(session: Session) -> dict[str, object]:
    actor = current_actor()
    visible = queries.contracts_to_report(session, actor)
    if sees_everything(actor):
        books = institutions.active(session)
    else:
        books = list(institutions.by_ids(session, institutions_granting(actor, Permission.REPORTS_BUILD)).values())
    return {
        "contracts": [(contract.reference, f"{contract.reference} ({contract.currency})") for contract in visible],
        "books": [(book.code, f"{book.code} {named(book)}") for book in books],
        "projects": [(each.reference, _titled(each)) for each in queries.projects_to_report(session, actor)],
        "spans": periods.suggested(today()),
        "languages_of_reports": LANGUAGE_LABELS,
        "formats": FORMAT_LABELS,
        "today": today(),
        "currencies": CURRENCY_WORDS,
    }


def _titled(project: Project) -> str:
    return f"{project.reference} {named(project)}"


@pages.get("/reports/<name>")
@requires(Permission.REPORTS_READ)
def show(name: str) -> ResponseReturnValue:
    """A report on the screen; without a subject and days, the form that asks for them."""
    kind = service.kind(name)
    form = HtmlForm(WantedForm, initial=_asked())
    report = None
    with unit_of_work() as session:
        if request.args.get("first_day") or request.args.get("last_day"):
            try:
                report = service.build(session, current_actor(), name, load_query(WantedForm), now=now())
            except NotFound:
                raise
            except Refusal as refusal:
                form.refuse(refusal)
        language = Language(current_language().code)
        shown = page(
            "reporting/show.html",
            kind=kind,
            form=form,
            report=report,
            voice=voice(report, language) if report else None,
            most_rows=MOST_ROWS_ON_SCREEN,
            asked=_asked(),
            **_choices(session),
        )
    return shown, form.status


def _asked() -> dict[str, str]:
    """What was asked for, to fill the form with and to pass on to the files."""
    names = ("contract", "book", "project", "in_thousands", "first_day", "last_day", "known_at")
    return {name: request.args.get(name, "") for name in names}


@pages.get("/payments/<reference:reference>/application")
@requires(Permission.PAYMENT_FILES_SEND)
def remittance_application(reference: str) -> ResponseReturnValue:
    """The remittance application of a signed payment file as PDF, for a bank that wants paper."""
    wanted = load_query(OnPaperForm)
    with unit_of_work() as session:
        report = service.remittance_application(session, current_actor(), reference, wanted, now=now())
    content = write(report, Format.PDF, wanted.language, bilingual=wanted.bilingual)
    return attachment(content, MEDIA_TYPES[Format.PDF], file_name(report, Format.PDF, wanted.language))


@pages.get("/reports/<name>/file")
@requires(Permission.REPORTS_BUILD)
def download(name: str) -> ResponseReturnValue:
    """A report as PDF, XLSX, CSV or JSON in one of the three languages."""
    try:
        wanted = load_query(WantedForm)
    except InputRefused as refusal:
        form = HtmlForm(WantedForm, initial=_asked())
        form.refuse(refusal)
        with unit_of_work() as session:
            shown = page(
                "reporting/show.html",
                kind=service.kind(name),
                form=form,
                report=None,
                voice=None,
                most_rows=MOST_ROWS_ON_SCREEN,
                asked=_asked(),
                **_choices(session),
            )
        return shown, form.status
    with unit_of_work() as session:
        report = service.build(session, current_actor(), name, wanted, now=now())
    language = service.language_of(name, wanted)
    content = write(report, wanted.format, language, bilingual=wanted.bilingual)
    return attachment(content, MEDIA_TYPES[wanted.format], file_name(report, wanted.format, language))
