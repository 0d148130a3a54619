"""Questions about documents: what stands behind a record."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import visible_institutions
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _


def of_record(session: Session, subject_kind: str, subject_id: UUID) -> list[Document]:
    """The documents of one record, oldest first, without their content."""
    query = select(Document).where(Document.subject_kind == subject_kind, Document.subject_id == subject_id)
    return list(session.scalars(query.order_by(Document.added_at, Document.id)))


def visible(session: Session, actor: Actor, document_id: UUID) -> Document:
    """The document, if its institution lies in the actor's scope. Raises NotFound otherwise."""
    document = session.get(Document, document_id)
    seen = visible_institutions(actor)
    if (
        document is None
        or (seen is not None and document.institution_id not in seen)
        or not may(actor, Permission.EVIDENCE_READ)
    ):
        raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
    return document
