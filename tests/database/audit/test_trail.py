"""The trail is append-only, and a denial stands although its verb was undone."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit import queries, trail
from app.audit.models import AuditEvent
from app.audit.queries import TrailFilter
from app.kernel.actor import Role
from app.kernel.identity import new_id
from tests.builders.people import actor_with


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_application_cannot_change_the_trail(session: Session, now: datetime, statement: str) -> None:
    trail.record(session, None, "thing.do", None, now=now)
    session.flush()
    with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
        session.execute(text(statement))


def test_denial_is_kept_although_the_verb_was_undone(session: Session, now: datetime) -> None:
    actor = actor_with(Role.GRANT_OFFICER)
    subject = ("thing", new_id())
    trail.record(session, actor, "thing.do", subject, now=now)
    trail.record_denial(actor, "thing.do", subject, {"codes": ["access.own-work"]}, now=now)
    session.rollback()
    kept = session.scalars(select(AuditEvent)).all()
    assert [(event.outcome, event.subject_id) for event in kept] == [("DENIED", subject[1])]


def test_history_of_a_record_is_newest_first(session: Session, now: datetime) -> None:
    subject = ("thing", new_id())
    for verb in ("thing.draft", "thing.submit"):
        trail.record(session, None, verb, subject, now=now)
        session.flush()
    trail.record(session, None, "thing.other", ("thing", new_id()), now=now)
    session.flush()
    assert [event.verb for event in queries.events_of(session, *subject)] == ["thing.submit", "thing.draft"]


def test_trail_shows_own_doings_and_the_institutions_in_scope(session: Session, now: datetime) -> None:
    mine, here, elsewhere = actor_with(), new_id(), new_id()
    trail.record(session, mine, "thing.own", None, now=now)
    trail.record(session, None, "thing.here", None, now=now, institution_id=here)
    trail.record(session, None, "thing.elsewhere", None, now=now, institution_id=elsewhere)
    session.flush()
    wanted = TrailFilter(visible=frozenset({here}), own_id=mine.person_id)
    assert {event.verb for event in queries.trail(session, wanted).items} == {"thing.own", "thing.here"}
    assert len(queries.trail(session, TrailFilter(visible=None)).items) == 3
