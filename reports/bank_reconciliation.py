"""Statement H: each bank account of a book at the end of a day, from the bank's balance to the book's, line by line."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.institutions.models import BankAccount
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger import periods
from app.ledger.balances import PostingRow
from app.people import queries as people
from app.reconciliation import figures, queries
from app.reconciliation.figures import Reconciled
from app.reconciliation.models import BankReconciliation
from app.reconciliation.states import MonthStatus
from reports import heads
from reports.model import (
    Certificate,
    Column,
    Kind,
    Report,
    Row,
    RowStyle,
    Section,
    Signatory,
    Table,
    Text,
    Words,
    group,
    row,
    text,
)
from reports.parameters import Parameters

NAME = "bank-reconciliation"
CERTIFICATE = Certificate(
    (text(_("The bank's statements were compared with the book line by line; every difference is listed above.")),),
    (
        Signatory(text(_("Prepared by")), post=text(_("Accountant"))),
        Signatory(text(_("Approved by")), post=text(_("Accountant or finance officer"))),
    ),
)


def build(session: Session, parameters: Parameters) -> Report:
    """Statement H of a book at the end of `parameters.last_day`: every account with a statement or a balance."""
    book = parameters.book(session)
    found = []
    for bank in queries.accounts_of_book(session, book.id):
        standing = figures.at_end_of(session, bank, parameters.last_day)
        if standing.begins is not None or standing.book:
            found.append(_section(session, bank, standing))
    return Report(
        name=NAME,
        title=text(_("Bank Reconciliation Statement")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("SBR", book.code, parameters),
        period=text(_("As at %(day)s"), day=parameters.last_day),
        issuer=(heads.institution_name(book),),
        sections=tuple(found) or (_nothing(Currency(book.functional_currency)),),
        certificates=(CERTIFICATE,),
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
    )


def _columns(currency: Currency) -> tuple[Column, ...]:
    return (
        Column("particulars", text(_("Particulars"))),
        Column("date", text(_("Date")), Kind.DATE, width=55),
        Column("reference", text(_("Reference")), Kind.REFERENCE, width=95),
        Column("amount", text(_("Amount")), Kind.MONEY, currency=currency, width=90),
        Column("balance", text(_("Balance")), Kind.MONEY, currency=currency, width=90),
    )


def _nothing(currency: Currency) -> Section:
    said = text(_("The book has no bank account with a balance, and no bank statement is kept for it."))
    return Section(paragraphs=(said,), table=Table("accounts", _columns(currency), ()))


def _section(session: Session, bank: BankAccount, standing: Reconciled) -> Section:
    key = f"account_{bank.currency.lower()}_{bank.id.hex[-10:]}"
    heading = text(
        _("%(bank)s, account %(number)s, %(currency)s"),
        bank=bank.bank_name,
        number=bank.masked_number,
        currency=bank.currency,
    )
    rows = _rows(standing) if standing.bank is not None else _without_statement(standing)
    table = Table(key, _columns(standing.currency), tuple(rows))
    return Section(heading, _said(session, bank, standing), table)


def _said(session: Session, bank: BankAccount, standing: Reconciled) -> tuple[Words, ...]:
    """From when on statements are kept, and who reconciled the month that ends on this day."""
    if standing.begins is None:
        return (text(_("No bank statement of this account is kept here.")),)
    said: list[Words] = [text(_("Bank statements are kept from %(day)s."), day=standing.begins)]
    if standing.bank is None:
        said.append(text(_("No bank statement reaches this day yet.")))
    row_of_month = queries.month(session, bank.id, periods.month_start(standing.day))
    if standing.day == periods.month_end(standing.day) and row_of_month is not None:
        said.append(_who(session, row_of_month))
        if row_of_month.note:
            said.append(text(_("Note: %(note)s"), note=row_of_month.note))
    else:
        said.append(text(_("This day's reconciliation has not been prepared and approved.")))
    return tuple(said)


def _who(session: Session, done: BankReconciliation) -> Text:
    names = people.names_of(session, [done.prepared_by_id, done.approved_by_id])
    preparer = names.get(done.prepared_by_id, "–")
    if done.status != MonthStatus.APPROVED or done.approved_by_id is None:
        return text(_("Prepared by %(preparer)s; waits for approval."), preparer=preparer)
    return text(
        _("Prepared by %(preparer)s, approved by %(approver)s."),
        preparer=preparer,
        approver=names.get(done.approved_by_id, "–"),
    )


def _without_statement(standing: Reconciled) -> list[Row]:
    return [_balance(text(_("Balance as per book")), standing, standing.book, RowStyle.TOTAL)]


def _rows(standing: Reconciled) -> list[Row]:
    rows = [_balance(text(_("Balance as per bank statement")), standing, standing.bank, RowStyle.SUBTOTAL)]
    received, paid = standing.received_later, standing.paid_later
    rows += _part(text(_("Add: receipts in the book, not yet credited by the bank")), received, standing.currency)
    rows += _part(text(_("Less: payments in the book, not yet made by the bank")), paid, standing.currency)
    rows += _not_in_book(standing)
    rows.append(_balance(text(_("Balance the book should show")), standing, standing.expected, RowStyle.SUBTOTAL))
    rows.append(_balance(text(_("Balance as per book")), standing, standing.book, RowStyle.SUBTOTAL))
    difference = text(_("Difference, brought forward from before the first statement"))
    rows.append(_balance(difference, standing, standing.difference, RowStyle.TOTAL))
    return rows


def _balance(words: Text, standing: Reconciled, amount: Money | None, style: RowStyle) -> Row:
    return row(words, standing.day, "", None, amount, style=style)


def _part(heading: Text, postings: tuple[PostingRow, ...], currency: Currency) -> list[Row]:
    """A group with its sum; an empty one says nil, since that is a finding too."""
    if not postings:
        return [row(heading, None, "", None, Money.zero(currency))]
    summed = total((each.amount for each in postings), currency)
    rows = [row(each.reason, each.effective_on, str(each.entry_id), each.amount, None) for each in postings]
    return [group(heading), *rows, row(text(_("Together")), None, "", None, summed, style=RowStyle.SUBTOTAL)]


def _not_in_book(standing: Reconciled) -> list[Row]:
    """The bank's lines without a posting, with the sign that brings the bank's balance to the book's."""
    heading = text(_("Take out: lines of the bank, not yet in the book"))
    if not standing.lines:
        return [row(heading, None, "", None, Money.zero(standing.currency))]
    rows = [
        row(line.text or text(_("Bank line")), line.booked_on, line.bank_reference, -line.amount, None)
        for line in standing.lines
    ]
    summed = row(text(_("Together")), None, "", None, -standing.lines_sum, style=RowStyle.SUBTOTAL)
    return [group(heading), *rows, summed]
