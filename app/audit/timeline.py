"""The history on a record's page, ready for the `ui.timeline` component."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, Outcome
from app.audit.queries import events_of
from app.audit.wording import verb_words
from app.kernel.messages import _

_REFUSED = _("%(what)s: refused")
_SHOWN_DETAILS = ("reason", "note", "from", "to", "amount", "status")


def history(session: Session, kind: str, subject_id: UUID) -> list[dict[str, Any]]:
    """What happened to one record, newest first, in the reader's language."""
    return shown_events(events_of(session, kind, subject_id))


def shown_events(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Events as rows of a timeline: words of the verb, who, a few telling details, and the instant."""
    return [
        {"text": event_words(event), "at": event.at, "detail": _detail(event), "icon": _icon(event)} for event in events
    ]


def event_words(event: AuditEvent) -> str:
    """The verb in words; a denial says so."""
    words = str(gettext(verb_words(event.verb)))
    return str(gettext(_REFUSED)) % {"what": words} if event.outcome == Outcome.DENIED else words


def _detail(event: AuditEvent) -> str:
    parts = [event.actor_name] if event.actor_name else []
    parts += [str(event.details[name]) for name in _SHOWN_DETAILS if _shown(event.details, name)]
    return " · ".join(parts)


def _shown(details: Mapping[str, Any], name: str) -> bool:
    return isinstance(details.get(name), str | int) and details[name] != ""


def _icon(event: AuditEvent) -> str:
    return "refused" if event.outcome == Outcome.DENIED else ""
