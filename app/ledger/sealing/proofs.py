"""Proofs of single statements, for somebody who holds a checkpoint and not the whole book.

Each is a JSON object of text that names its format, carries the checkpoint it leads to, and is checked by
`tools/verify_ledger.py --proof FILE`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import bundle, keys, reading
from app.ledger.sealing.bundle import Block
from app.ledger.sealing.canonical import Place, account_text, attached_text, entry_text
from app.ledger.sealing.merkle import RangeHash, consistency_proof, inclusion_proof, leaf_hash, root_of

FORMAT = "hetao-ledger-proof/1"


def of_entry(session: Session, entry_id: int, block_no: int | None = None) -> dict[str, Any] | None:
    """That an entry is in its book, as of a block (the newest without one); None while it is not sealed."""
    leaf = session.execute(
        text("select * from ledger.seal_leaf where entry_id = :entry"), {"entry": entry_id}
    ).one_or_none()
    if leaf is None:
        return None
    block = _block(session, leaf.book_id, block_no)
    if block is None or leaf.leaf_no >= block.head.tree_size:
        return None
    key = (entry_id, leaf.effective_on)
    header, lines = reading.entries(session, [key])[key], reading.lines(session, [key])[key]
    place = Place(leaf.book_id, leaf.leaf_no, leaf.block_no, leaf.month, leaf.voucher_no, bytes(leaf.salt))
    path = inclusion_proof(leaf.leaf_no, block.head.tree_size, reading.subtrees(session, leaf.book_id))
    return _proof(session, "entry", block) | {
        "leaf": str(leaf.leaf_no),
        "size": str(block.head.tree_size),
        "text": entry_text(place, header, lines).decode(),
        "reason": header.reason,
        "salt": bytes(leaf.salt).hex(),
        "path": [each.hex() for each in path],
    }


def of_balance(session: Session, account_id: int, block_no: int | None = None) -> dict[str, Any] | None:
    """What stands on an account as of a block, all of the account's days; None where nothing sealed stands on it."""
    book_id = session.scalar(text("select book_id from ledger.account where account_id = :id"), {"id": account_id})
    block = _block(session, book_id, block_no) if book_id else None
    if block is None:
        return None
    accounts = reading.accounts(session, book_id, block.head.block_no)
    place = next((at for at, each in enumerate(accounts) if each.account_id == account_id), None)
    if place is None:
        return None
    texts = [account_text(each) for each in accounts]
    hashes = [leaf_hash(each) for each in texts]
    path = inclusion_proof(place, len(hashes), _of_hashes(hashes))
    return _proof(session, "balance", block) | {
        "leaf": str(place),
        "size": str(len(hashes)),
        "text": texts[place].decode(),
        "path": [each.hex() for each in path],
    }


def of_attached(session: Session, attached_id: UUID) -> dict[str, Any] | None:
    """That a digest was attached to a block; None while it is in none."""
    where = session.execute(
        text("select book_id, block_no from ledger.seal_attached where attached_id = :id"), {"id": attached_id}
    ).one_or_none()
    if where is None:
        return None
    rows = reading.attached(session, where.book_id, where.block_no)[where.block_no]
    place = next(at for at, each in enumerate(rows) if each.attached_id == attached_id)
    texts = [attached_text(each) for each in rows]
    path = inclusion_proof(place, len(texts), _of_hashes([leaf_hash(each) for each in texts]))
    block = bundle.blocks(session, where.book_id, number=where.block_no)[0]
    return _proof(session, "attachment", block) | {
        "leaf": str(place),
        "size": str(len(texts)),
        "text": texts[place].decode(),
        "path": [each.hex() for each in path],
    }


def of_growth(session: Session, book_id: UUID, old_block: int, new_block: int | None = None) -> dict[str, Any] | None:
    """That the book as of one block is the beginning of the book as of a later one; None where a block is missing."""
    old, new = _block(session, book_id, old_block), _block(session, book_id, new_block)
    if old is None or new is None or old.head.tree_size > new.head.tree_size:
        return None
    path = consistency_proof(old.head.tree_size, new.head.tree_size, reading.subtrees(session, book_id))
    return _proof(session, "growth", new) | {
        "earlier": bundle.checkpoint(session, book_id, old.head.block_no),
        "path": [each.hex() for each in path],
    }


def _block(session: Session, book_id: UUID, number: int | None) -> Block | None:
    found = bundle.blocks(session, book_id, newest=1, number=number)
    return found[0] if found else None


def _proof(session: Session, what: str, block: Block) -> dict[str, Any]:
    known = {key.key_id: key.public_key for key in keys.known(session)}
    return {
        "format": FORMAT,
        "proves": what,
        "checkpoint": bundle.checkpoint(session, block.head.book_id, block.head.block_no),
        "public_key": known[block.head.key_id].hex(),
    }


def _of_hashes(hashes: list[bytes]) -> RangeHash:
    return lambda first, last: root_of(hashes[first:last])
