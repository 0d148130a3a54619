"""A book named on the command line."""

from __future__ import annotations

from uuid import UUID

import click
from sqlalchemy.orm import Session

from app.ledger import balances


def book_id_of(session: Session, code: str) -> UUID:
    """The book of a code. Raises ClickException, naming the books there are."""
    books = balances.book_ids(session)
    if code not in books:
        raise click.ClickException(f"There is no book {code}. Books: {', '.join(books) or 'none yet'}.")
    return books[code]
