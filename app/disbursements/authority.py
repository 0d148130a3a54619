"""Who may check a disbursement of a funder: the authority matrix, mandates and names, read once for many rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import policy
from app.access.permissions import Permission
from app.access.policy import ApprovalFacts, AuthorityKind, Limit, Mandate
from app.access.roles import roles_granting
from app.disbursements.facts import AuthorityPart
from app.kernel.actor import Actor, Role
from app.kernel.money import Money
from app.people import queries as people
from app.people.authority.models import AuthorityLimit
from app.people.models import Person, RoleAssignment
from app.people.states import RightStatus

KIND = AuthorityKind.DISBURSEMENT
CHECKING_ROLES = roles_granting(Permission.DISBURSEMENTS_APPROVE)


@dataclass(frozen=True, slots=True)
class Checker:
    """Somebody whose own role at the funder checks disbursements."""

    person_id: UUID
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One funder's matrix today: its limits, its checkers, and the mandates of the person now acting."""

    funder_id: UUID
    today: date
    limits: tuple[Limit, ...]
    checkers: tuple[Checker, ...]
    acting_id: UUID | None
    mandates: tuple[Mandate, ...]
    figures: tuple[tuple[str, int], ...] = ()
    """Every maximum and threshold, in order: amounts are compared with nothing else."""

    known: dict[tuple[object, ...], AuthorityPart] = field(default_factory=dict, compare=False)
    """Answers without a reason against, by everything they depend on: they name no amount."""

    def applied(
        self, amount: Money, makers: frozenset[UUID], approved: tuple[UUID, ...], principals: tuple[UUID, ...] = ()
    ) -> AuthorityPart:
        """The matrix applied to the acting person for one payment. `principals` were acted for by earlier checkers.

        Amounts between the same two figures of the matrix have the same answer.
        """
        step = bisect_left(self.figures, (amount.currency.value, amount.minor))
        key = (amount.currency, step, makers, approved, principals)
        found = self.known.get(key) or self._applied(amount, makers, approved, principals)
        if not found.reasons:
            self.known[key] = found
        return found

    def _applied(
        self, amount: Money, makers: frozenset[UUID], approved: tuple[UUID, ...], principals: tuple[UUID, ...]
    ) -> AuthorityPart:
        checked = frozenset(approved) | frozenset(principals)
        needed = policy.checkers_needed(self.limits, KIND, amount, self.today)
        others = self.who_can(amount, makers, checked, but_not=self.acting_id)
        if self.acting_id is None:
            return AuthorityPart((), None, needed, len(approved), others)
        facts = self.facts(self.acting_id, self.mandates, amount, makers, checked, others)
        limits = [policy.limit_for(facts, mandate) for mandate in policy.usable_mandates(facts)]
        maxima = [limit.maximum for limit in limits if limit is not None]
        limit = max(maxima, key=lambda maximum: maximum.minor, default=None)
        used = policy.mandate_used(facts)
        principal = used.principal_id if used is not None and used.delegated else None
        return AuthorityPart(tuple(policy.may_approve(facts)), limit, needed, len(approved), others, principal)

    def who_can(
        self, amount: Money, makers: frozenset[UUID], checked: frozenset[UUID], *, but_not: UUID | None
    ) -> tuple[str, ...]:
        """Names of those who could approve this amount today by their own role."""
        able = []
        for checker in self.checkers:
            if checker.person_id == but_not:
                continue
            own = tuple(Mandate(role, checker.person_id) for role in checker.roles)
            if not policy.may_approve(self.facts(checker.person_id, own, amount, makers, checked, ())):
                able.append(checker.name)
        return tuple(able)

    def facts(
        self,
        person_id: UUID,
        mandates: tuple[Mandate, ...],
        amount: Money,
        makers: frozenset[UUID],
        checked: frozenset[UUID],
        others: tuple[str, ...],
    ) -> ApprovalFacts:
        """The policy's facts for one person."""
        return ApprovalFacts(person_id, KIND, amount, self.today, mandates, self.limits, makers, checked, others)


def matrices(
    session: Session, funder_ids: Collection[UUID], actor: Actor | None, today: date, language: str = "en"
) -> dict[UUID, Matrix]:
    """The matrix of each funder."""
    limits = _limits(session, funder_ids)
    checkers = _checkers(session, funder_ids, today, language)
    mandates = _mandates(session, actor, funder_ids, checkers, today)
    acting = actor.person_id if actor else None
    return {
        funder: Matrix(
            funder,
            today,
            limits.get(funder, ()),
            checkers.get(funder, ()),
            acting,
            mandates.get(funder, ()),
            _figures(limits.get(funder, ())),
        )
        for funder in funder_ids
    }


def _figures(limits: Iterable[Limit]) -> tuple[tuple[str, int], ...]:
    found = {limit.maximum for limit in limits}
    found |= {limit.second_checker_above for limit in limits if limit.second_checker_above is not None}
    return tuple(sorted((figure.currency.value, figure.minor) for figure in found))


def _limits(session: Session, funder_ids: Collection[UUID]) -> dict[UUID, tuple[Limit, ...]]:
    statement = select(AuthorityLimit).where(
        AuthorityLimit.institution_id.in_(funder_ids),
        AuthorityLimit.kind == KIND.value,
        AuthorityLimit.status == RightStatus.CONFIRMED,
    )
    found: dict[UUID, list[Limit]] = {}
    for row in session.scalars(statement):
        found.setdefault(row.institution_id, []).append(row.as_limit())
    return {funder: tuple(rows) for funder, rows in found.items()}


def _checkers(
    session: Session, funder_ids: Collection[UUID], today: date, language: str
) -> dict[UUID, tuple[Checker, ...]]:
    statement = (
        select(RoleAssignment, Person)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.institution_id.in_(funder_ids),
            RoleAssignment.role.in_([role.value for role in CHECKING_ROLES]),
            RoleAssignment.status == RightStatus.CONFIRMED,
            RoleAssignment.first_day <= today,
            or_(RoleAssignment.last_day.is_(None), RoleAssignment.last_day >= today),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name_en)
    )
    roles: dict[UUID, dict[UUID, list[Role]]] = {}
    names: dict[UUID, str] = {}
    for right, person in session.execute(statement):
        roles.setdefault(right.institution_id, {}).setdefault(person.id, []).append(Role(right.role))
        names[person.id] = person.name(language)
    return {
        funder: tuple(Checker(person, names[person], tuple(dict.fromkeys(held))) for person, held in there.items())
        for funder, there in roles.items()
    }


def _mandates(
    session: Session,
    actor: Actor | None,
    funder_ids: Collection[UUID],
    checkers: dict[UUID, tuple[Checker, ...]],
    today: date,
) -> dict[UUID, tuple[Mandate, ...]]:
    if actor is None:
        return {}
    found: dict[UUID, list[Mandate]] = {
        funder: [
            Mandate(role, actor.person_id)
            for checker in there
            if checker.person_id == actor.person_id
            for role in checker.roles
        ]
        for funder, there in checkers.items()
    }
    for row in people.delegated_to(session, actor.person_id, today):
        if row.institution_id in funder_ids and Role(row.role) in CHECKING_ROLES:
            mandate = Mandate(Role(row.role), row.from_person_id, delegated=True, last_day=row.last_day)
            found.setdefault(row.institution_id, []).append(mandate)
    return {funder: tuple(rows) for funder, rows in found.items()}
