"""Screens of statements: the list, preparing one, one with its life and next step, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.contracts import queries as contracts
from app.contracts.models import Obligation
from app.db.unit_of_work import unit_of_work
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.people import queries as people
from app.reporting import periods
from app.signing.signing import Hand
from app.statements import building, filing, handing_out, queries, service, showing
from app.statements.forms import (
    REPORT_LABELS,
    AcceptForm,
    AuditForm,
    CertifyForm,
    DraftFileForm,
    ListForm,
    PrepareForm,
    ReasonForm,
    StepForm,
)
from app.statements.models import Statement
from app.statements.queries import StatementRow
from app.statements.states import CAPACITY_LABELS, ENGAGEMENT_LABELS, OPEN, STATUS_LABELS
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language
from reports.model import Language
from reports.output import Format

pages = Blueprint("statements", __name__)

ONE = "/statements/<reference:reference>"


@pages.get("/statements")
@requires(Permission.STATEMENTS_READ)
def index() -> ResponseReturnValue:
    """Statements in scope, with filters, in pages."""
    wanted = load_query(ListForm)
    with unit_of_work() as session:
        return page(
            "statements/index.html",
            rows=queries.listed(session, current_actor(), wanted),
            filters=wanted,
            statuses=STATUS_LABELS,
            reports=REPORT_LABELS,
            sorts=showing.SORT_LABELS,
            next_words=showing.next_words,
        )


@pages.route("/statements/new", methods=["GET", "POST"])
@requires(Permission.STATEMENTS_PREPARE)
def prepare() -> ResponseReturnValue:
    """Prepare a statement: first the contract, then the report, its days and what it answers."""
    form = HtmlForm(PrepareForm, initial=_asked())
    if form.sent:
        made = form.run(
            lambda session, command: service.prepare(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The draft is prepared. Now three people certify it."), "success")
            return redirect(url_for("statements.detail", reference=made), 303)
    with unit_of_work() as session:
        actor = current_actor()
        known = queries.contracts_to_state(session, actor)
        chosen = next((each for each in known if each.reference == form.values.get("contract")), None)
        shown = page(
            "statements/prepare.html",
            form=form,
            contracts=[(each.reference, f"{each.reference} ({each.currency})") for each in known],
            contract=chosen,
            place=session.get_one(Institution, chosen.grantee_id) if chosen else None,
            owed=queries.answerable(session, chosen.id) if chosen else (),
            reports=REPORT_LABELS,
            spans=[each for each in periods.suggested(today()) if each.last_day <= today()],
        )
    return shown, form.status


def _asked() -> dict[str, str]:
    """What a link fills in; an obligation brings its contract and days along."""
    asked = {name: request.args.get(name, "") for name in ("contract", "report", "first_day", "last_day")}
    asked["report"] = asked["report"] or "income-and-expenditure"
    return asked | {"obligation_id": request.args.get("obligation", "")}


@pages.get(ONE)
@requires(Permission.STATEMENTS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One statement: where it stands, who has it, what comes next."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        row = queries.visible(session, actor, reference)
        statement = row.statement
        given = {each.capacity: each for each in statement.standing_certificates}
        concerned = [statement.prepared_by_id, statement.issued_by_id, statement.audited_by_id]
        concerned += [statement.filed_by_id, statement.decided_by_id, *(each.person_id for each in given.values())]
        return page(
            "statements/detail.html",
            row=row,
            statement=statement,
            title=building.kind_of(statement.report).title,
            funder=session.get_one(Institution, row.contract.funder_id),
            owed=session.get(Obligation, statement.obligation_id) if statement.obligation_id else None,
            earlier=session.get(Statement, statement.supersedes_id) if statement.supersedes_id else None,
            correction=queries.correction_of(session, statement),
            steps=showing.steps(statement),
            next_words=showing.next_words(statement),
            holders=_holders(session, row),
            files=showing.files(queries.files_of(session, statement.id)),
            capacities=CAPACITY_LABELS,
            wordings=showing.wordings(),
            engagements=ENGAGEMENT_LABELS,
            given=given,
            upcoming=showing.upcoming(statement),
            names=people.names_of(session, concerned, current_language().code),
            rights=_rights(session, actor, row),
            events=history(session, "statement", statement.id),
            check_address=building.verify_address(_address(), statement.code) if statement.check_code else "",
            file_languages=showing.LANGUAGE_LABELS,
            changed=_changed(session, statement),
            form=form,
        )


def _changed(session: Session, statement: Statement) -> bool:
    """Whether the books give other figures than those prepared; asked only while that matters."""
    if statement.status not in OPEN:
        return False
    return building.figures(session, statement, now=now()).digest() != statement.data_digest


def _holders(session: Session, row: StatementRow) -> list[str]:
    """Names of those who have it now, where they are few: the leaders of the project."""
    if not showing.waits_for_leader(row.statement):
        return []
    found = queries.leaders(session, row.contract, today())
    return sorted(people.names_of(session, found, current_language().code).values())


def _rights(session: Session, actor: Actor, row: StatementRow) -> Mapping[str, bool]:
    statement, contract = row.statement, row.contract
    own = {each.person_id for each in statement.certificates}
    apart = actor.person_id not in own and statement.filed_by_id != actor.person_id
    disinterested = not contracts.has_conflict(session, contract.id, actor.person_id)
    place, funder = statement.institution_id, contract.funder_id
    auditor = may(actor, Permission.STATEMENTS_AUDIT, place) or may(actor, Permission.STATEMENTS_AUDIT, funder)
    return {
        "prepare": may(actor, Permission.STATEMENTS_PREPARE, place),
        "certify": queries.may_certify_next(session, actor, statement, contract, today()),
        "issue": may(actor, Permission.STATEMENTS_ISSUE, place),
        "audit": auditor and actor.person_id not in own,
        "file": may(actor, Permission.STATEMENTS_FILE, place),
        "accept": may(actor, Permission.STATEMENTS_ACCEPT, funder) and apart and disinterested,
    }


def _address() -> str:
    """Where people reach the site, as printed on issued statements."""
    return str(current_app.extensions["hetao.settings"].public_url)


Verb = Callable[[Session, Actor, str, Any], Statement]


def _step(reference: str, schema: type[Any], verb: Verb, said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)
    made = form.run(lambda session, command: verb(session, current_actor(), reference, command).reference)
    if form.done:
        flash(said, "success")
        return redirect(url_for("statements.detail", reference=made), 303)
    return _detail(reference, form), form.status


def _at_now(verb: Callable[..., Statement]) -> Verb:
    return lambda session, actor, reference, command: verb(session, actor, reference, command, now=now())


@pages.post(f"{ONE}/prepare-again")
@requires(Permission.STATEMENTS_PREPARE)
def prepare_again(reference: str) -> ResponseReturnValue:
    """Take the figures of today."""
    said = gettext("It has the figures of today. Three people certify it anew.")
    return _step(reference, StepForm, _at_now(service.prepare_again), said)


@pages.post(f"{ONE}/certify")
@requires(Permission.STATEMENTS_CERTIFY)
def certify(reference: str) -> ResponseReturnValue:
    """Give the next certificate."""
    return _step(reference, CertifyForm, _at_now(service.certify), gettext("Your certificate is given."))


@pages.post(f"{ONE}/issue")
@requires(Permission.STATEMENTS_ISSUE)
def issue(reference: str) -> ResponseReturnValue:
    """Freeze it."""
    by = service.Issuing(_address(), Hand(current_app.extensions["hetao.settings"]))

    def verb(session: Session, actor: Actor, reference: str, command: service.Step) -> Statement:
        return service.issue(session, actor, reference, command, by, now=now())

    return _step(reference, StepForm, verb, gettext("The statement is issued. Its files never change from now on."))


@pages.post(f"{ONE}/withdraw")
@requires(Permission.STATEMENTS_PREPARE)
def withdraw(reference: str) -> ResponseReturnValue:
    """Give it up before it is issued."""
    return _step(reference, ReasonForm, _at_now(service.withdraw), gettext("The statement is withdrawn."))


@pages.post(f"{ONE}/correct")
@requires(Permission.STATEMENTS_PREPARE)
def correct(reference: str) -> ResponseReturnValue:
    """Begin a new version."""
    said = gettext("A new version is begun. The issued one stands until the new one is issued.")
    return _step(reference, ReasonForm, _at_now(service.correct), said)


@pages.post(f"{ONE}/audit")
@requires(Permission.STATEMENTS_AUDIT)
def audit(reference: str) -> ResponseReturnValue:
    """Bind the auditor's signed report."""
    said = gettext("Your report is bound to the statement by its SHA-256.")
    return _step(reference, AuditForm, _at_now(filing.add_auditors_report), said)


@pages.post(f"{ONE}/file")
@requires(Permission.STATEMENTS_FILE)
def file(reference: str) -> ResponseReturnValue:
    """File it with the funder."""
    return _step(reference, StepForm, _at_now(filing.file), gettext("The statement is filed with the funder."))


@pages.post(f"{ONE}/accept")
@requires(Permission.STATEMENTS_ACCEPT)
def accept(reference: str) -> ResponseReturnValue:
    """The funder accepts it."""
    return _step(reference, AcceptForm, _at_now(filing.accept), gettext("The statement is accepted."))


@pages.post(f"{ONE}/return")
@requires(Permission.STATEMENTS_ACCEPT)
def send_back(reference: str) -> ResponseReturnValue:
    """The funder returns it."""
    return _step(reference, ReasonForm, _at_now(filing.send_back), gettext("The statement is returned."))


@pages.get(f"{ONE}/draft")
@requires(Permission.STATEMENTS_READ)
def draft_file(reference: str) -> ResponseReturnValue:
    """The draft as a file, marked on every page as not issued."""
    asked = load_query(DraftFileForm)
    language, form = asked["language"] or Language(current_language().code), asked["format"] or Format.PDF
    with unit_of_work() as session:
        made = handing_out.draft_file(session, current_actor(), reference, language, form, now=now())
    return attachment(made.content, made.media_type, made.name)


@pages.get(f"{ONE}/files/<uuid:file_id>")
@requires(Permission.STATEMENTS_READ)
def download(reference: str, file_id: UUID) -> ResponseReturnValue:
    """A frozen file: exactly the bytes that were issued or bound."""
    with unit_of_work() as session:
        made = handing_out.kept_file(session, current_actor(), reference, file_id, now=now())
    return attachment(made.content, made.media_type, made.name)
