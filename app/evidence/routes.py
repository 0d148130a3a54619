"""The screens of evidence: a document as others see it, and as it was received."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.evidence import queries
from app.web.downloads import attachment
from app.web.uploads import JPEG

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<uuid:document_id>")
@requires(Permission.EVIDENCE_READ)
def download(document_id: UUID) -> ResponseReturnValue:
    """The document as an attachment, never shown inline or executed, without position and device."""
    with unit_of_work() as session:
        return attachment(*queries.visible(session, current_actor(), document_id).shared())


@pages.get("/evidence/<uuid:document_id>/picture")
@requires(Permission.EVIDENCE_READ)
def picture(document_id: UUID) -> ResponseReturnValue:
    """A small picture of a photograph or of a PDF's first page, to stand beside the fields of a form.

    A document never changes, so that the reader's browser may keep its picture for an hour.
    """
    with unit_of_work() as session:
        shown = attachment(queries.picture_of(session, current_actor(), document_id), JPEG, f"{document_id}.jpg")
    shown.headers["Cache-Control"] = "private, max-age=3600"
    return shown


@pages.get("/evidence/<uuid:document_id>/original")
@requires(Permission.EVIDENCE_ORIGINAL)
def original(document_id: UUID) -> ResponseReturnValue:
    """The document byte for byte as it was received, for those who examine the books."""
    with unit_of_work() as session:
        actor = current_actor()
        return attachment(*queries.visible(session, actor, document_id, Permission.EVIDENCE_ORIGINAL).original())
