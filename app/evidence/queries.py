"""Questions about documents: what stands behind a record, and which are in an actor's scope."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.projects import queries as projects
from app.projects.models import ProjectMember
from app.web.paging import Order, Page, paginate


def of_record(session: Session, subject_kind: str, subject_id: UUID) -> list[Document]:
    """The documents of one record, oldest first, without their content."""
    query = select(Document).where(Document.subject_kind == subject_kind, Document.subject_id == subject_id)
    return list(session.scalars(query.order_by(Document.added_at, Document.id)))


def visible(
    session: Session, actor: Actor, document_id: UUID, permission: Permission = Permission.EVIDENCE_READ
) -> Document:
    """The document, if it lies in the actor's scope. Raises NotFound otherwise."""
    document = session.scalar(select(Document).where(Document.id == document_id, _reached(actor, permission)))
    if document is None:
        raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
    return document


def picture_of(session: Session, actor: Actor, document_id: UUID) -> bytes:
    """The small picture of a document in the actor's scope. Raises NotFound otherwise, or where there is none."""
    picture = visible(session, actor, document_id).picture
    if picture is None:
        raise NotFound(Breach("evidence.not-pictured", _("There is no picture of this document.")))
    return picture


def in_scope(
    session: Session, actor: Actor, *, sha256: bytes | None = None, cursor: str | None, limit: int
) -> Page[Document]:
    """Documents in the actor's scope, newest first; with `sha256`, those with this digest."""
    query = select(Document).where(_reached(actor, Permission.EVIDENCE_READ))
    if sha256 is not None:
        query = query.where(Document.sha256 == sha256)
    order = [Order(Document.added_at, descending=True), Order(Document.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit)


def _reached(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """SQL condition: a principal investigator sees what the people of their own projects added, others the whole."""
    reached = projects.reach(actor, permission)
    if reached.everywhere:
        return true()
    own = projects.of_person(actor.person_id)
    colleagues = select(ProjectMember.person_id).where(ProjectMember.project_id.in_(own))
    added = or_(Document.added_by_id == actor.person_id, Document.added_by_id.in_(colleagues))
    return or_(
        Document.institution_id.in_(reached.whole), and_(Document.institution_id.in_(reached.own_projects), added)
    )
