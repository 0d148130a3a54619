"""The history on a record's page, ready for the `ui.timeline` component."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, Outcome
from app.audit.queries import events_of
from app.audit.wording import subject_words, verb_words
from app.kernel.actor import ROLE_NAMES, Role
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.web.marks import mark_of
from app.web.wording import shown, words

_REFUSED = _("%(what)s: refused")
_CHANGED = "%(before)s → %(after)s"
_TYPED = ("reason", "note")
_STANDING = ("amount", "status")
_CHANGES = (("from", "to"), ("before", "after"))
_MONEY = re.compile(rf"({'|'.join(Currency)}) (-?[0-9]+\.[0-9]{{2}})")
_CODE = re.compile(r"[A-Z]+(_[A-Z]+)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"T[0-9:.]+(\+[0-9:]+|Z)")


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
    said = str(gettext(verb_words(event.verb)))
    return str(gettext(_REFUSED)) % {"what": said} if event.outcome == Outcome.DENIED else said


def event_record(event: AuditEvent) -> str:
    """The record of an event in words: its kind, and its reference or code where it has one."""
    if not event.subject_kind:
        return ""
    number = event.details.get("reference") or event.details.get("code") or ""
    return f"{words(subject_words(event.subject_kind))} {number}".strip()


def _detail(event: AuditEvent) -> str:
    """Who, and what tells most: what it was about, why, and what changed, as the reader writes amounts and days."""
    details = event.details
    parts = [event.actor_name] if event.actor_name else []
    if isinstance(details.get("label"), str):
        parts.append(words(details["label"]))
    if details.get("role") in list(Role):
        parts.append(words(ROLE_NAMES[Role(details["role"])]))
    parts += [str(details[name]) for name in _TYPED if details.get(name)]
    parts += [_change(event, *names) for names in _CHANGES]
    parts += [_said(event, details.get(name)) for name in _STANDING]
    return " · ".join(part for part in parts if part)


def _change(event: AuditEvent, before: str, after: str) -> str:
    """What stood before and what stands now; one of them alone where only one is kept."""
    pair = {"before": _said(event, event.details.get(before)), "after": _said(event, event.details.get(after))}
    return _CHANGED % pair if all(pair.values()) else pair["before"] or pair["after"]


def _said(event: AuditEvent, value: object) -> str:
    """A kept value as people read it: money, day, instant or the word of a status. Anything else is not shown."""
    text = value if isinstance(value, str) else ""
    if found := _MONEY.fullmatch(text):
        return shown(Money.parse(found[2], Currency(found[1])))
    if _DAY.fullmatch(text):
        return shown(date.fromisoformat(text))
    if _INSTANT.fullmatch(text):
        return shown(datetime.fromisoformat(text))
    if _CODE.fullmatch(text):
        return words(mark_of(text, event.subject_kind or "").word)
    return ""


def _icon(event: AuditEvent) -> str:
    return "refused" if event.outcome == Outcome.DENIED else ""
