"""Programmes and the parameters of their terms, as JSON."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts import commands, programme_queries, programmes
from app.contracts.facts import Parameter
from app.contracts.forms import CreateProgrammeForm, EditProgrammeForm, ParameterForm
from app.contracts.models import Programme, TermsParameter
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, DecimalOut, Out, PageOf, PageQuery

api = ApiBlueprint("programmes", __name__)


class ProgrammeOut(Out):
    """A programme."""

    id = fields.UUID()
    code = fields.String()
    funder_id = fields.UUID()
    name_en = fields.String()
    name_zh_hant = fields.String()
    name_zh_hans = fields.String()
    terms_family = CodeOut()
    currency = CodeOut()
    year_end_month = fields.Integer()
    basis = CodeOut()
    holdback_percent = DecimalOut()
    spending_limit = CodeOut()
    whitelist_effect = CodeOut()
    whitelist_kind = CodeOut()
    overdue_scope = CodeOut()
    collective_minutes_required = fields.Boolean()
    active = fields.Boolean()
    version = fields.Integer()


class ParameterOut(Out):
    """A parameter in force, with its source."""

    name = fields.String()
    value = fields.Raw()
    source = fields.String()
    verified = fields.Boolean()
    first_day = fields.Date()


class ProposalOut(ParameterOut):
    """A proposed parameter."""

    id = fields.UUID()
    last_day = fields.Date()
    status = CodeOut()


@api.get("/programmes", permission=Permission.PROGRAMMES_READ, query=PageQuery, response=ProgrammeOut, many=True)
def list_programmes(session: Session, actor: Actor, query: PageOf) -> Page[Programme]:
    """Every funder's schemes."""
    found = programme_queries.programmes(session, query.cursor, query.limit)
    return found.map(lambda row: row.programme)


@api.get("/programmes/<code>", permission=Permission.PROGRAMMES_READ, response=ProgrammeOut)
def show_programme(session: Session, actor: Actor, code: str) -> Programme:
    """One scheme."""
    return programme_queries.programme_by_code(session, code)


@api.post(
    "/programmes",
    permission=Permission.PROGRAMMES_MANAGE,
    body=CreateProgrammeForm,
    response=ProgrammeOut,
    status=201,
)
def create_programme(session: Session, actor: Actor, command: commands.CreateProgramme) -> Programme:
    """Open a programme."""
    return programmes.create(session, actor, command, now=now())


@api.put("/programmes/<code>", permission=Permission.PROGRAMMES_MANAGE, body=EditProgrammeForm, response=ProgrammeOut)
def edit_programme(session: Session, actor: Actor, command: commands.EditProgramme, code: str) -> Programme:
    """Change a programme."""
    key = programme_queries.programme_by_code(session, code).id
    return programmes.edit(session, actor, key, command, now=now())


@api.get("/programmes/<code>/parameters", permission=Permission.PROGRAMMES_READ, response=ParameterOut, many=True)
def list_parameters(session: Session, actor: Actor, code: str) -> list[Parameter]:
    """The parameters in force today, with their sources."""
    programme = programme_queries.programme_by_code(session, code)
    return list(programme_queries.parameters(session, programme, today()).values())


@api.post(
    "/programmes/<code>/parameters",
    permission=Permission.PROGRAMMES_MANAGE,
    body=ParameterForm,
    response=ProposalOut,
    status=201,
)
def propose_parameter(session: Session, actor: Actor, command: commands.ProposeParameter, code: str) -> TermsParameter:
    """Propose a value with its source; lists are written as JSON text."""
    key = programme_queries.programme_by_code(session, code).id
    return programmes.propose_parameter(session, actor, key, command, now=now())


@api.post(
    "/programmes/parameters/<uuid:parameter_id>/confirm",
    permission=Permission.PROGRAMMES_CONFIRM,
    response=ProposalOut,
)
def confirm_parameter(session: Session, actor: Actor, parameter_id: UUID) -> TermsParameter:
    """A second officer confirms."""
    return programmes.confirm_parameter(session, actor, parameter_id, now=now())


@api.post(
    "/programmes/parameters/<uuid:parameter_id>/refuse",
    permission=Permission.PROGRAMMES_CONFIRM,
    response=ProposalOut,
)
def refuse_parameter(session: Session, actor: Actor, parameter_id: UUID) -> TermsParameter:
    """A second officer refuses."""
    return programmes.refuse_parameter(session, actor, parameter_id, now=now())
