"""The number beside "Inbox", which stands on every page: kept until anything is committed, then counted anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.pages import inbox
from app.web.present import today

MOST = 1_000
"""For how many people a process keeps the number."""


@dataclass(slots=True)
class KeptCounts:
    """Counts by person and day, each with the state of the database it was counted in."""

    counts: dict[tuple[UUID, date], tuple[str, int]] = field(default_factory=dict)

    def count(self, session: Session, actor: Actor) -> int:
        """How many items wait for the actor.

        PostgreSQL names what a transaction sees by the transactions that came before it. While that name is the same,
        nothing was written anywhere, so the number is what it was. The name is asked before the items are counted: what
        is committed in between makes the next page count again.
        """
        state = committed_state(session)
        key = (actor.person_id, today())
        kept = self.counts.get(key)
        if kept is not None and kept[0] == state:
            return kept[1]
        number = inbox.count(session, actor)
        if len(self.counts) >= MOST:
            self.counts.clear()
        self.counts[key] = (state, number)
        return number


def committed_state(session: Session) -> str:
    """A name of what the transaction sees; any commit in the database's server changes it, also one elsewhere in it."""
    return str(session.scalar(select(func.pg_current_snapshot())))
