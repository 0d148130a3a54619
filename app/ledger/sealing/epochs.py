"""A new epoch: what a database needs after it came out of a dump, since the new server counts transactions anew.

Sealing follows transaction ids. Those of the old server mean nothing on the new one, so each entry says in which epoch
its id was given; all entries of an earlier epoch are committed, and sealed by the order of their old ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ledger.sealing import keys, sealer
from app.ledger.sealing.keys import SealKey
from app.ledger.sealing.sealer import LARGEST, Sealed


@dataclass(frozen=True, slots=True)
class NewEpoch:
    """The epoch that began, and the blocks made first of what was left of the ones before."""

    number: int
    blocks: tuple[Sealed, ...]

    @property
    def entries(self) -> int:
        """How many entries of earlier epochs were sealed."""
        return sum(each.entries for each in self.blocks)


class NoBooks(Exception):
    """There is no book, and so no epoch to begin."""


def begin(session: Session, key: SealKey, *, now: datetime) -> NewEpoch:
    """Begin a new epoch in every book, first sealing all that is in no block yet; nobody posts meanwhile.

    Entries that were posted between the restore and now are of the old epoch too. Raises NoBooks, NoKey.
    """
    if not session.scalar(text("select exists (select from ledger.book)")):
        raise NoBooks("There is no book yet, and so no epoch to begin.")
    number: int = session.execute(text("select ledger.raise_epoch()")).scalar_one()
    keys.use(session, key, now=now)
    made: list[Sealed] = []
    while left := session.execute(_LEFT, {"epoch": number, "most": LARGEST}).all():
        made += sealer.add_blocks(session, key, left, now)
    sealer.move_cursor(session, number, "0", 0)
    return NewEpoch(number, tuple(made))


_LEFT = text(
    "select e.book_id, e.entry_id, e.effective_on, e.seal_epoch, e.xact::text as xact from ledger.entry e"
    " where e.seal_epoch < :epoch and not exists (select from ledger.seal_leaf l where l.entry_id = e.entry_id)"
    " order by e.seal_epoch, e.xact, e.entry_id limit :most"
)
