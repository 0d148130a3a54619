"""Reads what is hashed: entries with their lines, accounts with what stands on them, hashes of leaves and subtrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing.merkle import TILE, Frontier, RangeHash, root_of

CHUNK = 5_000
"""Leaves read at a time."""


Key = tuple[int, date]
"""An entry's number and day: where it is kept."""


def entries(session: Session, keys: Sequence[Key]) -> dict[Key, Any]:
    """Headers by key."""
    rows = session.execute(
        text(
            "select entry_id, book_id, effective_on, kind, recorded_at, xact::text as xact, seal_epoch, line_count,"
            " event_id, reverses_id, reverses_on, actor_id, approval_id, reason, evidence_sha256"
            " from ledger.entry where entry_id = any(:ids) and effective_on between :first and :last"
        ),
        _between(keys),
    )
    return {(row.entry_id, row.effective_on): row for row in rows}


def lines(session: Session, keys: Sequence[Key]) -> dict[Key, list[Any]]:
    """Lines by their entry's key, in order."""
    rows = session.execute(
        text(
            "select entry_id, line_no, effective_on, book_id, account_id, currency, amount_minor, side,"
            " functional_minor, rate_id, contract_id, tranche_id, disbursement_id, claim_id, heading, pocket_id,"
            " party_id from ledger.posting where entry_id = any(:ids) and effective_on between :first and :last"
            " order by entry_id, line_no"
        ),
        _between(keys),
    )
    found: dict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.entry_id, row.effective_on].append(row)
    return found


def _between(keys: Sequence[Key]) -> dict[str, Any]:
    """The entries' numbers and the days they lie between, so that only their years are looked into."""
    days = [day for _entry_id, day in keys]
    return {"ids": [entry_id for entry_id, _day in keys], "first": min(days), "last": max(days)}


def accounts(session: Session, book_id: UUID, block_no: int | None = None) -> Sequence[Any]:
    """A book's accounts by number with what stood on them as of a block; of the last block without one."""
    if block_no is None:
        return session.execute(_STANDING_NOW, {"book": book_id}).all()
    return session.execute(_STANDING_THEN, {"book": book_id, "block": block_no}).all()


_STANDING_NOW = text(
    "select a.*, s.debit_minor, s.credit_minor, s.functional_minor"
    " from ledger.account a join ledger.sealed_balance s using (account_id) where a.book_id = :book order by account_id"
)
_STANDING_THEN = text(
    "select a.*, sum(d.debit_minor)::bigint as debit_minor, sum(d.credit_minor)::bigint as credit_minor,"
    " sum(d.functional_minor)::bigint as functional_minor"
    " from ledger.account a join ledger.balance_day d using (account_id)"
    " where a.book_id = :book and d.block_no <= :block group by a.account_id order by account_id"
)


def leaves(session: Session, book_id: UUID) -> Iterator[Sequence[Any]]:
    """The leaves of a book in order, some thousand at a time."""
    after = -1
    while True:
        found = session.execute(
            text(
                "select leaf_no, entry_id, effective_on, voucher_no, month, block_no, salt, leaf_hash"
                " from ledger.seal_leaf where book_id = :book and leaf_no > :after order by leaf_no limit :chunk"
            ),
            {"book": book_id, "after": after, "chunk": CHUNK},
        ).all()
        if not found:
            return
        yield found
        after = found[-1].leaf_no


def attached(session: Session, book_id: UUID, block_no: int | None = None) -> dict[int, list[Any]]:
    """What is attached to the blocks of a book, or to one, by block and in order; a row that is lost has no subject."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_ATTACHED, {"book": book_id, "block": block_no}):
        found[row.block_no].append(row)
    return found


_ATTACHED = text(
    "select s.block_no, s.leaf_hash, s.attached_id, a.book_id, a.subject, a.sha256, a.attached_at"
    " from ledger.seal_attached s left join ledger.attached a using (attached_id)"
    " where s.book_id = :book and (cast(:block as bigint) is null or s.block_no = :block) order by s.attached_id"
)


def tiles(session: Session, book_id: UUID, first: int, last: int) -> list[bytes]:
    """The hashes of whole subtrees number `first` up to but not including `last`."""
    if first >= last:
        return []
    found = session.scalars(
        text(
            "select node_hash from ledger.seal_node where book_id = :book and node_no >= :first and node_no < :last"
            " order by node_no"
        ),
        {"book": book_id, "first": first, "last": last},
    )
    return [bytes(each) for each in found]


def subtrees(session: Session, book_id: UUID) -> RangeHash:
    """Hashes of a book's subtrees out of kept leaves and kept whole subtrees."""

    def range_hash(first: int, last: int) -> bytes:
        whole = last // TILE * TILE if first % TILE == 0 else first
        tail = session.scalars(
            text(
                "select leaf_hash from ledger.seal_leaf where book_id = :book and leaf_no >= :first and leaf_no < :last"
                " order by leaf_no"
            ),
            {"book": book_id, "first": max(first, whole), "last": last},
        )
        return _joined(tiles(session, book_id, first // TILE, whole // TILE), [bytes(each) for each in tail])

    return range_hash


def _joined(tiles: list[bytes], tail: list[bytes]) -> bytes:
    """The head over whole tiles followed by single leaves: tiles of a tree of tiles, then what is left."""
    if not tiles:
        return root_of(tail)
    whole = Frontier()
    for tile in tiles:
        whole.push(tile)
    rest = Frontier()
    for leaf in tail:
        rest.push(leaf)
    return Frontier(1, whole.hashes + rest.hashes).root
