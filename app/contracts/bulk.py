"""The facts of many contracts at once, in a fixed number of queries: for queues and batches of payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts import queries
from app.contracts.facts import BlockingObligation, TrancheTerms
from app.contracts.models import ConflictOfInterest, Contract, Obligation, Programme, Tranche
from app.contracts.queries import OWED, Funder, Grantee
from app.contracts.states import ContractStatus, ObligationKind, OverdueScope
from app.institutions.models import Institution
from app.kernel.currencies import Currency
from app.projects.models import ProjectMember
from app.projects.states import TeamRole


def contracts_by_id(session: Session, contract_ids: Collection[UUID]) -> dict[UUID, Contract]:
    """Contracts, by id."""
    return {found.id: found for found in session.scalars(select(Contract).where(Contract.id.in_(contract_ids)))}


@dataclass(frozen=True, slots=True)
class Parties:
    """Contracts with what stands around them, each by its own id: their programmes, their funders and grantees."""

    contracts: dict[UUID, Contract]
    programmes: dict[UUID, Programme]
    institutions: dict[UUID, Institution]


def with_parties(session: Session, contract_ids: Collection[UUID], *, held: bool = False) -> Parties:
    """Contracts, programmes and parties in one query.

    `held`: all of it is read afresh, and the contracts stay as they are until the unit of work ends.
    """
    statement = (
        select(Contract, Programme, Funder, Grantee)
        .join(Programme, Programme.id == Contract.programme_id)
        .join(Funder, Funder.id == Contract.funder_id)
        .join(Grantee, Grantee.id == Contract.grantee_id)
        .where(Contract.id.in_(contract_ids))
    )
    if held:
        statement = statement.with_for_update(read=True, of=Contract).execution_options(populate_existing=True)
    found = Parties({}, {}, {})
    for contract, programme, funder, grantee in session.execute(statement):
        found.contracts[contract.id], found.programmes[programme.id] = contract, programme
        found.institutions[funder.id], found.institutions[grantee.id] = funder, grantee
    return found


def programmes_of(session: Session, contracts: Collection[Contract]) -> dict[UUID, Programme]:
    """The programmes of these contracts, by id."""
    wanted = {contract.programme_id for contract in contracts}
    return {found.id: found for found in session.scalars(select(Programme).where(Programme.id.in_(wanted)))}


def tranche_terms_of(session: Session, contracts: Collection[Contract], today: date) -> dict[UUID, TrancheTerms]:
    """Every tranche of these contracts on a day, by the tranche's id."""
    currencies = {contract.id: Currency(contract.currency) for contract in contracts}
    owed: dict[UUID, list[Obligation]] = defaultdict(list)
    for each in session.scalars(
        select(Obligation).where(Obligation.contract_id.in_(currencies)).order_by(Obligation.due_on)
    ):
        owed[each.contract_id].append(each)
    return {
        tranche.id: queries.terms_of(tranche, currencies[tranche.contract_id], owed[tranche.contract_id], today)
        for tranche in session.scalars(select(Tranche).where(Tranche.contract_id.in_(currencies)))
    }


def blocking_obligations_of(
    session: Session, contracts: Collection[Contract], programmes: dict[UUID, Programme], today: date
) -> dict[UUID, tuple[BlockingObligation, ...]]:
    """What is overdue and keeps tranches back, by contract id, at the scope each programme names."""
    funders = {contract.funder_id for contract in contracts}
    statement = (
        select(Obligation, Contract)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(
            Obligation.blocks_tranche,
            Obligation.status.in_(OWED),
            Obligation.due_on < today,
            Contract.status != ContractStatus.DRAFT,
            Contract.funder_id.in_(funders),
        )
        .order_by(Obligation.due_on, Obligation.id)
    )
    overdue = [(row[0], row[1]) for row in session.execute(statement)]
    if not overdue:
        return {}
    leaders = _leaders(session, {c.project_id for c in contracts} | {owing.project_id for _, owing in overdue})
    result = {}
    for contract in contracts:
        scope = OverdueScope(programmes[contract.programme_id].overdue_scope)
        mine = [(owed, owing) for owed, owing in overdue if _in_reach(contract, owing, scope, leaders)]
        result[contract.id] = tuple(_blocking(owed, owing, scope, today) for owed, owing in mine)
    return result


def interests_of(session: Session, contract_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Who has declared an interest in each contract, or takes part in its project: they decide nothing about it."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    declared = select(ConflictOfInterest.contract_id, ConflictOfInterest.person_id).where(
        ConflictOfInterest.contract_id.in_(contract_ids)
    )
    taking_part = (
        select(Contract.id, ProjectMember.person_id)
        .join(ProjectMember, ProjectMember.project_id == Contract.project_id)
        .where(Contract.id.in_(contract_ids))
    )
    for contract_id, person_id in session.execute(declared.union_all(taking_part)):
        found[contract_id].add(person_id)
    return {contract_id: frozenset(people) for contract_id, people in found.items()}


def _leaders(session: Session, project_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    lead = ProjectMember.team_role == TeamRole.PRINCIPAL_INVESTIGATOR
    statement = select(ProjectMember.project_id, ProjectMember.person_id).where(
        ProjectMember.project_id.in_(project_ids), lead
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for project_id, person_id in session.execute(statement):
        found[project_id].add(person_id)
    return {project_id: frozenset(people) for project_id, people in found.items()}


def _in_reach(contract: Contract, owing: Contract, scope: OverdueScope, leaders: dict[UUID, frozenset[UUID]]) -> bool:
    if owing.id == contract.id:
        return True
    if owing.funder_id != contract.funder_id or scope is OverdueScope.CONTRACT:
        return False
    if scope is OverdueScope.INSTITUTION:
        return owing.grantee_id == contract.grantee_id
    nobody: frozenset[UUID] = frozenset()
    return bool(leaders.get(contract.project_id, nobody) & leaders.get(owing.project_id, nobody))


def _blocking(owed: Obligation, owing: Contract, scope: OverdueScope, today: date) -> BlockingObligation:
    days = (today - owed.due_on).days
    kind = ObligationKind(owed.kind)
    return BlockingObligation(owed.id, owing.reference, kind, owed.title, owed.due_on, days, scope)
