"""Of what the reader may ask for reports."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.kernel.actor import Actor
from app.projects.models import Project


def contracts_to_report(session: Session, actor: Actor) -> Sequence[Contract]:
    """Signed contracts in the actor's scope, newest first: the choices of a report's form."""
    query = select(Contract).where(
        contracts.in_scope(actor, Permission.REPORTS_BUILD), Contract.status != ContractStatus.DRAFT
    )
    return session.scalars(query.order_by(Contract.reference.desc()).limit(500)).all()


def projects_to_report(session: Session, actor: Actor) -> Sequence[Project]:
    """Projects with a signed contract in the actor's scope, newest first."""
    return session.scalars(_projects(actor).order_by(Project.reference.desc()).limit(500)).all()


def project_to_report(session: Session, actor: Actor, reference: str) -> Project | None:
    """The project of that reference, if a signed contract of it lies in the actor's scope."""
    return session.scalar(_projects(actor).where(Project.reference == reference))


def _projects(actor: Actor) -> Select[Project]:
    reported = select(Contract.project_id).where(
        contracts.in_scope(actor, Permission.REPORTS_BUILD), Contract.status != ContractStatus.DRAFT
    )
    return select(Project).where(Project.id.in_(reported))


def contract_ids_of_project(session: Session, project_id: UUID, actor: Actor | None = None) -> tuple[UUID, ...]:
    """The project's signed contracts by reference: all of them, or those that the actor may report on."""
    query = select(Contract.id).where(Contract.project_id == project_id, Contract.status != ContractStatus.DRAFT)
    if actor is not None:
        query = query.where(contracts.in_scope(actor, Permission.REPORTS_BUILD))
    return tuple(session.scalars(query.order_by(Contract.reference)))
