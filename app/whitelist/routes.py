"""Screens of the whitelist: the list, an entry, applying, listing, suspending, reinstating, removing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.kernel.messages import _
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.whitelist import queries, service
from app.whitelist.forms import ApplyForm, ListForm, MoveForm, WhitelistFilterForm
from app.whitelist.states import KIND_NAMES, STATUS_NAMES, SUBJECT_NAMES

pages = Blueprint("whitelist", __name__)

EFFECTS = {
    "BLOCK": _("The terms block payment without it."),
    "FACILITATED": _("With it the route asks for fewer documents."),
    "INFORM": _("It is shown, and stops nothing."),
}
VIEWS = {**STATUS_NAMES, "LAPSED": _("Lapsed"), "EXPIRING": _("Ends within 60 days")}


@pages.get("/")
@requires(Permission.WHITELIST_READ)
def index() -> ResponseReturnValue:
    """The entries in scope."""
    filters = load_query(WhitelistFilterForm)
    wanted = queries.WhitelistFilter(
        filters["text"], filters["kind"], filters["subject_kind"], filters["status"], filters["sort"]
    )
    actor = current_actor()
    with unit_of_work() as session:
        entries = queries.listed(session, actor, wanted, today(), filters["cursor"] or None)
        return page(
            "whitelist/index.html",
            entries=entries,
            states={entry.id: queries.state_of(entry, today()) for entry in entries.items},
            waiting=queries.awaiting_listing(session, actor),
            filters=filters,
            kinds=KIND_NAMES,
            subjects=SUBJECT_NAMES,
            views=VIEWS,
        )


@pages.route("/apply", methods=["GET", "POST"])
@requires(Permission.WHITELIST_APPLY)
def apply() -> ResponseReturnValue:
    """Apply for a listing."""
    actor = current_actor()
    form = HtmlForm(ApplyForm, {"subject_kind": "INSTITUTION"})
    if form.sent:
        key = form.run(lambda session, command: service.apply(session, current_actor(), command, now=now()).id)
        if form.done:
            flash(gettext("The application is in. Another person decides it."), "success")
            return redirect(url_for("whitelist.detail", entry_id=key), 303)
    with unit_of_work() as session:
        return page(
            "whitelist/apply.html",
            form=form,
            own=institutions.by_ids(session, institutions_granting(actor, Permission.WHITELIST_APPLY)).values(),
            institutions=institutions.choosable(session, actor),
        ), form.status


@pages.get("/<uuid:entry_id>")
@requires(Permission.WHITELIST_READ)
def detail(entry_id: UUID) -> ResponseReturnValue:
    """One entry: where it stands today, its validity and source, what it does to a payment, its history."""
    return _detail(entry_id), 200


@pages.post("/<uuid:entry_id>/list")
@requires(Permission.WHITELIST_LIST)
def put_on_list(entry_id: UUID) -> ResponseReturnValue:
    """List an application."""
    form = HtmlForm(ListForm)

    def carry_out(session: Session, command: service.ListCommand) -> str:
        queries.entry_for(session, current_actor(), entry_id)
        return str(service.put_on_list(session, current_actor(), entry_id, command, now=now()).id)

    form.run(carry_out)
    return _after(form, entry_id, gettext("The entry is listed."))


@pages.post("/<uuid:entry_id>/suspend")
@requires(Permission.WHITELIST_SUSPEND)
def suspend(entry_id: UUID) -> ResponseReturnValue:
    """Suspend a listing."""
    form = HtmlForm(MoveForm)
    form.run(lambda session, command: service.suspend(session, current_actor(), entry_id, command, now=now()).id)
    return _after(form, entry_id, gettext("The listing is suspended: it no longer counts."))


@pages.post("/<uuid:entry_id>/reinstate")
@requires(Permission.WHITELIST_REINSTATE)
def reinstate(entry_id: UUID) -> ResponseReturnValue:
    """Let a suspended listing count again."""
    form = HtmlForm(MoveForm)
    form.run(lambda session, command: service.reinstate(session, current_actor(), entry_id, command, now=now()).id)
    return _after(form, entry_id, gettext("The listing counts again."))


@pages.post("/<uuid:entry_id>/remove")
@requires(Permission.WHITELIST_REMOVE)
def remove(entry_id: UUID) -> ResponseReturnValue:
    """Take an entry off the list for good."""
    form = HtmlForm(MoveForm)
    form.run(lambda session, command: service.remove(session, current_actor(), entry_id, command, now=now()).id)
    return _after(form, entry_id, gettext("The entry is removed. Its history stays."))


def _detail(entry_id: UUID, form: HtmlForm | None = None) -> str:
    actor = current_actor()
    with unit_of_work() as session:
        entry = queries.entry_for(session, actor, entry_id)
        return page(
            "whitelist/detail.html",
            entry=entry,
            state=queries.state_of(entry, today()),
            form=form,
            own=entry.applied_by_id == actor.person_id,
            events=history(session, "whitelist_entry", entry.id) if may(actor, Permission.AUDIT_READ) else [],
            kinds=KIND_NAMES,
            subjects=SUBJECT_NAMES,
            effects=EFFECTS,
        )


def _after(form: HtmlForm, entry_id: UUID, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("whitelist.detail", entry_id=entry_id), 303)
    return _detail(entry_id, form), form.status
