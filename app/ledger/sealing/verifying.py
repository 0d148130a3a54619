"""Verifies the books where they lie: the auditor's script on each book's bundle, and what only the database can tell.

The script is the one auditors run (`tools/verify_ledger.py`). It shares no code with the sealer, so that one mistake
cannot make both agree; and since it runs here too, it is tried every day.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import bundle
from app.settings import PROJECT


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in one book."""

    code: str
    leaves: int
    blocks: int
    findings: tuple[str, ...]


@cache
def script(name: str = "verify_ledger") -> ModuleType:
    """A script of `tools/`, as auditors run it."""
    spec = importlib.util.spec_from_file_location(name, PROJECT / "tools" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"tools/{name}.py is missing")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def note_fields(text: str) -> dict[str, str]:
    """What a checkpoint's text says, by name."""
    fields: dict[str, str] = script().note_fields(text)
    return fields


def book_of(checkpoint: str) -> str:
    """The code of the book that a checkpoint is of."""
    return note_fields(script().signatures_of(checkpoint)[0])["origin"].rpartition("/")[2]


def growth_findings(proof: dict[str, Any]) -> list[str]:
    """What is wrong with a proof that a book only grew."""
    script()
    found: list[str] = script("verify_proof").check_proof(proof)
    return found


def verify(session: Session, book_id: UUID, checkpoints: Sequence[tuple[str, str]] = ()) -> Verified:
    """Verify one book, against kept checkpoints (pairs of name and text). The session must see one moment."""
    lines = (line.encode() for line in bundle.lines(session, book_id))
    done = script().verify(lines, checkpoints)
    findings = [*done.findings, *_in_database(session, book_id)]
    return Verified(done.head["code"], done.tree.size, done.blocks, tuple(findings))


def _in_database(session: Session, book_id: UUID) -> Iterable[str]:
    """Entries that were passed over, and rollups that are not what their entries add up to."""
    for sentence, query in _CHECKS.items():
        for row in session.execute(text(query), {"book": book_id}):
            yield sentence.format(*row)


_CHECKS = {
    "entry {}: was never sealed, though sealing has gone past it": """
        select e.entry_id from ledger.entry e left join ledger.seal_leaf l using (entry_id), ledger.seal_cursor c
        where e.book_id = :book and l.entry_id is null
          and (e.seal_epoch, e.xact, e.entry_id) <= (c.seal_epoch, c.xact, c.entry_id) order by 1 limit 20""",
    "account {} on {}, block {}: its movement of the day is not that of its entries": """
        select account_id, effective_on, block_no from (
            select d.account_id, d.effective_on, d.block_no, d.debit_minor as debit, d.credit_minor as credit,
                   d.functional_minor as functional
            from ledger.balance_day d join ledger.account a using (account_id) where a.book_id = :book) kept
        full join (
            select p.account_id, p.effective_on, l.block_no,
                   coalesce(sum(p.amount_minor) filter (where p.side = 'D'), 0) as debit,
                   coalesce(-sum(p.amount_minor) filter (where p.side = 'C'), 0) as credit,
                   sum(p.functional_minor) as functional
            from ledger.seal_leaf l join ledger.posting p using (entry_id) where l.book_id = :book
            group by 1, 2, 3) made using (account_id, effective_on, block_no)
        where (kept.debit, kept.credit, kept.functional) is distinct from (made.debit, made.credit, made.functional)
        order by 1, 2, 3 limit 20""",
    "account {}: what is kept for its last block is not the sum of its days": """
        select s.account_id from ledger.sealed_balance s join ledger.account a using (account_id)
        left join (select account_id, sum(debit_minor) as debit, sum(credit_minor) as credit,
                          sum(functional_minor) as functional from ledger.balance_day group by 1) d using (account_id)
        where a.book_id = :book
          and (s.debit_minor, s.credit_minor, s.functional_minor) is distinct from (d.debit, d.credit, d.functional)
        order by 1 limit 20""",
}
