"""Projects as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.projects import queries, service
from app.projects.commands import AddMember, AddParty, EditProject, EndMember, RegisterProject, RemoveParty
from app.projects.forms import (
    EditForm,
    EndMemberForm,
    MemberForm,
    PartyForm,
    ProjectQuery,
    RegisterForm,
    RemovePartyForm,
)
from app.projects.models import Project
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, Out

api = ApiBlueprint("projects", __name__)


class MemberOut(Out):
    """A person's part."""

    id = fields.UUID()
    person_id = fields.UUID()
    institution_id = fields.UUID()
    team_role = CodeOut()
    first_day = fields.Date()
    last_day = fields.Date()


class PartyOut(Out):
    """An institution's part."""

    institution_id = fields.UUID()
    is_lead = fields.Boolean()


class ProjectOut(Out):
    """A project with its people and parties."""

    id = fields.UUID()
    reference = fields.String()
    title_en = fields.String()
    title_zh_hant = fields.String()
    title_zh_hans = fields.String()
    abstract = fields.String()
    first_day = fields.Date()
    last_day = fields.Date()
    confidentiality = CodeOut()
    members = fields.List(fields.Nested(MemberOut))
    parties = fields.List(fields.Nested(PartyOut))
    version = fields.Integer()


@api.get("/projects", permission=Permission.PROJECTS_READ, query=ProjectQuery, response=ProjectOut, many=True)
def list_projects(session: Session, actor: Actor, query: dict[str, Any]) -> Page[Project]:
    """The projects in scope."""
    wanted = queries.ProjectFilter(query["text"], query["party_id"], query["sort"])
    return queries.visible_projects(session, actor, wanted, query["cursor"], query["limit"])


@api.get("/projects/<reference:reference>", permission=Permission.PROJECTS_READ, response=ProjectOut)
def show_project(session: Session, actor: Actor, reference: str) -> Project:
    """One project."""
    return queries.get_visible(session, actor, reference)


@api.post("/projects", permission=Permission.PROJECTS_REGISTER, body=RegisterForm, response=ProjectOut, status=201)
def register_project(session: Session, actor: Actor, command: RegisterProject) -> Project:
    """Register a project; secret ones are refused."""
    return _fresh(session, service.register(session, actor, command, now=now()))


@api.put("/projects/<reference:reference>", permission=Permission.PROJECTS_CHANGE, body=EditForm, response=ProjectOut)
def edit_project(session: Session, actor: Actor, command: EditProject, reference: str) -> Project:
    """Change a project's words, dates and class."""
    key = queries.get_visible(session, actor, reference).id
    return _fresh(session, service.edit(session, actor, key, command, now=now()))


@api.post(
    "/projects/<reference:reference>/members",
    permission=Permission.PROJECTS_CHANGE,
    body=MemberForm,
    response=ProjectOut,
    status=201,
)
def add_project_member(session: Session, actor: Actor, command: AddMember, reference: str) -> Project:
    """A person joins."""
    project = queries.get_visible(session, actor, reference)
    service.add_member(session, actor, project.id, command, now=now())
    return _fresh(session, project)


@api.post(
    "/projects/<reference:reference>/members/end",
    permission=Permission.PROJECTS_CHANGE,
    body=EndMemberForm,
    response=ProjectOut,
)
def end_project_member(session: Session, actor: Actor, command: EndMember, reference: str) -> Project:
    """A person's part ends on a day."""
    project = queries.get_visible(session, actor, reference)
    service.end_member(session, actor, project.id, command, now=now())
    return _fresh(session, project)


@api.post(
    "/projects/<reference:reference>/parties",
    permission=Permission.PROJECTS_CHANGE,
    body=PartyForm,
    response=ProjectOut,
    status=201,
)
def add_project_party(session: Session, actor: Actor, command: AddParty, reference: str) -> Project:
    """An institution joins."""
    project = queries.get_visible(session, actor, reference)
    service.add_party(session, actor, project.id, command, now=now())
    return _fresh(session, project)


@api.post(
    "/projects/<reference:reference>/parties/remove",
    permission=Permission.PROJECTS_CHANGE,
    body=RemovePartyForm,
    response=ProjectOut,
)
def remove_project_party(session: Session, actor: Actor, command: RemoveParty, reference: str) -> Project:
    """An institution without a contract leaves."""
    project = queries.get_visible(session, actor, reference)
    service.remove_party(session, actor, project.id, command, now=now())
    return _fresh(session, project)


def _fresh(session: Session, project: Project) -> Project:
    """The project with its people and parties as they stand after the verb."""
    session.flush()
    session.refresh(project)
    session.expire(project, ["members", "parties"])
    return project
