"""Documents as JSON, with what could be read from each, and their files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.evidence import queries
from app.evidence.forms import AskedDocuments, DocumentListForm
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.paging import Page
from app.web.schemas import Out

api = ApiBlueprint("evidence", __name__)


class DocumentOut(Out):
    """A document without its content. `said` holds what it states exactly, and where each field was read."""

    id = fields.UUID()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    title = fields.String()
    filename = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer()
    sha256 = fields.String()
    said = fields.Dict()
    added_at = fields.AwareDateTime()


def _out(document: Document) -> dict[str, Any]:
    row = {name: getattr(document, name) for name in DocumentOut().fields}
    return row | {"sha256": document.sha256.hex()}


@api.get(
    "/evidence",
    permission=Permission.EVIDENCE_READ,
    query=DocumentListForm,
    response=DocumentOut,
    many=True,
    summary="List documents",
)
def index(session: Session, actor: Actor, query: AskedDocuments) -> Page[dict[str, Any]]:
    """Documents in scope, newest first; `sha256` finds the one whose digest stands in an entry."""
    found = queries.in_scope(session, actor, sha256=query.digest, cursor=query.cursor, limit=query.limit)
    return found.map(_out)


@api.get(
    "/evidence/<uuid:document_id>",
    permission=Permission.EVIDENCE_READ,
    response=DocumentOut,
    summary="Show a document",
)
def detail(session: Session, actor: Actor, document_id: UUID) -> dict[str, Any]:
    """What is known of one document."""
    return _out(queries.visible(session, actor, document_id))


@api.get("/evidence/<uuid:document_id>/file", permission=Permission.EVIDENCE_READ, summary="Fetch a document's file")
def file(session: Session, actor: Actor, document_id: UUID) -> Response:
    """The file as others see it: without position, device and remarks."""
    return attachment(*queries.visible(session, actor, document_id).shared())


@api.get(
    "/evidence/<uuid:document_id>/original",
    permission=Permission.EVIDENCE_ORIGINAL,
    summary="Fetch a document as received",
)
def original(session: Session, actor: Actor, document_id: UUID) -> Response:
    """The file byte for byte as it was received; its SHA-256 is the one that the books hold."""
    return attachment(*queries.visible(session, actor, document_id, Permission.EVIDENCE_ORIGINAL).original())
