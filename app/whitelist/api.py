"""The whitelist as JSON: the same verbs as the screens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import Out
from app.whitelist import queries, service
from app.whitelist.forms import ApplyForm, ListForm, MoveForm, WhitelistFilterForm
from app.whitelist.models import WhitelistEntry

api = ApiBlueprint("whitelist", __name__)


class WhitelistEntryOut(Out):
    """An entry of a list; `state` also knows LAPSED and NOT_YET."""

    id = fields.UUID()
    kind = fields.String()
    subject_kind = fields.String()
    institution_id = fields.UUID()
    person_id = fields.UUID()
    subject_name = fields.String()
    subject_identifier = fields.String()
    status = fields.String()
    state = fields.Function(lambda entry: queries.state_of(entry, today()).value)
    valid_from = fields.Date()
    valid_to = fields.Date()
    source = fields.String()
    reason = fields.String()
    applied_by_id = fields.UUID()
    listed_by_id = fields.UUID()
    version = fields.Integer()


@api.get(
    "/whitelist", permission=Permission.WHITELIST_READ, query=WhitelistFilterForm, response=WhitelistEntryOut, many=True
)
def list_entries(session: Session, actor: Actor, query: dict[str, Any]) -> Page[WhitelistEntry]:
    """The entries in scope."""
    wanted = queries.WhitelistFilter(
        query["text"], query["kind"], query["subject_kind"], query["status"], query["sort"]
    )
    return queries.listed(session, actor, wanted, today(), query["cursor"], query["limit"])


@api.post("/whitelist", permission=Permission.WHITELIST_APPLY, body=ApplyForm, response=WhitelistEntryOut, status=201)
def apply_for_listing(session: Session, actor: Actor, command: service.ApplyCommand) -> WhitelistEntry:
    """Apply for a listing."""
    return service.apply(session, actor, command, now=now())


@api.get("/whitelist/<uuid:entry_id>", permission=Permission.WHITELIST_READ, response=WhitelistEntryOut)
def get_entry(session: Session, actor: Actor, entry_id: UUID) -> WhitelistEntry:
    """One entry."""
    return queries.entry_for(session, actor, entry_id)


@api.post(
    "/whitelist/<uuid:entry_id>/list", permission=Permission.WHITELIST_LIST, body=ListForm, response=WhitelistEntryOut
)
def put_on_list(session: Session, actor: Actor, command: service.ListCommand, entry_id: UUID) -> WhitelistEntry:
    """List an application, as another person than applied."""
    return service.put_on_list(session, actor, entry_id, command, now=now())


@api.post(
    "/whitelist/<uuid:entry_id>/suspend",
    permission=Permission.WHITELIST_SUSPEND,
    body=MoveForm,
    response=WhitelistEntryOut,
)
def suspend_entry(session: Session, actor: Actor, command: service.MoveCommand, entry_id: UUID) -> WhitelistEntry:
    """Suspend a listing."""
    return service.suspend(session, actor, entry_id, command, now=now())


@api.post(
    "/whitelist/<uuid:entry_id>/reinstate",
    permission=Permission.WHITELIST_REINSTATE,
    body=MoveForm,
    response=WhitelistEntryOut,
)
def reinstate_entry(session: Session, actor: Actor, command: service.MoveCommand, entry_id: UUID) -> WhitelistEntry:
    """Let a suspended listing count again."""
    return service.reinstate(session, actor, entry_id, command, now=now())


@api.post(
    "/whitelist/<uuid:entry_id>/remove",
    permission=Permission.WHITELIST_REMOVE,
    body=MoveForm,
    response=WhitelistEntryOut,
)
def remove_entry(session: Session, actor: Actor, command: service.MoveCommand, entry_id: UUID) -> WhitelistEntry:
    """Take an entry off the list for good."""
    return service.remove(session, actor, entry_id, command, now=now())
