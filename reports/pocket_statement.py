"""The pocket statement: each pocket of a book's funds, line by line, with its balance and what is held."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.funds import queries as funds
from app.funds.models import Pocket
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey
from reports import heads
from reports.model import Carry, Column, Kind, Multilingual, Report, Row, RowStyle, Section, Table, row, text
from reports.parameters import Parameters

NAME = "pocket-statement"


def build(session: Session, parameters: Parameters) -> Report:
    """One section per pocket of `parameters.book_id`; CNY and HKD are never netted."""
    book = parameters.book(session)
    pockets = funds.pockets_of(session, book.id)
    return Report(
        name=NAME,
        title=text(_("Pocket Statement")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("PKT", book.code, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day),
        issuer=(heads.institution_name(book),),
        sections=tuple(_section(session, parameters, pocket) for pocket in pockets)
        or (Section(paragraphs=(text(_("This book keeps no funds.")),)),),
        footers=(heads.prepared_line(parameters),),
    )


def _section(session: Session, parameters: Parameters, pocket: Pocket) -> Section:
    currency = Currency(pocket.currency)
    key = AccountKey(AccountCode.POCKET, currency, pocket.id)
    day_before = parameters.first_day - timedelta(days=1)
    opening = -balances.account_balance(session, pocket.fund.institution_id, key, at=day_before).net
    columns = (
        Column("date", text(_("Date")), Kind.DATE, width=50),
        Column("entry", text(_("Entry")), Kind.REFERENCE, width=40),
        Column("particulars", text(_("Particulars"))),
        Column("paid_out", text(_("Paid out")), Kind.MONEY, currency=currency, width=80),
        Column("taken_in", text(_("Taken in")), Kind.MONEY, currency=currency, width=80),
        Column("balance", text(_("Balance")), Kind.MONEY, currency=currency, carry=Carry.LAST, width=80),
    )
    rows: list[Row] = [row(None, "", text(_("Balance brought forward")), None, None, opening)]
    closing = opening
    lines = balances.statement(session, pocket.fund.institution_id, key, parameters.first_day, parameters.last_day)
    for line in lines:
        closing = -line.running if line.running is not None else closing
        out, taken = (line.amount, None) if line.side == "D" else (None, -line.amount)
        rows.append(row(line.effective_on, str(line.entry_id), line.reason, out, taken, closing))
    rows.append(row(None, "", text(_("Balance carried forward")), None, None, closing, style=RowStyle.TOTAL))
    position = funds.position(session, pocket)
    fund = pocket.fund
    name = Multilingual(fund.name_en, fund.name_zh_hant or None, fund.name_zh_hans or None)
    held_now = text(
        _("Held now for signed contracts and approved disbursements: %(held)s. Available now: %(available)s."),
        held=position.held,
        available=position.available,
    )
    heading = text(
        _("%(fund)s (%(reference)s), %(currency)s"), fund=name, reference=fund.reference, currency=currency.value
    )
    return Section(heading, (held_now,), Table(f"pocket_{fund.reference}_{currency}", columns, tuple(rows)))
