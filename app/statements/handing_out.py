"""Hands out files of statements, each with its trace: drafts written anew, issued ones exactly as kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit import trail
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.statements import building, queries
from app.statements.models import Statement
from app.statements.states import OPEN
from reports.model import Language
from reports.output import Format, file_name, write


@dataclass(frozen=True, slots=True)
class Handed:
    """A file on its way to someone."""

    content: bytes
    media_type: str
    name: str


def draft_file(
    session: Session, actor: Actor, reference: str, language: Language, form: Format, *, now: datetime
) -> Handed:
    """A draft with the figures of today. Raises NotFound once it is issued or withdrawn."""
    statement = queries.visible(session, actor, reference).statement
    if statement.status not in OPEN:
        raise NotFound(
            Breach(
                "statement.no-draft",
                _("There is no draft of this statement any more."),
                _("Take one of its issued files."),
            )
        )
    report = building.draft(session, statement, now=now)
    name = f"DRAFT-{file_name(report, form, language)}"
    _trace(session, actor, statement, name, now)
    return Handed(write(report, form, language), building.media_type(form), name)


def kept_file(session: Session, actor: Actor, reference: str, file_id: UUID, *, now: datetime) -> Handed:
    """One kept file, byte for byte. Raises NotFound outside the actor's scope."""
    statement = queries.visible(session, actor, reference).statement
    found = queries.file_of(session, statement.id, file_id)
    _trace(session, actor, statement, found.filename, now)
    return Handed(found.content, found.media_type, found.filename)


def _trace(session: Session, actor: Actor, statement: Statement, name: str, now: datetime) -> None:
    trail.record(
        session,
        actor,
        "statement.download",
        ("statement", statement.id),
        {"reference": statement.reference, "file": name},
        now=now,
        institution_id=statement.institution_id,
    )
