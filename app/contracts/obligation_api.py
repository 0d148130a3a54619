"""What grantees owe, as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts import commands, obligations, queries
from app.contracts.forms import ExtendForm, ObligationForm, ObligationQuery, SubmitForm
from app.contracts.models import Obligation
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, Out

api = ApiBlueprint("obligations", __name__)
ONE = "/obligations/<uuid:obligation_id>"


class ObligationOut(Out):
    """One thing owed."""

    id = fields.UUID()
    contract_id = fields.UUID()
    kind = CodeOut()
    title = fields.String()
    period_first_day = fields.Date()
    period_last_day = fields.Date()
    due_on = fields.Date()
    original_due_on = fields.Date()
    blocks_tranche = fields.Boolean()
    status = CodeOut()
    note = fields.String()
    submitted_by_id = fields.UUID()
    submitted_at = fields.DateTime()
    accepted_by_id = fields.UUID()
    accepted_at = fields.DateTime()
    version = fields.Integer()


@api.get(
    "/obligations",
    permission=Permission.OBLIGATIONS_READ,
    query=ObligationQuery,
    response=ObligationOut,
    many=True,
)
def list_obligations(session: Session, actor: Actor, query: dict[str, Any]) -> Page[Obligation]:
    """What is owed in scope, soonest first; `overdue=true` keeps what is late."""
    wanted = queries.ObligationFilter(
        text=query["text"], status=query["status"] or "", kind=query["kind"] or "", overdue=query["overdue"]
    )
    found = queries.visible_obligations(session, actor, wanted, today(), query["cursor"], query["limit"])
    return found.map(lambda row: row.obligation)


@api.get(ONE, permission=Permission.OBLIGATIONS_READ, response=ObligationOut)
def show_obligation(session: Session, actor: Actor, obligation_id: UUID) -> Obligation:
    """One thing owed."""
    return queries.visible_obligation(session, actor, obligation_id).obligation


@api.post(f"{ONE}/submit", permission=Permission.OBLIGATIONS_SUBMIT, body=SubmitForm, response=ObligationOut)
def submit_obligation(
    session: Session, actor: Actor, command: commands.SubmitObligation, obligation_id: UUID
) -> Obligation:
    """The grantee hands it in, with its document when sent as multipart/form-data."""
    step = commands.ObligationStep(command.version, command.note)
    return obligations.submit(session, actor, obligation_id, step, command.file, now=now())


@api.post(f"{ONE}/query", permission=Permission.OBLIGATIONS_QUERY, body=ObligationForm, response=ObligationOut)
def query_obligation(
    session: Session, actor: Actor, command: commands.ObligationStep, obligation_id: UUID
) -> Obligation:
    """The funder asks back."""
    return obligations.query(session, actor, obligation_id, command, now=now())


@api.post(f"{ONE}/accept", permission=Permission.OBLIGATIONS_ACCEPT, body=ObligationForm, response=ObligationOut)
def accept_obligation(
    session: Session, actor: Actor, command: commands.ObligationStep, obligation_id: UUID
) -> Obligation:
    """The funder accepts it."""
    return obligations.accept(session, actor, obligation_id, command, now=now())


@api.post(f"{ONE}/waive", permission=Permission.OBLIGATIONS_WAIVE, body=ObligationForm, response=ObligationOut)
def waive_obligation(
    session: Session, actor: Actor, command: commands.ObligationStep, obligation_id: UUID
) -> Obligation:
    """The funder lets it go, for a reason."""
    return obligations.waive(session, actor, obligation_id, command, now=now())


@api.post(f"{ONE}/extend", permission=Permission.OBLIGATIONS_EXTEND, body=ExtendForm, response=ObligationOut)
def extend_obligation(
    session: Session, actor: Actor, command: commands.ExtendObligation, obligation_id: UUID
) -> Obligation:
    """The funder gives more time, for a reason."""
    return obligations.extend(session, actor, obligation_id, command, now=now())
