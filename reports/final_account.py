"""The final account (决算表) in Mainland form: funds, expenditure by 科目 against the budget, what is left, signatures.

An itemised grant stands by heading: budget, adjusted budget, spent, balance, rate of execution. A lump sum has these on
its total only; its headings show what was spent in fact, direct and indirect cost apart. Expenditure is that of
Statement A, so that both agree whatever the form.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.budgets.queries import Budget, budget_by_heading
from app.contracts.labels import MODE_LABELS
from app.contracts.states import Basis, FundingMode
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from app.projects.models import Project
from reports import heads, residue, statement_notes
from reports.contract_figures import OTHER_INCOME, ContractFigures, Figures
from reports.model import (
    Certificate,
    Column,
    Convention,
    Head,
    Kind,
    Note,
    Report,
    Row,
    RowStyle,
    Section,
    Signatory,
    Table,
    Text,
    Words,
    row,
    text,
)
from reports.parameters import Parameters

NAME = "final-account"
INDIRECT = frozenset({Heading.MANAGEMENT_FEE, Heading.OVERHEAD, Heading.PERFORMANCE_PAY})
"""Leaves of indirect cost; a row that gathers nothing else is one of indirect cost."""

Planned = tuple[Money, Money] | None
"""Approved budget and its adjustments; None where the terms give none."""


def build(session: Session, parameters: Parameters) -> Report:
    """The final account of `parameters.contract_id`; in the contract's currency, dates as on the Mainland."""
    figures = ContractFigures(session, parameters)
    contract = figures.contract
    budget = budget_by_heading(session, contract.id, figures.last_day, figures.currency)
    return Report(
        name=NAME,
        title=text(_("Final Account of Project Funds")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("FAC", contract.reference, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day, contract.first_day),
        subject=heads.project_title(session.get_one(Project, contract.project_id)),
        issuer=heads.contract_issuer(session, contract),
        references=heads.contract_references(session, contract),
        heads=(
            *heads.contract_heads(session, contract, figures.programme),
            Head(text(_("Mode of funding")), text(MODE_LABELS[FundingMode(contract.funding_mode)])),
            Head(
                text(_("Project dates")),
                text(_("%(first)s to %(last)s"), first=contract.first_day, last=contract.last_day),
            ),
        ),
        sections=(
            Section(text(_("1. Funds and balance")), table=_funds(figures)),
            Section(text(_("2. Expenditure by heading")), table=_Expenditure(figures, budget).table()),
            residue.section(figures),
        ),
        notes=_notes(session, figures, budget),
        certificates=(_signatures(),),
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
        currency=figures.currency,
        basis=heads.BASIS_WORDS[Basis(figures.programme.basis)],
        convention=Convention.MAINLAND,
    )


def _funds(f: ContractFigures) -> Table:
    """Where the money came from, what became of it, and what is left."""
    columns = (
        Column("ref", text(_("Ref.")), Kind.REFERENCE),
        Column("item", text(_("Item"))),
        Column("current_period", text(_("Current period")), Kind.MONEY, currency=f.currency),
        Column("cumulative", text(_("Cumulative")), Kind.MONEY, currency=f.currency),
    )
    sponsorship = f.income(AccountCode.SPONSORSHIP_CASH, AccountCode.SPONSORSHIP_IN_KIND)

    def line(ref: str, label: str, amounts: Figures, style: RowStyle = RowStyle.PLAIN) -> Row:
        return row(ref, text(label), amounts.period, amounts.cumulative, style=style)

    left = _("Funds surplus, project finished") if f.is_repayable else _("Funds carried over, project under way")
    rows = (
        row("1", text(_("Approved funds of the contract")), None, Money(f.contract.amount_minor, f.currency)),
        line("2", _("Grant received"), f.grant),
        line("3", _("Industry sponsorship"), sponsorship),
        line("4", _("Bank interest"), f.income(AccountCode.INTEREST)),
        line("5", _("Other income (sale of assets, refunds)"), f.income(*OTHER_INCOME)),
        line("6", _("Total income (2 to 5)"), f.total_income, RowStyle.SUBTOTAL),
        line("7", _("Less: total expenditure, as in table 2"), -f.total_cost),
        line("8", _("Exchange difference, realised"), f.realised),
        line("9", _("Exchange difference, unrealised"), f.unrealised),
        line("10", _("Less: residue returned to the funder"), -f.refunded),
        row("11", text(_("Balance brought forward")), f.brought_forward, None),
        row("12", text(left), f.carried_forward, f.carried_forward, style=RowStyle.TOTAL),
    )
    return Table("funds", columns, rows, caption=text(_("Funds and balance")))


class _Expenditure:
    """Table 2: rows by heading, direct cost before indirect, and one total."""

    def __init__(self, figures: ContractFigures, budget: Budget) -> None:
        self.figures, self.budget = figures, budget
        self.nil = Money.zero(figures.currency)

    def table(self) -> Table:
        """The table; without a budget by heading the columns of budget stand on the total only."""
        currency = self.figures.currency

        def money(key: str, head: str, letter: str) -> Column:
            return Column(key, text(head), Kind.MONEY, letter=letter, currency=currency)

        columns = (
            Column("ref", text(_("Ref.")), Kind.REFERENCE),
            Column("item", text(_("Heading"))),
            money("approved_budget", _("Approved budget"), "(1)"),
            money("adjustments", _("Adjustments of budget"), "(2)"),
            money("adjusted_budget", _("Adjusted budget"), "(3) = (1) + (2)"),
            money("current_period", _("Spent in the period"), "(4)"),
            money("cumulative", _("Spent in all"), "(5)"),
            money("balance", _("Balance of budget"), "(6) = (3) - (5)"),
            Column("execution", text(_("Rate of execution")), Kind.PERCENT, letter="(5) / (3)", width=48),
        )
        rows = [*self._group("1", _("Direct cost"), direct=True), *self._group("2", _("Indirect cost"), direct=False)]
        f = self.figures
        if f.is_cash_basis and f.unpaid:
            rows.append(self._row("", text(_("Less: approved and not yet paid")), -f.unpaid, None))
        whole = (self.budget.approved, self.budget.variations) if self.budget.rows else None
        label = _("Total") if self.budget.by_heading else _("Total of the lump sum")
        rows.append(self._row("", text(label), f.total_cost, whole, RowStyle.TOTAL))
        return Table("expenditure", columns, tuple(rows), caption=text(_("Expenditure by heading")))

    def _group(self, ref: str, label: str, *, direct: bool) -> list[Row]:
        """The sum of direct or of indirect cost, then its rows where there is more than one."""
        chosen = [
            (each, amounts)
            for each, amounts in self.figures.cost_rows
            if direct is not INDIRECT.issuperset(each.headings)
        ]
        whole, planned = Figures(self.nil, self.nil), (self.nil, self.nil)
        rows = []
        for number, (each, amounts) in enumerate(chosen, 1):
            own = self._planned(each.code)
            whole = whole + amounts
            planned = (planned[0] + own[0], planned[1] + own[1]) if own else planned
            rows.append(self._row(f"{ref}.{number}", text(each.label), amounts, own))
        sums = planned if self.budget.by_heading else None
        head = self._row(ref, text(label), whole, sums, RowStyle.GROUP)
        return [head, *(rows if len(rows) > 1 else [])]

    def _planned(self, code: str) -> Planned:
        if not self.budget.by_heading:
            return None
        known = self.budget.row(code)
        return (known.approved, known.variations) if known else (self.nil, self.nil)

    @staticmethod
    def _row(ref: str, label: Words, spent: Figures, planned: Planned, style: RowStyle = RowStyle.PLAIN) -> Row:
        if planned is None:
            return row(ref, label, None, None, None, spent.period, spent.cumulative, None, None, style=style)
        adjusted = planned[0] + planned[1]
        return row(
            ref,
            label,
            *planned,
            adjusted,
            spent.period,
            spent.cumulative,
            adjusted - spent.cumulative,
            statement_notes.percent_of(spent.cumulative, adjusted),
            style=style,
        )


def _notes(session: Session, figures: ContractFigures, budget: Budget) -> tuple[Note, ...]:
    form = [text(_("Expenditure agrees with Statement A of the same contract and period."))]
    if budget.by_heading:
        form.append(text(_("The rate of execution is what was spent in all as a share of the adjusted budget.")))
    else:
        form.append(
            text(_("Lump-sum contracting: the budget stands on the total; the headings show what was spent in fact."))
        )
    variations: Sequence[Text] = statement_notes.StatementNotes(session, figures, budget).variations()
    return (
        Note("1", text(_("Form of the account")), tuple(form)),
        Note("2", text(_("Adjustments of budget")), tuple(variations)),
        Note("3", text(_("Computation of residue")), (text(figures.family.keeps), *residue.paragraphs(figures))),
    )


def _signatures() -> Certificate:
    """The three who sign, and the chop of the institution, which answers for the account."""
    wording = text(
        _(
            "The institution answers for the truth, the completeness and the accuracy of this final account, and keeps"
            " the vouchers behind it."
        )
    )
    return Certificate(
        (wording,),
        (
            Signatory(text(_("Head of the project"))),
            Signatory(text(_("Head of finance"))),
            Signatory(text(_("Head of the institution"))),
        ),
        chop=True,
    )
