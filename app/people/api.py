"""People, rights, one's own account and tokens as JSON. Tokens and passwords are made on screens only, by a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.people import queries, rights, service, tokens
from app.people.forms import (
    ChangePersonForm,
    NothingForm,
    PersonFilterForm,
    PersonForm,
    ReasonForm,
    RightForm,
    VersionForm,
)
from app.people.models import Person, PersonalToken, RoleAssignment
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import Out

api = ApiBlueprint("people", __name__)


class RightOut(Out):
    """A role at an institution between two days."""

    id = fields.UUID()
    person_id = fields.UUID()
    role = fields.String()
    institution_id = fields.UUID()
    first_day = fields.Date()
    last_day = fields.Date()
    status = fields.String()
    granted_by_id = fields.UUID()
    confirmed_by_id = fields.UUID()
    by_operator = fields.Boolean()
    version = fields.Integer()


class PersonOut(Out):
    """A person; the identity number is masked."""

    id = fields.UUID()
    email = fields.String()
    name_en = fields.String()
    name_zh_hant = fields.String()
    name_zh_hans = fields.String()
    language = fields.String()
    orcid = fields.String()
    identity_kind = fields.String()
    identity_masked = fields.String()
    disabled_at = fields.AwareDateTime()
    rights = fields.List(fields.Nested(RightOut))
    version = fields.Integer()


class OwnRightOut(Out):
    """A right in force today."""

    role = fields.String(attribute="role.value")
    institution_id = fields.UUID()
    first_day = fields.Date()
    last_day = fields.Date()


class MeOut(Out):
    """Who the token acts for, and with which rights."""

    person_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    rights = fields.List(fields.Nested(OwnRightOut))
    scopes = fields.List(fields.String())


class TokenOut(Out):
    """A personal token without its secret."""

    id = fields.UUID()
    name = fields.String()
    hint = fields.String()
    scopes = fields.List(fields.String())
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    last_used_at = fields.AwareDateTime()
    revoked_at = fields.AwareDateTime()


@api.get("/me", permission=None, response=MeOut)
def me(session: Session, actor: Actor) -> Actor:
    """Who this token acts for."""
    return actor


@api.get("/me/tokens", permission=Permission.TOKENS_OWN, response=TokenOut, many=True)
def list_tokens(session: Session, actor: Actor) -> Sequence[PersonalToken]:
    """One's own tokens."""
    return queries.tokens_of(session, actor.person_id)


@api.post("/me/tokens/<uuid:token_id>/revoke", permission=Permission.TOKENS_OWN, body=NothingForm, response=TokenOut)
def revoke_token(session: Session, actor: Actor, command: dict[str, Any], token_id: UUID) -> PersonalToken:
    """Revoke one of one's own tokens."""
    return tokens.revoke(session, actor, token_id, now=now())


@api.get("/people", permission=Permission.PEOPLE_READ, query=PersonFilterForm, response=PersonOut, many=True)
def list_people(session: Session, actor: Actor, query: dict[str, Any]) -> Page[Person]:
    """The people in scope."""
    wanted = queries.PersonFilter(query["text"], query["role"], query["institution_id"], query["status"], query["sort"])
    return queries.listed(session, actor, wanted, query["cursor"], query["limit"])


@api.post("/people", permission=Permission.PEOPLE_MANAGE, body=PersonForm, response=PersonOut, status=201)
def create_person(session: Session, actor: Actor, command: service.PersonCommand) -> Person:
    """Register a person."""
    return service.create(session, actor, command, now=now())


@api.get("/people/<uuid:person_id>", permission=Permission.PEOPLE_READ, response=PersonOut)
def get_person(session: Session, actor: Actor, person_id: UUID) -> Person:
    """One person with their rights."""
    return queries.person_for(session, actor, person_id)


@api.put("/people/<uuid:person_id>", permission=Permission.PEOPLE_MANAGE, body=ChangePersonForm, response=PersonOut)
def change_person(session: Session, actor: Actor, command: service.ChangePersonCommand, person_id: UUID) -> Person:
    """Change a person's particulars."""
    queries.person_for(session, actor, person_id)
    return service.change(session, actor, person_id, command, now=now())


@api.post("/people/<uuid:person_id>/disable", permission=Permission.PEOPLE_MANAGE, body=ReasonForm, response=PersonOut)
def disable_person(session: Session, actor: Actor, command: service.ReasonCommand, person_id: UUID) -> Person:
    """Stop a person at once."""
    queries.person_for(session, actor, person_id)
    return service.disable(session, actor, person_id, command, now=now())


@api.post(
    "/people/<uuid:person_id>/propose-enable", permission=Permission.PEOPLE_MANAGE, body=ReasonForm, response=PersonOut
)
def propose_enable_person(session: Session, actor: Actor, command: service.ReasonCommand, person_id: UUID) -> Person:
    """Propose that a disabled person may sign in again."""
    queries.person_for(session, actor, person_id)
    return service.propose_enable(session, actor, person_id, command, now=now())


@api.post("/people/<uuid:person_id>/enable", permission=Permission.PEOPLE_CONFIRM, body=VersionForm, response=PersonOut)
def enable_person(session: Session, actor: Actor, command: dict[str, int], person_id: UUID) -> Person:
    """Confirm that a disabled person may sign in again."""
    queries.person_for(session, actor, person_id)
    return service.enable(session, actor, person_id, command["version"], now=now())


@api.post("/rights", permission=Permission.PEOPLE_MANAGE, body=RightForm, response=RightOut, status=201)
def propose_right(session: Session, actor: Actor, command: rights.RightCommand) -> RoleAssignment:
    """Propose a right for a person."""
    queries.person_for(session, actor, command.person_id)
    return rights.propose(session, actor, command, now=now())


@api.post("/rights/<uuid:right_id>/confirm", permission=Permission.PEOPLE_CONFIRM, body=VersionForm, response=RightOut)
def confirm_right(session: Session, actor: Actor, command: dict[str, int], right_id: UUID) -> RoleAssignment:
    """Put a proposed right in force, as a second administrator."""
    queries.right_for(session, actor, right_id)
    return rights.confirm(session, actor, right_id, command["version"], now=now())


@api.post("/rights/<uuid:right_id>/refuse", permission=Permission.PEOPLE_CONFIRM, body=ReasonForm, response=RightOut)
def refuse_right(session: Session, actor: Actor, command: service.ReasonCommand, right_id: UUID) -> RoleAssignment:
    """Turn a proposed right down."""
    queries.right_for(session, actor, right_id)
    return rights.refuse(session, actor, right_id, command, now=now())


@api.post("/rights/<uuid:right_id>/revoke", permission=Permission.PEOPLE_MANAGE, body=ReasonForm, response=RightOut)
def revoke_right(session: Session, actor: Actor, command: service.ReasonCommand, right_id: UUID) -> RoleAssignment:
    """Take a right away at once."""
    queries.right_for(session, actor, right_id)
    return rights.revoke(session, actor, right_id, command, now=now())
