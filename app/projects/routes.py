"""Screens of projects: the list, one project, registering and changing it, and who takes part."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.projects import queries, service
from app.projects.forms import (
    CLASS_LABELS,
    ROLE_LABELS,
    SORT_LABELS,
    EditForm,
    EndMemberForm,
    MemberForm,
    PartyForm,
    ProjectQuery,
    RegisterForm,
    RemovePartyForm,
)
from app.projects.states import Confidentiality, TeamRole
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("projects", __name__)


@pages.get("/projects")
@requires(Permission.PROJECTS_READ)
def index() -> ResponseReturnValue:
    """The projects in scope, searched and sorted."""
    wanted = load_query(ProjectQuery)
    filters = queries.ProjectFilter(wanted["text"], wanted["party_id"], wanted["sort"])
    with unit_of_work() as session:
        found = queries.visible_projects(session, current_actor(), filters, wanted["cursor"], wanted["limit"])
        return page(
            "projects/index.html",
            projects=found,
            filters=filters,
            sorts=SORT_LABELS,
            parties=queries.institutions_of(session, found.items),
            people=queries.people(session, [m.person_id for p in found.items for m in p.members]),
            lead=TeamRole.PRINCIPAL_INVESTIGATOR,
        )


@pages.get("/projects/<reference:reference>")
@requires(Permission.PROJECTS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One project: both sides' parties, its people, its contracts, its trail."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        project = queries.get_visible(session, actor, reference)
        parties = queries.institutions_of(session, [project])
        changes_at = institutions_granting(actor, Permission.PROJECTS_CHANGE) & set(parties)
        return page(
            "projects/detail.html",
            project=project,
            parties=parties,
            people=queries.people_of(session, project),
            contracts=queries.contracts_in_view(session, actor, project.id),
            classes=CLASS_LABELS,
            roles=ROLE_LABELS,
            events=history(session, "project", project.id),
            may_change=bool(changes_at),
            choices_of_people=_people(session) if changes_at else [],
            choices_of_parties=[
                (str(each.id), f"{each.side} {named(each)}")
                for each in (institutions.active(session) if changes_at else ())
            ],
            form=form,
            today=today(),
        )


def _people(session: Session) -> list[tuple[str, str]]:
    return [(str(each.id), f"{named(each)} · {each.email}") for each in queries.everyone(session)]


@pages.route("/projects/register", methods=["GET", "POST"])
@requires(Permission.PROJECTS_REGISTER)
def register() -> ResponseReturnValue:
    """Register a project; a secret one is refused in words."""
    form = HtmlForm(RegisterForm, initial={"confidentiality": Confidentiality.INTERNAL.value})
    if form.sent:
        reference = form.run(
            lambda session, command: service.register(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The project is registered."), "success")
            return redirect(url_for("projects.detail", reference=reference), 303)
    with unit_of_work() as session:
        keys = institutions_granting(current_actor(), Permission.PROJECTS_REGISTER)
        everyone = institutions.active(session)
        return page(
            "projects/register.html",
            form=form,
            homes=[(str(each.id), named(each)) for each in everyone if each.id in keys],
            institutions=[(str(each.id), f"{each.side} {named(each)}") for each in everyone],
            people=_people(session),
            classes=CLASS_LABELS,
        ), form.status


@pages.route("/projects/<reference:reference>/edit", methods=["GET", "POST"])
@requires(Permission.PROJECTS_CHANGE)
def edit(reference: str) -> ResponseReturnValue:
    """Change a project's words, dates and class."""
    with unit_of_work() as session:
        project = queries.get_visible(session, current_actor(), reference)
        key = project.id
        form = HtmlForm(EditForm, initial=project)
    if form.sent:
        form.run(lambda session, command: service.edit(session, current_actor(), key, command, now=now()).reference)
        if form.done:
            flash(gettext("The project is changed."), "success")
            return redirect(url_for("projects.detail", reference=reference), 303)
    return page("projects/edit.html", form=form, reference=reference, classes=CLASS_LABELS), form.status


@pages.post("/projects/<reference:reference>/members")
@requires(Permission.PROJECTS_CHANGE)
def add_member(reference: str) -> ResponseReturnValue:
    """A person joins the project."""
    key = _key(reference)
    form = HtmlForm(MemberForm)
    form.run(lambda session, command: str(service.add_member(session, current_actor(), key, command, now=now()).id))
    return _changed(form, reference, gettext("The person takes part now."))


@pages.post("/projects/<reference:reference>/members/end")
@requires(Permission.PROJECTS_CHANGE)
def end_member(reference: str) -> ResponseReturnValue:
    """A person's part ends."""
    key = _key(reference)
    form = HtmlForm(EndMemberForm)
    form.run(lambda session, command: str(service.end_member(session, current_actor(), key, command, now=now()).id))
    return _changed(form, reference, gettext("The part has its last day."))


@pages.post("/projects/<reference:reference>/parties")
@requires(Permission.PROJECTS_CHANGE)
def add_party(reference: str) -> ResponseReturnValue:
    """An institution joins the project."""
    key = _key(reference)
    form = HtmlForm(PartyForm)
    form.run(lambda session, command: str(service.add_party(session, current_actor(), key, command, now=now()).id))
    return _changed(form, reference, gettext("The institution takes part now."))


@pages.post("/projects/<reference:reference>/parties/remove")
@requires(Permission.PROJECTS_CHANGE)
def remove_party(reference: str) -> ResponseReturnValue:
    """An institution without a contract leaves the project."""
    key = _key(reference)
    form = HtmlForm(RemovePartyForm)
    form.run(lambda session, command: service.remove_party(session, current_actor(), key, command, now=now()).reference)
    return _changed(form, reference, gettext("The institution takes part no longer."))


def _key(reference: str) -> UUID:
    with unit_of_work() as session:
        return queries.get_visible(session, current_actor(), reference).id


def _changed(form: HtmlForm, reference: str, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("projects.detail", reference=reference), 303)
    return _detail(reference, form), form.status
