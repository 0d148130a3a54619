"""The sealer: follows the journal in the order of commits and puts each book's new entries into a signed block.

What is attached to a book (`attaching`) goes into the book's next block, whenever it was committed: nothing is asked of
it but to be in no block yet. Where no entry waits it gets a block of its own; a book without any entry has no block.

An entry may be sealed once every transaction older than its own has ended (`ledger.seal_watermark`), so a number taken
early and committed late is never skipped. Transaction ids start again when a dump is restored into another server: the
epoch, raised by `epochs`, says which ids belong together. All of a block is one database transaction: a sealer that
dies leaves nothing half done, and a second one at the same time finds the lock taken.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import keys as seal_keys, reading
from app.ledger.sealing.canonical import Place, account_text, attached_text, entry_text
from app.ledger.sealing.keys import SealKey
from app.ledger.sealing.merkle import TILE, Frontier, leaf_hash, root_of
from app.ledger.sealing.notes import Head

LARGEST = 20_000
"""Entries sealed in one go, and attachments to one block; what is left follows in the next."""

NOTHING_BEFORE = bytes(32)


class IdsStartedAgain(Exception):
    """Entries bear transaction ids that this server has yet to give out; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A block just made."""

    book_code: str
    block_no: int
    entries: int
    tree_size: int
    attached: int = 0


@dataclass(frozen=True, slots=True)
class _Last:
    """Where a book's tree stands."""

    code: str
    functional: str
    block_no: int
    tree: Frontier
    block_hash: bytes
    sealed_at: datetime | None


def seal(session: Session, key: SealKey, *, now: datetime, at_most: int = LARGEST) -> list[Sealed] | None:
    """Seal what is committed, at most `at_most` entries over all books; None where another sealer is at work.

    Nothing to seal makes no block. `now` is stamped on the blocks, never earlier than the block before. Raises NoKey,
    and IdsStartedAgain where the database came out of a dump and no new epoch has begun.
    """
    start = session.execute(_START).one()
    if start.watermark is None:
        return None
    if start.ahead is not None:
        raise IdsStartedAgain(
            f"Entries bear transaction ids up to {start.ahead}, which this server has yet to give out: the database was"
            " restored from a dump. Nothing is sealed until a new epoch begins: hetao ledger new-epoch --as ADDRESS"
        )
    seal_keys.use(session, key, now=now)
    waiting = session.execute(
        _WAITING,
        {
            "epoch": start.seal_epoch,
            "xact": start.xact,
            "entry": start.entry_id,
            "newest": start.newest,
            "until": start.watermark,
            "most": at_most,
        },
    ).all()
    made = add_blocks(session, key, waiting, now)
    if waiting:
        move_cursor(session, waiting[-1].seal_epoch, waiting[-1].xact, waiting[-1].entry_id)
    for book_id in session.scalars(_ATTACHED_TO).all():
        made.append(_block(session, key, book_id, (), start.newest, now))
    return made


def add_blocks(session: Session, key: SealKey, waiting: Sequence[Any], now: datetime) -> list[Sealed]:
    """Seal these entries, in order, with what is attached to their books: a block for each book and epoch."""
    by_book: dict[tuple[int, UUID], list[Any]] = defaultdict(list)
    for row in waiting:
        by_book[row.seal_epoch, row.book_id].append(row)
    return [_block(session, key, book_id, rows, epoch, now) for (epoch, book_id), rows in by_book.items()]


def move_cursor(session: Session, epoch: int, xact: str, entry_id: int) -> None:
    """Note that everything up to this entry is sealed."""
    session.execute(
        text("select ledger.end_sealing(:epoch, cast(:xact as xid8), :entry)"),
        {"epoch": epoch, "xact": xact, "entry": entry_id},
    )


_START = text(
    "select seal_epoch, xact::text, entry_id, newest, watermark::text, ahead::text from ledger.begin_sealing()"
)
_WAITING = text(
    "select e.book_id, e.entry_id, e.effective_on, e.seal_epoch, e.xact::text as xact from ledger.entry e"
    " where (e.seal_epoch, e.xact, e.entry_id) > (cast(:epoch as integer), cast(:xact as xid8), cast(:entry as bigint))"
    " and (e.seal_epoch, e.xact) < (cast(:newest as integer), cast(:until as xid8))"
    " order by e.seal_epoch, e.xact, e.entry_id limit :most"
)


_ATTACHED_TO = text(
    "select distinct a.book_id from ledger.attached a"
    " where not exists (select from ledger.seal_attached s where s.attached_id = a.attached_id)"
    " and exists (select from ledger.seal_block b where b.book_id = a.book_id) order by 1"
)
_ATTACHED = text(
    "select a.* from ledger.attached a where a.book_id = :book"
    " and not exists (select from ledger.seal_attached s where s.attached_id = a.attached_id)"
    " order by a.attached_id limit :most"
)


def _block(session: Session, key: SealKey, book_id: UUID, rows: Sequence[Any], epoch: int, now: datetime) -> Sealed:
    """The book's next block over these entries, if any, and what is attached to the book."""
    last = _last(session, book_id)
    block_no = last.block_no + 1
    first_node = last.tree.size // TILE
    nodes = _add_entries(session, book_id, rows, block_no, last.tree) if rows else []
    attached = _add_attached(session, book_id, block_no)
    head = Head(
        book_id=book_id,
        book_code=last.code,
        functional=last.functional,
        block_no=block_no,
        tree_size=last.tree.size,
        root=last.tree.root,
        balances_root=root_of([leaf_hash(account_text(each)) for each in reading.accounts(session, book_id)]),
        previous_hash=last.block_hash,
        seal_epoch=epoch,
        sealed_at=max(now, last.sealed_at or now),
        key_id=key.key_id,
        attached=root_of(attached) if attached else None,
    )
    _add_block(session, head, key.sign(head.text), last.tree.packed, first_node, nodes)
    return Sealed(last.code, block_no, len(rows), last.tree.size, len(attached))


def _last(session: Session, book_id: UUID) -> _Last:
    row = session.execute(
        text(
            "select k.code, k.functional_currency, b.block_no, b.tree_size, b.frontier, b.block_hash, b.sealed_at"
            " from ledger.book k"
            " left join lateral (select * from ledger.seal_block s where s.book_id = k.book_id"
            " order by block_no desc limit 1) b on true where k.book_id = :book"
        ),
        {"book": book_id},
    ).one()
    if row.block_no is None:
        return _Last(row.code, row.functional_currency, 0, Frontier(), NOTHING_BEFORE, None)
    tree = Frontier.of_bytes(row.tree_size, bytes(row.frontier))
    return _Last(row.code, row.functional_currency, row.block_no, tree, bytes(row.block_hash), row.sealed_at)


def _add_entries(session: Session, book_id: UUID, rows: Sequence[Any], block_no: int, tree: Frontier) -> list[bytes]:
    """Add the entries to the block and to the tree; the hashes of the tiles that became whole."""
    places = _places(session, book_id, rows, block_no, tree.size)
    hashes, nodes = _grow(tree, _texts(session, rows, places))
    _add_leaves(session, rows, places, hashes)
    return nodes


def _add_attached(session: Session, book_id: UUID, block_no: int) -> list[bytes]:
    """Add what is attached to the book and in no block yet to the block; its leaf hashes, in order."""
    rows = session.execute(_ATTACHED, {"book": book_id, "most": LARGEST}).all()
    hashes = [leaf_hash(attached_text(each)) for each in rows]
    if rows:
        session.execute(
            text("select ledger.add_attached(:book, :block, cast(:attached as uuid[]), cast(:hashes as bytea[]))"),
            {
                "book": book_id,
                "block": block_no,
                "attached": [each.attached_id for each in rows],
                "hashes": hashes,
            },
        )
    return hashes


def _places(session: Session, book_id: UUID, rows: Sequence[Any], block_no: int, first_leaf: int) -> list[Place]:
    """Leaf and voucher numbers, both without gaps: the leaf in the book, the voucher in the month of the day."""
    months = {_month(row.effective_on) for row in rows}
    vouchers: dict[date, int] = dict(
        session.execute(
            text(
                "select month, max(voucher_no) from ledger.seal_leaf where book_id = :book and month = any(:months)"
                " group by month"
            ),
            {"book": book_id, "months": sorted(months)},
        ).all()
    )
    places = []
    for leaf_no, row in enumerate(rows, first_leaf):
        month = _month(row.effective_on)
        vouchers[month] = vouchers.get(month, 0) + 1
        places.append(Place(book_id, leaf_no, block_no, month, vouchers[month], os.urandom(16)))
    return places


def _texts(session: Session, rows: Sequence[Any], places: Sequence[Place]) -> list[bytes]:
    keys = [(row.entry_id, row.effective_on) for row in rows]
    headers, lines = reading.entries(session, keys), reading.lines(session, keys)
    return [entry_text(place, headers[each], lines[each]) for each, place in zip(keys, places, strict=True)]


def _grow(tree: Frontier, texts: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Add the leaves to the tree; their hashes, and those of the tiles that became whole."""
    hashes = [leaf_hash(each) for each in texts]
    tiles = [tree.push(each) for each in hashes]
    return hashes, [tile for tile in tiles if tile is not None]


def _add_leaves(session: Session, rows: Sequence[Any], places: Sequence[Place], hashes: list[bytes]) -> None:
    session.execute(
        text(
            "select ledger.add_leaves(:book, :block, :first, cast(:entries as bigint[]), cast(:days as date[]),"
            " cast(:vouchers as integer[]), cast(:salts as bytea[]), cast(:hashes as bytea[]))"
        ),
        {
            "book": places[0].book_id,
            "block": places[0].block_no,
            "first": places[0].leaf_no,
            "entries": [row.entry_id for row in rows],
            "days": [row.effective_on for row in rows],
            "vouchers": [place.voucher_no for place in places],
            "salts": [place.salt for place in places],
            "hashes": hashes,
        },
    )


def _add_block(
    session: Session, head: Head, signature: bytes, frontier: bytes, first_node: int, nodes: list[bytes]
) -> None:
    session.execute(
        text(
            "select ledger.add_block(:book, :block, :size, :root, :balances, :previous, :hash, :epoch, :at, :key,"
            " :signature, :frontier, :first_node, cast(:nodes as bytea[]), :attached)"
        ),
        {
            "book": head.book_id,
            "block": head.block_no,
            "size": head.tree_size,
            "root": head.root,
            "balances": head.balances_root,
            "previous": head.previous_hash,
            "hash": head.block_hash,
            "epoch": head.seal_epoch,
            "at": head.sealed_at,
            "key": head.key_id,
            "signature": signature,
            "frontier": frontier,
            "first_node": first_node,
            "nodes": nodes,
            "attached": head.attached,
        },
    )


def _month(day: date) -> date:
    return day.replace(day=1)
