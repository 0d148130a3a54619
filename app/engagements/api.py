"""Engagements as JSON, for the institutions; and the answer of the person a question was put to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.engagements import asking, drill, queries, service
from app.engagements.asking import Answer
from app.engagements.forms import AnswerForm, ListForm, ProposeForm, ReasonForm, StepForm
from app.engagements.models import Engagement, Question
from app.engagements.queries import EngagementFilter
from app.engagements.service import ProposeEngagement, Step
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, Out

api = ApiBlueprint("engagements", __name__)
ONE = "/engagements/<reference:reference>"


class EngagementOut(Out):
    """An engagement; `days_entered` is all that is told of what its auditors did."""

    reference = fields.String()
    institution_id = fields.UUID()
    project_id = fields.UUID()
    kind = CodeOut()
    contracts = fields.List(fields.String())
    auditors = fields.List(fields.UUID())
    first_day = fields.Date()
    last_day = fields.Date()
    expires_on = fields.Date()
    purpose = fields.String()
    status = CodeOut()
    status_reason = fields.String()
    proposed_by_id = fields.UUID()
    proposed_at = fields.DateTime()
    granted_by_id = fields.UUID(allow_none=True)
    granted_at = fields.DateTime(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    days_entered = fields.Dict(keys=fields.String(), values=fields.List(fields.Date()))
    version = fields.Integer()


class QuestionOut(Out):
    """A question of the auditors."""

    id = fields.UUID()
    number = fields.Integer()
    entry_id = fields.Integer(allow_none=True)
    text = fields.String()
    due_on = fields.Date()
    asked_by_id = fields.UUID()
    asked_of_id = fields.UUID()
    asked_at = fields.DateTime()
    status = CodeOut()
    answer = fields.String()
    answered_at = fields.DateTime(allow_none=True)
    version = fields.Integer()


_PLAIN = (
    "reference", "institution_id", "project_id", "kind", "first_day", "last_day", "expires_on", "purpose", "status",
    "status_reason", "proposed_by_id", "proposed_at", "granted_by_id", "granted_at", "ended_at", "version",
)  # fmt: skip


def engagement_out(session: Session, row: Engagement) -> dict[str, Any]:
    """An engagement as it is told."""
    entered = queries.days_entered(session, row.id)
    return {name: getattr(row, name) for name in _PLAIN} | {
        "contracts": [each.reference for each in queries.contracts_in(session, row)],
        "auditors": [each.person_id for each in row.auditors],
        "days_entered": {str(person_id): days for person_id, days in entered.items()},
    }


@api.get(
    "/engagements",
    permission=Permission.ENGAGEMENTS_READ,
    query=ListForm,
    response=EngagementOut,
    many=True,
    summary="List engagements of auditors",
)
def index(session: Session, actor: Actor, query: EngagementFilter) -> Page[dict[str, Any]]:
    """Engagements of your institutions, newest first."""
    return queries.listed(session, actor, query).map(lambda row: engagement_out(session, row.engagement))


@api.get(ONE, permission=Permission.ENGAGEMENTS_READ, response=EngagementOut, summary="Show an engagement")
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One engagement of your institutions."""
    return engagement_out(session, queries.visible(session, actor, reference).engagement)


@api.get(f"{ONE}/letter", permission=Permission.ENGAGEMENTS_READ, summary="Get the letter of engagement")
def letter(session: Session, actor: Actor, reference: str) -> Response:
    """The letter as it was received."""
    row = queries.visible(session, actor, reference)
    return attachment(*drill.letter_of(session, row.engagement).original())


@api.post(
    "/engagements",
    permission=Permission.ENGAGEMENTS_MANAGE,
    body=ProposeForm,
    response=EngagementOut,
    status=201,
    summary="Propose an engagement",
)
def propose(session: Session, actor: Actor, command: ProposeEngagement) -> dict[str, Any]:
    """Propose it with its letter, sent as multipart/form-data; a second person grants it."""
    return engagement_out(session, service.propose(session, actor, command, now=now()))


@api.post(
    f"{ONE}/grant",
    permission=Permission.ENGAGEMENTS_MANAGE,
    body=StepForm,
    response=EngagementOut,
    summary="Grant an engagement",
)
def grant(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """Open the room to its auditors."""
    return engagement_out(session, service.grant(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/refuse",
    permission=Permission.ENGAGEMENTS_MANAGE,
    body=ReasonForm,
    response=EngagementOut,
    summary="Refuse an engagement",
)
def refuse(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """Refuse it with a reason."""
    return engagement_out(session, service.refuse(session, actor, reference, command, now=now()))


@api.post(
    f"{ONE}/end",
    permission=Permission.ENGAGEMENTS_MANAGE,
    body=ReasonForm,
    response=EngagementOut,
    summary="End an engagement early",
)
def end(session: Session, actor: Actor, command: Step, reference: str) -> dict[str, Any]:
    """End it before its last day."""
    return engagement_out(session, service.end(session, actor, reference, command, now=now()))


@api.get(
    "/audit-questions/<uuid:question_id>",
    permission=Permission.PAGES_READ,
    response=QuestionOut,
    summary="Show a question put to you",
)
def question(session: Session, actor: Actor, question_id: UUID) -> Question:
    """A question of an auditor, for the person it was put to."""
    return queries.question_for(session, actor, question_id)[0]


@api.post(
    "/audit-questions/<uuid:question_id>",
    permission=Permission.PAGES_READ,
    body=AnswerForm,
    response=QuestionOut,
    summary="Answer a question put to you",
)
def answer(session: Session, actor: Actor, command: Answer, question_id: UUID) -> Question:
    """Answer, with a document where there is one (multipart/form-data)."""
    return asking.answer(session, actor, question_id, command, now=now())
