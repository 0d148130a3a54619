"""The combined report of one project: every contract on both sides, each in its own currency and its own year.

Two currencies are never added: no amount is made of more than one contract. Where a period-end rate is known, a memo
names it and shows each contract's figures in the other currency beside its own, without a total.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.budgets.queries import Budget, budget_by_heading
from app.contracts.labels import STATUS_LABELS
from app.contracts.models import Contract
from app.contracts.states import Basis, ContractStatus
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.models import RateKind
from app.exchange_rates.queries import FoundRate
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import periods
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from reports import heads
from reports.contract_figures import OTHER_INCOME, ContractFigures, Figures
from reports.model import Cell, Column, Kind, Note, Report, Row, RowStyle, Section, Table, Text, group, row, text
from reports.parameters import Parameters
from reports.rates import shown
from reports.sources import source_words

NAME = "project-overview"
CONTRACTS_A_TABLE = 2
"""More contracts' figures than this stand in further tables, so that the type stays large enough to read."""

SIDE_WORDS = {Side.HK: text(_("Hong Kong side")), Side.SZ: text(_("Mainland side"))}

BROUGHT_FORWARD = _("Balance brought forward")
"""The one row that is blank under the cumulative figures, which begin from nothing."""

Pick = Callable[[ContractFigures], Figures]


@dataclass(frozen=True, slots=True)
class _Part:
    """One contract with its figures for the days asked for and for its own fiscal year up to the last day."""

    figures: ContractFigures
    year: ContractFigures
    budget: Budget
    funder: Institution
    grantee: Institution

    @property
    def contract(self) -> Contract:
        """The contract."""
        return self.figures.contract

    @property
    def side(self) -> Side:
        """The side whose money it is: the funder's."""
        return Side(self.funder.side)


def build(session: Session, parameters: Parameters) -> Report:
    """The report of `parameters.project_id` over the contracts in `parameters.contract_ids`, Hong Kong's first."""
    project = parameters.project(session)
    parts = _parts(session, parameters)
    rate = _period_end_rate(session, parameters.last_day)
    return Report(
        name=NAME,
        title=text(_("Combined Project Report")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("PRO", project.reference, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day, project.first_day),
        subject=heads.project_title(project),
        references=(text(_("Project %(reference)s"), reference=project.reference),),
        sections=(
            Section(text(_("1. Contracts of the project")), _scope(parameters), _contracts(parts)),
            *_figures(parts),
            _memo(parts, rate, parameters.last_day),
        ),
        notes=_notes(parts),
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
    )


def _parts(session: Session, parameters: Parameters) -> list[_Part]:
    found = session.scalars(
        select(Contract)
        .where(Contract.id.in_(parameters.contract_ids), Contract.status != ContractStatus.DRAFT)
        .order_by(Contract.reference)
    ).all()
    parties = institutions.by_ids(session, {key for each in found for key in (each.funder_id, each.grantee_id)})
    parts = []
    for contract in found:
        asked = replace(parameters, project_id=None, contract_ids=(), contract_id=contract.id)
        figures = ContractFigures(session, asked)
        first = fiscal_year(figures.programme.year_end_month, parameters.last_day)[0]
        year = ContractFigures(session, replace(asked, first_day=first))
        budget = budget_by_heading(session, contract.id, parameters.last_day, figures.currency)
        parts.append(_Part(figures, year, budget, parties[contract.funder_id], parties[contract.grantee_id]))
    return sorted(parts, key=lambda part: (part.side is not Side.HK, part.contract.reference))


def fiscal_year(end_month: int, day: date) -> tuple[date, date]:
    """First and last day of the year, ending with `end_month`, that `day` lies in."""
    year = day.year if day.month <= end_month else day.year + 1
    last = periods.month_end(date(year, end_month, 1))
    return periods.month_end(date(year - 1, end_month, 1)) + timedelta(days=1), last


def _scope(parameters: Parameters) -> tuple[Text, ...]:
    words = [
        text(
            _(
                "Each contract stands in its own currency and under its own side's rules."
                " Amounts in CNY and amounts in HKD are not added, here or anywhere in this report."
            )
        )
    ]
    if parameters.left_out:
        words.append(text(_("Contracts of the project outside the reader's scope are left out.")))
    return tuple(words)


def _contracts(parts: Sequence[_Part]) -> Table:
    columns = (
        Column("contract", text(_("Contract")), Kind.REFERENCE),
        Column("side", text(_("Side"))),
        Column("funder", text(_("Funder"))),
        Column("grantee", text(_("Grantee"))),
        Column("first_day", text(_("First day")), Kind.DATE),
        Column("last_day", text(_("Last day")), Kind.DATE),
        Column("fiscal_year", text(_("Fiscal year"))),
        Column("amount", text(_("Contract amount")), Kind.MONEY),
        Column("status", text(_("Status"))),
    )
    rows = []
    for part in parts:
        contract = part.contract
        first, last = fiscal_year(part.figures.programme.year_end_month, part.figures.last_day)
        rows.append(
            row(
                contract.reference,
                SIDE_WORDS[part.side],
                heads.institution_name(part.funder),
                heads.institution_name(part.grantee),
                contract.first_day,
                contract.last_day,
                text(_("%(first)s to %(last)s"), first=first, last=last),
                Money(contract.amount_minor, part.figures.currency),
                text(STATUS_LABELS[ContractStatus(contract.status)]),
            )
        )
    return Table("contracts", columns, tuple(rows), caption=text(_("Contracts of the project")))


def _figures(parts: Sequence[_Part]) -> list[Section]:
    """The figures side by side, so many contracts a table; every table has the same rows."""
    rows = _rows(parts)
    found = []
    for start in range(0, len(parts), CONTRACTS_A_TABLE):
        chosen = parts[start : start + CONTRACTS_A_TABLE]
        heading = text(_("2. Income, expenditure and balance")) if start == 0 else None
        key = f"figures_{start // CONTRACTS_A_TABLE + 1}"
        caption = text(_("Income, expenditure and balance"))
        body = tuple(_row(chosen, label, pick, style) for label, pick, style in rows)
        found.append(Section(heading, table=Table(key, _columns(chosen), body, caption=caption)))
    return found


def _columns(parts: Sequence[_Part]) -> tuple[Column, ...]:
    columns = [Column("item", text(_("Item")))]
    for number, part in enumerate(parts, 1):
        for key, head in (
            ("budget", _("Revised budget")),
            ("period", _("Current period")),
            ("year", _("Fiscal year to date")),
            ("cumulative", _("Cumulative")),
        ):
            reference, currency = part.contract.reference, part.figures.currency
            columns.append(Column(f"{key}_{number}", text(head), Kind.MONEY, letter=reference, currency=currency))
    return tuple(columns)


def _rows(parts: Sequence[_Part]) -> list[tuple[str, Pick | None, RowStyle]]:
    """Label and figure of each row. A heading of cost stands where one of the contracts has booked on it."""
    used = [heading for heading in Heading if any(part.figures.cost_of([heading]) for part in parts)]
    sponsorship = (AccountCode.SPONSORSHIP_CASH, AccountCode.SPONSORSHIP_IN_KIND)
    plain = RowStyle.PLAIN
    return [
        (_("Income"), None, RowStyle.GROUP),
        (_("Grant received"), lambda f: f.grant, plain),
        (_("Industry sponsorship"), lambda f: f.income(*sponsorship), plain),
        (_("Bank interest"), lambda f: f.income(AccountCode.INTEREST), plain),
        (_("Other income (sale of assets, refunds)"), lambda f: f.income(*OTHER_INCOME), plain),
        (_("Total income"), lambda f: f.total_income, RowStyle.SUBTOTAL),
        (_("Expenditure"), None, RowStyle.GROUP),
        *((heading.label, _cost(heading), plain) for heading in used),
        (_("Less: approved and not yet paid"), _unpaid, plain),
        (_("Total expenditure"), lambda f: f.total_cost, RowStyle.SUBTOTAL),
        (_("Balance"), None, RowStyle.GROUP),
        (_("Exchange difference, realised"), lambda f: f.realised, plain),
        (_("Exchange difference, unrealised"), lambda f: f.unrealised, plain),
        (_("Surplus / (deficit)"), lambda f: f.surplus, RowStyle.SUBTOTAL),
        (BROUGHT_FORWARD, lambda f: Figures(f.brought_forward, f.carried_forward), plain),
        (_("Less: residue returned to the funder"), lambda f: -f.refunded, plain),
        (_("Balance carried forward"), lambda f: Figures(f.carried_forward, f.carried_forward), RowStyle.TOTAL),
    ]


def _cost(heading: Heading) -> Pick:
    return lambda figures: figures.cost_of([heading])


def _unpaid(figures: ContractFigures) -> Figures:
    """Taken off on the cash basis; nil where the terms count cost when it is incurred."""
    nil = Money.zero(figures.currency)
    return -figures.unpaid if figures.is_cash_basis else Figures(nil, nil)


def _row(parts: Sequence[_Part], label: str, pick: Pick | None, style: RowStyle) -> Row:
    if pick is None:
        return group(text(label))
    cells: list[Cell] = [text(label)]
    for part in parts:
        amounts, of_year = pick(part.figures), pick(part.year)
        is_total = label in (_("Total income"), _("Total expenditure"))
        cells += [
            part.budget.revised if is_total and part.budget.rows else None,
            amounts.period,
            of_year.period,
            None if label == BROUGHT_FORWARD else amounts.cumulative,
        ]
    return row(*cells, style=style)


def _period_end_rate(session: Session, day: date) -> FoundRate | None:
    return exchange_rates.latest(session, RateKind.PERIOD_END, Currency.HKD, Currency.CNY, day)


def _memo(parts: Sequence[_Part], rate: FoundRate | None, day: date) -> Section:
    """Each contract's totals in the other currency, at one named rate, for comparison only."""
    heading = text(_("3. Memo: the same figures in the other currency"))
    if rate is None:
        none = text(_("No period-end rate is known on or before %(day)s, so no equivalents are shown."), day=day)
        return Section(heading, (none,))
    words = text(
        _(
            "For comparison only, at the period-end rate of %(day)s: %(rate)s %(quote)s for %(unit)s %(base)s,"
            " %(source)s. Nothing is booked at it, and the equivalents are not added either."
        ),
        day=rate.rate_date,
        rate=shown(rate.rate),
        quote=rate.quote.value,
        unit=rate.unit,
        base=rate.base.value,
        source=source_words(rate.source),
    )
    columns = (
        Column("contract", text(_("Contract")), Kind.REFERENCE),
        Column("item", text(_("Item"))),
        Column("amount", text(_("In the contract's currency")), Kind.MONEY),
        Column("equivalent", text(_("Equivalent at the period-end rate")), Kind.MONEY),
    )
    rows = []
    for part in parts:
        f = part.figures
        for label, amount in (
            (_("Total income"), f.total_income.cumulative),
            (_("Total expenditure"), f.total_cost.cumulative),
            (_("Balance carried forward"), f.carried_forward),
        ):
            rows.append(row(part.contract.reference, text(label), amount, rate.convert(amount)))
    return Section(
        heading, (words,), Table("memo", columns, tuple(rows), caption=text(_("Memo in the other currency")))
    )


def _notes(parts: Sequence[_Part]) -> tuple[Note, ...]:
    bases = tuple(
        text(
            _("%(contract)s: %(basis)s; its year runs from %(first)s to %(last)s."),
            contract=part.contract.reference,
            basis=heads.BASIS_WORDS[Basis(part.figures.programme.basis)],
            first=fiscal_year(part.figures.programme.year_end_month, part.figures.last_day)[0],
            last=fiscal_year(part.figures.programme.year_end_month, part.figures.last_day)[1],
        )
        for part in parts
    )
    headings = text(
        _(
            "Expenditure is listed by the ledger's own headings, so that both sides stand in the same rows;"
            " each side's own statement gathers them under its own names with the same totals."
        )
    )
    return (
        Note("1", text(_("Basis and year of each contract")), bases),
        Note("2", text(_("Headings")), (headings,)),
    )
