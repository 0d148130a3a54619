"""Questions about documents: what stands behind a record, and which are in an actor's scope."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import sees, within
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.web.paging import Order, Page, paginate


def of_record(session: Session, subject_kind: str, subject_id: UUID) -> list[Document]:
    """The documents of one record, oldest first, without their content."""
    query = select(Document).where(Document.subject_kind == subject_kind, Document.subject_id == subject_id)
    return list(session.scalars(query.order_by(Document.added_at, Document.id)))


def visible(
    session: Session, actor: Actor, document_id: UUID, permission: Permission = Permission.EVIDENCE_READ
) -> Document:
    """The document, if its institution lies in the actor's scope. Raises NotFound otherwise."""
    document = session.get(Document, document_id)
    if document is None or not sees(actor, document.institution_id) or not may(actor, permission):
        raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
    return document


def in_scope(
    session: Session, actor: Actor, *, sha256: bytes | None = None, cursor: str | None, limit: int
) -> Page[Document]:
    """Documents of the institutions that the actor sees, newest first; with `sha256`, those with this digest."""
    query = select(Document).where(within(actor, Document.institution_id))
    if sha256 is not None:
        query = query.where(Document.sha256 == sha256)
    order = [Order(Document.added_at, descending=True), Order(Document.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit)
