"""The only reader of the books. Money comes back debit-positive unless a name says otherwise; nothing is rounded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import FIRST_DAY, LAST_DAY, AccountKey, EntryKind
from app.ledger.headings import Heading

NO_SUBJECT = UUID(int=0)
"""What the database stores for an account without a subject, so that uniqueness holds."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Turnover and position of one account. `net` is debit less credit; `held` is reserved by open holds."""

    debit: Money
    credit: Money
    held: Money

    @property
    def net(self) -> Money:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class PocketPosition:
    """What a pocket took in, paid out, holds back and has left, in its one currency. Never netted with another."""

    credit: Money
    debit: Money
    held: Money

    @property
    def available(self) -> Money:
        """Credit less debit less held; the database never lets it fall below nil."""
        return self.credit - self.debit - self.held


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account of a book. `balance` is debit-positive; `functional` is in the book's currency."""

    book_id: UUID
    book_code: str
    code: AccountCode
    subject_id: UUID | None
    debit: Money
    credit: Money
    balance: Money
    functional: Money


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One posting with its entry, as statements and exports show it. `running` is the balance after it, where asked."""

    entry_id: int
    line_no: int
    effective_on: date
    recorded_at: datetime
    kind: EntryKind
    book_id: UUID
    book_code: str
    code: AccountCode
    subject_id: UUID | None
    side: str
    amount: Money
    functional: Money
    reason: str
    event_id: UUID
    reverses_id: int | None
    actor_id: UUID
    approval_id: UUID | None
    evidence_sha256: bytes | None
    rate_id: UUID | None
    contract_id: UUID | None
    tranche_id: UUID | None
    disbursement_id: UUID | None
    claim_id: UUID | None
    heading: Heading | None
    pocket_id: UUID | None
    party_id: UUID | None
    running: Money | None = None

    @property
    def cursor(self) -> tuple[date, int, int]:
        """Where the next page begins: pass it as `after`."""
        return (self.effective_on, self.entry_id, self.line_no)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which postings are asked for; None means any. Days are inclusive. `but_not` (entry and line) are left out."""

    book_id: UUID | None = None
    code: AccountCode | None = None
    currency: Currency | None = None
    subject_id: UUID | None = None
    contract_id: UUID | None = None
    disbursement_id: UUID | None = None
    pocket_id: UUID | None = None
    event_id: UUID | None = None
    entry_id: int | None = None
    first_day: date = field(default=FIRST_DAY)
    last_day: date = field(default=LAST_DAY)
    but_not: Collection[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A contract's movement on one account and heading, debit-positive: before, within and to the end of a period."""

    book_id: UUID
    code: AccountCode
    heading: Heading | None
    currency: Currency
    opening: Money
    period: Money
    closing: Money


@dataclass(frozen=True, slots=True)
class DayMovement:
    """A contract's movement of one day on the accounts asked for, debit-positive."""

    contract_id: UUID
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold as it stands."""

    hold_id: UUID
    book_id: UUID
    pocket_id: UUID
    contract_id: UUID
    disbursement_id: UUID | None
    parent_id: UUID | None
    amount: Money
    remaining: Money
    is_open: bool


def account_balance(session: Session, book_id: UUID, key: AccountKey, at: date | None = None) -> Balance:
    """The balance of one account now (one row, or its stripes), or at the end of day `at`; nil if never used.

    Holds are known only for now; at a date `held` is nil.
    """
    if at is None:
        row = session.execute(_BALANCE_NOW, _key_values(book_id, key)).one()
    else:
        row = session.execute(_BALANCE_AT, {**_key_values(book_id, key), "at": at}).one()
    return Balance(*(Money(int(minor), key.currency) for minor in (row.debit, row.credit, row.held)))


def pocket_position(session: Session, pocket_id: UUID) -> PocketPosition | None:
    """What a pocket holds and has left now; None before its first posting."""
    row = session.execute(_POCKET, {"pocket": pocket_id, "code": AccountCode.POCKET.value}).one_or_none()
    if row is None:
        return None
    currency = Currency(row.currency)
    return PocketPosition(Money(row.credit, currency), Money(row.debit, currency), Money(row.held, currency))


def pocket_positions(session: Session, pocket_ids: Sequence[UUID]) -> dict[UUID, PocketPosition]:
    """`pocket_position` of many pockets in one query; pockets without postings are absent."""
    rows = session.execute(_POCKETS, {"pockets": list(pocket_ids), "code": AccountCode.POCKET.value})
    result = {}
    for row in rows:
        currency = Currency(row.currency)
        amounts = (Money(minor, currency) for minor in (row.credit, row.debit, row.held))
        result[row.subject_id] = PocketPosition(*amounts)
    return result


def trial_balance(session: Session, book_id: UUID | None = None, at: date | None = None) -> list[TrialBalanceRow]:
    """Every account used, by book, code, subject and currency, up to the end of day `at` (None: everything posted).

    Summed from the postings themselves, so it is an independent check on the balances kept beside them. The balances of
    each currency sum to nil within each book.
    """
    values = {"book": book_id, "at": at or LAST_DAY}
    result = []
    for row in session.execute(_TRIAL_BALANCE, values):
        currency, functional = Currency(row.currency), Currency(row.functional_currency)
        debit, credit = Money(int(row.debit), currency), Money(int(row.credit), currency)
        result.append(
            TrialBalanceRow(
                row.book_id,
                row.book_code,
                AccountCode(row.code),
                _subject(row.subject_id),
                debit,
                credit,
                debit - credit,
                Money(int(row.functional), functional),
            )
        )
    return result


def postings(
    session: Session, selection: Selection, *, after: tuple[date, int, int] | None = None, limit: int = 200
) -> list[PostingRow]:
    """One page of postings in order of date, entry and line, after the cursor of the last row shown."""
    return [_posting_row(row) for row in session.execute(*_postings_query(selection, after, limit))]


def stream_postings(session: Session, selection: Selection) -> Iterator[PostingRow]:
    """All selected postings in order of date, entry and line, read through a server-side cursor."""
    statement, values = _postings_query(selection, None, None)
    result = session.execute(statement, values, execution_options={"yield_per": 1000})
    for row in result:
        yield _posting_row(row)


def statement(
    session: Session, book_id: UUID, key: AccountKey, first_day: date, last_day: date
) -> Iterator[PostingRow]:
    """The statement of one account: its postings between two days inclusive, each with the running balance.

    The balance is debit-positive and starts from everything posted before `first_day`.
    """
    opening = Money.zero(key.currency)
    if first_day > FIRST_DAY:
        opening = account_balance(session, book_id, key, at=date.fromordinal(first_day.toordinal() - 1)).net
    chosen = Selection(
        book_id=book_id,
        code=key.code,
        currency=key.currency,
        subject_id=key.subject_id or NO_SUBJECT,
        first_day=first_day,
        last_day=last_day,
    )
    running = opening
    for row in stream_postings(session, chosen):
        running = running + row.amount
        yield _with_running(row, running)


def contract_activity(session: Session, contract_id: UUID, first_day: date, last_day: date) -> list[ActivityRow]:
    """A contract's movements by book, account, heading and currency: before `first_day`, within, and to `last_day`."""
    values = {"contract": contract_id, "first": first_day, "last": last_day}
    result = []
    for row in session.execute(_ACTIVITY, values):
        currency = Currency(row.currency)
        opening, period = Money(int(row.opening), currency), Money(int(row.period), currency)
        heading = Heading(row.heading) if row.heading else None
        result.append(
            ActivityRow(row.book_id, AccountCode(row.code), heading, currency, opening, period, opening + period)
        )
    return result


def pooled_money(
    session: Session, book_id: UUID, bank_account_id: UUID, currency: Currency, last_day: date
) -> list[DayMovement]:
    """How contracts' money on one bank account and on the institution's clearing moved, by contract and day.

    Both together are what a contract has in the pool: receipts stand on the bank, cost that the institution bore for it
    on the clearing. Up to `last_day`; postings of no contract are left out.
    """
    values = {
        "book": book_id,
        "bank": AccountCode.BANK.value,
        "clearing": AccountCode.INSTITUTION_CLEARING.value,
        "account": bank_account_id,
        "currency": currency.value,
        "last": last_day,
    }
    return [
        DayMovement(row.contract_id, row.effective_on, Money(int(row.amount), currency))
        for row in session.execute(_POOLED, values)
    ]


def pair_positions(session: Session, contract_id: UUID, book_id: UUID, at: date) -> dict[Currency, Money]:
    """The legs of a contract's currency-trading pair in one book at the end of day `at`, debit-positive.

    The contract's unrealised difference is the foreign leg at the period-end rate against the contract-currency leg.
    """
    values = {"contract": contract_id, "book": book_id, "at": at, "code": AccountCode.CURRENCY_TRADING.value}
    rows = session.execute(_PAIR, values)
    return {Currency(row.currency): Money(int(row.net), Currency(row.currency)) for row in rows}


def holds_of_contract(session: Session, contract_id: UUID, *, only_open: bool = True) -> list[HoldRow]:
    """The contract's holds, its own first and then the disbursements' children, oldest first."""
    rows = session.execute(_HOLDS, {"contract": contract_id, "only_open": only_open})
    return [_hold_row(row) for row in rows]


def hold(session: Session, hold_id: UUID) -> HoldRow | None:
    """One hold as it stands; None if there is none."""
    row = session.execute(_HOLD, {"hold": hold_id}).one_or_none()
    return _hold_row(row) if row else None


def holds_by_id(session: Session, hold_ids: Sequence[UUID]) -> list[HoldRow]:
    """Several holds as they stand, in one query; those that do not exist are absent."""
    return [_hold_row(row) for row in session.execute(_HOLDS_BY_ID, {"holds": list(hold_ids)})]


def book_ids(session: Session) -> dict[str, UUID]:
    """Every open book's institution by the book's code."""
    return {
        row.code: row.book_id for row in session.execute(text("select code, book_id from ledger.book order by code"))
    }


def functional_currency(session: Session, book_id: UUID) -> Currency | None:
    """The functional currency of a book; None before it is opened."""
    query = text("select functional_currency from ledger.book where book_id = :book")
    found = session.execute(query, {"book": book_id}).scalar_one_or_none()
    return Currency(found) if found else None


def period_is_closed(session: Session, book_id: UUID, day: date) -> bool:
    """Whether the month of `day` takes no ordinary postings in this book: closing, or sealed by itself or a later one.

    A forecast: posting itself decides, under a lock.
    """
    query = text(
        "select exists (select from ledger.period p, date_trunc('month', cast(:day as date)) m where p.book_id = :book"
        " and (p.state = 'CLOSING' and p.month = m::date or p.state = 'SEALED' and p.month >= m::date))"
    )
    return bool(session.execute(query, {"book": book_id, "day": day}).scalar_one())


def _key_values(book_id: UUID, key: AccountKey) -> dict[str, Any]:
    return {
        "book": book_id,
        "code": key.code.value,
        "currency": key.currency.value,
        "subject": key.subject_id or NO_SUBJECT,
    }


def _subject(value: UUID) -> UUID | None:
    return None if value == NO_SUBJECT else value


def _hold_row(row: Any) -> HoldRow:
    currency = Currency(row.currency)
    return HoldRow(
        row.hold_id,
        row.book_id,
        row.pocket_id,
        row.contract_id,
        row.disbursement_id,
        row.parent_id,
        Money(row.amount_minor, currency),
        Money(row.remaining_minor, currency),
        row.state == "OPEN",
    )


def _with_running(row: PostingRow, running: Money) -> PostingRow:
    values = {name: getattr(row, name) for name in PostingRow.__slots__ if name != "running"}
    return PostingRow(**values, running=running)


def _posting_row(row: Any) -> PostingRow:
    currency = Currency(row.currency)
    return PostingRow(
        entry_id=row.entry_id,
        line_no=row.line_no,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        kind=EntryKind(row.kind),
        book_id=row.book_id,
        book_code=row.book_code,
        code=AccountCode(row.code),
        subject_id=_subject(row.subject_id),
        side=row.side,
        amount=Money(row.amount_minor, currency),
        functional=Money(row.functional_minor, Currency(row.functional_currency)),
        reason=row.reason,
        event_id=row.event_id,
        reverses_id=row.reverses_id,
        actor_id=row.actor_id,
        approval_id=row.approval_id,
        evidence_sha256=row.evidence_sha256,
        rate_id=row.rate_id,
        contract_id=row.contract_id,
        tranche_id=row.tranche_id,
        disbursement_id=row.disbursement_id,
        claim_id=row.claim_id,
        heading=Heading(row.heading) if row.heading else None,
        pocket_id=row.pocket_id,
        party_id=row.party_id,
    )


_FILTERS = {
    "book_id": "p.book_id = :book_id",
    "code": "a.code = :code",
    "currency": "p.currency = :currency",
    "subject_id": "a.subject_id = :subject_id",
    "contract_id": "p.contract_id = :contract_id",
    "disbursement_id": "p.disbursement_id = :disbursement_id",
    "pocket_id": "p.pocket_id = :pocket_id",
    "event_id": "e.event_id = :event_id",
    "entry_id": "p.entry_id = :entry_id",
}
_BUT_NOT = (
    " and not exists (select from unnest(cast(:but_entries as bigint[]), cast(:but_lines as integer[]))"
    " as known (entry_id, line_no) where known.entry_id = p.entry_id and known.line_no = p.line_no)"
)
_POSTING_COLUMNS = (
    "select p.entry_id, p.line_no, p.effective_on, e.recorded_at, e.kind, p.book_id, b.code as book_code, a.code,"
    " a.subject_id, p.side, p.currency, p.amount_minor, p.functional_minor, b.functional_currency, e.reason,"
    " e.event_id, e.reverses_id, e.actor_id, e.approval_id, e.evidence_sha256, p.rate_id, p.contract_id, p.tranche_id,"
    " p.disbursement_id, p.claim_id, p.heading, p.pocket_id, p.party_id"
    " from ledger.posting p join ledger.entry e on e.entry_id = p.entry_id and e.effective_on = p.effective_on"
    " join ledger.account a on a.account_id = p.account_id join ledger.book b on b.book_id = p.book_id"
    " where p.effective_on between :first_day and :last_day and e.effective_on between :first_day and :last_day"
)


def _postings_query(
    selection: Selection, after: tuple[date, int, int] | None, limit: int | None
) -> tuple[Any, dict[str, Any]]:
    """The SELECT for a selection: clauses come from the fixed table above, values only ever as parameters."""
    values: dict[str, Any] = {"first_day": selection.first_day, "last_day": selection.last_day}
    query = _POSTING_COLUMNS
    for name, clause in _FILTERS.items():
        value = getattr(selection, name)
        if value is not None:
            query += f" and {clause}"
            values[name] = str(value) if name in ("code", "currency") else value
    if selection.but_not:
        query += _BUT_NOT
        values["but_entries"] = [entry for entry, _line in selection.but_not]
        values["but_lines"] = [line for _entry, line in selection.but_not]
    if after is not None:
        query += " and (p.effective_on, p.entry_id, p.line_no) > (:after_on, :after_entry, :after_line)"
        values |= {"after_on": after[0], "after_entry": after[1], "after_line": after[2], "first_day": after[0]}
    query += " order by p.effective_on, p.entry_id, p.line_no"
    if limit is not None:
        query += " limit :limit"
        values["limit"] = limit
    return text(query), values


_BALANCE_NOW = text(
    "select coalesce(sum(b.debit_minor), 0) as debit, coalesce(sum(b.credit_minor), 0) as credit,"
    " coalesce(sum(b.held_minor), 0) as held"
    " from ledger.account a join ledger.balance b using (account_id)"
    " where a.book_id = :book and a.code = :code and a.currency = :currency and a.subject_id = :subject"
)
_BALANCE_AT = text(
    "select coalesce(sum(s.debit), 0) as debit, coalesce(sum(s.credit), 0) as credit, 0 as held"
    " from ledger.account a cross join lateral ledger.account_standing(a.book_id, a.account_id, :at) s"
    " where a.book_id = :book and a.code = :code and a.currency = :currency and a.subject_id = :subject"
)
_POCKETS = text(
    "select a.subject_id, a.currency, b.credit_minor as credit, b.debit_minor as debit, b.held_minor as held"
    " from ledger.account a join ledger.balance b using (account_id)"
    " where a.code = :code and a.subject_id = any(:pockets)"
)
_POCKET = text(
    "select a.currency, b.credit_minor as credit, b.debit_minor as debit, b.held_minor as held"
    " from ledger.account a join ledger.balance b using (account_id) where a.code = :code and a.subject_id = :pocket"
)
_TRIAL_BALANCE = text(
    "select k.book_id, k.code as book_code, a.code, a.subject_id, a.currency, k.functional_currency,"
    " t.debit, t.credit, t.functional from ("
    "  select account_id, coalesce(sum(amount_minor) filter (where side = 'D'), 0) as debit,"
    "  coalesce(-sum(amount_minor) filter (where side = 'C'), 0) as credit, sum(functional_minor) as functional"
    "  from ledger.posting where effective_on <= :at and (cast(:book as uuid) is null or book_id = :book)"
    "  group by account_id) t"
    " join ledger.account a using (account_id) join ledger.book k on k.book_id = a.book_id"
    " order by k.code, a.code, a.subject_id, a.currency"
)
_ACTIVITY = text(
    "select p.book_id, a.code, p.heading, p.currency,"
    " coalesce(sum(p.amount_minor) filter (where p.effective_on < :first), 0) as opening,"
    " coalesce(sum(p.amount_minor) filter (where p.effective_on >= :first), 0) as period"
    " from ledger.posting p join ledger.account a using (account_id)"
    " where p.contract_id = :contract and p.effective_on <= :last"
    " group by p.book_id, a.code, p.heading, p.currency order by p.book_id, a.code, p.heading, p.currency"
)
_POOLED = text(
    "select p.contract_id, p.effective_on, sum(p.amount_minor) as amount"
    " from ledger.posting p join ledger.account a using (account_id)"
    " where p.book_id = :book and p.currency = :currency and p.effective_on <= :last and p.contract_id is not null"
    " and (a.code = :bank and a.subject_id = :account or a.code = :clearing)"
    " group by 1, 2 order by 1, 2"
)
_PAIR = text(
    "select p.currency, sum(p.amount_minor) as net from ledger.posting p join ledger.account a using (account_id)"
    " where p.contract_id = :contract and p.book_id = :book and p.effective_on <= :at and a.code = :code"
    " group by p.currency order by p.currency"
)
_HOLD_COLUMNS = (
    "select h.hold_id, h.book_id, h.pocket_id, h.contract_id, h.disbursement_id, h.parent_id, h.amount_minor,"
    " h.remaining_minor, h.state, h.currency from ledger.hold h"
)
_HOLDS = text(
    f"{_HOLD_COLUMNS} where h.contract_id = :contract and (not :only_open or h.state = 'OPEN')"
    " order by h.parent_id is not null, h.hold_id"
)
_HOLD = text(f"{_HOLD_COLUMNS} where h.hold_id = :hold")
_HOLDS_BY_ID = text(f"{_HOLD_COLUMNS} where h.hold_id = any(:holds)")
