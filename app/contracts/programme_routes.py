"""Screens of programmes: the list, one with the parameters of its terms, and their second officer."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit.timeline import history
from app.contracts import labels, programme_queries, programmes
from app.contracts.forms import CreateProgrammeForm, EditProgrammeForm, NothingForm, ParameterForm
from app.contracts.models import TermsParameter
from app.contracts.terms import family
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.projects import queries as projects
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.templating import page
from app.web.wording import named
from app.whitelist.states import KIND_NAMES

pages = Blueprint("programmes", __name__)


@pages.get("/programmes")
@requires(Permission.PROGRAMMES_READ)
def index() -> ResponseReturnValue:
    """Every funder's schemes, a page at a time."""
    asked = load_query(PageQuery)
    with unit_of_work() as session:
        return page(
            "contracts/programmes.html",
            section="contracts",
            rows=programme_queries.programmes(session, asked.cursor, asked.limit),
            labels=labels,
        )


@pages.get("/programmes/<code>")
@requires(Permission.PROGRAMMES_READ)
def detail(code: str) -> ResponseReturnValue:
    """One scheme: its terms, every parameter with its source, the negative list."""
    return _detail(code, None), 200


def _detail(code: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        programme = programme_queries.programme_by_code(session, code)
        proposed = programme_queries.proposals(session, programme.id)
        return page(
            "contracts/programme.html",
            section="contracts",
            programme=programme,
            funder=institutions.by_id(session, programme.funder_id),
            terms=family(programme.terms_family),
            parameters=programme_queries.parameters(session, programme, today()),
            proposals=proposed,
            people=projects.people(session, [each.entered_by_id for each in proposed]),
            actor_id=actor.person_id,
            negative_list=programme_queries.negative_list(session, programme.id, today()),
            may_manage=may(actor, Permission.PROGRAMMES_MANAGE, programme.funder_id),
            may_confirm=may(actor, Permission.PROGRAMMES_CONFIRM, programme.funder_id),
            events=history(session, "programme", programme.id),
            kinds=KIND_NAMES,
            as_text=as_text,
            labels=labels,
            form=form,
        )


def as_text(value: Any) -> str:
    """A parameter's value the way it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@pages.route("/programmes/create", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_MANAGE)
def create() -> ResponseReturnValue:
    """Open a programme under a terms family."""
    form = HtmlForm(
        CreateProgrammeForm,
        initial={"year_end_month": 12, "whitelist_effect": "INFORM", "overdue_scope": "CONTRACT", "currency": "CNY"},
    )
    if form.sent:
        code = form.run(lambda session, command: programmes.create(session, current_actor(), command, now=now()).code)
        if form.done:
            flash(gettext("The programme is open."), "success")
            return redirect(url_for("programmes.detail", code=code), 303)
    with unit_of_work() as session:
        keys = institutions_granting(current_actor(), Permission.PROGRAMMES_MANAGE)
        return page(
            "contracts/create_programme.html",
            section="contracts",
            form=form,
            funders=[(str(each.id), named(each)) for each in institutions.by_ids(session, keys).values()],
            labels=labels,
            kinds=KIND_NAMES,
        ), form.status


@pages.route("/programmes/<code>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_MANAGE)
def edit(code: str) -> ResponseReturnValue:
    """Change a programme."""
    with unit_of_work() as session:
        programme = programme_queries.programme_by_code(session, code)
        key = programme.id
        form = HtmlForm(EditProgrammeForm, initial=programme)
    if form.sent:
        form.run(lambda session, command: programmes.edit(session, current_actor(), key, command, now=now()).code)
        if form.done:
            flash(gettext("The programme is changed."), "success")
            return redirect(url_for("programmes.detail", code=code), 303)
    return page(
        "contracts/edit_programme.html", section="contracts", form=form, code=code, labels=labels, kinds=KIND_NAMES
    ), form.status


@pages.route("/programmes/<code>/parameters", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_MANAGE)
def propose(code: str) -> ResponseReturnValue:
    """Propose a parameter's new value with its source; a second officer confirms it."""
    with unit_of_work() as session:
        programme = programme_queries.programme_by_code(session, code)
        key, terms = programme.id, family(programme.terms_family)
        known = programme_queries.parameters(session, programme, today())
        name = request.args.get("name", "")
        now_in_force = known.get(name)
    initial = {
        "name": name,
        "value": as_text(now_in_force.value) if now_in_force else "",
        "source": now_in_force.source if now_in_force else "",
        "first_day": today(),
    }
    form = HtmlForm(ParameterForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: (
                programmes.propose_parameter(session, current_actor(), key, command, now=now()).name
            )
        )
        if form.done:
            flash(gettext("The value is proposed. It takes effect once another officer confirmed it."), "success")
            return redirect(url_for("programmes.detail", code=code), 303)
    return page(
        "contracts/propose_parameter.html",
        section="contracts",
        form=form,
        code=code,
        known=known,
        terms=terms,
        as_text=as_text,
    ), form.status


@pages.post("/programmes/parameters/<uuid:parameter_id>/confirm")
@requires(Permission.PROGRAMMES_CONFIRM)
def confirm(parameter_id: UUID) -> ResponseReturnValue:
    """A second officer confirms a proposed value."""
    form = HtmlForm(NothingForm)
    form.run(
        lambda session, command: programmes.confirm_parameter(session, current_actor(), parameter_id, now=now()).name
    )
    return _decided(form, parameter_id, gettext("The value is in force from its first day."))


@pages.post("/programmes/parameters/<uuid:parameter_id>/refuse")
@requires(Permission.PROGRAMMES_CONFIRM)
def refuse(parameter_id: UUID) -> ResponseReturnValue:
    """A second officer refuses a proposed value."""
    form = HtmlForm(NothingForm)
    form.run(
        lambda session, command: programmes.refuse_parameter(session, current_actor(), parameter_id, now=now()).name
    )
    return _decided(form, parameter_id, gettext("The value is refused."))


def _decided(form: HtmlForm, parameter_id: UUID, said: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        row = session.get_one(TermsParameter, parameter_id)
        code = programme_queries.code_of(session, row.programme_id)
    if form.done:
        flash(said, "success")
        return redirect(url_for("programmes.detail", code=code), 303)
    return _detail(code, form), form.status
