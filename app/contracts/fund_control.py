"""A contract's limits between its terms and the ledger: set when it is signed or changes, read for rules and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.budgets import queries as budgets
from app.budgets.queries import TOTAL, budget_by_heading
from app.budgets.rules import LimitKind, LimitStanding
from app.contracts.facts import CostBearer
from app.contracts.limits import ContractTerms, RatioLimit, YearBudget, limits, ratio_limits
from app.contracts.models import Contract, Programme
from app.contracts.programme_queries import parameters
from app.contracts.states import TAKES_COST, ContractStatus, FundingMode, SpendingLimit
from app.contracts.terms import family
from app.contracts.terms.schedule import year_ends
from app.contracts.virement_rules import budget_ratios
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import fund_control
from app.ledger.balances import contract_activity
from app.ledger.chart import CHART, AccountCode, Kind
from app.ledger.entries import FIRST_DAY, LAST_DAY
from app.ledger.fund_control import Cell, CostLine
from app.ledger.headings import Heading

_LIMITED = (ContractStatus.SIGNED, ContractStatus.ACTIVE, ContractStatus.SUSPENDED, ContractStatus.CLOSING)
BUDGET_SOURCE = _("The approved budget by heading, as varied")
LIMIT_SOURCE = _("The programme's spending limit")
_INCOME = frozenset(
    {
        AccountCode.GRANT_RECEIVED,
        AccountCode.INTEREST,
        AccountCode.SPONSORSHIP_CASH,
        AccountCode.SPONSORSHIP_IN_KIND,
        AccountCode.SALE_OF_ASSETS,
        AccountCode.OTHER_INCOME,
    }
)
_REFUNDS = frozenset({AccountCode.REFUND_OF_GRANT, AccountCode.REFUND_OF_INTEREST, AccountCode.REFUND_OTHER})


def terms_of(session: Session, contract: Contract, today: date) -> ContractTerms:
    """What the contract's limits are made of on a day: the revised budget, the programme's parameters."""
    programme = session.get_one(Programme, contract.programme_id)
    currency = Currency(contract.currency)
    budget = budget_by_heading(session, contract.id, today, currency)
    return ContractTerms(
        family=family(programme.terms_family),
        mode=FundingMode(contract.funding_mode),
        spending_limit=SpendingLimit(programme.spending_limit),
        amount=Money(contract.amount_minor, currency),
        budget={row.heading: row.revised for row in budget.rows if row.heading != TOTAL},
        parameters=parameters(session, programme, today),
        years=contract_years(contract, programme.year_end_month, budgets.year_budgets(session, contract.id)),
    )


def contract_years(
    contract: Contract, year_end_month: int, entered: Mapping[int, Mapping[str, Money]]
) -> tuple[YearBudget, ...]:
    """The years of a contract, numbered from 1, each up to the programme's year end, with its budget where entered."""
    ends = (*year_ends(contract.first_day, contract.last_day, year_end_month), contract.last_day)
    starts = (contract.first_day, *(end + timedelta(days=1) for end in ends[:-1]))
    return tuple(
        YearBudget(number, first, last, entered.get(number))
        for number, (first, last) in enumerate(zip(starts, ends, strict=True), 1)
    )


def refresh(session: Session, contract: Contract, today: date) -> None:
    """Set the contract's limits as its terms and budget say today; what is spent is counted afresh by the database."""
    session.flush()
    terms = terms_of(session, contract, today)
    fund_control.set_limits(session, contract.id, contract.grantee_id, Currency(contract.currency), limits(terms))


def refresh_programme(session: Session, programme_id: UUID, today: date) -> None:
    """Set the limits of every contract of a programme that still takes cost, because its terms have changed."""
    session.flush()
    query = select(Contract).where(Contract.programme_id == programme_id, Contract.status.in_(_LIMITED))
    for contract in session.scalars(query.order_by(Contract.id)):
        refresh(session, contract, today)


def refresh_all(session: Session, today: date) -> int:
    """Set the limits of every contract that takes cost: terms and variations come into force on their own day."""
    contracts = session.scalars(select(Contract).where(Contract.status.in_(_LIMITED)).order_by(Contract.id)).all()
    for contract in contracts:
        refresh(session, contract, today)
    return len(contracts)


def standings(
    session: Session, contract: Contract, today: date, *, without: UUID | None = None
) -> tuple[LimitStanding, ...]:
    """Every limit of the contract and how it stands now: the whole, the lines in the terms' order, the ratios.

    `without` leaves out what that source (a journal) has committed itself. Empty before the contract is signed.
    """
    terms = terms_of(session, contract, today)
    own = fund_control.committed_by(session, without) if without is not None else ()
    all_cells = [_less(cell, own, contract.id) for cell in fund_control.cells_of(session, contract.id)]
    cells = {cell.line: cell for cell in all_cells if cell.year == fund_control.WHOLE_LIFE}
    found = [_standing(cells[TOTAL], LimitKind.WHOLE, _("The whole contract"), LIMIT_SOURCE)] if TOTAL in cells else []
    found += [
        _standing(cells[row.code], LimitKind.LINE, row.label, BUDGET_SOURCE)
        for row in terms.family.rows
        if row.code in cells
    ]
    found += [
        _of_ratio(terms, each, cells[each.ratio.parameter])
        for each in ratio_limits(terms)
        if each.ratio.parameter in cells
    ]
    labels = {TOTAL: _("The whole contract")} | {row.code: row.label for row in terms.family.rows}
    found += [
        replace(
            _standing(cell, LimitKind.YEAR, labels[cell.line], terms.source_of("budget_by_year")),
            year=cell.year,
            first_day=cell.first_day,
            last_day=cell.last_day,
        )
        for cell in sorted(all_cells, key=lambda each: each.year)
        if cell.year != fund_control.WHOLE_LIFE and cell.line in labels
    ]
    return tuple(found)


def cost_bearer(
    session: Session, contract_id: UUID, today: date | None = None, *, without: UUID | None = None
) -> CostBearer:
    """What the rules need of a contract, with what its terms still let be spent. Raises NotFound.

    Limits come along for a `today`, less what the source `without` (a journal, a claim) has committed itself.
    """
    contract = session.get(Contract, contract_id)
    if contract is None:
        raise NotFound(Breach("contract.not-found", _("There is no such contract."), field="contract_id"))
    programme = session.get_one(Programme, contract.programme_id)
    limits = standings(session, contract, today, without=without) if today is not None else ()
    whole = next((each.left for each in limits if each.kind is LimitKind.WHOLE), None)
    return CostBearer(
        contract_id=contract.id,
        reference=contract.reference,
        currency=Currency(contract.currency),
        grantee_id=contract.grantee_id,
        takes_cost=contract.status in TAKES_COST,
        first_day=contract.first_day,
        last_day=contract.last_day,
        is_lump_sum=contract.funding_mode == FundingMode.LUMP_SUM,
        spendable=whole if whole is not None else spendable(session, contract, SpendingLimit(programme.spending_limit)),
        limit_source=LIMIT_SOURCE,
        limits=limits,
        unapproved=unapproved_items(session, contract, today) if today is not None else frozenset(),
    )


def spendable(session: Session, contract: Contract, limit: SpendingLimit) -> Money:
    """What may still be spent, in the contract's currency: received (or contracted) plus other income, less cost.

    Cost not yet approved does not count; the approver's own check sees what was approved before it.
    """
    currency = Currency(contract.currency)
    left = Money(contract.amount_minor, currency) if limit is SpendingLimit.CONTRACTED else Money.zero(currency)
    for row in contract_activity(session, contract.id, FIRST_DAY, LAST_DAY):
        if row.book_id != contract.grantee_id or row.currency is not currency:
            continue
        counted_as_income = row.code in _INCOME and not (
            limit is SpendingLimit.CONTRACTED and row.code is AccountCode.GRANT_RECEIVED
        )
        is_cost = CHART[row.code].kind is Kind.EXPENSE and (row.heading is not None or row.code in _REFUNDS)
        if counted_as_income or is_cost:
            left = left - row.closing
    return left


def budget_breaches(session: Session, contract: Contract, today: date) -> list[Breach]:
    """Floors, ceilings and tiers that the contract's budget itself breaks, each with its source.

    A draft shows them; signing refuses those whose figure somebody has verified, the others only warn.
    """
    return budget_ratios(terms_of(session, contract, today))


def unapproved_items(session: Session, contract: Contract, today: date) -> frozenset[Heading]:
    """Headings whose item the one-line vote has not approved: cost there needs the funder's approval first."""
    if contract.funding_mode != FundingMode.ONE_LINE_VOTE:
        return frozenset()
    terms = terms_of(session, contract, today)
    approved = approved_rows(session, contract, terms)
    if approved is None:
        return frozenset()
    return frozenset(heading for row in terms.family.rows if row.code not in approved for heading in row.headings)


def approved_rows(session: Session, contract: Contract, terms: ContractTerms) -> frozenset[str] | None:
    """Rows a one-line vote may be spent on: those of the terms and those approved for the contract; None: on all."""
    if terms.mode is not FundingMode.ONE_LINE_VOTE or not terms.says("new_item_needs_approval"):
        return None
    listed = terms.parameters.get("approved_items")
    if listed is None or not isinstance(listed.value, list):
        return None
    return frozenset(listed.value) | {each.line for each in budgets.approved_items(session, contract.id)}


def _less(cell: Cell, own: Iterable[CostLine], contract_id: UUID) -> Cell:
    """The cell without what one source committed to it."""
    mine = [
        line.amount
        for line in own
        if line.contract_id == contract_id
        and line.heading in cell.headings
        and cell.first_day <= line.effective_on <= cell.last_day
    ]
    return replace(cell, committed=cell.committed - sum(mine[1:], mine[0])) if mine else cell


def _standing(cell: Cell, kind: LimitKind, label: str, source: str) -> LimitStanding:
    return LimitStanding(
        kind=kind,
        code=cell.line,
        label=label,
        headings=frozenset(cell.headings),
        budget=cell.budget,
        received=cell.received,
        committed=cell.committed,
        actual=cell.actual,
        binds=cell.enforced,
        source=source,
    )


def _of_ratio(terms: ContractTerms, found: RatioLimit, cell: Cell) -> LimitStanding:
    label = terms.family.row(found.ratio.row).label
    kind = LimitKind.FLOOR if found.ratio.least else LimitKind.CEILING
    return replace(
        _standing(cell, kind, label, found.parameter.source),
        verified=found.parameter.verified,
        reserved=found.amount if found.ratio.least else None,
    )
