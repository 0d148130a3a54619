"""Every SELECT on contracts, tranches, obligations and amendments, named by its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, selectinload

from app.access.permissions import Permission
from app.budgets.models import BudgetRequest
from app.budgets.queries import budget_by_heading as budget_by_heading
from app.budgets.states import RequestStatus
from app.contracts import payments_seen
from app.contracts.facts import BlockingObligation, ContractFacts, TrancheState, TrancheTerms
from app.contracts.models import Amendment, ConflictOfInterest, Contract, Obligation, Programme, Tranche
from app.contracts.programme_queries import negative_list as negative_list, parameter as parameter
from app.contracts.states import (
    AmendmentStatus,
    Basis,
    ContractStatus,
    FundingMode,
    ObligationKind,
    ObligationStatus,
    OverdueScope,
    SpendingLimit,
    TermsFamily,
    TrancheCondition,
    WhitelistEffect,
)
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.projects import queries as projects
from app.projects.models import Project, ProjectMember
from app.projects.states import TeamRole
from app.web.paging import Order, Page, paginate
from app.whitelist.models import WhitelistEntry
from app.whitelist.states import WhitelistStatus

Funder = aliased(Institution, name="funder")
Grantee = aliased(Institution, name="grantee")

OPEN_OBLIGATIONS = (ObligationStatus.DUE, ObligationStatus.SUBMITTED, ObligationStatus.QUERIED)
OWED = (ObligationStatus.DUE, ObligationStatus.QUERIED)
"""What the grantee still has to hand in; a submitted report waits for the funder and blocks nothing."""

SETTLED = (ObligationStatus.ACCEPTED, ObligationStatus.WAIVED)
REPORTS = (ObligationKind.PROGRESS_REPORT, ObligationKind.YEARLY_STATEMENT, ObligationKind.AUDITED_ACCOUNT)

SORTS: dict[str, Order] = {
    "reference": Order(Contract.reference),
    "-reference": Order(Contract.reference, descending=True),
    "start": Order(Contract.first_day),
    "-start": Order(Contract.first_day, descending=True),
    "end": Order(Contract.last_day),
    "funder": Order(Funder.name_en),
    "grantee": Order(Grantee.name_en),
}


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What the list of contracts is narrowed to; empty means any."""

    text: str = ""
    status: str = ""
    mode: str = ""
    funder_id: UUID | None = None
    grantee_id: UUID | None = None
    programme_id: UUID | None = None
    project_id: UUID | None = None
    sort: str = "-reference"


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One line of the list: the contract with what it refers to, and its next due date."""

    contract: Contract
    project: Project
    programme: Programme
    funder: Institution
    grantee: Institution
    next_due_on: date | None

    @property
    def amount(self) -> Money:
        """The contracted amount."""
        return amount_of(self.contract)


@dataclass(frozen=True, slots=True)
class ObligationFilter:
    """What the list of obligations is narrowed to; `overdue` keeps only what is owed and past its date."""

    text: str = ""
    status: str = ""
    kind: str = ""
    overdue: bool = False
    open_only: bool = True
    contract_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One thing owed with its contract and parties."""

    obligation: Obligation
    contract: Contract
    project: Project
    funder: Institution
    grantee: Institution


def amount_of(contract: Contract) -> Money:
    """The contracted amount in the contract's currency."""
    return Money(contract.amount_minor, Currency(contract.currency))


def in_scope(actor: Actor, permission: Permission = Permission.CONTRACTS_READ) -> ColumnElement[bool]:
    """SQL condition: the contract is one the actor may see. A PI sees the contracts of own projects only."""
    reached = projects.reach(actor, permission)
    if reached.everywhere:
        return true()
    own = (
        and_(
            or_(Contract.grantee_id.in_(reached.own_projects), Contract.funder_id.in_(reached.own_projects)),
            Contract.project_id.in_(projects.of_person(actor.person_id)),
        )
        if reached.own_projects
        else false()
    )
    return or_(Contract.funder_id.in_(reached.whole), Contract.grantee_id.in_(reached.whole), own)


def get_visible(session: Session, actor: Actor, reference: str) -> Contract:
    """The contract of that reference with its tranches and obligations, if in scope. Raises NotFound otherwise."""
    statement = (
        select(Contract)
        .where(Contract.reference == reference, in_scope(actor))
        .options(selectinload(Contract.tranches), selectinload(Contract.obligations))
    )
    found = session.scalars(statement).first()
    if found is None:
        raise _no_contract()
    return found


def sees(session: Session, actor: Actor, contract_id: UUID) -> bool:
    """Whether the contract lies in the actor's scope."""
    return session.scalar(select(Contract.id).where(Contract.id == contract_id, in_scope(actor))) is not None


def by_id(session: Session, contract_id: UUID) -> Contract:
    """The contract of that id, without asking who wants to know. Raises NotFound."""
    found = session.get(Contract, contract_id)
    if found is None:
        raise _no_contract()
    return found


def find_by_reference(session: Session, reference: str) -> Contract | None:
    """The contract of that reference, for the command line and reports."""
    return session.scalar(select(Contract).where(Contract.reference == reference))


def visible_contracts(
    session: Session, actor: Actor, wanted: ContractFilter, cursor: str | None = None, limit: int = 50
) -> Page[ContractRow]:
    """One page of the contracts in the actor's scope, in two queries whatever their number."""
    due = (
        select(func.min(Obligation.due_on))
        .where(Obligation.contract_id == Contract.id, Obligation.status.in_(OWED))
        .scalar_subquery()
    )
    statement: Any = (
        select(Contract, Project, Programme, Funder, Grantee, due.label("next_due_on"))
        .join(Project, Project.id == Contract.project_id)
        .join(Programme, Programme.id == Contract.programme_id)
        .join(Funder, Funder.id == Contract.funder_id)
        .join(Grantee, Grantee.id == Contract.grantee_id)
        .where(in_scope(actor), *_conditions(wanted))
    )
    order = [SORTS.get(wanted.sort, SORTS["-reference"]), Order(Contract.id)]
    page = paginate(session, statement, order, cursor=cursor, limit=limit, total=True)
    return page.map(lambda row: ContractRow(*row))


def _conditions(wanted: ContractFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (Contract.status, wanted.status),
        (Contract.funding_mode, wanted.mode),
        (Contract.funder_id, wanted.funder_id),
        (Contract.grantee_id, wanted.grantee_id),
        (Contract.programme_id, wanted.programme_id),
        (Contract.project_id, wanted.project_id),
    ):
        if value:
            found.append(column == value)
    if wanted.text:
        columns = (
            Contract.reference,
            Contract.agreement_number,
            Project.reference,
            Project.title_en,
            Project.title_zh_hant,
            Project.title_zh_hans,
            Grantee.name_en,
            Funder.name_en,
        )
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return found


def of_project(session: Session, actor: Actor, project_id: UUID) -> Sequence[ContractRow]:
    """The contracts of a project that the actor may see: both halves of a joint project, if both are in scope."""
    return visible_contracts(session, actor, ContractFilter(project_id=project_id, sort="reference"), limit=200).items


def parties_with_contracts(session: Session, actor: Actor) -> tuple[list[Institution], list[Institution]]:
    """Funders and grantees of the contracts in scope, by name: the choices of the list's filters."""
    found = []
    for column in (Contract.funder_id, Contract.grantee_id):
        wanted = select(column).where(in_scope(actor))
        found.append(
            list(session.scalars(select(Institution).where(Institution.id.in_(wanted)).order_by(Institution.name_en)))
        )
    return found[0], found[1]


def contract_facts(session: Session, contract_id: UUID, today: date | None = None) -> ContractFacts:
    """A contract with its programme's terms and PIs (those in office on `today`). Raises NotFound."""
    contract = by_id(session, contract_id)
    programme = session.get_one(Programme, contract.programme_id)
    leaders = select(ProjectMember.person_id).where(
        ProjectMember.project_id == contract.project_id,
        ProjectMember.team_role == TeamRole.PRINCIPAL_INVESTIGATOR,
    )
    if today is not None:
        leaders = leaders.where(or_(ProjectMember.last_day.is_(None), ProjectMember.last_day >= today))
    return ContractFacts(
        id=contract.id,
        reference=contract.reference,
        status=ContractStatus(contract.status),
        amount=amount_of(contract),
        currency=Currency(contract.currency),
        funding_mode=FundingMode(contract.funding_mode),
        funder_id=contract.funder_id,
        grantee_id=contract.grantee_id,
        project_id=contract.project_id,
        programme_id=contract.programme_id,
        pocket_id=contract.pocket_id,
        hold_id=contract.hold_id,
        grantee_account_id=contract.grantee_account_id,
        first_day=contract.first_day,
        last_day=contract.last_day,
        closing_from=contract.closing_from,
        budget_rate=contract.budget_rate,
        terms_family=TermsFamily(programme.terms_family),
        basis=Basis(programme.basis),
        spending_limit=SpendingLimit(programme.spending_limit),
        year_end_month=programme.year_end_month,
        whitelist_effect=WhitelistEffect(programme.whitelist_effect),
        whitelist_kind=programme.whitelist_kind,
        overdue_scope=OverdueScope(programme.overdue_scope),
        collective_minutes_required=programme.collective_minutes_required,
        pi_ids=frozenset(session.scalars(leaders)),
    )


def tranche_state(session: Session, tranche_id: UUID, today: date) -> TrancheState:
    """One tranche on a day. Raises NotFound."""
    tranche = session.get(Tranche, tranche_id)
    if tranche is None:
        raise NotFound(Breach("tranche.not-found", _("There is no such tranche.")))
    states = tranche_states(session, tranche.contract_id, today)
    return next(state for state in states if state.id == tranche_id)


def tranche_states(session: Session, contract_id: UUID, today: date) -> tuple[TrancheState, ...]:
    """Every tranche of a contract on a day, by number, in three queries."""
    contract = by_id(session, contract_id)
    tranches = session.scalars(select(Tranche).where(Tranche.contract_id == contract_id).order_by(Tranche.number))
    owed = session.scalars(select(Obligation).where(Obligation.contract_id == contract_id)).all()
    payments = payments_seen.payments_of(session, contract_id)
    currency = Currency(contract.currency)
    return tuple(state_of(tranche, currency, owed, payments, today) for tranche in tranches)


def states_of(contract: Contract, payments: Sequence[payments_seen.Payment], today: date) -> tuple[TrancheState, ...]:
    """`tranche_states` of a contract whose tranches, obligations and payments are loaded already."""
    currency = Currency(contract.currency)
    return tuple(state_of(each, currency, contract.obligations, payments, today) for each in contract.tranches)


def state_of(
    tranche: Tranche,
    currency: Currency,
    owed: Sequence[Obligation],
    payments: Sequence[payments_seen.Payment],
    today: date,
) -> TrancheState:
    """A tranche on a day, from its contract's obligations and payments, all loaded already."""
    mine = [payment for payment in payments if payment.tranche_id == tranche.id]
    paid = [payment for payment in mine if payment.status in payments_seen.PAID]
    terms = terms_of(tranche, currency, owed, today)
    return TrancheState(
        **{each.name: getattr(terms, each.name) for each in fields(terms)},
        committed=total((payment.amount for payment in mine if payment.counts), currency),
        paid=total((payment.amount for payment in paid), currency),
        paid_on=max((day for p in paid if (day := p.settled_on or p.released_on) is not None), default=None),
    )


def terms_of(tranche: Tranche, currency: Currency, owed: Sequence[Obligation], today: date) -> TrancheTerms:
    """A tranche on a day, from its contract's obligations, loaded already; its payments are not looked at."""
    waiting_for, params = _condition(tranche, owed, today)
    met, due = not waiting_for, today >= tranche.due_on
    if met and not due:
        waiting_for, params = _("Due on %(day)s."), {"day": tranche.due_on}
    return TrancheTerms(
        id=tranche.id,
        contract_id=tranche.contract_id,
        number=tranche.number,
        amount=Money(tranche.amount_minor, currency),
        holdback=Money(tranche.holdback_minor, currency),
        condition=TrancheCondition(tranche.condition),
        milestone=tranche.milestone,
        due_on=tranche.due_on,
        is_final=tranche.is_final,
        due=due,
        condition_met=met,
        met_on=tranche.condition_met_on,
        waiting_for=waiting_for,
        params=params,
        final_account_accepted=_final_account_accepted(owed),
    )


def _condition(tranche: Tranche, owed: Sequence[Obligation], today: date) -> tuple[str, dict[str, Any]]:
    """What the tranche's condition still waits for: a message and its parameters, empty when met.

    A date is its own condition. A milestone is confirmed by an officer. "Accepted report" asks that every report owed
    up to the due date is accepted or waived, and at least one accepted; "final account" asks for that account.
    """
    condition = TrancheCondition(tranche.condition)
    if condition is TrancheCondition.DATE:
        return "", {}
    if condition is TrancheCondition.MILESTONE:
        met = tranche.condition_met_on is not None and tranche.condition_met_on <= today
        return ("", {}) if met else (_("Milestone to be confirmed: %(milestone)s."), {"milestone": tranche.milestone})
    if condition is TrancheCondition.FINAL_ACCOUNT:
        return ("", {}) if _final_account_accepted(owed) else (_("After the final account is accepted."), {})
    if tranche.condition_met_on is not None and tranche.condition_met_on <= today:
        return "", {}
    asked = [each for each in owed if each.kind in REPORTS and each.due_on <= tranche.due_on]
    missing = [each for each in asked if each.status not in SETTLED]
    if missing:
        return _("After this is accepted: %(title)s, due %(day)s."), {
            "title": missing[0].title,
            "day": missing[0].due_on,
        }
    if any(each.status == ObligationStatus.ACCEPTED for each in asked):
        return "", {}
    return _("After a report is accepted."), {}


def _final_account_accepted(owed: Sequence[Obligation]) -> bool:
    return any(o.kind == ObligationKind.FINAL_ACCOUNT and o.status == ObligationStatus.ACCEPTED for o in owed)


def blocking_obligations(
    session: Session, contract: Contract | ContractFacts, today: date
) -> tuple[BlockingObligation, ...]:
    """What is overdue on `today` and keeps a tranche of this contract back, at the scope its programme names.

    Only obligations towards the same funder count: contract, all contracts of the same PI, or of the same grantee.
    """
    programme = session.get_one(Programme, contract.programme_id)
    scope = OverdueScope(programme.overdue_scope)
    statement = (
        select(Obligation, Contract.reference)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(
            Obligation.blocks_tranche,
            Obligation.status.in_(OWED),
            Obligation.due_on < today,
            Contract.status != ContractStatus.DRAFT,
            _within_overdue_scope(contract, scope),
        )
        .order_by(Obligation.due_on, Obligation.id)
    )
    return tuple(
        BlockingObligation(
            owed.id,
            reference,
            ObligationKind(owed.kind),
            owed.title,
            owed.due_on,
            (today - owed.due_on).days,
            scope,
        )
        for owed, reference in session.execute(statement)
    )


def _within_overdue_scope(contract: Contract | ContractFacts, scope: OverdueScope) -> ColumnElement[bool]:
    if scope is OverdueScope.CONTRACT:
        return Contract.id == contract.id
    same_funder = Contract.funder_id == contract.funder_id
    if scope is OverdueScope.INSTITUTION:
        return and_(same_funder, Contract.grantee_id == contract.grantee_id)
    lead = ProjectMember.team_role == TeamRole.PRINCIPAL_INVESTIGATOR
    leaders = select(ProjectMember.person_id).where(ProjectMember.project_id == contract.project_id, lead)
    led = select(ProjectMember.project_id).where(ProjectMember.person_id.in_(leaders), lead)
    return and_(same_funder, or_(Contract.id == contract.id, Contract.project_id.in_(led)))


def has_conflict(session: Session, contract_id: UUID, person_id: UUID) -> bool:
    """Whether the person declared an interest in the contract or takes part in its project, and so decides nothing."""
    declared = select(ConflictOfInterest.id).where(
        ConflictOfInterest.contract_id == contract_id, ConflictOfInterest.person_id == person_id
    )
    taking_part = (
        select(ProjectMember.id)
        .join(Contract, Contract.project_id == ProjectMember.project_id)
        .where(Contract.id == contract_id, ProjectMember.person_id == person_id)
    )
    return session.scalar(select(or_(declared.exists(), taking_part.exists()))) is True


def interests_in(session: Session, contract_id: UUID) -> Sequence[ConflictOfInterest]:
    """Declared interests in a contract, oldest first."""
    statement = select(ConflictOfInterest).where(ConflictOfInterest.contract_id == contract_id)
    return session.scalars(statement.order_by(ConflictOfInterest.declared_at)).all()


def whitelisted(session: Session, institution_id: UUID, kind: str, today: date) -> bool:
    """Whether the institution itself stands on that list on a day."""
    statement = select(WhitelistEntry.id).where(
        WhitelistEntry.institution_id == institution_id,
        WhitelistEntry.person_id.is_(None),
        WhitelistEntry.kind == kind,
        WhitelistEntry.status == WhitelistStatus.LISTED,
        WhitelistEntry.valid_from <= today,
        or_(WhitelistEntry.valid_to.is_(None), WhitelistEntry.valid_to >= today),
    )
    return session.scalar(statement.limit(1)) is not None


def visible_obligations(
    session: Session,
    actor: Actor,
    wanted: ObligationFilter,
    today: date,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ObligationRow]:
    """One page of what is owed under the contracts in scope, soonest first."""
    statement: Any = (
        select(Obligation, Contract, Project, Funder, Grantee)
        .join(Contract, Contract.id == Obligation.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Funder, Funder.id == Contract.funder_id)
        .join(Grantee, Grantee.id == Contract.grantee_id)
        .where(in_scope(actor, Permission.OBLIGATIONS_READ), Contract.status != ContractStatus.DRAFT)
    )
    if wanted.contract_id is not None:
        statement = statement.where(Obligation.contract_id == wanted.contract_id)
    if wanted.status:
        statement = statement.where(Obligation.status == wanted.status)
    elif wanted.open_only:
        statement = statement.where(Obligation.status.in_(OPEN_OBLIGATIONS))
    if wanted.kind:
        statement = statement.where(Obligation.kind == wanted.kind)
    if wanted.overdue:
        statement = statement.where(Obligation.due_on < today, Obligation.status.in_(OWED))
    if wanted.text:
        columns = (Contract.reference, Project.title_en, Grantee.name_en, Obligation.title)
        statement = statement.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    order = [Order(Obligation.due_on), Order(Obligation.id)]
    page = paginate(session, statement, order, cursor=cursor, limit=limit, total=True)
    return page.map(lambda row: ObligationRow(*row))


def visible_obligation(session: Session, actor: Actor, obligation_id: UUID) -> ObligationRow:
    """One thing owed, if its contract is in scope. Raises NotFound otherwise."""
    statement = (
        select(Obligation, Contract, Project, Funder, Grantee)
        .join(Contract, Contract.id == Obligation.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Funder, Funder.id == Contract.funder_id)
        .join(Grantee, Grantee.id == Contract.grantee_id)
        .where(Obligation.id == obligation_id, in_scope(actor, Permission.OBLIGATIONS_READ))
    )
    row = session.execute(statement).first()
    if row is None:
        raise NotFound(Breach("obligation.not-found", _("There is no such obligation.")))
    return ObligationRow(*row)


def overdue_count(session: Session, actor: Actor, today: date) -> int:
    """How many things owed in scope are past their date."""
    statement = (
        select(func.count())
        .select_from(Obligation)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(
            in_scope(actor, Permission.OBLIGATIONS_READ),
            Contract.status != ContractStatus.DRAFT,
            Obligation.status.in_(OWED),
            Obligation.due_on < today,
        )
    )
    return session.scalar(statement) or 0


def obligations_awaiting(session: Session, actor: Actor, status: ObligationStatus) -> Sequence[ObligationRow]:
    """Obligations in scope in one status, soonest first: for the inbox. `obligations_in` counts them."""
    wanted = ObligationFilter(status=status.value)
    return visible_obligations(session, actor, wanted, date.max, limit=200).items


def obligations_in(actor: Actor, status: ObligationStatus) -> Any:
    """Every obligation in scope in one status, as a statement to count."""
    return (
        select(Obligation.id)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(
            in_scope(actor, Permission.OBLIGATIONS_READ),
            Contract.status != ContractStatus.DRAFT,
            Obligation.status == status,
        )
    )


def amendments_of(session: Session, contract_id: UUID) -> Sequence[Amendment]:
    """A contract's amendments, newest first."""
    statement = select(Amendment).where(Amendment.contract_id == contract_id).order_by(Amendment.number.desc())
    return session.scalars(statement).all()


def amendment(session: Session, contract_id: UUID, number: int) -> Amendment:
    """One amendment of a contract by its number. Raises NotFound."""
    statement = select(Amendment).where(Amendment.contract_id == contract_id, Amendment.number == number)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound(Breach("amendment.not-found", _("There is no such amendment.")))
    return found


def amendments_awaiting_decision(session: Session, actor: Actor) -> Sequence[tuple[Amendment, Contract]]:
    """Proposed amendments in scope that somebody else proposed: for the inbox."""
    return [(row[0], row[1]) for row in session.execute(amendments_to_decide(actor))]


def amendments_to_decide(actor: Actor) -> Any:
    """The statement of `amendments_awaiting_decision`."""
    return (
        select(Amendment, Contract)
        .join(Contract, Contract.id == Amendment.contract_id)
        .where(
            Amendment.status == AmendmentStatus.PROPOSED,
            Amendment.proposed_by_id != actor.person_id,
            in_scope(actor, Permission.CONTRACTS_APPROVE_AMENDMENT),
        )
        .order_by(Amendment.proposed_at)
    )


def budget_requests_to_decide(actor: Actor) -> Any:
    """Items and yearly budgets in scope that somebody else asked for, with their contracts: for the inbox."""
    return (
        select(BudgetRequest, Contract)
        .join(Contract, Contract.id == BudgetRequest.contract_id)
        .where(
            BudgetRequest.status == RequestStatus.PROPOSED,
            BudgetRequest.asked_by_id != actor.person_id,
            in_scope(actor, Permission.BUDGETS_APPROVE),
        )
        .order_by(BudgetRequest.asked_at)
    )


def contracts_awaiting_signature(session: Session, actor: Actor) -> Sequence[Contract]:
    """Drafts in scope that somebody else drafted: for the inbox."""
    return session.scalars(contracts_to_sign(actor)).all()


def contracts_to_sign(actor: Actor) -> Any:
    """The statement of `contracts_awaiting_signature`."""
    return (
        select(Contract)
        .where(
            Contract.status == ContractStatus.DRAFT,
            Contract.drafted_by_id != actor.person_id,
            in_scope(actor, Permission.CONTRACTS_SIGN),
        )
        .order_by(Contract.drafted_at)
    )


def _no_contract() -> NotFound:
    return NotFound(Breach("contract.not-found", _("There is no such contract.")))
