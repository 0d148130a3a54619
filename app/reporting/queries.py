"""Of what the reader may ask for reports."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.kernel.actor import Actor


def contracts_to_report(session: Session, actor: Actor) -> Sequence[Contract]:
    """Signed contracts in the actor's scope, newest first: the choices of a report's form."""
    query = select(Contract).where(
        contracts.in_scope(actor, Permission.REPORTS_BUILD), Contract.status != ContractStatus.DRAFT
    )
    return session.scalars(query.order_by(Contract.reference.desc()).limit(500)).all()
