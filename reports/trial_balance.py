"""The trial balance of a book: every account with its debits, credits and balance, one section per currency."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.balances import TrialBalanceRow, trial_balance
from app.ledger.history import trial_balance_as_known
from reports import heads
from reports.account_names import AccountNames
from reports.model import Column, Kind, Report, RowStyle, Section, Table, Text, row, text
from reports.parameters import Parameters

NAME = "trial-balance"


def build(session: Session, parameters: Parameters) -> Report:
    """The book's trial balance at the end of `parameters.last_day`."""
    book = parameters.book(session)
    rows = _rows(session, book.id, parameters)
    names = AccountNames(session, book.id)
    functional = Currency(book.functional_currency)
    return Report(
        name=NAME,
        title=text(_("Trial Balance")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("TBL", book.code, parameters),
        period=_period(parameters),
        issuer=(heads.institution_name(book),),
        sections=tuple(
            _section(rows, names, currency, functional)
            for currency in Currency
            if currency is functional or any(each.balance.currency is currency for each in rows)
        ),
        footers=(heads.prepared_line(parameters),),
    )


def _rows(session: Session, book_id: UUID, parameters: Parameters) -> list[TrialBalanceRow]:
    """Summed from the postings, or as known at a block of the book. Raises NotFound for a block that is not there."""
    if parameters.known_at is None:
        return trial_balance(session, book_id, parameters.last_day)
    return trial_balance_as_known(session, book_id, parameters.last_day, parameters.known_at)


def _period(parameters: Parameters) -> Text:
    if parameters.known_at is None:
        return text(_("As at %(day)s"), day=parameters.last_day)
    return text(_("As at %(day)s, as known at block %(block)s"), day=parameters.last_day, block=parameters.known_at)


def _section(rows: list[TrialBalanceRow], names: AccountNames, currency: Currency, functional: Currency) -> Section:
    chosen = [each for each in rows if each.balance.currency is currency]
    columns = (
        Column("code", text(_("Account")), Kind.REFERENCE),
        Column("name", text(_("Name"))),
        Column("debit", text(_("Debit balance")), Kind.MONEY, currency=currency),
        Column("credit", text(_("Credit balance")), Kind.MONEY, currency=currency),
        Column("functional", text(_("In the book's currency, debit / (credit)")), Kind.MONEY, currency=functional),
    )
    nil = Money.zero(currency)
    lines = [
        row(
            each.code.value,
            names.name(each.code, each.subject_id),
            each.balance if each.balance.minor > 0 else None,
            -each.balance if each.balance.minor < 0 else None,
            each.functional,
        )
        for each in chosen
        if each.balance or each.functional
    ]
    debited = total((each.balance for each in chosen if each.balance > nil), currency)
    credited = total((-each.balance for each in chosen if each.balance < nil), currency)
    worth = total((each.functional for each in chosen), functional)
    lines.append(row("", text(_("Total")), debited, credited, worth, style=RowStyle.TOTAL))
    return Section(
        heads.CURRENCY_WORDS[currency], table=Table(f"trial_balance_{currency.lower()}", columns, tuple(lines))
    )
