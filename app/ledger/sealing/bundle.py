"""Bundles and checkpoints: what an auditor takes away. `tools/verify_ledger.py` says what stands in a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import keys, reading
from app.ledger.sealing.canonical import Place, account_text, attached_text, entry_text, text_of
from app.ledger.sealing.merkle import TILE
from app.ledger.sealing.notes import Head, note, signature_line

FORMAT = "hetao-ledger-bundle/1"


@dataclass(frozen=True, slots=True)
class Witness:
    """Another book's signature under a block."""

    name: str
    public_key: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it is kept."""

    head: Head
    block_hash: bytes
    signature: bytes
    frontier: bytes
    witnesses: tuple[Witness, ...]


def blocks(session: Session, book_id: UUID, *, newest: int | None = None, number: int | None = None) -> list[Block]:
    """The blocks of a book, first to last; only the newest few, or the one of a number."""
    rows = session.execute(
        text(
            "select b.*, k.code, k.functional_currency from ledger.seal_block b join ledger.book k using (book_id)"
            " where b.book_id = :book"
            " and (cast(:number as bigint) is null or b.block_no = :number) order by b.block_no desc limit :newest"
        ),
        {"book": book_id, "number": number, "newest": newest},
    ).all()
    signed = session.execute(
        text(
            "select block_no, witness, public_key, signature from ledger.seal_witness where book_id = :book order by 2"
        ),
        {"book": book_id},
    ).all()
    return [_block(row, signed) for row in reversed(rows)]


def _block(row: Any, signed: Any) -> Block:
    head = Head(
        row.book_id,
        row.code,
        row.functional_currency,
        row.block_no,
        row.tree_size,
        bytes(row.root),
        bytes(row.balances_root),
        bytes(row.previous_hash),
        row.seal_epoch,
        row.sealed_at,
        row.key_id,
        bytes(row.attached) if row.attached is not None else None,
    )
    witnesses = tuple(
        Witness(each.witness, bytes(each.public_key), bytes(each.signature))
        for each in signed
        if each.block_no == row.block_no
    )
    return Block(head, bytes(row.block_hash), bytes(row.signature), bytes(row.frontier), witnesses)


def checkpoint(session: Session, book_id: UUID, number: int | None = None) -> str | None:
    """The signed note of a block, of the newest without a number; None where nothing is sealed."""
    found = blocks(session, book_id, newest=1, number=number)
    if not found:
        return None
    block = found[0]
    public = {key.key_id: key.public_key for key in keys.known(session)}[block.head.key_id]
    signatures = [signature_line(block.head.origin, public, block.signature)]
    signatures += [signature_line(each.name, each.public_key, each.signature) for each in block.witnesses]
    return note(block.head.text, signatures)


def lines(session: Session, book_id: UUID, *, reasons: bool = True) -> Iterator[str]:
    """The lines of a book's bundle, as of its last block; without `reasons`, their words are left out."""
    found = blocks(session, book_id)
    book = session.execute(
        text("select code, functional_currency from ledger.book where book_id = :book"), {"book": book_id}
    ).one()
    yield _line(
        "head", {"format": FORMAT, "book": str(book_id), "code": book.code, "functional": book.functional_currency}
    )
    for key in keys.known(session):
        yield _line(
            "key", {name: text_of(getattr(key, name)) if getattr(key, name) is not None else None for name in _KEY}
        )
    waiting, attached = list(reversed(found)), reading.attached(session, book_id)
    size = leaves = 0
    for leaf_no, written in _entries(session, book_id, reasons):
        yield from written
        leaves += 1
        while waiting and waiting[-1].head.tree_size <= leaf_no + 1:
            block = waiting.pop()
            yield from _block_lines(session, block, size, attached.get(block.head.block_no, []))
            size = block.head.tree_size
    for block in reversed(waiting):
        yield from _block_lines(session, block, size, attached.get(block.head.block_no, []))
        size = block.head.tree_size
    for account in reading.accounts(session, book_id):
        yield f"account {account_text(account).decode()}\n"
    yield _line("end", {"leaves": str(leaves), "blocks": str(len(found))})


_KEY = ("key_id", "public_key", "introduced_at", "previous_id", "introduction")


def _block_lines(session: Session, block: Block, before: int, attached: list[Any]) -> Iterator[str]:
    """What is attached to a block, the block with the tiles it made whole, and its witnesses."""
    for each in attached:
        stated = bytes(each.leaf_hash).hex()
        yield f"attached {stated} {attached_text(each).decode() if each.subject is not None else 'null'}\n"
    first, last = before // TILE, block.head.tree_size // TILE
    facts = {
        "text": block.head.text,
        "hash": block.block_hash.hex(),
        "signature": block.signature.hex(),
        "frontier": block.frontier.hex(),
        "nodes": [each.hex() for each in reading.tiles(session, block.head.book_id, first, last)],
    }
    yield _line("block", facts)
    for witness in block.witnesses:
        said = {"witness": witness.name, "public_key": witness.public_key.hex(), "signature": witness.signature.hex()}
        yield _line("witness", said)


def _entries(session: Session, book_id: UUID, reasons: bool) -> Iterator[tuple[int, list[str]]]:
    """The lines of each leaf, with its number."""
    for leaves in reading.leaves(session, book_id):
        kept = [(leaf.entry_id, leaf.effective_on) for leaf in leaves]
        headers, postings = reading.entries(session, kept), reading.lines(session, kept)
        for leaf, key in zip(leaves, kept, strict=True):
            yield leaf.leaf_no, _leaf_lines(book_id, leaf, headers.get(key), postings.get(key, []), reasons)


def _leaf_lines(book_id: UUID, leaf: Any, entry: Any, postings: list[Any], reasons: bool) -> list[str]:
    stated = bytes(leaf.leaf_hash).hex()
    if entry is None:
        return [f"entry {stated} null\n"]
    place = Place(book_id, leaf.leaf_no, leaf.block_no, leaf.month, leaf.voucher_no, bytes(leaf.salt))
    written = [f"entry {stated} {entry_text(place, entry, postings).decode()}\n"]
    if reasons:
        said = {"leaf": str(leaf.leaf_no), "salt": bytes(leaf.salt).hex(), "reason": entry.reason}
        written.append(_line("reason", said))
    return written


def _line(kind: str, facts: dict[str, Any]) -> str:
    return f"{kind} {json.dumps(facts, ensure_ascii=False, separators=(',', ':'))}\n"
