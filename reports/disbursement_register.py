"""The disbursement register: every disbursement of a book or contract by requested value date, with its status."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.disbursements.models import Disbursement
from app.disbursements.states import DisbursementStatus
from app.institutions import queries as institutions
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import total
from app.people import queries as people
from reports import heads, payments
from reports.model import Column, Kind, Report, Row, RowStyle, Section, Table, row, text
from reports.parameters import Parameters

NAME = "disbursement-register"
PAID = (DisbursementStatus.RELEASED, DisbursementStatus.SETTLED)


def build(session: Session, parameters: Parameters) -> Report:
    """The register of a book (as payer or payee) or of one contract."""
    contract = parameters.contract(session) if parameters.contract_id else None
    book = None if contract else parameters.book(session)
    name = heads.institution_name(book) if book else heads.contract_issuer(session, contract)[0] if contract else None
    found = payments.made(session, parameters)
    return Report(
        name=NAME,
        title=text(_("Disbursement Register")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("REG", book.code if book else contract.reference if contract else "", parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day),
        issuer=(name,) if name else (),
        references=heads.contract_references(session, contract) if contract else (),
        sections=tuple(
            _section(session, found, currency)
            for currency in Currency
            if not found or any(each.currency == currency for each in found)
        ),
        footers=(heads.prepared_line(parameters),),
    )


def _section(session: Session, found: Sequence[Disbursement], currency: Currency) -> Section:
    """One currency's disbursements with their total; two currencies never share a total."""
    chosen = [each for each in found if each.currency == currency]
    columns = (
        Column("reference", text(_("Disbursement")), Kind.REFERENCE),
        Column("contract", text(_("Contract")), Kind.REFERENCE),
        Column("payee", text(_("Payee"))),
        Column("value_date", text(_("Value date")), Kind.DATE),
        Column("amount", text(_("Amount")), Kind.MONEY, currency=currency),
        Column("maker", text(_("Prepared by"))),
        Column("released_on", text(_("Released on")), Kind.DATE),
        Column("settled_on", text(_("Settled on")), Kind.DATE),
        Column("status", text(_("Status"))),
    )
    payees = institutions.by_ids(session, {each.grantee_id for each in chosen})
    makers = people.names_of(session, [each.maker_id for each in chosen])
    rows: list[Row] = [
        row(
            each.reference,
            session.get_one(Contract, each.contract_id).reference,
            heads.institution_name(payees[each.grantee_id]),
            each.requested_value_date,
            each.amount,
            makers.get(each.maker_id, ""),
            each.release_date,
            each.settled_on,
            payments.STATUS_WORDS[each.status],
        )
        for each in chosen
    ]
    asked = total((each.amount for each in chosen), currency)
    paid = total((each.amount for each in chosen if each.status in PAID), currency)
    blank = (None,) * 4
    rows.append(row("", "", text(_("All statuses")), None, asked, *blank, style=RowStyle.SUBTOTAL))
    rows.append(row("", "", text(_("Of which released or settled")), None, paid, *blank, style=RowStyle.TOTAL))
    return Section(
        heads.CURRENCY_WORDS[currency], table=Table(f"disbursements_{currency.lower()}", columns, tuple(rows))
    )
