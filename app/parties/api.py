"""Known parties as JSON: the same verbs as the screens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.parties import queries, service
from app.parties.forms import AddForm, FilterForm, RemoveForm
from app.parties.models import Party
from app.parties.queries import Filters
from app.parties.service import AddParty
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, Out

api = ApiBlueprint("parties", __name__)
P = Permission


class MarkOut(Out):
    """An account, address or telephone number by its last places."""

    kind = CodeOut()
    shown = fields.String()


class PartyOut(Out):
    """A known party."""

    id = fields.UUID()
    institution_id = fields.UUID()
    kind = CodeOut()
    name = fields.String()
    number = fields.String()
    contract_id = fields.UUID(allow_none=True)
    source = fields.String()
    marks = fields.List(fields.Nested(MarkOut))


class RemovedOut(Out):
    """What was taken out."""

    id = fields.UUID()


@api.get(
    "/parties", permission=P.CLAIMS_CHECK, query=FilterForm, response=PartyOut, many=True, summary="List known parties"
)
def index(session: Session, actor: Actor, query: Filters) -> Page[Party]:
    """Sponsors, suppliers and staff that your institution knows."""
    return queries.listed(session, actor, query)


@api.post(
    "/parties", permission=P.CLAIMS_CHECK, body=AddForm, response=PartyOut, status=201, summary="Add a known party"
)
def add(session: Session, actor: Actor, command: AddParty) -> Party:
    """Enter a party; of account, address and telephone number only digests are kept."""
    return service.add(session, actor, command, now=now())


@api.post(
    "/parties/<uuid:party_id>/remove",
    permission=P.CLAIMS_CHECK,
    body=RemoveForm,
    response=RemovedOut,
    summary="Take a party out",
)
def remove(session: Session, actor: Actor, command: Any, party_id: UUID) -> dict[str, UUID]:
    """Take a party out of the list."""
    return {"id": service.remove(session, actor, party_id, now=now())}
