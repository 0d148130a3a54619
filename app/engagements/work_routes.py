"""Screens of the auditors' own work in the room: questions, records, working papers, files, and their trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor
from app.db.unit_of_work import unit_of_work
from app.engagements import asking, handing_out, papers, queries, record_keeping
from app.engagements.forms import AddRecordForm, AskForm, CloseForm, MoveRecordForm, PaperForm, ReportFileForm
from app.engagements.room import ONE, enter, named_auditors, pages, papers_key, room_page
from app.engagements.states import (
    PAPER_LABELS,
    QUESTION_STATUS_LABELS,
    RECORD_LABELS,
    RECORD_STATUS_LABELS,
    SCREEN_LABELS,
)
from app.evidence import queries as evidence
from app.institutions import queries as institutions
from app.people import queries as people
from app.statements.forms import REPORT_LABELS
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.translation import current_language
from reports.model import Language
from reports.output import Format


@pages.get(f"{ONE}/questions")
@named_auditors
def questions(reference: str) -> ResponseReturnValue:
    """The questions asked, with their answers."""
    return _questions(reference, None), 200


def _questions(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        row = enter(session, reference, "questions")
        found = queries.questions(session, row.engagement.id)
        concerned = [key for each in found for key in (each.asked_by_id, each.asked_of_id)]
        return room_page(
            "engagements/questions.html",
            row,
            questions=found,
            papers={each.id: evidence.of_record(session, asking.SUBJECT, each.id) for each in found},
            statuses=QUESTION_STATUS_LABELS,
            names=people.names_of(session, concerned, current_language().code),
            today=today(),
            form=form,
        )


@pages.route(f"{ONE}/questions/ask", methods=["GET", "POST"])
@named_auditors
def ask(reference: str) -> ResponseReturnValue:
    """Ask a leader of the project or an officer of a party."""
    form = HtmlForm(AskForm, initial={"entry_id": request.args.get("entry", ""), "text": request.args.get("text", "")})
    if form.sent:
        form.run(lambda session, command: asking.ask(session, current_actor(), reference, command, now=now()).number)
        if form.done:
            flash(gettext("The question is in the person's inbox."), "success")
            return redirect(url_for("room.questions", reference=reference), 303)
    with unit_of_work() as session:
        row = enter(session, reference, "ask")
        found = queries.people_to_ask(session, row.engagement, today())
        code = current_language().code
        places = institutions.by_ids(session, {place for _person, place, _part in found})
        choices = [(str(person.id), f"{person.name(code)} · {places[place].name(code)}") for person, place, _ in found]
        shown = room_page("engagements/ask.html", row, form=form, people=choices)
    return shown, form.status


@pages.post(f"{ONE}/questions/<int:number>/close")
@named_auditors
def close_question(reference: str, number: int) -> ResponseReturnValue:
    """Be content with the answer."""
    form = HtmlForm(CloseForm)
    form.run(
        lambda session, command: asking.close(session, current_actor(), reference, number, command, now=now()).number
    )
    return _after(form, reference, "room.questions", _questions, gettext("The question is closed."))


def _after(
    form: HtmlForm, reference: str, endpoint: str, show: Callable[[str, HtmlForm], str], said: str
) -> ResponseReturnValue:
    """Back to the list once done, else the list with what was wrong."""
    if not form.done:
        return show(reference, form), form.status
    flash(said, "success")
    return redirect(url_for(endpoint, reference=reference), 303)


@pages.get(f"{ONE}/answers/<uuid:document_id>")
@named_auditors
def answer_file(reference: str, document_id: UUID) -> ResponseReturnValue:
    """A document that came with an answer."""
    with unit_of_work() as session:
        row = enter(session, reference, "answer", str(document_id))
        return attachment(*asking.paper_of(session, row.engagement, document_id).original())


@pages.get(f"{ONE}/records")
@named_auditors
def records(reference: str) -> ResponseReturnValue:
    """Confirmation requests, representation letter, subsequent events and agreed-upon procedures."""
    return _records(reference, None), 200


def _records(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        row = enter(session, reference, "records")
        return room_page(
            "engagements/records.html",
            row,
            records=queries.records(session, row.engagement.id),
            kinds=RECORD_LABELS,
            statuses=RECORD_STATUS_LABELS,
            form=form,
        )


@pages.post(f"{ONE}/records")
@named_auditors
def add_record(reference: str) -> ResponseReturnValue:
    """Begin a record."""
    form = HtmlForm(AddRecordForm)
    form.run(
        lambda session, command: record_keeping.add(session, current_actor(), reference, command, now=now()).number
    )
    return _after(form, reference, "room.records", _records, gettext("The record is begun."))


@pages.post(f"{ONE}/records/<int:number>")
@named_auditors
def move_record(reference: str, number: int) -> ResponseReturnValue:
    """Say how far a record is."""
    form = HtmlForm(MoveRecordForm)
    form.run(
        lambda session, command: (
            record_keeping.move(session, current_actor(), reference, number, command, now=now()).number
        )
    )
    return _after(form, reference, "room.records", _records, gettext("The record is changed."))


@pages.get(f"{ONE}/papers")
@named_auditors
def working_papers(reference: str) -> ResponseReturnValue:
    """Ticks and notes of the auditors."""
    return _papers(reference, None), 200


def _papers(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        row = enter(session, reference, "papers")
        found = papers.opened(session, row.engagement, papers_key())
        return room_page(
            "engagements/papers.html",
            row,
            papers=found,
            kinds=PAPER_LABELS,
            names=people.names_of(session, [each.made_by_id for each in found], current_language().code),
            form=form,
        )


@pages.post(f"{ONE}/papers")
@named_auditors
def add_paper(reference: str) -> ResponseReturnValue:
    """Keep a tick or note; back to the entry it is about."""
    form = HtmlForm(PaperForm)
    kept: Any = form.run(
        lambda session, command: {
            "entry": papers.add(session, current_actor(), reference, command, papers_key(), now=now()).entry_id
        }
    )
    if form.done and kept["entry"]:
        return redirect(url_for("room.entry", reference=reference, entry_id=kept["entry"], _anchor="papers"), 303)
    return _after(form, reference, "room.working_papers", _papers, gettext("The paper is kept, encrypted."))


@pages.get(f"{ONE}/papers/file")
@named_auditors
def papers_file(reference: str) -> ResponseReturnValue:
    """Every working paper in clear, for the auditors' own files."""
    with unit_of_work() as session:
        row = enter(session, reference, "papers-file")
        content = papers.exported(session, row.engagement, papers_key())
    return attachment(content, "application/json", f"{reference}-working-papers.json")


# Files and the trail


@pages.get(f"{ONE}/statements")
@named_auditors
def statements(reference: str) -> ResponseReturnValue:
    """Issued statements of the scope, and every report that can be built of it."""
    with unit_of_work() as session:
        row = enter(session, reference, "statements")
        issued = handing_out.statements_of(session, row.engagement)
        return room_page(
            "engagements/statements.html",
            row,
            issued=issued,
            files=handing_out.statement_files(session, [statement for statement, _contract in issued]),
            agreed=queries.contracts_in(session, row.engagement),
            reports=REPORT_LABELS,
        )


@pages.get(f"{ONE}/statements/<uuid:file_id>")
@named_auditors
def statement_file(reference: str, file_id: UUID) -> ResponseReturnValue:
    """A kept file of an issued statement, byte for byte."""
    with unit_of_work() as session:
        row = enter(session, reference, "statement-file", str(file_id))
        made = handing_out.statement_file(session, row.engagement, file_id)
    return attachment(made.content, made.media_type, made.name)


@pages.get(f"{ONE}/reports/<name>")
@named_auditors
def report(reference: str, name: str) -> ResponseReturnValue:
    """A report of a contract over the engagement's days."""
    asked = load_query(ReportFileForm)
    form, language = asked["format"] or Format.PDF, asked["language"] or Language(current_language().code)
    with unit_of_work() as session:
        row = enter(session, reference, "report", f"{name} {asked['contract']}")
        contract = queries.contract_in(session, row.engagement, asked["contract"])
        made = handing_out.report(session, row.engagement, contract, name, language, form, now=now())
    return attachment(made.content, made.media_type, made.name)


@pages.get(f"{ONE}/trail")
@named_auditors
def trail(reference: str) -> ResponseReturnValue:
    """What the auditors looked at, for them alone."""
    wanted = load_query(PageQuery)
    with unit_of_work() as session:
        row = enter(session, reference, "trail")
        found = queries.views(session, row.engagement.id, wanted.cursor, wanted.limit)
        return room_page(
            "engagements/trail.html",
            row,
            views=found,
            screens=SCREEN_LABELS,
            names=people.names_of(session, [each.person_id for each in found.items], current_language().code),
        )
