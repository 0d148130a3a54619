"""The screen of policy numbers: what is in force and on whose word, a proposal, and the second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policies import queries, service
from app.access.policies.forms import NAME_LABELS, DecideForm, ProposeForm
from app.access.policies.models import PolicySetting
from app.access.policies.states import POLICIES
from app.db.unit_of_work import unit_of_work
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.templating import page

pages = Blueprint("policies", __name__)


@pages.route("/settings", methods=["GET", "POST"])
@requires(Permission.SETTINGS_PROPOSE)
def index() -> ResponseReturnValue:
    """Every policy number in force, the changes made so far, and the form that proposes another."""
    form = HtmlForm(ProposeForm, initial={"first_day": today()})
    if form.sent:
        form.run(lambda session, command: str(service.propose(session, current_actor(), command, now=now()).id))
        if form.done:
            flash(gettext("The value is proposed. A second administrator confirms it."), "success")
            return redirect(url_for("policies.index"), 303)
    return _page(form), form.status


def _page(form: HtmlForm) -> str:
    asked = load_query(PageQuery)
    with unit_of_work() as session:
        return page(
            "access/policies/index.html",
            form=form,
            numbers=queries.all_in_force(session, today()),
            changes=queries.changes(session, asked.cursor, asked.limit),
            policies=POLICIES,
            labels=NAME_LABELS,
            me=current_actor().person_id,
        )


@pages.post("/settings/<uuid:setting_id>/confirm")
@requires(Permission.SETTINGS_CONFIRM)
def confirm(setting_id: UUID) -> ResponseReturnValue:
    """Put a proposed value in force."""
    return _decide(setting_id, service.confirm, gettext("The value is confirmed."))


@pages.post("/settings/<uuid:setting_id>/refuse")
@requires(Permission.SETTINGS_CONFIRM)
def refuse(setting_id: UUID) -> ResponseReturnValue:
    """Turn a proposed value down."""
    return _decide(setting_id, service.refuse, gettext("The proposal is refused."))


def _decide(setting_id: UUID, verb: Callable[..., PolicySetting], said: str) -> ResponseReturnValue:
    form = HtmlForm(DecideForm)

    def run(session: Session, command: dict[str, Any]) -> str:
        return str(verb(session, current_actor(), setting_id, version=command["version"], now=now()).id)

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("policies.index"), 303)
    return _page(form), form.status
