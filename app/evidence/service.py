"""The verb of evidence: keep a file byte for byte, once per record, under its SHA-256, when it can be read safely."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.evidence.content_types import named_for
from app.evidence.examining import Examined, accept
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.identity import new_id
from app.web.uploads import Upload


def keep(
    session: Session,
    actor: Actor,
    file: Upload,
    *,
    subject_kind: str,
    subject_id: UUID,
    institution_id: UUID,
    title: str,
    now: datetime,
    examined: Examined | None = None,
    permission: Permission = Permission.EVIDENCE_UPLOAD,
) -> Document:
    """Keep the file as evidence of a record; the same file for the same record is kept once and returned again.

    `examined` is what `examining.accept` found in this very file, where that was asked before; `permission` is the
    right of the verb it comes with. Raises InputRefused, in words, for files that cannot be read safely; nothing is
    kept of them.
    """
    authorise(actor, permission, institution_id)
    found = examined or accept(file.content)
    same = select(Document).where(
        Document.subject_kind == subject_kind, Document.subject_id == subject_id, Document.sha256 == found.sha256
    )
    known = session.scalars(same).first()
    if known is not None:
        return known
    document = Document(
        id=new_id(),
        institution_id=institution_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        title=title,
        filename=named_for(file.name, found.media_type),
        media_type=found.media_type,
        size_bytes=len(file.content),
        sha256=found.sha256,
        content=file.content,
        shared_content=found.shared,
        shared_media_type=found.shared_type,
        picture=found.picture,
        said=found.fields.as_json(),
        looks=b"".join(found.fingerprints) or None,
        added_by_id=actor.person_id,
        added_at=now,
    )
    session.add(document)
    session.flush()
    trail.record(
        session,
        actor,
        "evidence.keep",
        (subject_kind, subject_id),
        {"document": document.id, "sha256": found.sha256.hex(), "title": title},
        now=now,
        institution_id=institution_id,
    )
    return document
