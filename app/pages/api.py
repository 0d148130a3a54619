"""The inbox as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.pages import inbox as waiting
from app.web.api import ApiBlueprint
from app.web.schemas import MoneyOut, Out

api = ApiBlueprint("inbox", __name__)


class ItemOut(Out):
    """One thing that waits for you."""

    group = fields.String()
    reference = fields.String()
    what = fields.String()
    amount = MoneyOut()
    since = fields.Date(allow_none=True)


@api.get("/inbox", permission=Permission.PAGES_READ, response=ItemOut, many=True, summary="List what waits for you")
def inbox(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Everything that waits for you, what moves money first."""
    return [
        {
            "group": group.key,
            "reference": item.reference,
            "what": item.what or item.named,
            "amount": item.amount,
            "since": item.since,
        }
        for group in waiting.groups(session, actor)
        for item in group.items
    ]
