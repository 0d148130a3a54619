"""Screens of known parties: the list, adding one, taking one out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.parties import queries, service
from app.parties.forms import AddForm, FilterForm, RemoveForm
from app.parties.states import KIND_LABELS
from app.web.forms import HtmlForm, load_query
from app.web.present import now
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("parties", __name__)
P = Permission


@pages.get("/parties")
@requires(P.CLAIMS_CHECK)
def index() -> ResponseReturnValue:
    """The list by name."""
    filters = load_query(FilterForm)
    with unit_of_work() as session:
        return page(
            "parties/index.html",
            parties=queries.listed(session, current_actor(), filters),
            filters=filters,
            kinds=KIND_LABELS,
        )


@pages.route("/parties/add", methods=["GET", "POST"])
@requires(P.CLAIMS_CHECK)
def add() -> ResponseReturnValue:
    """Enter a party."""
    with unit_of_work() as session:
        places = institutions.by_ids(session, institutions_granting(current_actor(), P.CLAIMS_CHECK))
        own = [(str(key), named(each)) for key, each in places.items()]
    initial = {"institution_id": own[0][0] if own else "", "kind": "SUPPLIER"}
    form = HtmlForm(AddForm, initial=initial)
    if form.sent:
        form.run(lambda session, command: service.add(session, current_actor(), command, now=now()).name)
        if form.done:
            flash(gettext("The party is in the list."), "success")
            return redirect(url_for("parties.index"), 303)
    return page("parties/add.html", form=form, own=own, kinds=KIND_LABELS), form.status


@pages.post("/parties/<uuid:party_id>/remove")
@requires(P.CLAIMS_CHECK)
def remove(party_id: UUID) -> ResponseReturnValue:
    """Take a party out of the list."""
    form = HtmlForm(RemoveForm)
    form.run(lambda session, command: service.remove(session, current_actor(), party_id, now=now()))
    if form.done:
        flash(gettext("The party is taken out."), "success")
    elif form.errors:
        flash(form.errors[0].message, "error")
    return redirect(url_for("parties.index"), 303)
