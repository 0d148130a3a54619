"""Screens of people and their rights: the list, one person, proposing and confirming."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.access.roles import ROLE_NAMES
from app.access.scope import institutions_granting, sees_everything
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.people import queries, rights, service
from app.people.forms import (
    IDENTITY_KINDS,
    ChangePersonForm,
    NothingForm,
    PersonFilterForm,
    PersonForm,
    ReasonForm,
    RightForm,
    VersionForm,
)
from app.people.states import RIGHT_STATUS_NAMES
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import LANGUAGES, current_language

pages = Blueprint("people", __name__)


@pages.get("/")
@requires(Permission.PEOPLE_READ)
def index() -> ResponseReturnValue:
    """The people in scope, and the rights that wait for a second administrator."""
    filters = load_query(PersonFilterForm)
    actor = current_actor()
    wanted = queries.PersonFilter(
        filters["text"], filters["role"], filters["institution_id"], filters["status"], filters["sort"]
    )
    with unit_of_work() as session:
        waiting = queries.rights_awaiting_confirmation(session, actor) if may(actor, Permission.PEOPLE_CONFIRM) else []
        return page(
            "people/index.html",
            people=queries.listed(session, actor, wanted, filters["cursor"] or None),
            waiting=waiting,
            filters=filters,
            roles=ROLE_NAMES,
            today=today(),
        )


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def create() -> ResponseReturnValue:
    """Register a person."""
    form = HtmlForm(PersonForm, {"language": "en"})
    if form.sent:
        key = form.run(lambda session, command: service.create(session, current_actor(), command, now=now()).id)
        if form.done:
            flash(gettext("The person is registered. Propose a right, and ask for a password link."), "success")
            return redirect(url_for("people.detail", person_id=key), 303)
    return page(
        "people/create.html",
        form=form,
        identity_kinds=IDENTITY_KINDS,
        language_choices=[(each.code, each.name) for each in LANGUAGES],
    ), form.status


@pages.get("/<uuid:person_id>")
@requires(Permission.PEOPLE_READ)
def detail(person_id: UUID) -> ResponseReturnValue:
    """One person: rights with dates, where each stands, and what happened."""
    return _detail(person_id), 200


@pages.route("/<uuid:person_id>/change", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def change(person_id: UUID) -> ResponseReturnValue:
    """Change a person's particulars."""
    with unit_of_work() as session:
        person = queries.person_for(session, current_actor(), person_id)
    form = HtmlForm(ChangePersonForm, person)
    if form.sent:
        form.run(lambda session, command: service.change(session, current_actor(), person_id, command, now=now()))
        if form.done:
            flash(gettext("The details are changed."), "success")
            return redirect(url_for("people.detail", person_id=person_id), 303)
    return page("people/change.html", form=form, person=person, identity_kinds=IDENTITY_KINDS), form.status


@pages.post("/<uuid:person_id>/disable")
@requires(Permission.PEOPLE_MANAGE)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Stop a person at once."""
    form = HtmlForm(ReasonForm)
    form.run(lambda session, command: service.disable(session, current_actor(), person_id, command, now=now()))
    return _after(form, person_id, gettext("The person is disabled and every session has ended."))


@pages.post("/<uuid:person_id>/propose-enable")
@requires(Permission.PEOPLE_MANAGE)
def propose_enable(person_id: UUID) -> ResponseReturnValue:
    """Propose that a disabled person may sign in again."""
    form = HtmlForm(ReasonForm)
    form.run(lambda session, command: service.propose_enable(session, current_actor(), person_id, command, now=now()))
    return _after(form, person_id, gettext("Proposed. A second administrator confirms it."))


@pages.post("/<uuid:person_id>/enable")
@requires(Permission.PEOPLE_CONFIRM)
def enable(person_id: UUID) -> ResponseReturnValue:
    """Confirm that a disabled person may sign in again."""
    form = HtmlForm(VersionForm)
    form.run(
        lambda session, command: service.enable(session, current_actor(), person_id, command["version"], now=now())
    )
    return _after(form, person_id, gettext("The person may sign in again."))


@pages.post("/<uuid:person_id>/rights")
@requires(Permission.PEOPLE_MANAGE)
def propose_right(person_id: UUID) -> ResponseReturnValue:
    """Propose a right for a person."""
    form = HtmlForm(RightForm)
    form.given["person_id"] = str(person_id)
    form.run(lambda session, command: rights.propose(session, current_actor(), command, now=now()))
    return _after(form, person_id, gettext("The right is proposed. A second administrator confirms it."))


@pages.post("/rights/<uuid:right_id>/confirm")
@requires(Permission.PEOPLE_CONFIRM)
def confirm_right(right_id: UUID) -> ResponseReturnValue:
    """Put a proposed right in force."""
    person_id = _person_of(right_id)
    form = HtmlForm(VersionForm)
    form.run(lambda session, command: rights.confirm(session, current_actor(), right_id, command["version"], now=now()))
    return _after(form, person_id, gettext("The right is in force."))


@pages.post("/rights/<uuid:right_id>/refuse")
@requires(Permission.PEOPLE_CONFIRM)
def refuse_right(right_id: UUID) -> ResponseReturnValue:
    """Turn a proposed right down."""
    person_id = _person_of(right_id)
    form = HtmlForm(ReasonForm)
    form.run(lambda session, command: rights.refuse(session, current_actor(), right_id, command, now=now()))
    return _after(form, person_id, gettext("The right is refused."))


@pages.post("/rights/<uuid:right_id>/revoke")
@requires(Permission.PEOPLE_MANAGE)
def revoke_right(right_id: UUID) -> ResponseReturnValue:
    """Take a right away at once."""
    person_id = _person_of(right_id)
    form = HtmlForm(ReasonForm)
    form.run(lambda session, command: rights.revoke(session, current_actor(), right_id, command, now=now()))
    return _after(form, person_id, gettext("The right is revoked and the person's sessions have ended."))


@pages.post("/<uuid:person_id>/password-link")
@requires(Permission.PEOPLE_MANAGE)
def request_password_link(person_id: UUID) -> ResponseReturnValue:
    """Ask for a link with which the person sets a password."""
    form = HtmlForm(NothingForm)
    form.run(lambda session, _command: rights.request_password_link(session, current_actor(), person_id, now=now()))
    return _after(form, person_id, gettext("Asked for. A second administrator issues the link."))


@pages.post("/<uuid:person_id>/password-links/<uuid:link_id>/issue")
@requires(Permission.PEOPLE_CONFIRM)
def issue_password_link(person_id: UUID, link_id: UUID) -> ResponseReturnValue:
    """Issue a link and show it this once."""
    form = HtmlForm(VersionForm)
    made: list[str] = []

    def issue(session: object, command: dict[str, int]) -> str:
        link, secret = rights.issue_password_link(
            session,  # type: ignore[arg-type]
            current_actor(),
            link_id,
            command["version"],
            now=now(),
        )
        made.append(secret)
        return str(link.id)

    form.run(issue)
    if not form.done or not made:
        return _after(form, person_id, gettext("The link was issued already; it is not shown again."))
    link = url_for("account.set_password", secret=made[-1], _external=True)
    response = make_response(_detail(person_id, link=link))
    response.headers["Cache-Control"] = "no-store"
    return response


def _person_of(right_id: UUID) -> UUID:
    """The person a right belongs to, if in scope."""
    with unit_of_work() as session:
        return queries.right_for(session, current_actor(), right_id).person_id


def _detail(person_id: UUID, form: HtmlForm | None = None, link: str = "") -> str:
    actor = current_actor()
    with unit_of_work() as session:
        person = queries.person_for(session, actor, person_id)
        manageable = institutions_granting(actor, Permission.PEOPLE_MANAGE)
        places = institutions.active(session) if manageable else []
        involved = [key for right in person.rights for key in (right.granted_by_id, right.confirmed_by_id)]
        return page(
            "people/detail.html",
            person=person,
            form=form,
            link=link,
            places=places,
            manageable=manageable,
            names=queries.names_of(session, [*involved, person.enable_proposed_by_id], current_language().code),
            links=queries.password_links_waiting(session, person.id),
            events=history(session, "person", person.id) if may(actor, Permission.AUDIT_READ) else [],
            roles=ROLE_NAMES,
            statuses=RIGHT_STATUS_NAMES,
            everything=sees_everything(actor),
            today=today(),
        )


def _after(form: HtmlForm, person_id: UUID, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("people.detail", person_id=person_id), 303)
    return _detail(person_id, form), form.status
