"""What a report is asked for: one contract or one book, a span of days, and the instant it is prepared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.institutions import queries as institutions
from app.institutions.models import Institution


@dataclass(frozen=True, slots=True)
class Parameters:
    """Days are inclusive business dates; `prepared_at` is aware. A report asks for a contract or a book, never both.

    `known_at` is a block of the book: the figures as known then.
    """

    first_day: date
    last_day: date
    prepared_at: datetime
    contract_id: UUID | None = None
    book_id: UUID | None = None
    known_at: int | None = None

    def contract(self, session: Session) -> Contract:
        """The contract asked for. Raises NotFound."""
        if self.contract_id is None:
            raise ValueError("this report is about a contract")
        return contracts.by_id(session, self.contract_id)

    def book(self, session: Session) -> Institution:
        """The institution whose book is asked for. Raises NotFound."""
        if self.book_id is None:
            raise ValueError("this report is about a book")
        return institutions.by_id(session, self.book_id)
