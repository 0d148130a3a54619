"""Screens of obligations: the list across contracts, and one with its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.contracts import labels, obligations, queries
from app.contracts.commands import ObligationStep, SubmitObligation
from app.contracts.forms import AddObligationForm, ExtendForm, ObligationForm, ObligationQuery, SubmitForm
from app.contracts.models import Obligation
from app.db.unit_of_work import unit_of_work
from app.evidence import queries as evidence
from app.kernel.actor import Actor
from app.projects import queries as projects
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("obligations", __name__)


@pages.get("/obligations")
@requires(Permission.OBLIGATIONS_READ)
def index() -> ResponseReturnValue:
    """What is owed under the contracts in scope, soonest first, with a view of what is overdue."""
    wanted = load_query(ObligationQuery)
    filters = queries.ObligationFilter(
        text=wanted["text"], status=wanted["status"] or "", kind=wanted["kind"] or "", overdue=wanted["overdue"]
    )
    with unit_of_work() as session:
        actor = current_actor()
        return page(
            "contracts/obligations.html",
            section="contracts",
            rows=queries.visible_obligations(session, actor, filters, today(), wanted["cursor"], wanted["limit"]),
            filters=filters,
            overdue=queries.overdue_count(session, actor, today()),
            labels=labels,
            today=today(),
            settled=queries.SETTLED,
        )


@pages.get("/obligations/<uuid:obligation_id>")
@requires(Permission.OBLIGATIONS_READ)
def detail(obligation_id: UUID) -> ResponseReturnValue:
    """One thing owed: its dates, documents and steps."""
    return _detail(obligation_id, None), 200


def _detail(obligation_id: UUID, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        row = queries.visible_obligation(session, actor, obligation_id)
        people = projects.people(session, [row.obligation.submitted_by_id, row.obligation.accepted_by_id])
        return page(
            "contracts/obligation.html",
            section="contracts",
            row=row,
            owed=row.obligation,
            documents=evidence.of_record(session, "obligation", obligation_id),
            names={key: named(person) for key, person in people.items()},
            rights=_rights(actor, row),
            mine=row.obligation.submitted_by_id == actor.person_id,
            interested=queries.has_conflict(session, row.contract.id, actor.person_id),
            labels=labels,
            today=today(),
            settled=queries.SETTLED,
            form=form,
        )


def _rights(actor: Actor, row: queries.ObligationRow) -> dict[str, bool]:
    funder, grantee = row.contract.funder_id, row.contract.grantee_id
    return {
        "submit": may(actor, Permission.OBLIGATIONS_SUBMIT, grantee),
        "query": may(actor, Permission.OBLIGATIONS_QUERY, funder),
        "accept": may(actor, Permission.OBLIGATIONS_ACCEPT, funder),
        "waive": may(actor, Permission.OBLIGATIONS_WAIVE, funder),
        "extend": may(actor, Permission.OBLIGATIONS_EXTEND, funder),
    }


@pages.post("/contracts/<reference:reference>/obligations")
@requires(Permission.OBLIGATIONS_CREATE)
def add(reference: str) -> ResponseReturnValue:
    """Something owed beyond what the terms generate."""
    with unit_of_work() as session:
        key = queries.get_visible(session, current_actor(), reference).id
    form = HtmlForm(AddObligationForm)
    form.run(lambda session, command: obligations.add(session, current_actor(), key, command, now=now()).id)
    if form.done:
        flash(gettext("The obligation is written down."), "success")
        return redirect(url_for("contracts.detail", reference=reference), 303)
    return page(
        "contracts/add_obligation.html", section="contracts", form=form, reference=reference, labels=labels
    ), form.status


def submit_command(session: Session, actor: Actor, obligation_id: UUID, command: SubmitObligation) -> Obligation:
    """Hand in with the document, as the service takes it."""
    step = ObligationStep(command.version, command.note)
    return obligations.submit(session, actor, obligation_id, step, command.file, now=now())


@pages.post("/obligations/<uuid:obligation_id>/submit")
@requires(Permission.OBLIGATIONS_SUBMIT)
def submit(obligation_id: UUID) -> ResponseReturnValue:
    """The grantee hands it in."""
    said = gettext("It is handed in. The funder accepts it or asks back.")
    return _step(obligation_id, SubmitForm, submit_command, said)


@pages.post("/obligations/<uuid:obligation_id>/query")
@requires(Permission.OBLIGATIONS_QUERY)
def query(obligation_id: UUID) -> ResponseReturnValue:
    """The funder asks back."""
    return _step(obligation_id, ObligationForm, _at_now(obligations.query), gettext("The question is sent."))


@pages.post("/obligations/<uuid:obligation_id>/accept")
@requires(Permission.OBLIGATIONS_ACCEPT)
def accept(obligation_id: UUID) -> ResponseReturnValue:
    """The funder accepts it."""
    return _step(obligation_id, ObligationForm, _at_now(obligations.accept), gettext("It is accepted."))


@pages.post("/obligations/<uuid:obligation_id>/waive")
@requires(Permission.OBLIGATIONS_WAIVE)
def waive(obligation_id: UUID) -> ResponseReturnValue:
    """The funder lets it go."""
    return _step(obligation_id, ObligationForm, _at_now(obligations.waive), gettext("It is waived."))


@pages.post("/obligations/<uuid:obligation_id>/extend")
@requires(Permission.OBLIGATIONS_EXTEND)
def extend(obligation_id: UUID) -> ResponseReturnValue:
    """The funder gives more time."""
    said = gettext("There is more time now; the original date stays on record.")
    return _step(obligation_id, ExtendForm, _at_now(obligations.extend), said)


def _at_now(verb: Callable[..., Obligation]) -> Callable[..., Obligation]:
    return lambda session, actor, key, command: verb(session, actor, key, command, now=now())


def _step(obligation_id: UUID, schema: type[Any], verb: Callable[..., Obligation], said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)
    form.run(lambda session, command: verb(session, current_actor(), obligation_id, command).id)
    if form.done:
        flash(said, "success")
        return redirect(url_for("obligations.detail", obligation_id=obligation_id), 303)
    return _detail(obligation_id, form), form.status
