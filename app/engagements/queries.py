"""Every SELECT on engagements and what hangs on them, named by its question. `entered` is the only way into a room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, cast, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from app.access.permissions import Permission
from app.access.scope import institutions_granting, sees_everything
from app.contracts.models import Contract
from app.engagements.models import (
    AuditRecord,
    Engagement,
    EngagementAuditor,
    EngagementContract,
    EngagementView,
    EvidencePack,
    Question,
    Sample,
    WorkingPaper,
)
from app.engagements.states import ROOM_SCOPE, EngagementStatus, QuestionStatus
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, NotFound
from app.kernel.messages import _
from app.people.models import Person, RoleAssignment
from app.people.states import RightStatus
from app.projects.models import Project, ProjectMember
from app.projects.states import TeamRole
from app.web.paging import Order, Page, paginate

WITH_SCOPE = (selectinload(Engagement.contracts), selectinload(Engagement.auditors))


@dataclass(frozen=True, slots=True)
class EngagementFilter:
    """What the list is narrowed to, and which page of it; empty means any."""

    text: str = ""
    status: EngagementStatus | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """An engagement with its project and the institution that engages."""

    engagement: Engagement
    project: Project
    institution: Institution


# For the institutions


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: the people of the institution that engages, and of the parties of its contracts."""
    places = institutions_granting(actor, Permission.ENGAGEMENTS_READ)
    if places and sees_everything(actor):
        return true()
    of_parties = (
        select(EngagementContract.engagement_id)
        .join(Contract, Contract.id == EngagementContract.contract_id)
        .where(or_(Contract.funder_id.in_(places), Contract.grantee_id.in_(places)))
    )
    return or_(Engagement.institution_id.in_(places), Engagement.id.in_(of_parties))


def _rows() -> Select[Engagement, Project, Institution]:
    return (
        select(Engagement, Project, Institution)
        .join(Project, Project.id == Engagement.project_id)
        .join(Institution, Institution.id == Engagement.institution_id)
        .options(*WITH_SCOPE)
    )


def listed(session: Session, actor: Actor, wanted: EngagementFilter) -> Page[EngagementRow]:
    """One page of the engagements of the actor's institutions, newest first."""
    statement: Any = _rows().where(in_scope(actor))
    if wanted.status is not None:
        statement = statement.where(Engagement.status == wanted.status.value)
    if wanted.text:
        columns = (Engagement.reference, Engagement.purpose, Project.reference, Project.title_en)
        statement = statement.where(or_(*(each.icontains(wanted.text, autoescape=True) for each in columns)))
    order = [Order(Engagement.proposed_at, descending=True), Order(Engagement.id)]
    page = paginate(session, statement, order, cursor=wanted.cursor, limit=wanted.limit, total=True)
    return page.map(lambda row: EngagementRow(*row))


def visible(session: Session, actor: Actor, reference: str) -> EngagementRow:
    """The engagement of that number for the people of its institutions. Raises NotFound otherwise."""
    row = session.execute(_rows().where(Engagement.reference == reference, in_scope(actor))).first()
    if row is None:
        raise _no_engagement()
    return EngagementRow(*row)


def to_grant(actor: Actor) -> Select[Engagement]:
    """Proposed engagements that the actor, who did not propose them, may grant."""
    places = institutions_granting(actor, Permission.ENGAGEMENTS_MANAGE)
    return (
        select(Engagement)
        .where(
            Engagement.status == EngagementStatus.PROPOSED,
            Engagement.institution_id.in_(places),
            Engagement.proposed_by_id != actor.person_id,
        )
        .order_by(Engagement.proposed_at)
    )


def days_entered(session: Session, engagement_id: UUID) -> dict[UUID, list[date]]:
    """On which business dates each auditor came in: all that the institution is told."""
    day = cast(func.timezone("Asia/Hong_Kong", EngagementView.at), Date)
    statement = (
        select(EngagementView.person_id, day)
        .where(EngagementView.engagement_id == engagement_id)
        .distinct()
        .order_by(day)
    )
    found: dict[UUID, list[date]] = {}
    for person_id, entered_on in session.execute(statement):
        found.setdefault(person_id, []).append(entered_on)
    return found


# Proposing


def projects_to_audit(session: Session, actor: Actor) -> Sequence[Project]:
    """Projects with a contract of an institution for which the actor manages engagements, newest first."""
    places = institutions_granting(actor, Permission.ENGAGEMENTS_MANAGE)
    agreed = select(Contract.project_id).where(or_(Contract.funder_id.in_(places), Contract.grantee_id.in_(places)))
    return session.scalars(select(Project).where(Project.id.in_(agreed)).order_by(Project.reference.desc())).all()


def project_to_audit(session: Session, actor: Actor, reference: str) -> Project:
    """The one of those projects with this number. Raises NotFound."""
    found = next((each for each in projects_to_audit(session, actor) if each.reference == reference), None)
    if found is None:
        raise NotFound(Breach("project.not-found", _("There is no such project."), field="project"))
    return found


def contracts_of(session: Session, project_id: UUID, places: Collection[UUID]) -> Sequence[Contract]:
    """The project's contracts to which one of these institutions is a party, by number."""
    party = or_(Contract.funder_id.in_(places), Contract.grantee_id.in_(places))
    statement = select(Contract).where(Contract.project_id == project_id, party).order_by(Contract.reference)
    return session.scalars(statement).all()


def people_by_address(session: Session, addresses: Collection[str]) -> dict[str, Person]:
    """Enabled people by e-mail address."""
    statement = select(Person).where(Person.email.in_(addresses), Person.disabled_at.is_(None))
    return {person.email: person for person in session.scalars(statement)}


def concerned(
    session: Session, person_ids: Collection[UUID], project_id: UUID, places: Collection[UUID], today: date
) -> set[UUID]:
    """Those who hold a role other than auditor at one of the institutions today, or ever took part in the project."""
    working = select(RoleAssignment.person_id).where(
        RoleAssignment.person_id.in_(person_ids),
        RoleAssignment.institution_id.in_(places),
        RoleAssignment.role.not_in((Role.AUDITOR.value, Role.OVERSEER.value)),
        RoleAssignment.status == RightStatus.CONFIRMED,
        or_(RoleAssignment.last_day.is_(None), RoleAssignment.last_day >= today),
    )
    member = select(ProjectMember.person_id).where(
        ProjectMember.person_id.in_(person_ids), ProjectMember.project_id == project_id
    )
    return {*session.scalars(working), *session.scalars(member)}


# For the auditors


def _mine(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: the actor is named, and the room is open; to a token, those its scopes name or all by right."""
    allowed = true() if in_every_room(actor) else Engagement.reference.in_(_rooms_of_token(actor))
    named = select(EngagementAuditor.engagement_id).where(EngagementAuditor.person_id == actor.person_id)
    return (
        allowed,
        Engagement.id.in_(named),
        Engagement.status == EngagementStatus.GRANTED,
        Engagement.expires_on >= today,
    )


def in_every_room(actor: Actor) -> bool:
    """Whether a signed-in person acts, or a token with the scope for every room: others read the rooms they name."""
    return actor.scopes is None or Permission.ENGAGEMENTS_READ in actor.scopes


def _rooms_of_token(actor: Actor) -> list[str]:
    return [each.removeprefix(ROOM_SCOPE) for each in actor.scopes or () if each.startswith(ROOM_SCOPE)]


def rooms(actor: Actor, today: date) -> Select[Engagement]:
    """Engagements whose room the actor may enter today, the one that ends first at the top."""
    return select(Engagement).where(*_mine(actor, today)).order_by(Engagement.expires_on, Engagement.reference)


def rooms_listed(session: Session, actor: Actor, today: date) -> list[EngagementRow]:
    """The rooms the actor may enter, with project and institution."""
    statement = _rows().where(*_mine(actor, today)).order_by(Engagement.expires_on, Engagement.reference)
    return [EngagementRow(*row) for row in session.execute(statement)]


def entered(session: Session, actor: Actor, reference: str, today: date) -> EngagementRow:
    """The room, for an auditor named in a granted engagement that has not expired. Raises NotFound for anyone else."""
    row = session.execute(_rows().where(Engagement.reference == reference, *_mine(actor, today))).first()
    if row is None:
        raise _no_engagement()
    return EngagementRow(*row)


def contracts_in(session: Session, engagement: Engagement) -> list[Contract]:
    """The contracts within the engagement's scope, by number."""
    statement = select(Contract).where(Contract.id.in_(engagement.contract_ids)).order_by(Contract.reference)
    return list(session.scalars(statement))


def contract_in(session: Session, engagement: Engagement, reference: str | None) -> Contract:
    """One contract of the scope. Raises NotFound for any other, InputRefused where none is named."""
    if not reference:
        raise InputRefused(
            Breach(
                "engagement.no-contract",
                _("No contract is chosen."),
                _("Name one of the contracts of the engagement."),
                field="contract",
            )
        )
    found = next((each for each in contracts_in(session, engagement) if each.reference == reference), None)
    if found is None:
        raise NotFound(Breach("contract.not-found", _("There is no such contract.")))
    return found


def views(session: Session, engagement_id: UUID, cursor: str | None, limit: int) -> Page[EngagementView]:
    """What the auditors looked at, newest first; only for them."""
    statement = select(EngagementView).where(EngagementView.engagement_id == engagement_id)
    order = [Order(EngagementView.at, descending=True), Order(EngagementView.id, descending=True)]
    return paginate(session, statement, order, cursor=cursor, limit=limit)


def next_number(session: Session, model: type[Sample] | type[Question] | type[AuditRecord], engagement: UUID) -> int:
    """The next number of its kind within the engagement; the engagement's row must be locked."""
    last = session.scalar(select(func.max(model.number)).where(model.engagement_id == engagement))
    return (last or 0) + 1


def samples(session: Session, engagement_id: UUID) -> Sequence[Sample]:
    """The engagement's samples by number."""
    return session.scalars(select(Sample).where(Sample.engagement_id == engagement_id).order_by(Sample.number)).all()


def sample(session: Session, engagement_id: UUID, number: int) -> Sample:
    """One sample of the engagement with its items. Raises NotFound."""
    statement = select(Sample).where(Sample.engagement_id == engagement_id, Sample.number == number)
    found = session.scalar(statement.options(selectinload(Sample.items), selectinload(Sample.drawings)))
    if found is None:
        raise NotFound(Breach("sample.not-found", _("There is no such sample.")))
    return found


def questions(session: Session, engagement_id: UUID) -> Sequence[Question]:
    """The engagement's questions by number."""
    return session.scalars(
        select(Question).where(Question.engagement_id == engagement_id).order_by(Question.number)
    ).all()


def question(session: Session, engagement_id: UUID, number: int) -> Question:
    """One question of the engagement. Raises NotFound."""
    found = session.scalar(select(Question).where(Question.engagement_id == engagement_id, Question.number == number))
    if found is None:
        raise _no_question()
    return found


def asked_of(actor: Actor) -> Select[Question]:
    """Open questions that wait for the actor's answer, the most urgent first."""
    return (
        select(Question)
        .where(Question.asked_of_id == actor.person_id, Question.status == QuestionStatus.OPEN)
        .order_by(Question.due_on, Question.asked_at)
    )


def answered_for(actor: Actor, today: date) -> Select[Question]:
    """Answered questions of the rooms that the actor may enter."""
    open_rooms = select(Engagement.id).where(*_mine(actor, today))
    return (
        select(Question)
        .where(Question.engagement_id.in_(open_rooms), Question.status == QuestionStatus.ANSWERED)
        .order_by(Question.answered_at)
    )


def question_for(session: Session, actor: Actor, question_id: UUID) -> tuple[Question, Engagement]:
    """The question put to this very person. Raises NotFound for anyone else."""
    statement = (
        select(Question, Engagement)
        .join(Engagement, Engagement.id == Question.engagement_id)
        .where(Question.id == question_id, Question.asked_of_id == actor.person_id)
    )
    row = session.execute(statement).first()
    if row is None:
        raise _no_question()
    return row[0], row[1]


def people_to_ask(session: Session, engagement: Engagement, today: date) -> list[tuple[Person, UUID, str]]:
    """Whom a question can go to, with the institution and role: leaders of the project and officers of the parties."""
    agreed = contracts_in(session, engagement)
    grantees = {each.grantee_id for each in agreed}
    places = grantees | {each.funder_id for each in agreed}
    leading = (
        select(Person, ProjectMember.institution_id, ProjectMember.team_role)
        .join(ProjectMember, ProjectMember.person_id == Person.id)
        .where(
            ProjectMember.project_id == engagement.project_id,
            ProjectMember.institution_id.in_(grantees),
            ProjectMember.team_role.in_((TeamRole.PRINCIPAL_INVESTIGATOR, TeamRole.PROJECT_MANAGER)),
            ProjectMember.first_day <= today,
            or_(ProjectMember.last_day.is_(None), ProjectMember.last_day >= today),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name_en)
    )
    officers = (
        select(Person, RoleAssignment.institution_id, RoleAssignment.role)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.institution_id.in_(places),
            RoleAssignment.role.in_((Role.FINANCE_OFFICER, Role.ACCOUNTANT, Role.GRANT_OFFICER)),
            RoleAssignment.status == RightStatus.CONFIRMED,
            RoleAssignment.first_day <= today,
            or_(RoleAssignment.last_day.is_(None), RoleAssignment.last_day >= today),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name_en)
    )
    found: dict[UUID, tuple[Person, UUID, str]] = {}
    for statement in (leading, officers):
        for person, place, part in session.execute(statement):
            found.setdefault(person.id, (person, place, part))
    return list(found.values())


def records(session: Session, engagement_id: UUID) -> Sequence[AuditRecord]:
    """The engagement's records by kind and number."""
    statement = select(AuditRecord).where(AuditRecord.engagement_id == engagement_id)
    return session.scalars(statement.order_by(AuditRecord.kind, AuditRecord.number)).all()


def record(session: Session, engagement_id: UUID, number: int) -> AuditRecord:
    """One record of the engagement. Raises NotFound."""
    found = session.scalar(
        select(AuditRecord).where(AuditRecord.engagement_id == engagement_id, AuditRecord.number == number)
    )
    if found is None:
        raise NotFound(Breach("audit-record.not-found", _("There is no such record.")))
    return found


def papers(session: Session, engagement_id: UUID, entry_id: int | None = None) -> Sequence[WorkingPaper]:
    """The engagement's working papers, still sealed, oldest first; with `entry_id`, those against that entry."""
    statement = select(WorkingPaper).where(WorkingPaper.engagement_id == engagement_id)
    if entry_id is not None:
        statement = statement.where(WorkingPaper.entry_id == entry_id)
    return session.scalars(statement.order_by(WorkingPaper.made_at, WorkingPaper.id)).all()


def packs(session: Session, engagement_id: UUID) -> Sequence[EvidencePack]:
    """The engagement's evidence packs without their content, newest first."""
    statement = select(EvidencePack).where(EvidencePack.engagement_id == engagement_id)
    return session.scalars(statement.order_by(EvidencePack.asked_at.desc())).all()


def _no_engagement() -> NotFound:
    return NotFound(Breach("engagement.not-found", _("There is no such engagement.")))


def _no_question() -> NotFound:
    return NotFound(Breach("question.not-found", _("There is no such question.")))
