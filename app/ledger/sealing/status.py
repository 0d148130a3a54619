"""How far sealing has come: each book's last block, and what is committed and waits for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text, Uuid, column, func, select, table, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate

SHOWN = 12
"""Hex digits of a block's hash that people compare."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Entries and attachments committed and not yet sealed: how many, since when the oldest, and how long that is."""

    entries: int = 0
    oldest_at: datetime | None = None
    age: timedelta = timedelta(0)
    attached: int = 0


@dataclass(frozen=True, slots=True)
class SealedBlock:
    """A block of a book; `entries` counts what is sealed up to and with it. The hash is lower-case hex.

    `witnesses` name the other books that signed it too.
    """

    number: int
    entries: int
    sealed_at: datetime
    block_hash: str
    key_id: str
    witnesses: tuple[str, ...] = ()

    @property
    def short_hash(self) -> str:
        """The hash's first digits."""
        return self.block_hash[:SHOWN]


def lag(session: Session, book_id: UUID | None, now: datetime) -> Lag:
    """What one book (None: all books together) has committed and not yet sealed."""
    by_book = lags(session, now, book_id)
    oldest = min((each.oldest_at for each in by_book.values() if each.oldest_at), default=None)
    entries, attached = (sum(getattr(each, name) for each in by_book.values()) for name in ("entries", "attached"))
    return _lag(entries, attached, oldest, now)


def lags(session: Session, now: datetime, book_id: UUID | None = None) -> dict[UUID, Lag]:
    """`lag` of every book that has something unsealed, or of one."""
    cursor = session.execute(text("select seal_epoch, xact::text as xact, entry_id from ledger.seal_cursor")).one()
    values = {"epoch": cursor.seal_epoch, "xact": cursor.xact, "entry": cursor.entry_id, "book": book_id}
    return {
        row.book_id: _lag(row.entries, row.attached, row.oldest_at, now) for row in session.execute(_UNSEALED, values)
    }


def last_blocks(session: Session) -> dict[UUID, SealedBlock]:
    """The newest block of every book that has one."""
    return {row.book_id: _last(row) for row in session.execute(_LAST, {"book": None})}


def last_block(session: Session, book_id: UUID) -> SealedBlock | None:
    """The newest block of one book; None where nothing is sealed."""
    row = session.execute(_LAST, {"book": book_id}).one_or_none()
    return _last(row) if row else None


def blocks(
    session: Session, book_id: UUID, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[SealedBlock]:
    """The blocks of a book, the newest first."""
    query = select(*_block.c, _witnesses).where(_block.c.book_id == book_id)
    order = [Order(_block.c.block_no, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit).map(_sealed)


def block(session: Session, book_id: UUID, number: int) -> SealedBlock | None:
    """One block of a book; None where it has none of that number."""
    if not 0 < number < 2**63:
        return None
    query = select(*_block.c, _witnesses).where(_block.c.book_id == book_id, _block.c.block_no == number)
    row = session.execute(query).one_or_none()
    return _sealed(row) if row else None


def _lag(entries: int, attached: int, oldest_at: datetime | None, now: datetime) -> Lag:
    """A clock set back makes nothing younger than new."""
    return Lag(entries, oldest_at, max(now - oldest_at, timedelta(0)) if oldest_at else timedelta(0), attached)


def _last(row: Any) -> SealedBlock:
    return SealedBlock(row.block_no, row.tree_size, row.sealed_at, bytes(row.block_hash).hex(), row.key_id)


def _sealed(row: Any) -> SealedBlock:
    _book_id, number, entries, sealed_at, block_hash, key_id, witnesses = row
    return SealedBlock(number, entries, sealed_at, bytes(block_hash).hex(), key_id, tuple(witnesses or ()))


_block = table(
    "seal_block",
    column("book_id", Uuid),
    column("block_no", BigInteger),
    column("tree_size", BigInteger),
    column("sealed_at", DateTime(timezone=True)),
    column("block_hash", LargeBinary),
    column("key_id", Text),
    schema="ledger",
)
_witness = table(
    "seal_witness",
    column("book_id", Uuid),
    column("block_no", BigInteger),
    column("witness", Text),
    schema="ledger",
)
_witnesses = (
    select(func.array_agg(aggregate_order_by(_witness.c.witness, _witness.c.witness)))
    .where(_witness.c.book_id == _block.c.book_id, _witness.c.block_no == _block.c.block_no)
    .correlate(_block)
    .scalar_subquery()
)


_UNSEALED = text(
    "select book_id, sum(entries)::bigint as entries, sum(attached)::bigint as attached, min(oldest_at) as oldest_at"
    " from (select e.book_id, count(*) as entries, 0 as attached, min(e.recorded_at) as oldest_at from ledger.entry e"
    " where (e.seal_epoch, e.xact, e.entry_id) > (cast(:epoch as integer), cast(:xact as xid8), cast(:entry as bigint))"
    " and (cast(:book as uuid) is null or e.book_id = :book) group by e.book_id"
    " union all"
    " select a.book_id, 0, count(*), min(a.attached_at) from ledger.attached a"
    " where not exists (select from ledger.seal_attached s where s.attached_id = a.attached_id)"
    " and (cast(:book as uuid) is null or a.book_id = :book) group by a.book_id) waiting group by book_id"
)
_LAST = text(
    "select b.book_id, b.block_no, b.tree_size, b.sealed_at, b.block_hash, b.key_id from ledger.book k"
    " join lateral (select * from ledger.seal_block s where s.book_id = k.book_id"
    " order by s.block_no desc limit 1) b on true"
    " where cast(:book as uuid) is null or k.book_id = :book"
)
