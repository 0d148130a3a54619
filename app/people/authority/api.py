"""The authority matrix as JSON: limits, delegations, and "try a case"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.scope import sees
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.authority import queries, service
from app.people.authority.forms import CaseApiForm, DelegationForm, LimitForm, limit_command
from app.people.authority.models import AuthorityLimit, Delegation
from app.people.forms import ReasonForm, VersionForm
from app.people.service import ReasonCommand
from app.web.api import ApiBlueprint
from app.web.present import now, today
from app.web.schemas import MoneyOut, Out
from app.web.wording import in_words

api = ApiBlueprint("authority", __name__)


class LimitOut(Out):
    """A row of the matrix."""

    id = fields.UUID()
    institution_id = fields.UUID()
    role = fields.String()
    person_id = fields.UUID()
    kind = fields.String()
    maximum = MoneyOut()
    second_checker_above = MoneyOut()
    first_day = fields.Date()
    last_day = fields.Date()
    source = fields.String()
    status = fields.String()
    version = fields.Integer()


class DelegationOut(Out):
    """A stand-in."""

    id = fields.UUID()
    institution_id = fields.UUID()
    role = fields.String()
    from_person_id = fields.UUID()
    to_person_id = fields.UUID()
    first_day = fields.Date()
    last_day = fields.Date()
    status = fields.String()
    version = fields.Integer()


class ReasonOut(Out):
    """One reason why not."""

    code = fields.String()
    message = fields.String(attribute="headline")
    cure = fields.String()
    source = fields.String()


class CaseOut(Out):
    """The answer to a tried case."""

    may_approve = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonOut))
    approvers = fields.List(fields.String())
    checkers_needed = fields.Integer()


@api.get("/institutions/<code>/authority-limits", permission=Permission.AUTHORITY_READ, response=LimitOut, many=True)
def list_limits(session: Session, actor: Actor, code: str) -> Sequence[AuthorityLimit]:
    """The matrix of an institution in one's own scope."""
    return queries.matrix(session, _own(session, actor, code))


@api.post("/authority-limits", permission=Permission.AUTHORITY_PROPOSE, body=LimitForm, response=LimitOut, status=201)
def propose_limit(session: Session, actor: Actor, command: dict[str, Any]) -> AuthorityLimit:
    """Propose a row of the matrix."""
    return service.propose_limit(session, actor, limit_command(command), now=now())


@api.post(
    "/authority-limits/<uuid:limit_id>/confirm",
    permission=Permission.AUTHORITY_CONFIRM,
    body=VersionForm,
    response=LimitOut,
)
def confirm_limit(session: Session, actor: Actor, command: dict[str, int], limit_id: UUID) -> AuthorityLimit:
    """Put a row in force, as a second administrator."""
    queries.limit_for(session, actor, limit_id)
    return service.confirm_limit(session, actor, limit_id, command["version"], now=now())


@api.post(
    "/authority-limits/<uuid:limit_id>/refuse",
    permission=Permission.AUTHORITY_CONFIRM,
    body=ReasonForm,
    response=LimitOut,
)
def refuse_limit(session: Session, actor: Actor, command: ReasonCommand, limit_id: UUID) -> AuthorityLimit:
    """Turn a proposed row down."""
    queries.limit_for(session, actor, limit_id)
    return service.refuse_limit(session, actor, limit_id, command, now=now())


@api.post(
    "/authority-limits/<uuid:limit_id>/end",
    permission=Permission.AUTHORITY_PROPOSE,
    body=ReasonForm,
    response=LimitOut,
)
def end_limit(session: Session, actor: Actor, command: ReasonCommand, limit_id: UUID) -> AuthorityLimit:
    """Take a row out of force."""
    queries.limit_for(session, actor, limit_id)
    return service.end_limit(session, actor, limit_id, command, now=now())


@api.get("/institutions/<code>/delegations", permission=Permission.AUTHORITY_READ, response=DelegationOut, many=True)
def list_delegations(session: Session, actor: Actor, code: str) -> Sequence[Delegation]:
    """The stand-ins at an institution in one's own scope."""
    return queries.delegations_at(session, _own(session, actor, code))


@api.post(
    "/delegations", permission=Permission.AUTHORITY_DELEGATE, body=DelegationForm, response=DelegationOut, status=201
)
def delegate(session: Session, actor: Actor, command: service.DelegationCommand) -> Delegation:
    """Name a stand-in for one's own role."""
    return service.delegate(session, actor, command, now=now())


@api.post(
    "/delegations/<uuid:delegation_id>/confirm",
    permission=Permission.AUTHORITY_CONFIRM,
    body=VersionForm,
    response=DelegationOut,
)
def confirm_delegation(session: Session, actor: Actor, command: dict[str, int], delegation_id: UUID) -> Delegation:
    """Put a delegation in force."""
    queries.delegation_for(session, actor, delegation_id)
    return service.confirm_delegation(session, actor, delegation_id, command["version"], now=now())


@api.post(
    "/delegations/<uuid:delegation_id>/refuse",
    permission=Permission.AUTHORITY_CONFIRM,
    body=ReasonForm,
    response=DelegationOut,
)
def refuse_delegation(session: Session, actor: Actor, command: ReasonCommand, delegation_id: UUID) -> Delegation:
    """Turn a proposed delegation down."""
    queries.delegation_for(session, actor, delegation_id)
    return service.refuse_delegation(session, actor, delegation_id, command, now=now())


@api.post(
    "/delegations/<uuid:delegation_id>/end",
    permission=Permission.AUTHORITY_READ,
    body=ReasonForm,
    response=DelegationOut,
)
def end_delegation(session: Session, actor: Actor, command: ReasonCommand, delegation_id: UUID) -> Delegation:
    """End a delegation before its last day."""
    queries.delegation_for(session, actor, delegation_id)
    return service.end_delegation(session, actor, delegation_id, command, now=now())


@api.post(
    "/institutions/<code>/authority-case", permission=Permission.AUTHORITY_READ, body=CaseApiForm, response=CaseOut
)
def try_case(session: Session, actor: Actor, command: dict[str, Any], code: str) -> dict[str, Any]:
    """Whether one may approve a case, why not, and who can. Nothing is written."""
    makers = frozenset({command["maker_id"]} - {None})
    case = queries.Case(command["kind"], _own(session, actor, code), command["amount"], makers)
    breaches = queries.check_approval(session, actor, case, today())
    return {
        "may_approve": not breaches,
        "reasons": [in_words(breach) for breach in breaches],
        "approvers": [approver.person.name_en for approver in queries.approvers_of(session, case, today())],
        "checkers_needed": queries.checkers_needed(session, case, today()),
    }


def _own(session: Session, actor: Actor, code: str) -> UUID:
    """The institution, if it lies in the actor's own scope. Raises NotFound."""
    institution = institutions.by_code(session, actor, code)
    if not sees(actor, institution.id):
        raise NotFound(queries.no_such_institution())
    return institution.id
