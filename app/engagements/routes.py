"""Screens of engagements for the institutions: the list, proposing, one with its decision; and answering a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.engagements import asking, drill, queries, service
from app.engagements.forms import AnswerForm, ListForm, ProposeForm, ReasonForm, StepForm
from app.engagements.models import Engagement
from app.engagements.states import STATUS_LABELS
from app.evidence import queries as evidence
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.people import queries as people
from app.projects.models import Project
from app.reporting import periods
from app.statements.states import ENGAGEMENT_LABELS
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import named

pages = Blueprint("engagements", __name__)

ONE = "/engagements/<reference:reference>"
USUAL_ACCESS = timedelta(days=90)


@pages.get("/engagements")
@requires(Permission.ENGAGEMENTS_READ)
def index() -> ResponseReturnValue:
    """Engagements of the reader's institutions."""
    wanted = load_query(ListForm)
    with unit_of_work() as session:
        return page(
            "engagements/index.html",
            rows=queries.listed(session, current_actor(), wanted),
            filters=wanted,
            statuses=STATUS_LABELS,
            kinds=ENGAGEMENT_LABELS,
            today=today(),
        )


@pages.route("/engagements/new", methods=["GET", "POST"])
@requires(Permission.ENGAGEMENTS_MANAGE)
def propose() -> ResponseReturnValue:
    """Propose an engagement: first the project, then the letter, contracts, year, auditors and last day."""
    form = HtmlForm(ProposeForm, initial=_asked())
    if form.sent:
        made = form.run(
            lambda session, command: service.propose(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The engagement is proposed. A second person grants it."), "success")
            return redirect(url_for("engagements.detail", reference=made), 303)
    with unit_of_work() as session:
        known = queries.projects_to_audit(session, current_actor())
        chosen = next((each for each in known if each.reference == form.values.get("project")), None)
        shown = page(
            "engagements/propose.html",
            form=form,
            projects=[(each.reference, f"{each.reference} {_title(each)}") for each in known],
            project=chosen,
            title=_title(chosen) if chosen else "",
            contracts=_contracts(session, chosen) if chosen else [],
            kinds=ENGAGEMENT_LABELS,
            spans=periods.suggested(today()),
        )
    return shown, form.status


def _title(project: Project) -> str:
    return named(project)


def _asked() -> dict[str, Any]:
    """The year before on the Hong Kong side, every contract of the project, and access for a quarter."""
    asked = {name: request.args.get(name, "") for name in ("project", "first_day", "last_day")}
    year = periods.suggested(today())[1]
    with unit_of_work() as session:
        known = queries.projects_to_audit(session, current_actor())
        chosen = next((each for each in known if each.reference == asked["project"]), None)
        contracts = [reference for reference, _words in _contracts(session, chosen)] if chosen else []
    return {
        "project": asked["project"],
        "first_day": asked["first_day"] or year.first_day.isoformat(),
        "last_day": asked["last_day"] or year.last_day.isoformat(),
        "expires_on": today() + USUAL_ACCESS,
        "contracts": contracts,
    }


def _contracts(session: Session, project: Project) -> list[tuple[str, str]]:
    places = institutions_granting(current_actor(), Permission.ENGAGEMENTS_MANAGE)
    agreed = queries.contracts_of(session, project.id, places)
    names = {each.id: each.name(current_language().code) for each in _institutions(session, agreed)}
    return [
        (each.reference, f"{each.reference} · {names[each.funder_id]} → {names[each.grantee_id]} · {each.currency}")
        for each in agreed
    ]


def _institutions(session: Session, agreed: Any) -> list[Institution]:
    keys = {key for each in agreed for key in (each.funder_id, each.grantee_id)}
    return [session.get_one(Institution, key) for key in sorted(keys, key=str)]


@pages.get(ONE)
@requires(Permission.ENGAGEMENTS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One engagement: its scope, its auditors and when they came in, and what happened."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        row = queries.visible(session, actor, reference)
        engagement = row.engagement
        auditors = [each.person_id for each in engagement.auditors]
        names = people.names_of(
            session,
            [*auditors, engagement.proposed_by_id, engagement.granted_by_id, engagement.ended_by_id],
            current_language().code,
        )
        return page(
            "engagements/detail.html",
            row=row,
            engagement=engagement,
            title=_title(row.project),
            agreed=queries.contracts_in(session, engagement),
            years_list=years_of(session, engagement),
            kinds=ENGAGEMENT_LABELS,
            auditors=auditors,
            entered=queries.days_entered(session, engagement.id),
            names=names,
            today=today(),
            rights=_rights(actor, engagement),
            letter=drill.letter_of(session, engagement),
            events=history(session, service.SUBJECT, engagement.id),
            form=form,
        )


def years_of(session: Session, engagement: Engagement) -> list[tuple[Institution, date, date]]:
    """The financial year of each party that the engagement's last day lies in."""
    agreed = queries.contracts_in(session, engagement)
    return [
        (each, *periods.year_ending(each.year_end_month, engagement.last_day))
        for each in _institutions(session, agreed)
    ]


def _rights(actor: Actor, engagement: Engagement) -> dict[str, bool]:
    manages = may(actor, Permission.ENGAGEMENTS_MANAGE, engagement.institution_id)
    involved = {engagement.proposed_by_id, *(each.person_id for each in engagement.auditors)}
    return {"decide": manages and actor.person_id not in involved, "end": manages, "own": actor.person_id in involved}


@pages.get(f"{ONE}/letter")
@requires(Permission.ENGAGEMENTS_READ)
def letter(reference: str) -> ResponseReturnValue:
    """The letter of engagement as it was received."""
    with unit_of_work() as session:
        row = queries.visible(session, current_actor(), reference)
        return attachment(*drill.letter_of(session, row.engagement).original())


Verb = Callable[..., Engagement]


def _step(reference: str, schema: type[StepForm], verb: Verb, said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)
    made = form.run(lambda session, command: verb(session, current_actor(), reference, command, now=now()).reference)
    if form.done:
        flash(said, "success")
        return redirect(url_for("engagements.detail", reference=made), 303)
    return _detail(reference, form), form.status


@pages.post(f"{ONE}/grant")
@requires(Permission.ENGAGEMENTS_MANAGE)
def grant(reference: str) -> ResponseReturnValue:
    """Open the room."""
    return _step(reference, StepForm, service.grant, gettext("The auditors may come in from now on."))


@pages.post(f"{ONE}/refuse")
@requires(Permission.ENGAGEMENTS_MANAGE)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse it."""
    return _step(reference, ReasonForm, service.refuse, gettext("The engagement is refused."))


@pages.post(f"{ONE}/end")
@requires(Permission.ENGAGEMENTS_MANAGE)
def end(reference: str) -> ResponseReturnValue:
    """End it early."""
    return _step(reference, ReasonForm, service.end, gettext("The engagement is ended. Nobody comes in any more."))


@pages.route("/audit-questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(Permission.PAGES_READ)
def answer(question_id: UUID) -> ResponseReturnValue:
    """A question of an auditor, for the person it was put to."""
    form = HtmlForm(AnswerForm)
    if form.sent:
        form.run(
            lambda session, command: asking.answer(session, current_actor(), question_id, command, now=now()).number
        )
        if form.done:
            flash(gettext("Your answer is with the auditor."), "success")
            return redirect(url_for("engagements.answer", question_id=question_id), 303)
    with unit_of_work() as session:
        question, engagement = queries.question_for(session, current_actor(), question_id)
        shown = page(
            "engagements/answer.html",
            form=form,
            question=question,
            engagement=engagement,
            open=engagement.is_open(today()),
            papers=evidence.of_record(session, asking.SUBJECT, question.id),
            names=people.names_of(session, [question.asked_by_id], current_language().code),
        )
    return shown, form.status
