"""Every SELECT on the authority matrix, and the answers other slices ask for: may they, why not, and who can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import policy
from app.access.permissions import Permission
from app.access.policy import ApprovalFacts, AuthorityKind, Limit, Mandate
from app.access.roles import GRANTS
from app.access.scope import sees, visible_institutions
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound, NotPermitted
from app.kernel.messages import _
from app.kernel.money import Money
from app.people import queries as people
from app.people.authority.models import AuthorityLimit, Delegation
from app.people.models import Person
from app.people.states import RightStatus

PERMISSION_OF: dict[AuthorityKind, Permission] = {
    AuthorityKind.DISBURSEMENT: Permission.DISBURSEMENTS_APPROVE,
    AuthorityKind.RELEASE: Permission.DISBURSEMENTS_RELEASE,
    AuthorityKind.CONTRACT: Permission.CONTRACTS_SIGN,
    AuthorityKind.AMENDMENT: Permission.CONTRACTS_APPROVE_AMENDMENT,
    AuthorityKind.FUND_MOVEMENT: Permission.FUNDS_APPROVE,
    AuthorityKind.JOURNAL: Permission.JOURNALS_APPROVE,
    AuthorityKind.CLAIM: Permission.CLAIMS_APPROVE,
    AuthorityKind.RESIDUE: Permission.RESIDUE_RETURN,
}
"""The permission each kind of approval needs besides the limit."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be approved: kind, whose authority counts, amount, and who already had a hand in it."""

    kind: AuthorityKind
    institution_id: UUID
    amount: Money
    makers: frozenset[UUID] = frozenset()
    checkers: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Approver:
    """Someone who can approve a case: up to how much, and for whom they act."""

    person: Person
    maximum: Money
    delegated: bool = False


def check_approval(
    session: Session, actor: Actor, case: Case, today: date, *, limits: Sequence[Limit] | None = None
) -> list[Breach]:
    """Every reason why the actor may not approve this case; each cure names who can. None means they may.

    Pass `limits` (from `limits_in_force`) when many cases of one institution are checked in a row.
    """
    known = limits_in_force(session, case.institution_id, today) if limits is None else limits
    facts = _facts(session, actor.person_id, case, known, today)
    breaches = policy.may_approve(facts)
    if not breaches:
        return []
    names = tuple(
        approver.person.name_en
        for approver in approvers_of(session, case, today)
        if approver.person.id != actor.person_id
    )
    return policy.may_approve(_facts(session, actor.person_id, case, known, today, names))


def must_be_within(session: Session, actor: Actor, case: Case, today: date) -> UUID | None:
    """Refuse with 403, naming who can, who decides beyond their limit or has none.

    Gives whom they act for, None for themselves.
    """
    if found := check_approval(session, actor, case, today):
        raise NotPermitted(*found)
    used = mandate_used(session, actor, case, today)
    return used.principal_id if used is not None and used.delegated else None


def mandate_used(session: Session, actor: Actor, case: Case, today: date) -> Mandate | None:
    """The mandate under which the actor's approval would be made; `principal_id` is whom they act for."""
    known = limits_in_force(session, case.institution_id, today)
    return policy.mandate_used(_facts(session, actor.person_id, case, known, today))


def checkers_needed(session: Session, case: Case, today: date) -> int:
    """How many different checkers the case needs: 1 or 2."""
    return policy.checkers_needed(limits_in_force(session, case.institution_id, today), case.kind, case.amount, today)


def approvers_of(session: Session, case: Case, today: date) -> list[Approver]:
    """Who can approve the case today: right, limit and no hand in it. Sorted by name."""
    limits = limits_in_force(session, case.institution_id, today)
    candidates = {
        person.id: person for person in people.holders_of(session, PERMISSION_OF[case.kind], case.institution_id, today)
    }
    for delegation in _delegations_in_force(session, case.institution_id, today):
        candidates.setdefault(delegation.to_person_id, delegation.to_person)
    found = []
    for person in candidates.values():
        facts = _facts(session, person.id, case, limits, today)
        mandate = policy.mandate_used(facts)
        limit = policy.limit_for(facts, mandate) if mandate else None
        if person.is_enabled and mandate and limit and not policy.may_approve(facts):
            found.append(Approver(person, limit.maximum, mandate.delegated))
    return sorted(found, key=lambda approver: approver.person.name_en)


def limit_of(
    session: Session, person_id: UUID, kind: AuthorityKind, institution_id: UUID, amount: Money, today: date
) -> Money | None:
    """The largest amount in that currency the person may approve, or None."""
    case = Case(kind, institution_id, amount)
    facts = _facts(session, person_id, case, limits_in_force(session, institution_id, today), today)
    rows = [policy.limit_for(facts, mandate) for mandate in facts.mandates]
    return max((row.maximum for row in rows if row), key=lambda maximum: maximum.minor, default=None)


def limits_in_force(session: Session, institution_id: UUID, today: date) -> list[Limit]:
    """Confirmed rows of an institution's matrix that hold on a day."""
    statement = select(AuthorityLimit).where(
        AuthorityLimit.institution_id == institution_id,
        AuthorityLimit.status == RightStatus.CONFIRMED,
        AuthorityLimit.first_day <= today,
        or_(AuthorityLimit.last_day.is_(None), AuthorityLimit.last_day >= today),
    )
    return [row.as_limit() for row in session.scalars(statement)]


def matrix(session: Session, institution_id: UUID) -> Sequence[AuthorityLimit]:
    """Rows of the matrix: proposed and confirmed, in the order they are read."""
    live = (RightStatus.PROPOSED, RightStatus.CONFIRMED)
    statement = (
        select(AuthorityLimit)
        .where(AuthorityLimit.institution_id == institution_id, AuthorityLimit.status.in_(live))
        .options(joinedload(AuthorityLimit.person), joinedload(AuthorityLimit.proposed_by))
        .order_by(
            AuthorityLimit.kind,
            AuthorityLimit.currency,
            AuthorityLimit.role,
            AuthorityLimit.maximum_minor,
            AuthorityLimit.first_day,
        )
    )
    return session.scalars(statement).all()


def delegations_at(session: Session, institution_id: UUID) -> Sequence[Delegation]:
    """Delegations at an institution, proposed and confirmed, the latest first."""
    live = (RightStatus.PROPOSED, RightStatus.CONFIRMED)
    statement = (
        select(Delegation)
        .where(Delegation.institution_id == institution_id, Delegation.status.in_(live))
        .options(joinedload(Delegation.from_person), joinedload(Delegation.to_person))
        .order_by(Delegation.first_day.desc())
    )
    return session.scalars(statement).all()


def no_such_institution() -> Breach:
    """What someone outside an institution is told about its matrix."""
    return Breach("institution.not-found", _("There is no such institution."))


def limit_for(session: Session, actor: Actor, limit_id: UUID) -> AuthorityLimit:
    """The row of the matrix, if its institution lies in the actor's scope. Raises NotFound."""
    found = session.get(AuthorityLimit, limit_id)
    if found is None or not sees(actor, found.institution_id):
        raise NotFound(Breach("limit.not-found", _("There is no such limit.")))
    return found


def delegation_for(session: Session, actor: Actor, delegation_id: UUID) -> Delegation:
    """The delegation, if its institution lies in the actor's scope. Raises NotFound."""
    found = session.get(Delegation, delegation_id)
    if found is None or not sees(actor, found.institution_id):
        raise NotFound(Breach("delegation.not-found", _("There is no such delegation.")))
    return found


def awaiting_confirmation(session: Session, actor: Actor) -> list[AuthorityLimit | Delegation]:
    """Limits and delegations in the actor's scope that wait for an administrator: for the inbox."""
    visible = visible_institutions(actor)
    limits = select(AuthorityLimit).where(AuthorityLimit.status == RightStatus.PROPOSED)
    delegations = select(Delegation).where(Delegation.status == RightStatus.PROPOSED)
    if visible is not None:
        limits = limits.where(AuthorityLimit.institution_id.in_(visible))
        delegations = delegations.where(Delegation.institution_id.in_(visible))
    return [*session.scalars(limits), *session.scalars(delegations)]


def _facts(
    session: Session,
    person_id: UUID,
    case: Case,
    limits: Iterable[Limit],
    today: date,
    others: tuple[str, ...] = (),
) -> ApprovalFacts:
    return ApprovalFacts(
        person_id=person_id,
        kind=case.kind,
        amount=case.amount,
        today=today,
        mandates=tuple(_mandates(session, person_id, case, today)),
        limits=tuple(limits),
        makers=case.makers,
        checkers=case.checkers,
        others_who_can=others,
    )


def _mandates(session: Session, person_id: UUID, case: Case, today: date) -> list[Mandate]:
    """Own roles at the institution that carry the kind's permission, then those delegated to the person."""
    needed = PERMISSION_OF[case.kind]
    own = people.own_roles(session, person_id, case.institution_id, today)
    found = [Mandate(role, person_id) for role in own if needed in GRANTS[role]]
    for row in people.delegated_to(session, person_id, today):
        role = Role(row.role)
        if row.institution_id == case.institution_id and needed in GRANTS[role]:
            found.append(Mandate(role, row.from_person_id, delegated=True, last_day=row.last_day))
    return found


def _delegations_in_force(session: Session, institution_id: UUID, today: date) -> Sequence[Delegation]:
    statement = (
        select(Delegation)
        .where(
            Delegation.institution_id == institution_id,
            Delegation.status == RightStatus.CONFIRMED,
            Delegation.first_day <= today,
            Delegation.last_day >= today,
        )
        .options(joinedload(Delegation.to_person))
    )
    return session.scalars(statement).all()
