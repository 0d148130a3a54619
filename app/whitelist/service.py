"""The verbs on whitelist entries: apply, list, suspend, reinstate, remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.messages import _
from app.whitelist import queries, rules
from app.whitelist.models import WhitelistEntry
from app.whitelist.states import SubjectKind, WhitelistKind, WhitelistStatus


@dataclass(frozen=True, slots=True)
class ApplyCommand:
    """An application. `applied_for_id` is the applicant's own institution."""

    kind: WhitelistKind
    subject_kind: SubjectKind
    applied_for_id: UUID
    source: str
    institution_id: UUID | None = None
    person_id: UUID | None = None
    subject_name: str = ""
    subject_identifier: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListCommand:
    """The decision to list: validity and the deciding document."""

    version: int
    valid_from: date
    source: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class MoveCommand:
    """A status move with its reason."""

    version: int
    reason: str


def apply(session: Session, actor: Actor, command: ApplyCommand, *, now: datetime) -> WhitelistEntry:
    """Apply for a listing; another person decides it."""
    authorise(actor, Permission.WHITELIST_APPLY, command.applied_for_id)
    name, identifier = command.subject_name, command.subject_identifier
    if command.institution_id is not None:
        institution = institutions.by_id(session, command.institution_id)
        name, identifier = institution.name_en, institution.uscc or institution.br_number or ""
    facts = rules.ApplicationFacts(
        kind=command.kind,
        subject_kind=command.subject_kind,
        institution_id=command.institution_id,
        subject_name=name,
        already_live=queries.live_entry_exists(
            session, command.kind, command.institution_id, name, identifier, business_date(now)
        ),
    )
    if breaches := rules.application_breaches(facts):
        raise RuleBreached(*breaches)
    entry = WhitelistEntry(
        kind=command.kind.value,
        subject_kind=command.subject_kind.value,
        institution_id=command.institution_id,
        person_id=command.person_id if command.subject_kind is SubjectKind.PERSON else None,
        subject_name=name,
        subject_identifier=identifier,
        status=WhitelistStatus.APPLIED.value,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        source=command.source,
        reason=command.reason,
        applied_by_id=actor.person_id,
        applied_for_id=command.applied_for_id,
        applied_at=now,
        status_since=now,
    )
    session.add(entry)
    session.flush()
    _record(session, actor, "whitelist.apply", entry, {"source": command.source, "reason": command.reason}, now)
    return entry


def put_on_list(
    session: Session, actor: Actor, entry_id: UUID, command: ListCommand, *, now: datetime
) -> WhitelistEntry:
    """List an application, as another person than applied, with its validity and source."""
    entry = lock_for_update(session, WhitelistEntry, entry_id, command.version)
    authorise(actor, Permission.WHITELIST_LIST)
    if entry.applied_by_id == actor.person_id:
        raise own_work("whitelist.list", _("Another whitelist officer decides your application."))
    if entry.status != WhitelistStatus.APPLIED:
        raise Conflict(*rules.move_breaches(WhitelistStatus.REMOVED, WhitelistStatus.LISTED))
    if breaches := rules.validity_breaches(command.valid_from, command.valid_to, business_date(now)):
        raise RuleBreached(*breaches)
    entry.valid_from, entry.valid_to = command.valid_from, command.valid_to
    entry.source = command.source
    entry.listed_by_id, entry.listed_at = actor.person_id, now
    _move(entry, WhitelistStatus.LISTED, now)
    details = {"source": command.source, "valid_from": command.valid_from, "valid_to": command.valid_to}
    _record(session, actor, "whitelist.list", entry, details, now)
    return entry


def suspend(session: Session, actor: Actor, entry_id: UUID, command: MoveCommand, *, now: datetime) -> WhitelistEntry:
    """Suspend a listing: it no longer counts, from this moment."""
    authorise(actor, Permission.WHITELIST_SUSPEND)
    return _moved(session, actor, entry_id, command, WhitelistStatus.SUSPENDED, "whitelist.suspend", now)


def reinstate(session: Session, actor: Actor, entry_id: UUID, command: MoveCommand, *, now: datetime) -> WhitelistEntry:
    """Let a suspended listing count again, within its validity; never one's own application."""
    authorise(actor, Permission.WHITELIST_REINSTATE)
    entry = lock_for_update(session, WhitelistEntry, entry_id, command.version)
    if entry.applied_by_id == actor.person_id:
        raise own_work("whitelist.reinstate", _("Another whitelist officer decides your application."))
    if entry.status != WhitelistStatus.SUSPENDED:
        raise Conflict(*rules.move_breaches(WhitelistStatus.REMOVED, WhitelistStatus.LISTED))
    return _moved(session, actor, entry_id, command, WhitelistStatus.LISTED, "whitelist.reinstate", now)


def remove(session: Session, actor: Actor, entry_id: UUID, command: MoveCommand, *, now: datetime) -> WhitelistEntry:
    """Take an entry off the list for good (or turn an application down); its history stays."""
    authorise(actor, Permission.WHITELIST_REMOVE)
    return _moved(session, actor, entry_id, command, WhitelistStatus.REMOVED, "whitelist.remove", now)


def _moved(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    command: MoveCommand,
    to: WhitelistStatus,
    verb: str,
    now: datetime,
) -> WhitelistEntry:
    entry = lock_for_update(session, WhitelistEntry, entry_id, command.version)
    before = entry.status
    _move(entry, to, now)
    _record(session, actor, verb, entry, {"reason": command.reason, "from": before, "to": to.value}, now)
    return entry


def _move(entry: WhitelistEntry, to: WhitelistStatus, now: datetime) -> None:
    if breaches := rules.move_breaches(WhitelistStatus(entry.status), to):
        raise Conflict(*breaches)
    entry.status = to.value
    entry.status_since = now


def _record(
    session: Session, actor: Actor, verb: str, entry: WhitelistEntry, details: Mapping[str, object], now: datetime
) -> None:
    known = {"kind": entry.kind, "subject": entry.subject_name, **details}
    institution_id = entry.institution_id or entry.applied_for_id
    trail.record(session, actor, verb, ("whitelist_entry", entry.id), known, now=now, institution_id=institution_id)
