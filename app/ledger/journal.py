"""The journal read by entry: lists with filters, one entry, and what it is linked to. Money is debit-positive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import EntryKind
from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate

LARGEST_ID = 2**63 - 1
"""An entry's number beyond this cannot exist."""


@dataclass(frozen=True, slots=True)
class EntrySelection:
    """Which entries of a book are asked for; None means any. Days are inclusive.

    Account, contract and amount must meet in one line. `minor` is an amount's size in minor units, in any currency.
    """

    month: date | None = None
    voucher: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    code: AccountCode | None = None
    contract_id: UUID | None = None
    minor: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry's header with its place among the sealed ones; the place is None while it waits to be sealed."""

    entry_id: int
    book_id: UUID
    effective_on: date
    recorded_at: datetime
    kind: EntryKind
    reason: str
    event_id: UUID
    reverses_id: int | None
    actor_id: UUID
    approval_id: UUID | None
    evidence_sha256: bytes | None
    month: date | None
    voucher_no: int | None
    leaf_no: int | None
    block_no: int | None

    @property
    def voucher(self) -> str:
        """The voucher number, `2026-03 / 17`; empty while it waits to be sealed."""
        return f"{self.month:%Y-%m} / {self.voucher_no}" if self.month else ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Another entry that belongs to the same event."""

    entry_id: int
    book_id: UUID
    book_code: str
    effective_on: date


_entry = table(
    "entry",
    column("entry_id", BigInteger),
    column("book_id", Uuid),
    column("effective_on", Date),
    column("recorded_at", DateTime(timezone=True)),
    column("kind", Text),
    column("reason", Text),
    column("event_id", Uuid),
    column("reverses_id", BigInteger),
    column("actor_id", Uuid),
    column("approval_id", Uuid),
    column("evidence_sha256"),
    schema="ledger",
)
_leaf = table(
    "seal_leaf",
    column("book_id", Uuid),
    column("entry_id", BigInteger),
    column("month", Date),
    column("voucher_no", Integer),
    column("leaf_no", BigInteger),
    column("block_no", BigInteger),
    schema="ledger",
)
_posting = table(
    "posting",
    column("entry_id", BigInteger),
    column("effective_on", Date),
    column("account_id", Integer),
    column("contract_id", Uuid),
    column("amount_minor", BigInteger),
    schema="ledger",
)
_account = table(
    "account", column("account_id", Integer), column("book_id", Uuid), column("code", Text), schema="ledger"
)


def entries(
    session: Session, book_id: UUID, wanted: EntrySelection, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[EntryRow]:
    """The book's entries, the last recorded first."""
    query = _select().where(_entry.c.book_id == book_id, *_conditions(book_id, wanted))
    newest_first = [Order(_entry.c.entry_id, descending=True)]
    return paginate(session, query, newest_first, cursor=cursor, limit=limit).map(_row)


def entry(session: Session, book_id: UUID, entry_id: int) -> EntryRow | None:
    """One entry of a book; None where the book has none of that number."""
    if not 0 < entry_id <= LARGEST_ID:
        return None
    row = session.execute(_select().where(_entry.c.book_id == book_id, _entry.c.entry_id == entry_id)).one_or_none()
    return _row(row) if row else None


def debits(session: Session, rows: Iterable[EntryRow]) -> dict[int, dict[Currency, Money]]:
    """What each entry moved on its debit side, by currency; an entry in red ink moved less than nil."""
    days = {row.entry_id: row.effective_on for row in rows}
    if not days:
        return {}
    values = {"ids": list(days), "first": min(days.values()), "last": max(days.values())}
    found: dict[int, dict[Currency, Money]] = {}
    for row in session.execute(_DEBITS, values):
        currency = Currency(row.currency)
        found.setdefault(row.entry_id, {})[currency] = Money(int(row.minor), currency)
    return found


def account_ids(session: Session, row: EntryRow) -> dict[int, int]:
    """The account's number of each line of an entry."""
    query = text("select line_no, account_id from ledger.posting where entry_id = :entry and effective_on = :day")
    return dict(session.execute(query, {"entry": row.entry_id, "day": row.effective_on}).all())


def reversed_by(session: Session, entry_id: int) -> int | None:
    """The entry that reverses this one, if there is one."""
    query = text("select reversing_id from ledger.reversal where original_id = :entry")
    found: int | None = session.scalar(query, {"entry": entry_id})
    return found


def of_event(session: Session, row: EntryRow) -> Sequence[Linked]:
    """The other entries of the same event, in whichever book."""
    query = text(
        "select e.entry_id, e.book_id, k.code, e.effective_on from ledger.entry e join ledger.book k using (book_id)"
        " where e.event_id = :event and e.entry_id <> :entry order by e.entry_id limit 50"
    )
    return [Linked(*found) for found in session.execute(query, {"event": row.event_id, "entry": row.entry_id})]


def books_of_entries(session: Session, entry_ids: Iterable[int]) -> dict[int, str]:
    """The code of the book that keeps each entry, for links."""
    query = text(
        "select e.entry_id, k.code from ledger.entry e join ledger.book k using (book_id) where e.entry_id = any(:ids)"
    )
    return dict(session.execute(query, {"ids": list(entry_ids)}).all())


def account_book(session: Session, account_id: int) -> UUID | None:
    """The book an account belongs to; None where there is no such account."""
    if not 0 < account_id < 2**31:
        return None
    query = text("select book_id from ledger.account where account_id = :id")
    found: UUID | None = session.scalar(query, {"id": account_id})
    return found


def _select() -> Select[Any]:
    places = (_leaf.c.month, _leaf.c.voucher_no, _leaf.c.leaf_no, _leaf.c.block_no)
    return select(*_entry.c, *places).select_from(_entry.outerjoin(_leaf, _leaf.c.entry_id == _entry.c.entry_id))


def _row(row: Any) -> EntryRow:
    facts = dict(zip(EntryRow.__slots__, row, strict=True))
    return EntryRow(**facts | {"kind": EntryKind(facts["kind"])})


def _conditions(book_id: UUID, wanted: EntrySelection) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.month is not None or wanted.voucher is not None:
        found.append(_leaf.c.book_id == book_id)
    if wanted.month is not None:
        found.append(_leaf.c.month == wanted.month)
    if wanted.voucher is not None:
        found.append(_leaf.c.voucher_no == wanted.voucher)
    if wanted.first_day is not None:
        found.append(_entry.c.effective_on >= wanted.first_day)
    if wanted.last_day is not None:
        found.append(_entry.c.effective_on <= wanted.last_day)
    if wanted.text:
        found.append(_entry.c.reason.icontains(wanted.text, autoescape=True))
    lines = _line_conditions(book_id, wanted)
    if lines:
        same = and_(_posting.c.entry_id == _entry.c.entry_id, _posting.c.effective_on == _entry.c.effective_on)
        found.append(select(_posting.c.entry_id).where(same, *lines).correlate(_entry).exists())
    return found


def _line_conditions(book_id: UUID, wanted: EntrySelection) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.code is not None:
        accounts = select(_account.c.account_id).where(
            _account.c.book_id == book_id, _account.c.code == wanted.code.value
        )
        found.append(_posting.c.account_id.in_(accounts))
    if wanted.contract_id is not None:
        found.append(_posting.c.contract_id == wanted.contract_id)
    if wanted.minor is not None:
        found.append(func.abs(_posting.c.amount_minor) == wanted.minor)
    return found


_DEBITS = text(
    "select entry_id, currency, sum(amount_minor) as minor from ledger.posting where side = 'D'"
    " and entry_id = any(:ids) and effective_on between :first and :last group by entry_id, currency"
)
