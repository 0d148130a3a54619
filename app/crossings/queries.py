"""Every SELECT on payments across the boundary. Scope is that of disbursements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.access.policy import AuthorityKind
from app.contracts.models import Contract
from app.crossings.alerts import AccountPast, Approval, Limits
from app.crossings.figures import Crossing, Route
from app.disbursements import queries as disbursements
from app.disbursements.models import CheckerDecision, Disbursement, Receipt
from app.disbursements.queries import ACROSS, PAYEE, PAYER, with_accounts
from app.disbursements.states import OUT, Decision
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people.authority import queries as authority
from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the figures are of: releases between two days, a route, a currency, an institution; empty: all."""

    first_day: date | None = None
    last_day: date | None = None
    route: Route | None = None
    currency: Currency | None = None
    institution_id: UUID | None = None
    cursor: str | None = None
    limit: int = DEFAULT_LIMIT


def crossings(session: Session, actor: Actor, wanted: Wanted) -> list[Crossing]:
    """Payments across the boundary in scope that were released in the days wanted, by release and reference."""
    statement = _of(actor, wanted).where(*_days(wanted))
    rows = session.execute(statement.order_by(Disbursement.release_date, Disbursement.reference))
    return [_crossing(*row) for row in rows]


def on_the_way(session: Session, actor: Actor, wanted: Wanted) -> Page[Crossing]:
    """Those that left and did not arrive yet, whenever that was, the longest out first; the days wanted do not bind."""
    order = [Order(Disbursement.release_date), Order(Disbursement.id)]
    found = paginate(session, _waiting(actor, wanted), order, cursor=wanted.cursor, limit=wanted.limit, total=True)
    return found.map(lambda row: _crossing(*row))


def waiting(session: Session, actor: Actor, wanted: Wanted) -> list[Crossing]:
    """All of `on_the_way`, for its totals."""
    return [_crossing(*row) for row in session.execute(_waiting(actor, wanted))]


def pasts(session: Session, actor: Actor, found: Sequence[Crossing]) -> dict[UUID, AccountPast]:
    """What came before each payment at its payee's account, as far as the reader may see."""
    accounts = {each.payee_account_id for each in found}
    replaced: dict[UUID, date] = {
        key: business_date(verified_at)
        for key, verified_at in session.execute(
            select(BankAccount.id, BankAccount.verified_at).where(
                BankAccount.id.in_(accounts), BankAccount.replaces_id.is_not(None), BankAccount.verified_at.is_not(None)
            )
        )
        if verified_at is not None
    }
    before = func.lag(Disbursement.release_date).over(
        partition_by=Disbursement.payee_account_id, order_by=(Disbursement.release_date, Disbursement.reference)
    )
    statement = (
        select(Disbursement.id, before)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .where(
            disbursements.in_scope(actor),
            Disbursement.payee_account_id.in_(accounts),
            Disbursement.release_date.is_not(None),
        )
    )
    paid: dict[UUID, date | None] = dict(session.execute(statement).all())
    return {each.id: AccountPast(replaced.get(each.payee_account_id), paid.get(each.id)) for each in found}


def approvals(session: Session, found: Sequence[Crossing], today: date) -> dict[UUID, Approval]:
    """When each payment was handed in, and the largest amount that one of its approvers may decide today."""
    submitted = dict(
        session.execute(
            select(Disbursement.id, Disbursement.submitted_at).where(Disbursement.id.in_([each.id for each in found]))
        ).all()
    )
    limits = _limits(session, found, today)
    return {each.id: Approval(submitted.get(each.id), limits.get(each.id)) for each in found}


def limits(session: Session, today: date) -> Limits:
    """The numbers of policy in force."""
    return Limits(
        policies.days(session, PolicyName.CHANGED_ACCOUNT_DAYS, today),
        policies.days(session, PolicyName.STILL_ACCOUNT_DAYS, today),
        policies.days(session, PolicyName.ROUND_TRIP_DAYS, today),
    )


def _limits(session: Session, found: Sequence[Crossing], today: date) -> dict[UUID, Money]:
    by_id = {each.id: each for each in found}
    statement = select(CheckerDecision.disbursement_id, CheckerDecision.checker_id).where(
        CheckerDecision.disbursement_id.in_(by_id), CheckerDecision.decision == Decision.APPROVED
    )
    known: dict[tuple[UUID, UUID, Currency], Money | None] = {}
    largest: dict[UUID, Money] = {}
    for disbursement_id, checker_id in session.execute(statement):
        crossing = by_id[disbursement_id]
        key = (checker_id, crossing.funder_id, crossing.amount.currency)
        if key not in known:
            known[key] = authority.limit_of(
                session, checker_id, AuthorityKind.DISBURSEMENT, crossing.funder_id, crossing.amount, today
            )
        limit, before = known[key], largest.get(disbursement_id)
        if limit is not None and (before is None or limit > before):
            largest[disbursement_id] = limit
    return largest


def _of(actor: Actor, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Released payments between accounts of two sides, in scope, with what a crossing needs."""
    statement = (
        with_accounts(select(Disbursement, Contract.reference, PAYER.bank_side, PAYEE.bank_side, Receipt.value_date))
        .join(Contract, Contract.id == Disbursement.contract_id)
        .outerjoin(Receipt, (Receipt.disbursement_id == Disbursement.id) & Receipt.reversed_on.is_(None))
        .where(
            disbursements.in_scope(actor),
            Disbursement.release_date.is_not(None),
            ACROSS,
        )
    )
    return statement.where(*_narrowed(wanted))


def _waiting(actor: Actor, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return _of(actor, wanted).where(Disbursement.status.in_(OUT), Receipt.id.is_(None))


def _narrowed(wanted: Wanted) -> Collection[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.route is not None:
        from_side, _dash, to_side = wanted.route.partition("-")
        found += [PAYER.bank_side == from_side, PAYEE.bank_side == to_side]
    if wanted.currency is not None:
        found.append(Disbursement.currency == wanted.currency.value)
    if wanted.institution_id is not None:
        key = wanted.institution_id
        found.append((Disbursement.funder_id == key) | (Disbursement.grantee_id == key))
    return found


def _days(wanted: Wanted) -> Collection[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.first_day is not None:
        found.append(Disbursement.release_date >= wanted.first_day)
    if wanted.last_day is not None:
        found.append(Disbursement.release_date <= wanted.last_day)
    return found


def _crossing(row: Disbursement, contract: str, from_side: str, to_side: str, arrived_on: date | None) -> Crossing:
    if row.release_date is None:
        raise AssertionError("only released payments are read")
    return Crossing(
        row.id,
        row.reference,
        contract,
        row.contract_id,
        row.funder_id,
        row.grantee_id,
        row.payee_account_id,
        from_side,
        to_side,
        row.amount,
        row.release_date,
        row.settled_on,
        arrived_on,
        row.bounced_on,
    )
