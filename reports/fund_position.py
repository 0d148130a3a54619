"""Statement B: the fund position at the end of the period. It bridges cash and accrual, and agrees with Statement A."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.contracts.states import Basis
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.projects.models import Project
from reports import heads
from reports.contract_figures import ContractFigures
from reports.model import Column, Kind, Note, Report, Row, RowStyle, Section, Table, Text, row, text
from reports.parameters import Parameters
from reports.rates import shown
from reports.sources import source_words

NAME = "fund-position"

ITEMS = (
    (AccountCode.BANK, _("Project bank balance")),
    (AccountCode.ADVANCES, _("Advances and prepayments")),
    (AccountCode.INSTITUTION_CLEARING, _("Due from / (due to) the institution")),
    (AccountCode.PAYABLE_TO_CLAIMANTS, _("Approved claims not yet paid")),
    (AccountCode.REFUNDS_PAYABLE, _("Residue agreed, not yet returned")),
)
"""Accounts that make up the position, in the order shown: cash first, then what bridges it to the accrual balance."""


def build(session: Session, parameters: Parameters) -> Report:
    """Statement B of `parameters.contract_id` at `parameters.last_day`."""
    figures = ContractFigures(session, parameters)
    contract = figures.contract
    return Report(
        name=NAME,
        title=text(_("Statement of Fund Position")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("SFP", contract.reference, parameters),
        period=text(_("As at %(day)s"), day=parameters.last_day),
        subject=heads.project_title(session.get_one(Project, contract.project_id)),
        issuer=heads.contract_issuer(session, contract),
        references=heads.contract_references(session, contract),
        heads=heads.contract_heads(session, contract, figures.programme),
        sections=(Section(table=_table(figures)),),
        notes=_notes(figures),
        certificates=heads.statement_certificates()[:1],
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
        currency=figures.currency,
        basis=heads.BASIS_WORDS[Basis(figures.programme.basis)],
    )


def _table(figures: ContractFigures) -> Table:
    currency = figures.currency
    columns = (
        Column("item", text(_("Item"))),
        Column("original", text(_("In the currency held")), Kind.MONEY),
        Column("rate", text(_("Rate")), Kind.DECIMAL),
        Column("amount", text(_("Amount")), Kind.MONEY, currency=currency),
    )
    rows: list[Row] = []
    sum_of_items = Money.zero(currency)
    for code, label in ITEMS:
        for item_row, amount in _item_rows(figures, code, text(label)):
            rows.append(item_row)
            sum_of_items = sum_of_items + amount
        if code is AccountCode.BANK:
            rows.append(
                row(text(_("Cash at the end of the period")), None, None, sum_of_items, style=RowStyle.SUBTOTAL)
            )
    balance = figures.carried_forward + -figures.unpaid.cumulative if figures.is_cash_basis else figures.carried_forward
    residue = balance - sum_of_items
    if residue:
        rows.append(row(text(_("Rounding of translated items")), None, None, residue))
    if figures.is_cash_basis and figures.unpaid.cumulative:
        added_back = text(_("Add back: approved and not yet paid, not counted on the cash basis"))
        rows.append(row(added_back, None, None, figures.unpaid.cumulative))
    rows.append(
        row(
            text(_("Fund balance, as carried forward in Statement A")),
            None,
            None,
            figures.carried_forward,
            style=RowStyle.TOTAL,
        )
    )
    return Table("position", columns, tuple(rows), caption=text(_("Fund position")))


def _item_rows(figures: ContractFigures, code: AccountCode, label: Text) -> list[tuple[Row, Money]]:
    """The item in the contract's currency, and one row for what stands in the other currency."""
    own = figures.standing(code)
    found = [(row(label, None, None, own), own)]
    for _currency, held in figures.foreign_rows(code).items():
        if not held:
            continue
        rate = figures.rate
        value = rate.convert(held)
        found.append((row(label, held, shown(rate.units(figures.currency)), value), value))
    return found if own or len(found) == 1 else found[1:]


def _notes(figures: ContractFigures) -> tuple[Note, ...]:
    words = [
        text(
            _(
                "Cash at the end of the period is what stands at the bank for this project; advances, what the"
                " institution has paid or is owed, and claims not yet paid bridge it to the fund balance."
            )
        )
    ]
    if any(figures.foreign_rows(code) for code, _label in ITEMS):
        rate = figures.rate
        words.append(
            text(
                _("Other currency translated at %(rate)s %(quote)s for %(unit)s %(base)s: %(source)s, %(day)s."),
                rate=shown(rate.rate),
                quote=rate.quote.value,
                unit=rate.unit,
                base=rate.base.value,
                source=source_words(rate.source),
                day=rate.rate_date,
            )
        )
    return (Note("1", text(_("What the position consists of")), tuple(words)),)
