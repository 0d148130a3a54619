"""The verbs on policy numbers: propose a value; confirm or refuse it, as a second administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policies.models import PolicySetting
from app.access.policies.states import POLICIES, Policy, PolicyName, PolicyStatus
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class ProposePolicy:
    """A value for a policy number, from a day on, with the rule or resolution it rests on."""

    name: PolicyName
    value: Decimal
    source: str
    first_day: date
    verified: bool = False


def propose(session: Session, actor: Actor, command: ProposePolicy, *, now: datetime) -> PolicySetting:
    """Propose a value. It counts from its first day once a second administrator has confirmed it.

    Raises RuleBreached for a value that makes no sense or a first day in the past.
    """
    authorise(actor, Permission.SETTINGS_PROPOSE)
    found = breaches(POLICIES[command.name], command, business_date(now))
    if found:
        raise RuleBreached(*found)
    row = PolicySetting(
        id=new_id(),
        name=command.name,
        value=command.value,
        source=command.source,
        verified=command.verified,
        first_day=command.first_day,
        status=PolicyStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    _trace(session, actor, "policy.propose", row, now)
    return row


def breaches(policy: Policy, command: ProposePolicy, today: date) -> list[Breach]:
    """What is wrong with a proposed value."""
    found = []
    whole = policy.value == policy.value.to_integral_value() and policy.low == policy.low.to_integral_value()
    if not policy.low <= command.value <= policy.high or (whole and command.value % 1):
        message = (
            _("Give a whole number from %(low)s to %(high)s.")
            if whole
            else _("Give a number from %(low)s to %(high)s.")
        )
        params = {"low": str(policy.low), "high": str(policy.high)}
        found.append(
            Breach("policy.value", message, source=_("Bounds of the policy number"), params=params, field="value")
        )
    if command.first_day < today:
        found.append(
            Breach(
                "policy.in-the-past",
                _("A policy number is not changed for days that have passed."),
                cure=_("Choose today or a later day."),
                source=_("What was booked under a policy stays under it"),
                field="first_day",
            )
        )
    return found


def confirm(
    session: Session, actor: Actor, setting_id: UUID, *, version: int | None = None, now: datetime
) -> PolicySetting:
    """Put a proposed value in force, as another administrator than proposed it. Raises NotPermitted or Conflict."""
    return _decide(session, actor, setting_id, version, PolicyStatus.CONFIRMED, "policy.confirm", now)


def refuse(
    session: Session, actor: Actor, setting_id: UUID, *, version: int | None = None, now: datetime
) -> PolicySetting:
    """Turn a proposed value down, as another administrator than proposed it. Raises NotPermitted or Conflict."""
    return _decide(session, actor, setting_id, version, PolicyStatus.REFUSED, "policy.refuse", now)


def _decide(
    session: Session,
    actor: Actor,
    setting_id: UUID,
    version: int | None,
    status: PolicyStatus,
    verb: str,
    now: datetime,
) -> PolicySetting:
    row = lock_for_update(session, PolicySetting, setting_id, version)
    authorise(actor, Permission.SETTINGS_CONFIRM)
    if row.proposed_by_id == actor.person_id:
        raise own_work(verb, _("A second administrator confirms it."))
    if row.status != PolicyStatus.PROPOSED:
        raise Conflict(
            Breach(
                "policy.decided",
                _("This change has already been decided."),
                cure=_("Open the settings again to see who decided it."),
            )
        )
    row.status = status
    row.decided_by_id, row.decided_at = actor.person_id, now
    row.version += 1
    _trace(session, actor, verb, row, now)
    return row


def _trace(session: Session, actor: Actor, verb: str, row: PolicySetting, now: datetime) -> None:
    details = {"name": row.name, "value": row.value, "first_day": row.first_day, "source": row.source}
    trail.record(session, actor, verb, ("policy", row.id), details, now=now)
