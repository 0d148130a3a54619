"""Which months of a book were ever closed, for whoever reads or prepares a whole span of days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


def month_states(session: Session, book_id: UUID) -> dict[date, str]:
    """The state of every month of a book that has one, by its first day; a month left out is open."""
    query = text("select month, state from ledger.period where book_id = :book order by month")
    return {row.month: row.state for row in session.execute(query, {"book": book_id})}
