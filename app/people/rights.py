"""The verbs on rights: propose, confirm as a second administrator, refuse, revoke; and links to set a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise, may, own_work, refusal
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.messages import _
from app.people import passwords, queries, rules, service, signing_in
from app.people.models import PasswordLink, Person, RoleAssignment
from app.people.states import RIGHT_MOVES, RightStatus

LINK_LASTS = timedelta(days=3)
ENOUGH_ADMINISTRATORS = 2


@dataclass(frozen=True, slots=True)
class RightCommand:
    """A right to be proposed."""

    person_id: UUID
    role: Role
    institution_id: UUID
    first_day: date
    last_day: date | None = None
    reason: str = ""


def propose(session: Session, actor: Actor, command: RightCommand, *, now: datetime) -> RoleAssignment:
    """Propose a right. It counts only once a second administrator of the institution has confirmed it."""
    today = business_date(now)
    _authorise_at(session, actor, Permission.PEOPLE_MANAGE, command.institution_id, command.role, today)
    person = lock_for_update(session, Person, command.person_id)
    facts = _facts(session, person.id, actor, command.role, command.institution_id, command.first_day, command.last_day)
    if own := rules.not_for_oneself(facts):
        raise NotPermitted(*own)
    if breaches := rules.proposal_breaches(facts):
        raise RuleBreached(*breaches)
    right = RoleAssignment(
        person_id=person.id,
        role=command.role.value,
        institution_id=command.institution_id,
        first_day=command.first_day,
        last_day=command.last_day,
        status=RightStatus.PROPOSED.value,
        reason=command.reason,
        granted_by_id=actor.person_id,
        granted_at=now,
    )
    session.add(right)
    session.flush()
    _record(session, actor, "right.propose", right, {"reason": command.reason}, now)
    return right


def confirm(session: Session, actor: Actor, right_id: UUID, version: int, *, now: datetime) -> RoleAssignment:
    """Put a proposed right in force, as another administrator than proposed it and not for oneself."""
    right = lock_for_update(session, RoleAssignment, right_id, version)
    role = Role(right.role)
    _authorise_at(session, actor, Permission.PEOPLE_CONFIRM, right.institution_id, role, business_date(now))
    if actor.person_id in (right.granted_by_id, right.person_id):
        raise own_work("right.confirm", _("A second administrator of this institution confirms it."))
    _check_move(right, RightStatus.CONFIRMED)
    facts = _facts(session, right.person_id, actor, role, right.institution_id, right.first_day, right.last_day)
    if breaches := rules.roles_kept_apart(facts):
        raise RuleBreached(*breaches)
    right.status = RightStatus.CONFIRMED.value
    right.confirmed_by_id = actor.person_id
    right.confirmed_at = now
    _record(session, actor, "right.confirm", right, {}, now)
    return right


def refuse(
    session: Session, actor: Actor, right_id: UUID, command: service.ReasonCommand, *, now: datetime
) -> RoleAssignment:
    """Turn a proposed right down; whoever proposed it may withdraw it this way too."""
    right = lock_for_update(session, RoleAssignment, right_id, command.version)
    today = business_date(now)
    _authorise_at(session, actor, Permission.PEOPLE_CONFIRM, right.institution_id, Role(right.role), today)
    _check_move(right, RightStatus.REFUSED)
    right.status = RightStatus.REFUSED.value
    _record(session, actor, "right.refuse", right, {"reason": command.reason}, now)
    return right


def revoke(
    session: Session, actor: Actor, right_id: UUID, command: service.ReasonCommand, *, now: datetime
) -> RoleAssignment:
    """Take a right away at once; the person's sessions end. One administrator is enough to take away."""
    right = lock_for_update(session, RoleAssignment, right_id, command.version)
    authorise(actor, Permission.PEOPLE_MANAGE, right.institution_id)
    _check_move(right, RightStatus.REVOKED)
    right.status = RightStatus.REVOKED.value
    right.revoked_by_id = actor.person_id
    right.revoked_at = now
    signing_in.end_all_sessions(session, right.person_id, "right-revoked", now=now)
    _record(session, actor, "right.revoke", right, {"reason": command.reason}, now)
    return right


def request_password_link(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> PasswordLink:
    """Ask for a link with which a person sets a new password; a second administrator issues it."""
    person = lock_for_update(session, Person, person_id)
    service.authorise_over(session, actor, person)
    waiting = queries.password_links_waiting(session, person_id)
    if waiting:
        return waiting[0]
    link = PasswordLink(person_id=person.id, requested_by_id=actor.person_id, requested_at=now)
    session.add(link)
    session.flush()
    trail.record(session, actor, "password-link.request", ("person", person.id), now=now)
    return link


def issue_password_link(
    session: Session, actor: Actor, link_id: UUID, version: int, *, now: datetime
) -> tuple[PasswordLink, str]:
    """Issue a link asked for by another administrator: the row and the secret, which is shown this once."""
    link = lock_for_update(session, PasswordLink, link_id, version)
    person = lock_for_update(session, Person, link.person_id)
    service.authorise_over(session, actor, person)
    if actor.person_id in (link.requested_by_id, link.person_id):
        raise own_work("password-link.confirm", _("A second administrator issues it."))
    if link.confirmed_by_id is not None:
        raise Conflict(Breach("password-link.issued", _("This link was issued already.")))
    secret = passwords.new_secret()
    link.confirmed_by_id = actor.person_id
    link.token_sha256 = passwords.digest(secret)
    link.expires_at = now + LINK_LASTS
    trail.record(session, actor, "password-link.confirm", ("person", person.id), now=now)
    return link, secret


def use_password_link(session: Session, secret: str, password: str, *, now: datetime) -> Person:
    """Set a password with a link, once. Raises NotFound for a link that is unknown, used or expired."""
    statement = select(PasswordLink).where(PasswordLink.token_sha256 == passwords.digest(secret)).with_for_update()
    link = session.scalar(statement)
    if link is None or link.used_at is not None or link.expires_at is None or link.expires_at <= now:
        raise NotFound(
            Breach(
                "password-link.unknown",
                _("This link is no longer good."),
                cure=_("Ask your administrator for a new one."),
            )
        )
    person = lock_for_update(session, Person, link.person_id)
    if weak := passwords.password_breaches(password, person.email):
        raise RuleBreached(*weak)
    link.used_at = now
    person.password_hash = passwords.hashed(password)
    person.password_changed_at = now
    signing_in.end_all_sessions(session, person.id, "password-changed", now=now)
    trail.record(session, None, "person.change-password", ("person", person.id), {"by": "link"}, now=now)
    return person


def _facts(
    session: Session,
    person_id: UUID,
    actor: Actor,
    role: Role,
    institution_id: UUID,
    first_day: date,
    last_day: date | None,
) -> rules.RightFacts:
    live = (RightStatus.PROPOSED, RightStatus.CONFIRMED)
    statement = select(RoleAssignment.role).where(
        RoleAssignment.person_id == person_id,
        RoleAssignment.institution_id == institution_id,
        RoleAssignment.status.in_(live),
        (RoleAssignment.last_day.is_(None)) | (RoleAssignment.last_day >= first_day),
    )
    held = frozenset(Role(code) for code in session.scalars(statement))
    return rules.RightFacts(person_id, actor.person_id, role, first_day, last_day, held)


def _authorise_at(
    session: Session, actor: Actor, permission: Permission, institution_id: UUID, role: Role, today: date
) -> None:
    """An administrator of the institution. While it has fewer than two, those of other institutions may help.

    That help is limited to giving it administrators, so that a new institution is not locked out.
    """
    if may(actor, permission, institution_id):
        return
    few = len(queries.administrators(session, institution_id, today)) < ENOUGH_ADMINISTRATORS
    if few and role is Role.ADMINISTRATOR and may(actor, permission):
        return
    raise refusal(permission, institution_id)


def _check_move(right: RoleAssignment, to: RightStatus) -> None:
    if to in RIGHT_MOVES[RightStatus(right.status)]:
        return
    raise Conflict(
        Breach(
            "right.status",
            _("This right is %(status)s, so this step is not possible."),
            cure=_("Open the page again to see where it stands."),
            source=_("Status table of rights"),
            params={"status": right.status},
        )
    )


def _record(
    session: Session, actor: Actor, verb: str, right: RoleAssignment, details: dict[str, object], now: datetime
) -> None:
    known = {"role": right.role, "first_day": right.first_day, "last_day": right.last_day, **details}
    subject = ("person", right.person_id)
    trail.record(session, actor, verb, subject, known, now=now, institution_id=right.institution_id)
