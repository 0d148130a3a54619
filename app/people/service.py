"""The verbs on people: register, change, disable, enable again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise, authorise_any, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.institutions import identifiers
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.messages import _
from app.people import passwords, queries, signing_in
from app.people.models import Person, RoleAssignment
from app.people.states import RightStatus


@dataclass(frozen=True, slots=True)
class PersonCommand:
    """The particulars of a person. `identity_number` is checked and kept masked only."""

    email: str
    name_en: str
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    language: str = "en"
    orcid: str = ""
    identity_kind: str = ""
    identity_number: str = ""


@dataclass(frozen=True, slots=True)
class ChangePersonCommand:
    """New particulars; an empty identity number keeps the one there is."""

    version: int
    email: str
    name_en: str
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    orcid: str = ""
    identity_kind: str = ""
    identity_number: str = ""


@dataclass(frozen=True, slots=True)
class ReasonCommand:
    """A step on a person or a right, with its reason."""

    version: int
    reason: str


IDENTITY_CHECKS = {"HKID": identifiers.check_hkid, "MAINLAND_ID": identifiers.check_mainland_identity}


def create(session: Session, actor: Actor, command: PersonCommand, *, now: datetime) -> Person:
    """Register a person. They can do nothing until a right is confirmed and a password set."""
    authorise(actor, Permission.PEOPLE_MANAGE)
    person = _created(session, command, actor.person_id, now)
    _record(session, actor, "person.create", person, {"email": person.email}, now)
    return person


def create_by_operator(
    session: Session,
    command: PersonCommand,
    *,
    password: str,
    roles: list[tuple[Role, UUID]],
    now: datetime,
    today: date,
) -> Person:
    """Register a person with a password and rights from the command line: the first administrators, the demonstration.

    The rights carry the mark `by_operator` for ever, in place of two administrators.
    """
    if weak := passwords.password_breaches(password, command.email):
        raise RuleBreached(*weak)
    person = _created(session, command, None, now)
    person.password_hash = passwords.hashed(password)
    person.password_changed_at = now
    for role, institution_id in roles:
        session.add(
            RoleAssignment(
                person_id=person.id,
                role=role.value,
                institution_id=institution_id,
                first_day=today,
                status=RightStatus.CONFIRMED.value,
                by_operator=True,
                granted_at=now,
                confirmed_at=now,
            )
        )
    session.flush()
    details = {"email": person.email, "by": "operator", "roles": [role for role, _key in roles]}
    _record(session, None, "person.create", person, details, now)
    return person


def change(session: Session, actor: Actor, person_id: UUID, command: ChangePersonCommand, *, now: datetime) -> Person:
    """Change particulars; nobody but an administrator of the person's institutions may."""
    person = lock_for_update(session, Person, person_id, command.version)
    _authorise_over(session, actor, person)
    breaches, orcid, masked = _checked(command.orcid, command.identity_kind, command.identity_number)
    other = queries.by_email(session, command.email)
    if other is not None and other.id != person.id:
        breaches.append(_email_taken())
    if any(breach.blocking for breach in breaches):
        raise RuleBreached(*breaches)
    before = {"email": person.email, "name": person.name_en}
    person.email = command.email.lower()
    person.name_en = command.name_en
    person.name_zh_hant = command.name_zh_hant
    person.name_zh_hans = command.name_zh_hans
    person.orcid = orcid
    if masked:
        person.identity_kind, person.identity_masked = command.identity_kind, masked
    _record(
        session,
        actor,
        "person.change",
        person,
        {"before": before, "after": {"email": person.email, "name": person.name_en}},
        now,
    )
    return person


def disable(session: Session, actor: Actor, person_id: UUID, command: ReasonCommand, *, now: datetime) -> Person:
    """Stop a person at once: every session ends, every token stops. One administrator is enough to stop."""
    person = lock_for_update(session, Person, person_id, command.version)
    _authorise_over(session, actor, person)
    if person.id == actor.person_id:
        raise own_work("person.disable", _("Another administrator can disable you."))
    if person.disabled_at is not None:
        raise _stale_status()
    person.disabled_at, person.disabled_by_id = now, actor.person_id
    signing_in.end_all_sessions(session, person.id, "disabled", now=now)
    _record(session, actor, "person.disable", person, {"reason": command.reason}, now)
    return person


def propose_enable(session: Session, actor: Actor, person_id: UUID, command: ReasonCommand, *, now: datetime) -> Person:
    """Propose that a disabled person may sign in again; a second administrator confirms."""
    person = lock_for_update(session, Person, person_id, command.version)
    _authorise_over(session, actor, person)
    if person.disabled_at is None or person.enable_proposed_by_id is not None:
        raise _stale_status()
    person.enable_proposed_by_id = actor.person_id
    _record(session, actor, "person.propose-enable", person, {"reason": command.reason}, now)
    return person


def enable(session: Session, actor: Actor, person_id: UUID, version: int, *, now: datetime) -> Person:
    """Enable a person again, as another administrator than proposed it."""
    person = lock_for_update(session, Person, person_id, version)
    _authorise_over(session, actor, person)
    if person.enable_proposed_by_id is None:
        raise _stale_status()
    if actor.person_id in (person.enable_proposed_by_id, person.id):
        raise own_work("person.enable", _("A second administrator confirms it."))
    person.disabled_at = person.disabled_by_id = person.enable_proposed_by_id = None
    _record(session, actor, "person.enable", person, {}, now)
    return person


def authorise_over(session: Session, actor: Actor, person: Person) -> None:
    """An administrator of any institution where the person has a live right; of any at all while they have none."""
    _authorise_over(session, actor, person)


def _authorise_over(session: Session, actor: Actor, person: Person) -> None:
    live = (RightStatus.PROPOSED, RightStatus.CONFIRMED)
    statement = select(RoleAssignment.institution_id).where(
        RoleAssignment.person_id == person.id, RoleAssignment.status.in_(live)
    )
    places = set(session.scalars(statement))
    if places:
        authorise_any(actor, Permission.PEOPLE_MANAGE, *places)
    else:
        authorise(actor, Permission.PEOPLE_MANAGE)


def _created(session: Session, command: PersonCommand, created_by_id: UUID | None, now: datetime) -> Person:
    breaches, orcid, masked = _checked(command.orcid, command.identity_kind, command.identity_number)
    if queries.by_email(session, command.email) is not None:
        breaches.append(_email_taken())
    if any(breach.blocking for breach in breaches):
        raise RuleBreached(*breaches)
    person = Person(
        email=command.email.lower(),
        name_en=command.name_en,
        name_zh_hant=command.name_zh_hant,
        name_zh_hans=command.name_zh_hans,
        language=command.language,
        orcid=orcid,
        identity_kind=command.identity_kind if masked else "",
        identity_masked=masked,
        created_at=now,
        created_by_id=created_by_id,
    )
    session.add(person)
    session.flush()
    return person


def _checked(orcid: str, identity_kind: str, identity_number: str) -> tuple[list[Breach], str | None, str]:
    """Breaches, the ORCID in its usual form, and the masked identity number."""
    breaches: list[Breach] = []
    kept_orcid: str | None = None
    if orcid:
        kept_orcid, found = identifiers.check_orcid(orcid)
        breaches += found
    if not identity_number:
        return breaches, kept_orcid, ""
    check = IDENTITY_CHECKS.get(identity_kind)
    if check is None:
        masked, found = identifiers.masked_identity(identifiers.compact(identity_number)), []
    else:
        masked, found = check(identity_number)
    return breaches + found, kept_orcid, masked


def _email_taken() -> Breach:
    return Breach(
        "person.email-taken",
        _("Someone with this address is registered already."),
        cure=_("Look them up in the list of people and propose a right there."),
        source=_("One person, one address"),
        field="email",
    )


def _stale_status() -> Conflict:
    return Conflict(
        Breach(
            "person.status",
            _("This step does not fit where the person stands now."),
            cure=_("Open the page again."),
            source=_("Disabled by one administrator, enabled again by two"),
        )
    )


def _record(
    session: Session, actor: Actor | None, verb: str, person: Person, details: Mapping[str, object], now: datetime
) -> None:
    trail.record(session, actor, verb, ("person", person.id), details, now=now, institution_id=_home(person))


def _home(person: Person) -> UUID | None:
    """The institution whose administrators see the event: that of the person's first live right."""
    live = [right for right in person.rights if right.status in (RightStatus.CONFIRMED, RightStatus.PROPOSED)]
    return live[0].institution_id if live else None
