"""The audit trail as a page: who did what, when, and what was refused. It stands here because it needs the guards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.forms import TrailFilterForm
from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting, sees_everything
from app.audit import queries
from app.audit.models import Outcome
from app.audit.timeline import event_record, event_words
from app.audit.wording import subject_words
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.messages import _
from app.web.forms import load_query
from app.web.templating import page
from app.web.wording import words

pages = Blueprint("access", __name__)

OUTCOME_NAMES = {Outcome.ALLOWED: _("Done"), Outcome.DENIED: _("Refused"), Outcome.FAILED: _("Failed")}


@pages.get("/")
@requires(Permission.AUDIT_READ)
def trail() -> ResponseReturnValue:
    """The trail of the actor's institutions and of their own doings."""
    filters = load_query(TrailFilterForm)
    with unit_of_work() as session:
        return page(
            "access/trail.html",
            section="people",
            events=queries.trail(session, trail_filter(current_actor(), filters), filters["cursor"] or None),
            kind_choices=[(kind, words(subject_words(kind))) for kind in queries.subject_kinds(session)],
            outcomes=OUTCOME_NAMES,
            filters=filters,
            words=event_words,
            record=event_record,
        )


def trail_filter(actor: Actor, given: dict[str, Any]) -> queries.TrailFilter:
    """The filter with the actor's scope: institutions at which they may read the trail."""
    return queries.TrailFilter(
        visible=None if sees_everything(actor) else institutions_granting(actor, Permission.AUDIT_READ),
        own_id=actor.person_id,
        text=given["text"],
        outcome=given["outcome"],
        subject_kind=given["kind"],
        first_day=given["first_day"],
        last_day=given["last_day"],
    )
