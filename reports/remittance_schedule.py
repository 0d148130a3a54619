"""Statement F: the cross-border remittances of a contract or a book, with rates, charges and bank references."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.contracts.models import Contract, Programme
from app.institutions import queries as institutions
from app.kernel.messages import _
from reports import heads, payments
from reports.model import Column, Head, Kind, Report, Section, Table, Words, row, text
from reports.parameters import Parameters

NAME = "remittance-schedule"


def build(session: Session, parameters: Parameters) -> Report:
    """Statement F of a contract or a book: what crossed the boundary within the period."""
    contract = parameters.contract(session) if parameters.contract_id else None
    subject = contract.reference if contract else parameters.book(session).code
    return Report(
        name=NAME,
        title=text(_("Schedule of Cross-border Remittances")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("SRM", subject, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day),
        issuer=_issuer(session, contract, parameters),
        references=heads.contract_references(session, contract) if contract else (),
        heads=_heads(session, contract),
        sections=(Section(table=_table(session, parameters)),),
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
    )


def _issuer(session: Session, contract: Contract | None, parameters: Parameters) -> tuple[Words, ...]:
    if contract is not None:
        return heads.contract_issuer(session, contract)
    return (heads.institution_name(parameters.book(session)),)


def _heads(session: Session, contract: Contract | None) -> tuple[Head, ...]:
    if contract is None:
        return ()
    return heads.contract_heads(session, contract, session.get_one(Programme, contract.programme_id))


def _table(session: Session, parameters: Parameters) -> Table:
    columns = (
        Column("reference", text(_("Disbursement")), Kind.REFERENCE),
        Column("route", text(_("From – to"))),
        Column("released_on", text(_("Released on")), Kind.DATE),
        Column("paid", text(_("Paid")), Kind.MONEY),
        Column("settled_on", text(_("Debited on")), Kind.DATE),
        Column("payer_reference", text(_("Payer's bank reference")), Kind.REFERENCE),
        Column("received_on", text(_("Received on")), Kind.DATE),
        Column("received", text(_("Received")), Kind.MONEY),
        Column("charge", text(_("Payee's charge")), Kind.MONEY),
        Column("rate", text(_("Dealt rate")), Kind.DECIMAL),
        Column("payee_reference", text(_("Payee's bank reference")), Kind.REFERENCE),
        Column("status", text(_("Status"))),
    )
    rows = []
    found = payments.released(session, parameters)
    parties = institutions.by_ids(session, {key for each in found for key in (each.funder_id, each.grantee_id)})
    for payment in found:
        payer, payee = parties[payment.funder_id], parties[payment.grantee_id]
        if payer.side == payee.side:
            continue
        receipt = payment.receipt
        rows.append(
            row(
                payment.reference,
                f"{payer.side} – {payee.side}",
                payment.release_date,
                payment.amount,
                payment.settled_on,
                payment.settlement_bank_reference,
                receipt.value_date if receipt else None,
                receipt.received if receipt else None,
                receipt.charge if receipt else None,
                payments.dealt_rate(receipt),
                receipt.bank_reference if receipt else "",
                payments.STATUS_WORDS[payment.status],
            )
        )
    return Table("remittances", columns, tuple(rows), caption=text(_("Cross-border remittances")))
