"""The audit trail as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.forms import TrailFilterForm
from app.access.permissions import Permission
from app.access.routes import trail_filter
from app.audit import queries
from app.audit.models import AuditEvent
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.schemas import Out

api = ApiBlueprint("audit", __name__)


class AuditEventOut(Out):
    """One event of the trail."""

    id = fields.UUID()
    at = fields.AwareDateTime()
    actor_id = fields.UUID()
    actor_name = fields.String()
    via = fields.String()
    verb = fields.String()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    institution_id = fields.UUID()
    outcome = fields.String()
    details = fields.Dict()
    request_id = fields.String()


@api.get(
    "/audit-events",
    permission=Permission.AUDIT_READ,
    query=TrailFilterForm,
    response=AuditEventOut,
    many=True,
    summary="List events of the audit trail",
)
def list_events(session: Session, actor: Actor, query: dict[str, Any]) -> Page[AuditEvent]:
    """Events of the institutions at which the actor may read the trail, and their own, newest first."""
    return queries.trail(session, trail_filter(actor, query), query["cursor"], query["limit"])
