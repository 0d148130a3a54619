"""Every SELECT on projects, named by its question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, column, false, or_, select, table, true
from sqlalchemy.orm import Session, selectinload

from app.access.permissions import Permission
from app.access.roles import GRANTS
from app.access.scope import sees_everything
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.people.models import Person
from app.projects.models import Project, ProjectMember, ProjectParty
from app.projects.states import TeamRole
from app.web.paging import Order, Page, paginate

SORTS: dict[str, Order] = {
    "reference": Order(Project.reference),
    "-reference": Order(Project.reference, descending=True),
    "title": Order(Project.title_en),
    "start": Order(Project.first_day),
    "-start": Order(Project.first_day, descending=True),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an actor's right reaches: whole institutions, and those where only their own projects count.

    `everywhere` is an overseer's. A principal investigator sees own projects only, unless another role opens more.
    """

    everywhere: bool
    whole: frozenset[UUID]
    own_projects: frozenset[UUID]
    person_id: UUID

    def covers(self, *institution_ids: UUID) -> bool:
        """Whether one of the institutions is wholly in reach."""
        return self.everywhere or any(key in self.whole for key in institution_ids)


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What the list of projects is narrowed to."""

    text: str = ""
    party_id: UUID | None = None
    sort: str = "-reference"


def reach(actor: Actor, permission: Permission) -> Reach:
    """Where `actor` holds `permission`, told apart by whether the role opens the institution or only own projects."""
    if actor.scopes is not None and permission not in actor.scopes:
        return Reach(False, frozenset(), frozenset(), actor.person_id)
    rights = [right for right in actor.rights if permission in GRANTS[right.role]]
    whole = frozenset(r.institution_id for r in rights if r.role is not Role.PRINCIPAL_INVESTIGATOR)
    own = frozenset(r.institution_id for r in rights) - whole
    return Reach(sees_everything(actor) and bool(rights), whole, own, actor.person_id)


def of_person(person_id: UUID) -> Select[UUID]:
    """Ids of the projects in which a person takes part, as a subquery."""
    return select(ProjectMember.project_id).where(ProjectMember.person_id == person_id)


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: the project is one the actor may see."""
    reached = reach(actor, Permission.PROJECTS_READ)
    if reached.everywhere:
        return true()
    parties = select(ProjectParty.project_id).where(ProjectParty.institution_id.in_(reached.whole))
    own = Project.id.in_(of_person(actor.person_id)) if reached.own_projects else false()
    return or_(Project.id.in_(parties), own)


def visible_projects(
    session: Session, actor: Actor, wanted: ProjectFilter, cursor: str | None = None, limit: int = 50
) -> Page[Project]:
    """One page of the projects in the actor's scope, with their parties and members."""
    statement = select(Project).where(in_scope(actor)).options(*_WITH_PEOPLE)
    if wanted.text:
        columns = (Project.reference, Project.title_en, Project.title_zh_hant, Project.title_zh_hans)
        statement = statement.where(or_(*(each.icontains(wanted.text, autoescape=True) for each in columns)))
    if wanted.party_id is not None:
        party = select(ProjectParty.project_id).where(ProjectParty.institution_id == wanted.party_id)
        statement = statement.where(Project.id.in_(party))
    order = [SORTS.get(wanted.sort, SORTS["-reference"]), Order(Project.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def get_visible(session: Session, actor: Actor, reference: str) -> Project:
    """The project of that reference, if it lies in the actor's scope. Raises NotFound otherwise."""
    statement = select(Project).where(Project.reference == reference, in_scope(actor)).options(*_WITH_PEOPLE)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound(Breach("project.not-found", _("There is no such project.")))
    return found


def sees(session: Session, actor: Actor, project_id: UUID) -> bool:
    """Whether the project lies in the actor's scope."""
    return session.scalar(select(Project.id).where(Project.id == project_id, in_scope(actor))) is not None


def choices(session: Session, actor: Actor) -> Sequence[Project]:
    """Projects in scope for a form's list, newest first."""
    statement = select(Project).where(in_scope(actor)).order_by(Project.reference.desc()).limit(500)
    return session.scalars(statement).all()


def party_ids(session: Session, project_id: UUID) -> frozenset[UUID]:
    """The institutions that take part in a project."""
    statement = select(ProjectParty.institution_id).where(ProjectParty.project_id == project_id)
    return frozenset(session.scalars(statement))


def principal_investigators(session: Session, project_id: UUID, today: date) -> Sequence[Person]:
    """The project's PIs in office on a day."""
    statement = (
        select(Person)
        .join(ProjectMember, ProjectMember.person_id == Person.id)
        .where(
            ProjectMember.project_id == project_id,
            ProjectMember.team_role == TeamRole.PRINCIPAL_INVESTIGATOR,
            or_(ProjectMember.last_day.is_(None), ProjectMember.last_day >= today),
        )
        .order_by(Person.name_en)
    )
    return session.scalars(statement).all()


def people_of(session: Session, project: Project) -> dict[UUID, Person]:
    """The members of a project as people, by id."""
    return people(session, [member.person_id for member in project.members])


def people(session: Session, person_ids: Iterable[UUID | None]) -> dict[UUID, Person]:
    """Several people by id, in one query."""
    wanted = {key for key in person_ids if key is not None}
    if not wanted:
        return {}
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(wanted)))}


def institutions_of(session: Session, projects: Iterable[Project]) -> dict[UUID, Institution]:
    """The parties of some projects, by id, in one query."""
    wanted = {party.institution_id for project in projects for party in project.parties}
    if not wanted:
        return {}
    return {found.id: found for found in session.scalars(select(Institution).where(Institution.id.in_(wanted)))}


def everyone(session: Session) -> Sequence[Person]:
    """People who may take part in a project, by name: the choices of a form."""
    statement = select(Person).where(Person.disabled_at.is_(None)).order_by(Person.name_en)
    return session.scalars(statement.limit(1000)).all()


def contracts_in_view(session: Session, actor: Actor, project_id: UUID) -> list[tuple[str, str]]:
    """Reference and status of the project's contracts that the actor may see."""
    reached = reach(actor, Permission.CONTRACTS_READ)
    seen = reached.whole | reached.own_projects
    statement = select(_CONTRACT).where(_CONTRACT.c.project_id == project_id).order_by(_CONTRACT.c.reference)
    return [
        (row.reference, row.status)
        for row in session.execute(statement)
        if reached.everywhere or row.funder_id in seen or row.grantee_id in seen
    ]


_CONTRACT = table(
    "contract",
    *(column(name) for name in ("reference", "project_id", "funder_id", "grantee_id", "status")),
)
"""The higher floor's table, read by name only, for the links of a project's page."""

_WITH_PEOPLE = (selectinload(Project.members), selectinload(Project.parties))
