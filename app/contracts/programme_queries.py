"""Questions about programmes and the parameters of their terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.contracts.facts import Parameter
from app.contracts.models import Contract, Programme, TermsParameter
from app.contracts.states import ParameterStatus
from app.contracts.terms import family
from app.contracts.terms.negative_list import NegativeItem, entries_in_force
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme with its funder and how many contracts it has."""

    programme: Programme
    funder: Institution
    contracts: int


def programmes(session: Session, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[ProgrammeRow]:
    """One page of the programmes, by code. Schemes are published, so they have no scope of their own."""
    order = [Order(Programme.code), Order(Programme.id)]
    found = paginate(session, _programmes(), order, cursor=cursor, limit=limit, total=True)
    return found.map(lambda row: ProgrammeRow(*row))


def open_programmes(session: Session, funder_ids: frozenset[UUID]) -> Sequence[ProgrammeRow]:
    """The programmes of these funders under which contracts may be drafted, by code."""
    statement = _programmes().where(Programme.funder_id.in_(funder_ids), Programme.active)
    return [ProgrammeRow(*row) for row in session.execute(statement.order_by(Programme.code))]


def _programmes() -> Select[Any]:
    counted = select(func.count()).where(Contract.programme_id == Programme.id).scalar_subquery()
    return select(Programme, Institution, counted).join(Institution, Institution.id == Programme.funder_id)


def programme_by_code(session: Session, code: str) -> Programme:
    """The programme of that code. Raises NotFound."""
    found = session.scalar(select(Programme).where(Programme.code == code))
    if found is None:
        raise NotFound(Breach("programme.not-found", _("There is no such programme.")))
    return found


def code_of(session: Session, programme_id: UUID) -> str:
    """The code of a programme, for its address."""
    return session.get_one(Programme, programme_id).code


def parameters(session: Session, programme: Programme, today: date) -> dict[str, Parameter]:
    """Every parameter of the programme's terms on a day, by name: the family's, overruled by confirmed rows.

    The newest confirmed row in force wins; the order is the family's, then what officers have added.
    """
    known = {
        seed.name: Parameter(seed.name, seed.label, seed.value, seed.source, seed.verified, None)
        for seed in family(programme.terms_family).seeds
    }
    statement = (
        select(TermsParameter)
        .where(TermsParameter.programme_id == programme.id, _in_force(today))
        .order_by(TermsParameter.first_day, TermsParameter.entered_at, TermsParameter.id)
    )
    for row in session.scalars(statement):
        label = known[row.name].label if row.name in known else row.name
        known[row.name] = Parameter(row.name, label, row.value, row.source, row.verified, row.first_day)
    return known


def parameter_values(session: Session, programme: Programme, today: date) -> dict[str, Any]:
    """Only the values of `parameters`."""
    return {name: found.value for name, found in parameters(session, programme, today).items()}


def parameter(session: Session, programme_id: UUID, name: str, today: date) -> Parameter | None:
    """One parameter on a day; None when neither the family nor an officer has set it."""
    programme = session.get(Programme, programme_id)
    return parameters(session, programme, today).get(name) if programme is not None else None


def proposals(session: Session, programme_id: UUID) -> Sequence[TermsParameter]:
    """Proposed parameters that wait for a second officer, oldest first."""
    statement = select(TermsParameter).where(
        TermsParameter.programme_id == programme_id, TermsParameter.status == ParameterStatus.PROPOSED
    )
    return session.scalars(statement.order_by(TermsParameter.entered_at)).all()


def proposals_awaiting(session: Session, actor: Actor, funder_ids: frozenset[UUID]) -> Sequence[TermsParameter]:
    """Proposals of these funders that somebody else entered: for the inbox."""
    statement = (
        select(TermsParameter)
        .join(Programme, Programme.id == TermsParameter.programme_id)
        .where(
            TermsParameter.status == ParameterStatus.PROPOSED,
            TermsParameter.entered_by_id != actor.person_id,
            Programme.funder_id.in_(funder_ids),
        )
    )
    return session.scalars(statement.order_by(TermsParameter.entered_at)).all()


def history(session: Session, programme_id: UUID, name: str) -> Sequence[TermsParameter]:
    """Every row a parameter ever had, newest first."""
    statement = select(TermsParameter).where(TermsParameter.programme_id == programme_id, TermsParameter.name == name)
    return session.scalars(statement.order_by(TermsParameter.first_day.desc(), TermsParameter.entered_at.desc())).all()


def negative_list(session: Session, programme_id: UUID, today: date) -> tuple[NegativeItem, ...]:
    """The entries of the negative list in force under a programme on a day."""
    found = parameter(session, programme_id, "negative_list", today)
    return entries_in_force(found.value if found else None)


def _in_force(today: date) -> ColumnElement[bool]:
    return (
        (TermsParameter.status == ParameterStatus.CONFIRMED)
        & (TermsParameter.first_day <= today)
        & or_(TermsParameter.last_day.is_(None), TermsParameter.last_day >= today)
    )
