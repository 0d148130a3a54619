"""The one screen of evidence: a document's bytes, as they were received."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.evidence import queries
from app.web.downloads import attachment

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<uuid:document_id>")
@requires(Permission.EVIDENCE_READ)
def download(document_id: UUID) -> ResponseReturnValue:
    """The document as an attachment: never shown inline, never executed."""
    with unit_of_work() as session:
        document = queries.visible(session, current_actor(), document_id)
        return attachment(document.content, document.media_type, document.filename)
