"""The general ledger of a book: every account used in the period, its postings and its running balance."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.kernel.messages import _
from app.ledger import balances
from app.ledger.balances import TrialBalanceRow
from app.ledger.entries import AccountKey
from reports import heads
from reports.account_names import AccountNames
from reports.model import Carry, Column, Kind, Report, Row, RowStyle, Section, Table, row, text
from reports.parameters import Parameters

NAME = "general-ledger"
BALANCE = text(_("Balance, debit / (credit)"))
WIDTH = 80
"""Points for a column of amounts, so that the columns of all accounts stand under each other."""


def build(session: Session, parameters: Parameters) -> Report:
    """The book's general ledger: one section per account and currency, balances debit positive."""
    book = parameters.book(session)
    names = AccountNames(session, book.id)
    accounts = balances.trial_balance(session, book.id, parameters.last_day)
    sections = [_section(session, parameters, names, account) for account in accounts]
    return Report(
        name=NAME,
        title=text(_("General Ledger")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("GLD", book.code, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day),
        issuer=(heads.institution_name(book),),
        sections=tuple(sections),
        footers=(heads.prepared_line(parameters),),
    )


def _section(session: Session, parameters: Parameters, names: AccountNames, account: TrialBalanceRow) -> Section:
    currency = account.balance.currency
    key = AccountKey(account.code, currency, account.subject_id)
    day_before = parameters.first_day - timedelta(days=1)
    running = balances.account_balance(session, account.book_id, key, at=day_before).net
    columns = (
        Column("date", text(_("Date")), Kind.DATE, width=50),
        Column("entry", text(_("Entry")), Kind.REFERENCE, width=40),
        Column("particulars", text(_("Particulars"))),
        Column("debit", text(_("Debit")), Kind.MONEY, currency=currency, width=WIDTH),
        Column("credit", text(_("Credit")), Kind.MONEY, currency=currency, width=WIDTH),
        Column("balance", BALANCE, Kind.MONEY, currency=currency, carry=Carry.LAST, width=WIDTH),
    )
    rows: list[Row] = [row(None, "", text(_("Balance brought forward")), None, None, running)]
    for line in balances.statement(session, account.book_id, key, parameters.first_day, parameters.last_day):
        running = line.running if line.running is not None else running
        debit, credit = (line.amount, None) if line.side == "D" else (None, -line.amount)
        rows.append(row(line.effective_on, str(line.entry_id), line.reason, debit, credit, running))
    rows.append(row(None, "", text(_("Balance carried forward")), None, None, running, style=RowStyle.TOTAL))
    heading = text(
        _("%(code)s %(account)s, %(currency)s"),
        code=account.code.value,
        account=names.name(account.code, account.subject_id),
        currency=currency.value,
    )
    table_key = f"{account.code.value}_{currency}_{account.subject_id.hex[-10:] if account.subject_id else 'all'}"
    return Section(heading, table=Table(table_key, columns, tuple(rows)))
