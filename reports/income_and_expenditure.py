"""Statement A: income and expenditure of one contract, in the form Hong Kong funders ask for.

Columns (a) to (f) as product.md asks: (d) of the period, (e) cumulative. A variance is favourable when positive: for
income (e) - (c), for expenditure (c) - (e). Without a budget by heading, (a) to (c) and (f) stand on the total only.
The balance brought forward is blank under (e); the balance carried forward agrees under (d) and (e).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.budgets.queries import Budget, budget_by_heading
from app.contracts.states import Basis
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.projects.models import Project
from reports import heads, residue, statement_notes as notes
from reports.contract_figures import OTHER_INCOME, ContractFigures, Figures
from reports.model import Cell, Column, Kind, Report, Row, RowStyle, Section, Span, Table, Text, group, row, text
from reports.parameters import Parameters
from reports.statement_notes import StatementNotes

NAME = "income-and-expenditure"
FIGURE_COLUMNS = 7
"""(a) to (f) and the percentage."""


def build(session: Session, parameters: Parameters) -> Report:
    """Statement A of `parameters.contract_id`, from posted entries only."""
    figures = ContractFigures(session, parameters)
    statement = _Statement(session, figures)
    contract = figures.contract
    return Report(
        name=NAME,
        title=text(_("Statement of Income and Expenditure")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("SIE", contract.reference, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day, contract.first_day),
        subject=statement.project_title,
        issuer=heads.contract_issuer(session, contract),
        references=heads.contract_references(session, contract),
        heads=heads.contract_heads(session, contract, figures.programme),
        sections=(Section(table=statement.table()), residue.section(figures)),
        notes=statement.notes,
        certificates=heads.statement_certificates(),
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
        currency=figures.currency,
        basis=heads.BASIS_WORDS[Basis(figures.programme.basis)],
    )


@dataclass(frozen=True, slots=True)
class _Planned:
    """Columns (a) and (b) of a row; None where the row has no budget of its own."""

    approved: Money | None
    variations: Money | None

    @property
    def revised(self) -> Money | None:
        """(c) = (a) + (b)."""
        if self.approved is None or self.variations is None:
            return None
        return self.approved + self.variations


NOT_PLANNED = _Planned(None, None)


class _Statement:
    """Builds the rows; the notes they refer to are always the same fourteen."""

    def __init__(self, session: Session, figures: ContractFigures) -> None:
        self.session, self.figures = session, figures
        self.nil = Money.zero(figures.currency)
        self.budget: Budget = budget_by_heading(session, figures.contract.id, figures.last_day, figures.currency)
        project = session.get_one(Project, figures.contract.project_id)
        self.project_title = heads.project_title(project)
        self.notes = StatementNotes(session, figures, self.budget).all()

    def table(self) -> Table:
        """The statement's one table."""
        currency = self.figures.currency

        def money(key: str, head: str, letter: str) -> Column:
            return Column(key, text(head), Kind.MONEY, letter=letter, currency=currency)

        columns = (
            Column("ref", text(_("Ref.")), Kind.REFERENCE),
            Column("item", text(_("Item"))),
            money("approved_budget", _("Approved budget"), "(a)"),
            money("approved_variations", _("Approved variations"), "(b)"),
            money("revised_budget", _("Revised budget"), "(c) = (a) + (b)"),
            money("current_period", _("Current period"), "(d)"),
            money("cumulative", _("Cumulative"), "(e)"),
            money("variance", _("Variance favourable / (adverse)"), "(f)"),
            Column("variance_percent", text(_("Per cent of budget")), Kind.PERCENT, letter="(f) / (c)", width=44),
            Column("note", text(_("Notes")), Kind.REFERENCE),
        )
        rows = [*self._income_rows(), *self._cost_rows(), *self._balance_rows()]
        return Table("statement", columns, tuple(rows), caption=text(_("Income and expenditure")))

    # income

    def _income_rows(self) -> list[Row]:
        f = self.figures
        whole = _Planned(self.budget.approved, self.budget.variations)
        planned = whole if self.budget.by_heading else NOT_PLANNED
        return [
            group(text(_("Income"))),
            self._row("I1", text(_("Grant received")), f.grant, planned, income=True, note=notes.GRANT),
            self._row(
                "I2",
                text(_("Industry sponsorship, cash")),
                f.income(AccountCode.SPONSORSHIP_CASH),
                note=notes.SPONSORSHIP,
            ),
            self._row(
                "I3",
                text(_("Industry sponsorship, in kind")),
                f.income(AccountCode.SPONSORSHIP_IN_KIND),
                note=notes.SPONSORSHIP,
            ),
            self._row("I4", text(_("Bank interest")), f.income(AccountCode.INTEREST), note=notes.INTEREST),
            self._row(
                "I5", text(_("Other income (sale of assets, refunds)")), f.income(*OTHER_INCOME), note=notes.INTEREST
            ),
            self._row("", text(_("Total income")), f.total_income, whole, income=True, style=RowStyle.SUBTOTAL),
        ]

    # expenditure

    def _cost_rows(self) -> list[Row]:
        f = self.figures
        rows = [group(text(_("Expenditure")))]
        for number, (family_row, amounts) in enumerate(f.cost_rows, 1):
            planned = NOT_PLANNED
            if self.budget.by_heading:
                known = self.budget.row(family_row.code)
                planned = _Planned(known.approved, known.variations) if known else _Planned(self.nil, self.nil)
            rows.append(
                self._row(
                    f"E{number}",
                    text(family_row.label),
                    amounts,
                    planned,
                    note=notes.cost_notes_of(family_row.headings),
                )
            )
        if f.is_cash_basis and f.unpaid:
            rows.append(self._row("", text(_("Less: approved and not yet paid")), -f.unpaid, note=notes.COMMITMENTS))
        planned = _Planned(self.budget.approved, self.budget.variations)
        rows.append(self._row("", text(_("Total expenditure")), f.total_cost, planned, style=RowStyle.SUBTOTAL))
        return rows

    # result and balance

    def _balance_rows(self) -> list[Row]:
        f = self.figures
        rows = [
            group(text(_("Exchange difference on money received in another currency"))),
            self._row("X1", text(_("Realised gain / (loss)")), f.realised, note=notes.EXCHANGE),
            self._row("X2", text(_("Unrealised gain / (loss)")), f.unrealised, note=notes.EXCHANGE),
            self._row("", text(_("Surplus / (deficit)")), f.surplus, style=RowStyle.SUBTOTAL),
            self._plain(text(_("Balance brought forward")), f.brought_forward, None),
        ]
        if f.refunded:
            rows.append(self._row("", text(_("Less: residue returned to the funder")), -f.refunded))
        rows.append(
            self._plain(text(_("Balance carried forward")), f.carried_forward, f.carried_forward, style=RowStyle.TOTAL)
        )
        rows.append(self._repayable_row())
        return rows

    def _repayable_row(self) -> Row:
        label = text(_("Amount repayable to the funder"))
        if not self.figures.is_repayable:
            words = Span(text(_("not yet due; retained")), FIGURE_COLUMNS)
            return row("R1", label, words, notes.RESIDUE)
        blank: tuple[Cell, ...] = (None, None, None, None)
        return row("R1", label, *blank, self.figures.repayable, None, None, notes.RESIDUE)

    def _row(
        self,
        reference: str,
        label: Text,
        figures: Figures,
        planned: _Planned = NOT_PLANNED,
        *,
        income: bool = False,
        note: str = "",
        style: RowStyle = RowStyle.PLAIN,
    ) -> Row:
        variance: Money | None = None
        if planned.revised is not None:
            difference = planned.revised - figures.cumulative
            variance = -difference if income else difference
        return row(
            reference,
            label,
            planned.approved,
            planned.variations,
            planned.revised,
            figures.period,
            figures.cumulative,
            variance,
            notes.percent_of(variance, planned.revised),
            note,
            style=style,
        )

    def _plain(self, label: Text, period: Money, cumulative: Money | None, style: RowStyle = RowStyle.PLAIN) -> Row:
        return row("", label, None, None, None, period, cumulative, None, None, "", style=style)
