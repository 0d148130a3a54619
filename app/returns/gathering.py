"""Gathers what the rules of returns look at: rows at the rates of their days, limits, months, what came before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.fund_control import cost_bearer
from app.evidence import duplicates
from app.evidence.duplicates import Match
from app.evidence.fields import DocumentFields
from app.evidence.keys import DocumentKeyValue, keys_of
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.institutions.models import BankAccount
from app.institutions.states import BankAccountStatus
from app.journals import queries as journals
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from app.returns import queries
from app.returns.columns import Column
from app.returns.facts import Charged, ReturnFacts
from app.returns.models import ReturnRow, SpendingReturn
from app.returns.rows import LAYOUT, FileRead, Row, read
from app.returns.states import RowKind
from app.table_files import reading

DOCUMENT_KIND = "return-row"
"""The kind under which the register of documents knows a row."""

_PRESENTED = frozenset({RowKind.COST, RowKind.ADVANCE_CLEARED, RowKind.SPONSORSHIP_IN_KIND})
"""Rows whose document is the evidence of a cost."""


class Rates:
    """The booking rates between the currencies the ledger keeps, for an institution and some days: read at once."""

    def __init__(self, session: Session, institution_id: UUID, days: Iterable[date]) -> None:
        """`institution_id` is whose own bank's rates go first."""
        one, other = Currency
        self.found = exchange_rates.booking_rate_by_day(session, one, other, days, institution_id)

    def of(self, on: date) -> FoundRate | None:
        """The booking rate of the day, for either way; None: there is no fresh one."""
        return self.found.get(on)


def file_read(session: Session, found: SpendingReturn) -> FileRead:
    """The rows of a return's file as the layout says today. Raises InputRefused for an unreadable file."""
    content = queries.file_of(session, found).content
    layout = queries.layout_of(session, found.institution_id)
    return read(reading.lines(content, LAYOUT), queries.meaning_of(layout))


def charged(session: Session, institution_id: UUID, rows: Iterable[Row], into: Currency) -> tuple[Charged, ...]:
    """The rows in the contract's currency, half-up at the booking rate of each row's day."""
    functional = balances.functional_currency(session, institution_id) or into
    rates = None
    listed = list(rows)
    if functional is not into or any(row.amount.currency is not into for row in listed):
        rates = Rates(session, institution_id, (row.cost_on for row in listed))
    return tuple(_charged(row, into, functional, rates) for row in listed)


def _charged(row: Row, into: Currency, functional: Currency, rates: Rates | None) -> Charged:
    """A row without the rate that it, or the book's own currency, needs is not converted at all."""
    rate = rates.of(row.cost_on) if rates is not None else None
    if row.amount.currency is into:
        has_rate = into is functional or rate is not None
        return Charged(row, row.amount if has_rate else None)
    if rate is None:
        return Charged(row, None)
    booked = rate.convert(abs(row.amount))
    return Charged(row, -booked if row.amount.minor < 0 else booked, rate.rate_id)


def kept(row: ReturnRow, into: Currency) -> Charged:
    """A submitted row as the rules take it, at the rate that was found when it was submitted."""
    return Charged(
        Row(
            line=row.line,
            key=row.row_key,
            kind=RowKind(row.kind),
            heading=Heading(row.heading) if row.heading else None,
            cost_on=row.cost_on,
            amount=row.amount,
            payee=row.payee,
            payee_number=row.payee_number,
            description=row.description,
            document_code=row.document_code,
            document_number=row.document_number,
            order_number=row.order_number,
        ),
        Money(row.booked_minor, into),
        row.rate_id,
    )


def return_facts(
    session: Session,
    found: SpendingReturn,
    rows: tuple[Charged, ...],
    today: date,
    columns: Mapping[Column, str] | None = None,
) -> ReturnFacts:
    """A return as it stands today: its own commitments left out of what is spent, and rows that came before marked."""
    contract = cost_bearer(session, found.contract_id, today, without=found.id)
    account = session.get(BankAccount, found.bank_account_id) if found.bank_account_id else None
    own = (
        account is not None
        and account.institution_id == found.institution_id
        and account.status == BankAccountStatus.VERIFIED
    )
    months = {each.row.cost_on.replace(day=1) for each in rows}
    keys = [each.row.key for each in rows]
    return ReturnFacts(
        contract=contract,
        today=today,
        rows=rows,
        has_bank_account=found.bank_account_id is not None,
        bank_currency=Currency(account.currency) if account is not None and own else None,
        negative_list_declared=found.negative_list_declared,
        closed_months=frozenset(m for m in months if balances.period_is_closed(session, found.institution_id, m)),
        advances=_advances(session, found, rows),
        known=queries.known_rows(session, found.contract_id, keys, besides=found.id),
        orders=queries.open_orders(session, found.contract_id),
        columns={column.value: name for column, name in (columns or {}).items()},
    )


def _advances(session: Session, found: SpendingReturn, rows: Iterable[Charged]) -> dict[Currency, Money]:
    currencies = {each.row.amount.currency for each in rows if each.row.kind is RowKind.ADVANCE_CLEARED}
    return {
        currency: journals.outstanding(session, found.contract_id, found.institution_id, AccountCode.ADVANCES, currency)
        for currency in currencies
    }


def document_keys(row: Row) -> tuple[DocumentKeyValue, ...]:
    """By what the document of a row is known again, wherever else it is presented; none for rows without a number."""
    if row.kind not in _PRESENTED or not row.document_number:
        return ()
    fields = DocumentFields(
        amount=row.amount,
        currency=row.amount.currency,
        issued_on=row.cost_on,
        seller_name=row.payee or None,
        seller_id=row.payee_number or None,
        invoice_code=row.document_code or None,
        invoice_number=row.document_number,
    )
    return keys_of(fields)


def presented_before(session: Session, actor: Actor, rows: Mapping[UUID, Row]) -> dict[int, tuple[Match, ...]]:
    """Earlier documents with a key in common, by line; `rows` are a return's own, by the id they are registered under.

    The ids of rows not registered yet may be any that are in use nowhere.
    """
    keys = {key: document_keys(row) for key, row in rows.items()}
    own = {(DOCUMENT_KIND, key) for key in rows}
    found = duplicates.look_up_many(session, keys, actor, besides=own)
    return {rows[key].line: matches for key, matches in found.items()}
