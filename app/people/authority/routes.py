"""Screens of the authority matrix: who may approve what up to when, stand-ins, and "try a case"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access import policy
from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.access.policy import KIND_NAMES
from app.access.roles import ROLE_NAMES
from app.access.scope import visible_institutions
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, NotFound
from app.kernel.messages import _
from app.people import queries as people
from app.people.authority import queries, service
from app.people.authority.forms import CaseForm, DelegationForm, LimitForm, limit_command
from app.people.forms import ReasonForm, VersionForm
from app.people.states import RIGHT_STATUS_NAMES
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page

pages = Blueprint("authority", __name__)


@pages.get("/")
@requires(Permission.AUTHORITY_READ)
def index() -> ResponseReturnValue:
    """The matrix of one institution, its stand-ins, overlaps, and a tried case."""
    return _index(None), 200


@pages.post("/limits")
@requires(Permission.AUTHORITY_PROPOSE)
def propose_limit() -> ResponseReturnValue:
    """Propose a row of the matrix."""
    form = HtmlForm(LimitForm)
    form.run(lambda session, given: service.propose_limit(session, current_actor(), limit_command(given), now=now()).id)
    return _after(form, gettext("The limit is proposed. A second administrator confirms it."))


@pages.post("/limits/<uuid:limit_id>/<any(confirm, refuse, end):step>")
@requires(Permission.AUTHORITY_PROPOSE)
def decide_limit(limit_id: UUID, step: str) -> ResponseReturnValue:
    """Confirm, refuse or end a row of the matrix."""
    with unit_of_work() as session:
        queries.limit_for(session, current_actor(), limit_id)
    form = _decided(step, limit_id, service.confirm_limit, service.refuse_limit, service.end_limit)
    return _after(form, gettext("Done. The matrix below shows where it stands."))


@pages.post("/delegations")
@requires(Permission.AUTHORITY_DELEGATE)
def delegate() -> ResponseReturnValue:
    """Name a stand-in for one's own role."""
    form = HtmlForm(DelegationForm)
    form.run(lambda session, command: service.delegate(session, current_actor(), command, now=now()).id)
    return _after(form, gettext("The stand-in is named. An administrator confirms it."))


@pages.post("/delegations/<uuid:delegation_id>/<any(confirm, refuse, end):step>")
@requires(Permission.AUTHORITY_READ)
def decide_delegation(delegation_id: UUID, step: str) -> ResponseReturnValue:
    """Confirm, refuse or end a delegation."""
    with unit_of_work() as session:
        queries.delegation_for(session, current_actor(), delegation_id)
    form = _decided(step, delegation_id, service.confirm_delegation, service.refuse_delegation, service.end_delegation)
    return _after(form, gettext("Done. The list of stand-ins shows where it stands."))


Verb = Callable[..., Any]


def _decided(step: str, key: UUID, confirm: Verb, refuse: Verb, end: Verb) -> HtmlForm:
    form = HtmlForm(VersionForm if step == "confirm" else ReasonForm)

    def carry_out(session: Session, command: Any) -> str:
        actor: Actor = current_actor()
        instant: datetime = now()
        if step == "confirm":
            return str(confirm(session, actor, key, command["version"], now=instant).id)
        verb = refuse if step == "refuse" else end
        return str(verb(session, actor, key, command, now=instant).id)

    form.run(carry_out)
    return form


def _after(form: HtmlForm, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("authority.index", institution=request.args.get("institution")), 303)
    return _index(form), form.status


def _index(form: HtmlForm | None) -> str:
    actor, day = current_actor(), today()
    with unit_of_work() as session:
        places = _places(session, actor)
        institution = _chosen(places)
        rows = queries.matrix(session, institution.id)
        limits = queries.limits_in_force(session, institution.id, day)
        colleagues = _colleagues(session, institution.id, day)
        delegations = queries.delegations_at(session, institution.id)
        own_roles = people.own_roles(session, actor.person_id, institution.id, day)
        return page(
            "people/authority/index.html",
            section="people",
            form=form,
            places=places,
            institution=institution,
            rows=rows,
            overlaps=policy.overlaps(limits),
            delegations=delegations,
            may_end={each.id: service.may_end(actor, each) for each in delegations},
            colleagues=colleagues,
            own_roles=own_roles,
            own_role_choices=[(role.value, gettext(ROLE_NAMES[role])) for role in own_roles],
            tried=_tried(session, actor, institution, day),
            events=history(session, "authority", institution.id) if may(actor, Permission.AUDIT_READ) else [],
            kinds=KIND_NAMES,
            roles=ROLE_NAMES,
            statuses=RIGHT_STATUS_NAMES,
            today=day,
        )


def _places(session: Session, actor: Actor) -> list[Institution]:
    visible = visible_institutions(actor)
    if visible is None:
        return list(institutions.active(session))
    return sorted(institutions.by_ids(session, visible).values(), key=lambda each: each.code)


def _chosen(places: list[Institution]) -> Institution:
    """The institution asked for by its code, or the first one in scope. Raises NotFound."""
    code = request.args.get("institution", "")
    found = next((each for each in places if code in ("", each.code)), None)
    if found is None:
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    return found


def _colleagues(session: Session, institution_id: UUID, day: date) -> list[tuple[str, str]]:
    found = {
        person.id: person.name_en
        for role in ROLE_NAMES
        for person in people.holders_of_role(session, role, institution_id, day)
    }
    return sorted(((str(key), name) for key, name in found.items()), key=lambda pair: pair[1])


def _tried(session: Session, actor: Actor, institution: Institution, day: date) -> dict[str, Any]:
    """What the box was asked and what it answers: every breach, who can, and how many checkers."""
    try:
        given = load_query(CaseForm)
    except InputRefused as refusal:
        return {"given": {}, "errors": refusal.breaches, "breaches": None, "approvers": [], "checkers": 0}
    if given["kind"] is None or given["amount"] is None:
        return {"given": given, "errors": (), "breaches": None, "approvers": [], "checkers": 0}
    makers = frozenset({given["maker_id"]} - {None})
    case = queries.Case(given["kind"], institution.id, given["amount"], makers)
    person = people.by_ids(session, [given["person_id"] or actor.person_id])
    tested = people.actor_of(session, next(iter(person.values())), day) if person else actor
    return {
        "given": given,
        "errors": (),
        "who": tested.name,
        "breaches": queries.check_approval(session, tested, case, day),
        "approvers": queries.approvers_of(session, case, day),
        "checkers": queries.checkers_needed(session, case, day),
    }
