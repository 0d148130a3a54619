"""Policy numbers as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.policies import queries, service
from app.access.policies.forms import DecideForm, ProposeForm
from app.access.policies.models import PolicySetting
from app.access.policies.queries import InForce
from app.access.policies.service import ProposePolicy
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, DecimalOut, Out, PageOf, PageQuery

api = ApiBlueprint("policies", __name__)


class PolicyOut(Out):
    """A policy number as it stands today."""

    name = CodeOut()
    value = DecimalOut()
    source = fields.String()
    verified = fields.Boolean()
    first_day = fields.Date()


class ChangeOut(PolicyOut):
    """A proposed, confirmed or refused change."""

    id = fields.UUID()
    status = CodeOut()
    proposed_by_id = fields.UUID()
    decided_by_id = fields.UUID(allow_none=True)
    version = fields.Integer()


@api.get("/policies", permission=Permission.SETTINGS_PROPOSE, response=PolicyOut, many=True, summary="List the numbers")
def index(session: Session, actor: Actor) -> list[InForce]:
    """Every policy number with the value in force today and its source."""
    return queries.all_in_force(session, today())


@api.get(
    "/policies/changes",
    permission=Permission.SETTINGS_PROPOSE,
    query=PageQuery,
    response=ChangeOut,
    many=True,
    summary="List the changes",
)
def changes(session: Session, actor: Actor, query: PageOf) -> Page[PolicySetting]:
    """Every proposed change and what became of it, newest first."""
    return queries.changes(session, query.cursor, query.limit)


@api.post(
    "/policies/changes",
    permission=Permission.SETTINGS_PROPOSE,
    body=ProposeForm,
    response=ChangeOut,
    status=201,
    summary="Propose a value",
)
def propose(session: Session, actor: Actor, command: ProposePolicy) -> PolicySetting:
    """It counts from its first day once a second administrator has confirmed it."""
    return service.propose(session, actor, command, now=now())


@api.post(
    "/policies/changes/<uuid:setting_id>/confirm",
    permission=Permission.SETTINGS_CONFIRM,
    body=DecideForm,
    response=ChangeOut,
    summary="Confirm a value",
)
def confirm(session: Session, actor: Actor, command: dict[str, Any], setting_id: UUID) -> PolicySetting:
    """Put a proposed value in force; whoever proposed it cannot."""
    return service.confirm(session, actor, setting_id, version=command["version"], now=now())


@api.post(
    "/policies/changes/<uuid:setting_id>/refuse",
    permission=Permission.SETTINGS_CONFIRM,
    body=DecideForm,
    response=ChangeOut,
    summary="Refuse a value",
)
def refuse(session: Session, actor: Actor, command: dict[str, Any], setting_id: UUID) -> PolicySetting:
    """Turn a proposed value down; whoever proposed it cannot."""
    return service.refuse(session, actor, setting_id, version=command["version"], now=now())
