"""Every SELECT on the corridor's tables, named by its question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.contracts.queries import in_scope
from app.corridor.models import CorridorCode, CorridorRate, CorridorRule, TaxFiling
from app.corridor.rules import PolicyRate, Rule, Threshold, in_force
from app.corridor.states import AskKind, ProposalStatus, Step
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.web.paging import Order, Page, paginate


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What the list of rules is narrowed to; empty means any. `route` is `SZ-HK`; `verified` is yes or no."""

    route: str = ""
    purpose: str = ""
    verified: str = ""
    status: str = ""


def as_rule(row: CorridorRule) -> Rule:
    """The row as the engine takes it."""
    above = None
    if row.above_minor is not None and row.above_currency is not None:
        above = Threshold(row.above_minor, row.above_currency)
    return Rule(
        row.id,
        row.code,
        row.number,
        row.from_side,
        row.to_side,
        row.purpose or "",
        row.payer_kind or "",
        row.payee_kind or "",
        row.currency or "",
        above,
        row.exempt_listed_on or "",
        row.exempt_payer_kind or "",
        AskKind(row.kind),
        row.title,
        row.how,
        row.code_list or "",
        row.suggested,
        Step(row.blocks) if row.blocks else None,
        row.valid_days,
        row.due_days,
        row.source,
        row.verified,
        row.first_day,
        row.last_day,
    )


def rules_on(session: Session, day: date, routes: Collection[tuple[str, str]] | None = None) -> list[Rule]:
    """The confirmed rules in force on a day, by code; with `routes` only those of these routes, each from side to side.

    A version always keeps its route, so that leaving out other routes leaves out whole rules.
    """
    statement = select(CorridorRule).where(
        CorridorRule.status == ProposalStatus.CONFIRMED, CorridorRule.first_day <= day
    )
    if routes is not None:
        statement = statement.where(tuple_(CorridorRule.from_side, CorridorRule.to_side).in_(routes))
    return in_force((as_rule(row) for row in session.scalars(statement)), day)


def rates_on(session: Session, day: date) -> dict[tuple[str, str], PolicyRate]:
    """The newest confirmed rate of each pair dated that day or earlier."""
    pair = (CorridorRate.base_currency, CorridorRate.currency)
    newest = (CorridorRate.rate_date.desc(), CorridorRate.decided_at.desc(), CorridorRate.id.desc())
    statement = (
        select(CorridorRate)
        .where(CorridorRate.status == ProposalStatus.CONFIRMED, CorridorRate.rate_date <= day)
        .ext(distinct_on(*pair))
        .order_by(*pair, *newest)
    )
    return {
        (row.base_currency, row.currency): PolicyRate(row.rate, row.rate_date, row.source)
        for row in session.scalars(statement)
    }


def listed_rules(
    session: Session, wanted: RuleFilter, cursor: str | None = None, limit: int = 50
) -> Page[CorridorRule]:
    """One page of rules, every version of them, by code."""
    statement = select(CorridorRule)
    if wanted.route:
        start, _dash, end = wanted.route.partition("-")
        statement = statement.where(CorridorRule.from_side == start, CorridorRule.to_side == end)
    if wanted.purpose:
        statement = statement.where(or_(CorridorRule.purpose == wanted.purpose, CorridorRule.purpose.is_(None)))
    if wanted.verified:
        statement = statement.where(CorridorRule.verified.is_(wanted.verified == "yes"))
    if wanted.status:
        statement = statement.where(CorridorRule.status == wanted.status)
    order = [Order(CorridorRule.code), Order(CorridorRule.number, descending=True), Order(CorridorRule.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def rule_by_id(session: Session, rule_id: UUID) -> CorridorRule:
    """That version of a rule. Raises NotFound."""
    row = session.get(CorridorRule, rule_id)
    if row is None:
        raise NotFound(Breach("corridor.rule-not-found", _("There is no such rule.")))
    return row


def versions_of(session: Session, row: CorridorRule) -> Sequence[CorridorRule]:
    """Every version of the rule, newest first."""
    return session.scalars(_same(row.code, row.from_side, row.to_side, row.purpose)).all()


def next_number(session: Session, code: str, from_side: str, to_side: str, purpose: str | None) -> int:
    """The number of the next version of a rule."""
    same = _same(code, from_side, to_side, purpose).order_by(None).subquery()
    return (session.scalar(select(func.max(same.c.number))) or 0) + 1


def _same(code: str, from_side: str, to_side: str, purpose: str | None) -> Select[CorridorRule]:
    return (
        select(CorridorRule)
        .where(
            CorridorRule.code == code,
            CorridorRule.from_side == from_side,
            CorridorRule.to_side == to_side,
            CorridorRule.purpose.is_not_distinct_from(purpose),
        )
        .order_by(CorridorRule.number.desc())
    )


def rates(session: Session, cursor: str | None = None, limit: int = 50) -> Page[CorridorRate]:
    """One page of rates for thresholds, newest first."""
    order = [Order(CorridorRate.rate_date, descending=True), Order(CorridorRate.id, descending=True)]
    return paginate(session, select(CorridorRate), order, cursor=cursor, limit=limit, total=True)


def codes_of(session: Session, code_list: str) -> Sequence[CorridorCode]:
    """The codes of a list."""
    statement = select(CorridorCode).where(CorridorCode.code_list == code_list)
    return session.scalars(statement.order_by(CorridorCode.code)).all()


def all_codes(session: Session) -> Sequence[CorridorCode]:
    """The codes of every list."""
    return session.scalars(select(CorridorCode).order_by(CorridorCode.code_list, CorridorCode.code)).all()


def filed_contracts(session: Session, contract_ids: Collection[UUID]) -> Mapping[UUID, TaxFiling]:
    """The confirmed tax filing of each contract that has one, the newest where there are several."""
    statement = (
        select(TaxFiling)
        .where(TaxFiling.contract_id.in_(contract_ids), TaxFiling.status == ProposalStatus.CONFIRMED)
        .order_by(TaxFiling.filed_on, TaxFiling.id)
    )
    return {row.contract_id: row for row in session.scalars(statement)}


def filings(
    session: Session, actor: Actor, cursor: str | None = None, limit: int = 50
) -> Page[tuple[TaxFiling, Contract]]:
    """One page of the tax filings of contracts in scope, newest first."""
    statement = select(TaxFiling).join(Contract, Contract.id == TaxFiling.contract_id).where(in_scope(actor))
    order = [Order(TaxFiling.filed_on, descending=True), Order(TaxFiling.id, descending=True)]
    found = paginate(session, statement, order, cursor=cursor, limit=limit, total=True)
    keys = {row.contract_id for row in found.items}
    contracts = {each.id: each for each in session.scalars(select(Contract).where(Contract.id.in_(keys)))}
    return found.map(lambda row: (row, contracts[row.contract_id]))


def filing_by_id(session: Session, actor: Actor, filing_id: UUID) -> tuple[TaxFiling, Contract]:
    """The tax filing and its contract, if in scope. Raises NotFound."""
    statement = (
        select(TaxFiling, Contract)
        .join(Contract, Contract.id == TaxFiling.contract_id)
        .where(TaxFiling.id == filing_id, in_scope(actor))
    )
    found = session.execute(statement).first()
    if found is None:
        raise NotFound(Breach("corridor.filing-not-found", _("There is no such tax filing.")))
    return found[0], found[1]


def rules_to_confirm(actor: Actor) -> Select[CorridorRule]:
    """Rules that somebody else proposed: the statement counted and read for the inbox."""
    return (
        select(CorridorRule)
        .where(CorridorRule.status == ProposalStatus.PROPOSED, CorridorRule.proposed_by_id != actor.person_id)
        .order_by(CorridorRule.proposed_at)
    )


def rates_to_confirm(actor: Actor) -> Select[CorridorRate]:
    """Rates for thresholds that somebody else proposed."""
    return (
        select(CorridorRate)
        .where(CorridorRate.status == ProposalStatus.PROPOSED, CorridorRate.proposed_by_id != actor.person_id)
        .order_by(CorridorRate.proposed_at)
    )


def filings_to_confirm(actor: Actor) -> Select[TaxFiling]:
    """Tax filings of contracts of the actor's funders that somebody else entered."""
    return (
        select(TaxFiling)
        .join(Contract, Contract.id == TaxFiling.contract_id)
        .where(
            TaxFiling.status == ProposalStatus.PROPOSED,
            TaxFiling.proposed_by_id != actor.person_id,
            Contract.funder_id.in_(actor.institutions()),
        )
        .order_by(TaxFiling.proposed_at)
    )
