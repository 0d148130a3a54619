"""Every SELECT on people and their rights, named by its question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.roles import roles_granting
from app.access.scope import visible_institutions
from app.kernel.actor import Actor, Right, Role
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.people.authority.models import Delegation
from app.people.models import PasswordLink, Person, PersonalToken, RoleAssignment, SignInSession
from app.people.states import RightStatus
from app.web.paging import Order, Page, paginate

SORTS = {
    "name": Order(Person.name_en),
    "-name": Order(Person.name_en, descending=True),
    "email": Order(Person.email),
    "-email": Order(Person.email, descending=True),
}


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What the list of people is narrowed to. `status` is enabled, disabled or empty for both."""

    text: str = ""
    role: str = ""
    institution_id: UUID | None = None
    status: str = ""
    sort: str = "name"


def by_email(session: Session, email: str) -> Person | None:
    """The person with that address."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def person_for(session: Session, actor: Actor, person_id: UUID) -> Person:
    """The person with their rights, if in the actor's scope. Raises NotFound."""
    statement = (
        select(Person)
        .where(Person.id == person_id, or_(in_scope(actor), Person.id == actor.person_id))
        .options(selectinload(Person.rights).joinedload(RoleAssignment.institution))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound(Breach("person.not-found", _("There is no such person.")))
    return found


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """People with a right at an institution the actor sees; administrators also see those with none in force yet."""
    visible = visible_institutions(actor)
    if visible is None:
        return true()
    there = Person.rights.any(RoleAssignment.institution_id.in_(visible))
    settled = Person.rights.any(RoleAssignment.status.in_((RightStatus.CONFIRMED, RightStatus.REVOKED)))
    return or_(there, ~settled) if may(actor, Permission.PEOPLE_MANAGE) else there


def listed(
    session: Session, actor: Actor, wanted: PersonFilter, cursor: str | None = None, limit: int = 50
) -> Page[Person]:
    """One page of the people in the actor's scope, with their rights."""
    statement = (
        select(Person)
        .where(in_scope(actor), *_conditions(wanted))
        .options(selectinload(Person.rights).joinedload(RoleAssignment.institution))
    )
    order = [SORTS.get(wanted.sort, SORTS["name"]), Order(Person.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def _conditions(wanted: PersonFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (Person.name_en, Person.name_zh_hant, Person.name_zh_hans, Person.email)
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.role:
        held = and_(RoleAssignment.role == wanted.role, RoleAssignment.status == RightStatus.CONFIRMED)
        found.append(Person.rights.any(held))
    if wanted.institution_id:
        found.append(Person.rights.any(RoleAssignment.institution_id == wanted.institution_id))
    if wanted.status:
        found.append(Person.disabled_at.is_(None) if wanted.status == "enabled" else Person.disabled_at.is_not(None))
    return found


def actor_of(session: Session, person: Person, today: date, scopes: frozenset[str] | None = None) -> Actor:
    """The person as an actor, with the rights in force today, those delegated to them included."""
    own = session.scalars(_in_force(today).where(RoleAssignment.person_id == person.id)).all()
    rights = [_right(row.role, row.institution_id, row.first_day, row.last_day) for row in own]
    rights += [
        _right(row.role, row.institution_id, row.first_day, row.last_day)
        for row in delegated_to(session, person.id, today)
    ]
    return Actor(person.id, person.name_en, person.email, tuple(dict.fromkeys(rights)), scopes)


def _right(role: str, institution_id: UUID, first_day: date, last_day: date | None) -> Right:
    return Right(Role(role), institution_id, first_day, last_day)


def _in_force(today: date) -> Select[RoleAssignment]:
    """Confirmed rights that hold on a day."""
    return select(RoleAssignment).where(
        RoleAssignment.status == RightStatus.CONFIRMED,
        RoleAssignment.first_day <= today,
        or_(RoleAssignment.last_day.is_(None), RoleAssignment.last_day >= today),
    )


def delegated_to(session: Session, person_id: UUID, today: date) -> Sequence[Delegation]:
    """Delegations to a person in force today whose giver is enabled and still holds the role."""
    held = (
        select(RoleAssignment.id)
        .where(
            RoleAssignment.person_id == Delegation.from_person_id,
            RoleAssignment.role == Delegation.role,
            RoleAssignment.institution_id == Delegation.institution_id,
            RoleAssignment.status == RightStatus.CONFIRMED,
            RoleAssignment.first_day <= today,
            or_(RoleAssignment.last_day.is_(None), RoleAssignment.last_day >= today),
        )
        .exists()
    )
    statement = select(Delegation).where(
        Delegation.to_person_id == person_id,
        Delegation.status == RightStatus.CONFIRMED,
        Delegation.first_day <= today,
        Delegation.last_day >= today,
        held,
        Delegation.from_person.has(Person.disabled_at.is_(None)),
    )
    return session.scalars(statement).all()


def holders_of(session: Session, permission: Permission, institution_id: UUID, today: date) -> Sequence[Person]:
    """Enabled people whose role at the institution carries the permission today: who can."""
    roles = [role.value for role in roles_granting(permission)]
    holding = _in_force(today).where(RoleAssignment.institution_id == institution_id, RoleAssignment.role.in_(roles))
    ids = {row.person_id for row in session.scalars(holding)}
    statement = select(Person).where(Person.id.in_(ids), Person.disabled_at.is_(None)).order_by(Person.name_en)
    return session.scalars(statement).all()


def holders_of_role(session: Session, role: Role, institution_id: UUID, today: date) -> Sequence[Person]:
    """Enabled people who hold the role at the institution today."""
    holding = _in_force(today).where(RoleAssignment.institution_id == institution_id, RoleAssignment.role == role.value)
    ids = {row.person_id for row in session.scalars(holding)}
    statement = select(Person).where(Person.id.in_(ids), Person.disabled_at.is_(None)).order_by(Person.name_en)
    return session.scalars(statement).all()


def own_roles(session: Session, person_id: UUID, institution_id: UUID, today: date) -> list[Role]:
    """Roles a person holds themselves at an institution today, delegations left out."""
    holding = _in_force(today).where(
        RoleAssignment.institution_id == institution_id, RoleAssignment.person_id == person_id
    )
    return [Role(row.role) for row in session.scalars(holding)]


def names_of(session: Session, person_ids: Iterable[UUID | None], language: str = "en") -> dict[UUID, str]:
    """Names of several people at once, by id."""
    wanted = {key for key in person_ids if key is not None}
    if not wanted:
        return {}
    return {found.id: found.name(language) for found in session.scalars(select(Person).where(Person.id.in_(wanted)))}


def by_ids(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Several people at once, by id."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    return {found.id: found for found in session.scalars(select(Person).where(Person.id.in_(wanted)))}


def rights_awaiting_confirmation(session: Session, actor: Actor) -> Sequence[RoleAssignment]:
    """Rights proposed at the actor's institutions that wait for a second administrator, the actor's own too."""
    visible = visible_institutions(actor)
    statement = (
        select(RoleAssignment)
        .where(RoleAssignment.status == RightStatus.PROPOSED)
        .options(joinedload(RoleAssignment.person), joinedload(RoleAssignment.institution))
        .order_by(RoleAssignment.granted_at)
    )
    if visible is not None:
        statement = statement.where(RoleAssignment.institution_id.in_(visible))
    return session.scalars(statement).all()


def right_for(session: Session, actor: Actor, right_id: UUID) -> RoleAssignment:
    """The right, if its institution lies in the actor's scope. Raises NotFound.

    Administrators also find proposed administrators of other institutions, because a new one has nobody of its own.
    """
    right = session.get(RoleAssignment, right_id)
    visible = visible_institutions(actor)
    seen = right is not None and (visible is None or right.institution_id in visible)
    helps = right is not None and right.role == Role.ADMINISTRATOR and may(actor, Permission.PEOPLE_MANAGE)
    if right is None or not (seen or helps):
        raise NotFound(Breach("right.not-found", _("There is no such right.")))
    return right


def administrators(session: Session, institution_id: UUID, today: date) -> Sequence[Person]:
    """Who administers an institution today."""
    return holders_of_role(session, Role.ADMINISTRATOR, institution_id, today)


def sessions_of(session: Session, person_id: UUID) -> Sequence[SignInSession]:
    """Open sessions of a person, the latest first."""
    statement = select(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    return session.scalars(statement.order_by(SignInSession.last_seen_at.desc())).all()


def tokens_of(session: Session, person_id: UUID) -> Sequence[PersonalToken]:
    """API tokens of a person, the latest first, revoked ones too."""
    statement = select(PersonalToken).where(PersonalToken.person_id == person_id)
    return session.scalars(statement.order_by(PersonalToken.created_at.desc())).all()


def password_links_waiting(session: Session, person_id: UUID) -> Sequence[PasswordLink]:
    """Password links asked for and not yet issued."""
    statement = select(PasswordLink).where(PasswordLink.person_id == person_id, PasswordLink.confirmed_by_id.is_(None))
    return session.scalars(statement.order_by(PasswordLink.requested_at)).all()
