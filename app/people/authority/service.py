"""The verbs on the authority matrix: propose, confirm, refuse, end a limit; give, confirm, refuse, end a delegation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, may, own_work
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.access.policy import AuthorityKind
from app.access.roles import GRANTS
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.people import queries as people, rules
from app.people.authority.models import AuthorityLimit, Delegation
from app.people.authority.queries import PERMISSION_OF
from app.people.models import Person
from app.people.service import ReasonCommand
from app.people.states import RIGHT_MOVES, RightStatus

TWO_CHECKERS = frozenset({AuthorityKind.DISBURSEMENT, AuthorityKind.CLAIM})
"""The kinds that record a second checker; elsewhere a threshold would bind nobody, so it is not taken."""


@dataclass(frozen=True, slots=True)
class LimitCommand:
    """A row of the matrix to be proposed. Amounts are in one currency, positive."""

    institution_id: UUID
    role: Role
    kind: AuthorityKind
    maximum: Money
    first_day: date
    source: str
    second_checker_above: Money | None = None
    last_day: date | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DelegationCommand:
    """A stand-in to be named: for one's own role at an institution, until a last day."""

    institution_id: UUID
    role: Role
    to_person_id: UUID
    first_day: date
    last_day: date
    reason: str


def propose_limit(session: Session, actor: Actor, command: LimitCommand, *, now: datetime) -> AuthorityLimit:
    """Propose a row of the matrix; it counts once a second administrator has confirmed it."""
    authorise(actor, Permission.AUTHORITY_PROPOSE, command.institution_id)
    if breaches := _limit_breaches(command):
        raise RuleBreached(*breaches)
    threshold = command.second_checker_above
    limit = AuthorityLimit(
        institution_id=command.institution_id,
        role=command.role.value,
        person_id=command.person_id,
        kind=command.kind.value,
        currency=command.maximum.currency.value,
        maximum_minor=command.maximum.minor,
        second_checker_above_minor=threshold.minor if threshold else None,
        first_day=command.first_day,
        last_day=command.last_day,
        source=command.source,
        status=RightStatus.PROPOSED.value,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(limit)
    session.flush()
    _record_limit(session, actor, "limit.propose", limit, {}, now)
    return limit


def confirm_limit(session: Session, actor: Actor, limit_id: UUID, version: int, *, now: datetime) -> AuthorityLimit:
    """Put a row in force, as another administrator than proposed it, and not for oneself."""
    limit = lock_for_update(session, AuthorityLimit, limit_id, version)
    authorise(actor, Permission.AUTHORITY_CONFIRM, limit.institution_id)
    if actor.person_id in (limit.proposed_by_id, limit.person_id):
        raise own_work("limit.confirm", _("A second administrator of this institution confirms it."))
    _check_move(limit.status, RightStatus.CONFIRMED)
    limit.status = RightStatus.CONFIRMED.value
    limit.confirmed_by_id, limit.confirmed_at = actor.person_id, now
    _record_limit(session, actor, "limit.confirm", limit, {}, now)
    return limit


def refuse_limit(
    session: Session, actor: Actor, limit_id: UUID, command: ReasonCommand, *, now: datetime
) -> AuthorityLimit:
    """Turn a proposed row down, or withdraw it."""
    limit = lock_for_update(session, AuthorityLimit, limit_id, command.version)
    authorise(actor, Permission.AUTHORITY_CONFIRM, limit.institution_id)
    _check_move(limit.status, RightStatus.REFUSED)
    limit.status = RightStatus.REFUSED.value
    _record_limit(session, actor, "limit.refuse", limit, {"reason": command.reason}, now)
    return limit


def end_limit(
    session: Session, actor: Actor, limit_id: UUID, command: ReasonCommand, *, now: datetime
) -> AuthorityLimit:
    """Take a row out of force at once: less authority needs one administrator only."""
    limit = lock_for_update(session, AuthorityLimit, limit_id, command.version)
    authorise(actor, Permission.AUTHORITY_PROPOSE, limit.institution_id)
    _check_move(limit.status, RightStatus.REVOKED)
    limit.status = RightStatus.REVOKED.value
    _record_limit(session, actor, "limit.end", limit, {"reason": command.reason}, now)
    return limit


def delegate(session: Session, actor: Actor, command: DelegationCommand, *, now: datetime) -> Delegation:
    """Name a stand-in for one's own role. It counts once an administrator has confirmed it."""
    authorise(actor, Permission.AUTHORITY_DELEGATE, command.institution_id)
    if breaches := _delegation_breaches(session, actor, command, business_date(now)):
        raise RuleBreached(*breaches)
    delegation = Delegation(
        institution_id=command.institution_id,
        role=command.role.value,
        from_person_id=actor.person_id,
        to_person_id=command.to_person_id,
        first_day=command.first_day,
        last_day=command.last_day,
        reason=command.reason,
        status=RightStatus.PROPOSED.value,
        proposed_at=now,
    )
    session.add(delegation)
    session.flush()
    _record_delegation(session, actor, "delegation.propose", delegation, {"reason": command.reason}, now)
    return delegation


def confirm_delegation(
    session: Session, actor: Actor, delegation_id: UUID, version: int, *, now: datetime
) -> Delegation:
    """Put a delegation in force, as an administrator who is neither its giver nor its taker."""
    delegation = lock_for_update(session, Delegation, delegation_id, version)
    authorise(actor, Permission.AUTHORITY_CONFIRM, delegation.institution_id)
    if actor.person_id in (delegation.from_person_id, delegation.to_person_id):
        raise own_work("delegation.confirm", _("An administrator who is neither giver nor taker confirms it."))
    _check_move(delegation.status, RightStatus.CONFIRMED)
    delegation.status = RightStatus.CONFIRMED.value
    delegation.confirmed_by_id, delegation.confirmed_at = actor.person_id, now
    _record_delegation(session, actor, "delegation.confirm", delegation, {}, now)
    return delegation


def refuse_delegation(
    session: Session, actor: Actor, delegation_id: UUID, command: ReasonCommand, *, now: datetime
) -> Delegation:
    """Turn a proposed delegation down."""
    delegation = lock_for_update(session, Delegation, delegation_id, command.version)
    authorise(actor, Permission.AUTHORITY_CONFIRM, delegation.institution_id)
    _check_move(delegation.status, RightStatus.REFUSED)
    delegation.status = RightStatus.REFUSED.value
    _record_delegation(session, actor, "delegation.refuse", delegation, {"reason": command.reason}, now)
    return delegation


def end_delegation(
    session: Session, actor: Actor, delegation_id: UUID, command: ReasonCommand, *, now: datetime
) -> Delegation:
    """End a delegation before its last day: its giver, or an administrator."""
    delegation = lock_for_update(session, Delegation, delegation_id, command.version)
    if actor.person_id != delegation.from_person_id:
        authorise(actor, Permission.AUTHORITY_CONFIRM, delegation.institution_id)
    _check_move(delegation.status, RightStatus.REVOKED)
    delegation.status = RightStatus.REVOKED.value
    _record_delegation(session, actor, "delegation.revoke", delegation, {"reason": command.reason}, now)
    return delegation


def may_end(actor: Actor, delegation: Delegation) -> bool:
    """Whether the actor may end a delegation now."""
    own = actor.person_id == delegation.from_person_id
    return own or may(actor, Permission.AUTHORITY_CONFIRM, delegation.institution_id)


def _limit_breaches(command: LimitCommand) -> list[Breach]:
    found: list[Breach] = []
    if PERMISSION_OF[command.kind] not in GRANTS[command.role]:
        message = _("This role never approves that, whatever the amount.")
        cure = _("Choose a role that may approve it.")
        found.append(Breach("limit.role", message, cure=cure, source=_("Role table of this system"), field="role"))
    threshold = command.second_checker_above
    if threshold is not None and command.kind not in TWO_CHECKERS:
        message = _("Only a disbursement or a claim takes a second checker.")
        cure = _("Leave the threshold out; whoever prepared it is the other person.")
        field = "second_checker_above"
        found.append(Breach("limit.one-checker", message, cure=cure, source=_("Authority matrix"), field=field))
    if threshold is not None and threshold > command.maximum:
        message = _("The second checker's threshold lies above the limit, so it would never apply.")
        cure = _("Lower the threshold or leave it out.")
        field = "second_checker_above"
        found.append(Breach("limit.threshold", message, cure=cure, source=_("Authority matrix"), field=field))
    if command.last_day is not None and command.last_day < command.first_day:
        message = _("The last day lies before the first day.")
        found.append(Breach("limit.days", message, cure=_("Correct one of the days."), field="last_day"))
    return found


def _delegation_breaches(session: Session, actor: Actor, command: DelegationCommand, today: date) -> list[Breach]:
    found: list[Breach] = []
    source = _("Delegation: one's own role, to another person, with an end")
    if command.role not in people.own_roles(session, actor.person_id, command.institution_id, today):
        message = _("You can only delegate a role you hold yourself.")
        found.append(Breach("delegation.role", message, source=source, field="role"))
    taker = session.get(Person, command.to_person_id)
    if taker is None or not taker.is_enabled or taker.id == actor.person_id:
        message = _("The stand-in must be another person who can sign in.")
        found.append(Breach("delegation.taker", message, source=source, field="to_person_id"))
        return found
    longest = policies.in_force(session, PolicyName.LONGEST_DELEGATION_DAYS, today)
    if not 0 <= (command.last_day - command.first_day).days <= int(longest.value):
        message = _("A delegation ends on or after its first day and lasts at most %(days)s days.")
        params = {"days": int(longest.value)}
        found.append(Breach("delegation.days", message, source=longest.source, params=params, field="last_day"))
    held = frozenset(people.own_roles(session, taker.id, command.institution_id, today)) - {command.role}
    facts = rules.RightFacts(taker.id, actor.person_id, command.role, command.first_day, command.last_day, held)
    return found + rules.roles_kept_apart(facts)


def _check_move(status: str, to: RightStatus) -> None:
    if to in RIGHT_MOVES[RightStatus(status)]:
        return
    raise Conflict(
        Breach(
            "authority.status",
            _("This is %(status)s, so this step is not possible."),
            cure=_("Open the page again to see where it stands."),
            source=_("Status table of the authority matrix"),
            params={"status": status},
        )
    )


def _record_limit(
    session: Session, actor: Actor, verb: str, limit: AuthorityLimit, details: Mapping[str, object], now: datetime
) -> None:
    known = {
        "role": limit.role,
        "kind": limit.kind,
        "amount": limit.maximum,
        "second_checker_above": limit.second_checker_above,
        "person_id": limit.person_id,
        **details,
    }
    subject = ("authority", limit.institution_id)
    trail.record(session, actor, verb, subject, known, now=now, institution_id=limit.institution_id)


def _record_delegation(
    session: Session, actor: Actor, verb: str, delegation: Delegation, details: Mapping[str, object], now: datetime
) -> None:
    known = {
        "role": delegation.role,
        "from_person_id": delegation.from_person_id,
        "to_person_id": delegation.to_person_id,
        "last_day": delegation.last_day,
        **details,
    }
    subject = ("authority", delegation.institution_id)
    trail.record(session, actor, verb, subject, known, now=now, institution_id=delegation.institution_id)
