"""The verbs of projects: register, edit, and who takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import column, exists, select, table
from sqlalchemy.orm import Session

from app.access.guards import authorise, authorise_any
from app.access.permissions import Permission
from app.audit import trail
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.messages import _
from app.people.models import Person
from app.projects import queries, rules
from app.projects.commands import AddMember, AddParty, EditProject, EndMember, RegisterProject, RemoveParty
from app.projects.models import Project, ProjectMember, ProjectParty
from app.projects.states import TeamRole

_CONTRACT = table("contract", column("project_id"), column("funder_id"), column("grantee_id"))
"""The higher floor's table, read by name only: a party with a contract stays."""


def register(session: Session, actor: Actor, command: RegisterProject, *, now: datetime) -> Project:
    """Register a project. The registering institution takes part; the lead is the one named, else that one."""
    authorise(actor, Permission.PROJECTS_REGISTER, command.institution_id)
    titles = (command.title_en, command.title_zh_hant, command.title_zh_hans)
    _refuse_if(rules.breaches(command.confidentiality, titles, command.first_day, command.last_day))
    project = Project(
        reference=next_reference(session, "PRJ", business_date(now)),
        title_en=command.title_en,
        title_zh_hant=command.title_zh_hant,
        title_zh_hans=command.title_zh_hans,
        abstract=command.abstract,
        first_day=command.first_day,
        last_day=command.last_day,
        confidentiality=command.confidentiality,
        registered_by_id=actor.person_id,
        registered_at=now,
    )
    session.add(project)
    session.flush()
    for key in dict.fromkeys((command.institution_id, *command.party_ids)):
        _join(session, project, key, is_lead=key == (command.lead_id or command.institution_id))
    if command.pi_id is not None:
        home = command.pi_institution_id or command.institution_id
        _enlist(session, project, AddMember(command.pi_id, home, TeamRole.PRINCIPAL_INVESTIGATOR))
    session.flush()
    _trace(session, actor, "project.register", project, {"reference": project.reference}, now, command.institution_id)
    return project


def edit(session: Session, actor: Actor, project_id: UUID, command: EditProject, *, now: datetime) -> Project:
    """Change a project's words, dates or class."""
    project = _opened(session, actor, project_id, command.version)
    titles = (command.title_en, command.title_zh_hant, command.title_zh_hans)
    _refuse_if(rules.breaches(command.confidentiality, titles, command.first_day, command.last_day))
    names = (
        "title_en",
        "title_zh_hant",
        "title_zh_hans",
        "abstract",
        "first_day",
        "last_day",
        "confidentiality",
    )
    changed = {}
    for name in names:
        before, after = getattr(project, name), getattr(command, name)
        if before != after:
            changed[name] = {"before": before, "after": after}
            setattr(project, name, after)
    _trace(session, actor, "project.edit", project, changed, now)
    return project


def add_member(session: Session, actor: Actor, project_id: UUID, command: AddMember, *, now: datetime) -> ProjectMember:
    """Add a person to the project, for one of its parties."""
    project = _opened(session, actor, project_id)
    member = _enlist(session, project, command)
    details = {"person": command.person_id, "team_role": command.team_role, "institution": command.institution_id}
    _trace(session, actor, "project.add-member", project, details, now)
    return member


def end_member(session: Session, actor: Actor, project_id: UUID, command: EndMember, *, now: datetime) -> ProjectMember:
    """End a person's part on a day; their history stays."""
    project = _opened(session, actor, project_id)
    member = session.get(ProjectMember, command.member_id)
    if member is None or member.project_id != project.id:
        raise NotFound(Breach("project.member-not-found", _("This person is not on the project.")))
    if command.last_day < member.first_day:
        raise RuleBreached(Breach("project.member-days", _("The part would end before it began."), field="last_day"))
    member.last_day = command.last_day
    _trace(session, actor, "project.end-member", project, {"person": member.person_id, "on": command.last_day}, now)
    return member


def add_party(session: Session, actor: Actor, project_id: UUID, command: AddParty, *, now: datetime) -> ProjectParty:
    """Let an institution take part in the project."""
    project = _opened(session, actor, project_id)
    if command.institution_id in queries.party_ids(session, project.id):
        raise Conflict(Breach("project.party-known", _("This institution takes part already."), field="institution_id"))
    party = _join(session, project, command.institution_id, is_lead=command.is_lead)
    _trace(session, actor, "project.add-party", project, {"institution": command.institution_id}, now)
    return party


def remove_party(session: Session, actor: Actor, project_id: UUID, command: RemoveParty, *, now: datetime) -> Project:
    """Take an institution off a project in which it has no contract."""
    project = _opened(session, actor, project_id)
    party = next((p for p in project.parties if p.institution_id == command.institution_id), None)
    if party is None:
        raise NotFound(Breach("project.party-not-found", _("This institution does not take part.")))
    bound = exists().where(
        _CONTRACT.c.project_id == project.id,
        (_CONTRACT.c.funder_id == party.institution_id) | (_CONTRACT.c.grantee_id == party.institution_id),
    )
    if session.scalar(select(bound)) or len(project.parties) == 1:
        raise RuleBreached(
            Breach(
                "project.party-bound",
                _("This institution has a contract in the project, or is its only party."),
                source=rules.NAMED,
            )
        )
    session.delete(party)
    _trace(session, actor, "project.remove-party", project, {"institution": command.institution_id}, now)
    return project


def _opened(session: Session, actor: Actor, project_id: UUID, version: int | None = None) -> Project:
    project = lock_for_update(session, Project, project_id, version)
    authorise_any(actor, Permission.PROJECTS_CHANGE, *queries.party_ids(session, project.id))
    return project


def _join(session: Session, project: Project, institution_id: UUID, *, is_lead: bool) -> ProjectParty:
    if session.get(Institution, institution_id) is None:
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    party = ProjectParty(project_id=project.id, institution_id=institution_id, is_lead=is_lead)
    session.add(party)
    session.flush()
    return party


def _enlist(session: Session, project: Project, command: AddMember) -> ProjectMember:
    """Add the member after checking that person and party exist and the part is new."""
    if session.get(Person, command.person_id) is None:
        raise NotFound(Breach("person.not-found", _("There is no such person.")))
    if command.institution_id not in queries.party_ids(session, project.id):
        raise RuleBreached(
            Breach(
                "project.member-outside",
                _("The person's institution is not a party of the project."),
                _("Add the institution first."),
                rules.NAMED,
                field="institution_id",
            )
        )
    known = select(ProjectMember.id).where(
        ProjectMember.project_id == project.id,
        ProjectMember.person_id == command.person_id,
        ProjectMember.team_role == command.team_role,
    )
    if session.scalar(known) is not None:
        raise Conflict(Breach("project.member-known", _("This person has that part already."), field="person_id"))
    member = ProjectMember(
        project_id=project.id,
        person_id=command.person_id,
        institution_id=command.institution_id,
        team_role=command.team_role.value,
        first_day=command.first_day or project.first_day,
    )
    session.add(member)
    session.flush()
    return member


def _refuse_if(found: list[Breach]) -> None:
    if found:
        raise RuleBreached(*found)


def _trace(
    session: Session,
    actor: Actor,
    verb: str,
    project: Project,
    details: dict[str, Any],
    now: datetime,
    institution_id: UUID | None = None,
) -> None:
    home = institution_id or next(iter(sorted(actor.institutions() & queries.party_ids(session, project.id))), None)
    trail.record(session, actor, verb, ("project", project.id), details, now=now, institution_id=home)
