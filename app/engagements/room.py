"""The room's blueprint, who comes in, and the frame of its pages: shared by all screens of the room."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from sqlalchemy.orm import Session

from app.access.guards import current_actor, signed_in
from app.engagements import papers, service
from app.engagements.papers import PapersKey
from app.engagements.queries import EngagementRow
from app.web.present import now
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("room", __name__)

ONE = "/room/<reference:reference>"
named_auditors = signed_in("The room is found by its named auditors only; for anyone else it does not exist")


def enter(session: Session, reference: str, screen: str, target: str = "") -> EngagementRow:
    """The room for one look by the reader, which is logged. Raises NotFound for anyone but its auditors."""
    return service.enter(session, current_actor(), reference, screen, target, now=now())


def room_page(template: str, row: EngagementRow, **shown: Any) -> str:
    """A page of the room."""
    return page(template, section="room", row=row, engagement=row.engagement, title=named(row.project), **shown)


def papers_key() -> PapersKey:
    """The key of this installation's working papers."""
    return papers.key_of(current_app.extensions["hetao.settings"])
