"""Statement C: receipts and payments of one contract by tranche, from the funder's release to the grantee's bank."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.contracts.models import Contract, Tranche
from app.contracts.states import Basis
from app.disbursements.models import Disbursement
from app.disbursements.states import DisbursementStatus
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.projects.models import Project
from reports import heads
from reports.contract_figures import ContractFigures
from reports.model import Column, Kind, Report, Row, RowStyle, Section, Table, row, text
from reports.parameters import Parameters

NAME = "receipts-and-payments"
PAID = (DisbursementStatus.RELEASED, DisbursementStatus.SETTLED)


def build(session: Session, parameters: Parameters) -> Report:
    """Statement C of `parameters.contract_id`, from commencement to `parameters.last_day`."""
    contract = parameters.contract(session)
    figures = ContractFigures(session, parameters)
    return Report(
        name=NAME,
        title=text(_("Statement of Receipts and Payments by Tranche")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("SRP", contract.reference, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day, contract.first_day),
        subject=heads.project_title(session.get_one(Project, contract.project_id)),
        issuer=heads.contract_issuer(session, contract),
        references=heads.contract_references(session, contract),
        heads=heads.contract_heads(session, contract, figures.programme),
        sections=(
            Section(text(_("Receipts by tranche")), table=_receipts(session, contract, parameters)),
            Section(text(_("Payments by heading")), table=_payments(figures)),
        ),
        certificates=heads.statement_certificates()[:1],
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
        currency=Currency(contract.currency),
        basis=heads.BASIS_WORDS[Basis(figures.programme.basis)],
    )


def _receipts(session: Session, contract: Contract, parameters: Parameters) -> Table:
    currency = Currency(contract.currency)
    columns = (
        Column("tranche", text(_("Tranche")), Kind.INTEGER),
        Column("due_on", text(_("Due on")), Kind.DATE),
        Column("contracted", text(_("Contracted")), Kind.MONEY, currency=currency),
        Column("reference", text(_("Disbursement")), Kind.REFERENCE),
        Column("released_on", text(_("Released on")), Kind.DATE),
        Column("paid", text(_("Paid")), Kind.MONEY, currency=currency),
        Column("received_on", text(_("Received on")), Kind.DATE),
        Column("received", text(_("Received at the bank")), Kind.MONEY),
        Column("charge", text(_("Payee's bank charge")), Kind.MONEY),
    )
    rows: list[Row] = []
    paid_in_all = Money.zero(currency)
    for tranche in contract.tranches:
        payments = _payments_of(session, tranche, parameters)
        paid_in_all = paid_in_all + total((each.amount for each in payments), currency)
        rows.extend(_tranche_rows(tranche, payments, currency))
    contracted = Money(contract.amount_minor, currency)
    rows.append(
        row(text(_("Total")), None, contracted, None, None, paid_in_all, None, None, None, style=RowStyle.TOTAL)
    )
    return Table("receipts", columns, tuple(rows), caption=text(_("Receipts by tranche")))


def _payments_of(session: Session, tranche: Tranche, parameters: Parameters) -> Sequence[Disbursement]:
    query = (
        select(Disbursement)
        .where(
            Disbursement.tranche_id == tranche.id,
            Disbursement.status.in_(PAID),
            Disbursement.release_date <= parameters.last_day,
        )
        .options(selectinload(Disbursement.receipts))
        .order_by(Disbursement.release_date, Disbursement.reference)
    )
    return session.scalars(query).all()


def _tranche_rows(tranche: Tranche, payments: Sequence[Disbursement], currency: Currency) -> list[Row]:
    contracted = Money(tranche.amount_minor, currency)
    if not payments:
        blank = (None,) * 6
        return [row(tranche.number, tranche.due_on, contracted, *blank)]
    rows = []
    for index, payment in enumerate(payments):
        receipt = payment.receipt
        rows.append(
            row(
                tranche.number,
                tranche.due_on,
                contracted if index == 0 else None,
                payment.reference,
                payment.release_date,
                payment.amount,
                receipt.value_date if receipt else None,
                receipt.received if receipt else None,
                receipt.charge if receipt else None,
            )
        )
    return rows


def _payments(figures: ContractFigures) -> Table:
    currency = figures.currency
    columns = (
        Column("heading", text(_("Heading"))),
        Column("period", text(_("Current period")), Kind.MONEY, currency=currency),
        Column("cumulative", text(_("Cumulative")), Kind.MONEY, currency=currency),
    )
    rows = [
        row(text(family_row.label), amounts.period, amounts.cumulative) for family_row, amounts in figures.cost_rows
    ]
    if figures.is_cash_basis and figures.unpaid:
        unpaid = -figures.unpaid
        rows.append(row(text(_("Less: approved and not yet paid")), unpaid.period, unpaid.cumulative))
    whole = figures.total_cost
    rows.append(row(text(_("Total payments")), whole.period, whole.cumulative, style=RowStyle.TOTAL))
    return Table("payments", columns, tuple(rows), caption=text(_("Payments by heading")))
