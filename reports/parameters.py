"""What a report is asked for: one contract, book or project, a span of days, and the instant it is prepared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.projects.models import Project


@dataclass(frozen=True, slots=True)
class Parameters:
    """Days are inclusive business dates; `prepared_at` is aware. A report asks for a contract, a book or a project.

    `contract_ids` are the project's contracts that the reader may see; `left_out` says that there are others.
    `known_at` is a block of the book: the figures as known then.
    """

    first_day: date
    last_day: date
    prepared_at: datetime
    contract_id: UUID | None = None
    book_id: UUID | None = None
    known_at: int | None = None
    project_id: UUID | None = None
    contract_ids: tuple[UUID, ...] = ()
    left_out: bool = False

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

    def project(self, session: Session) -> Project:
        """The project asked for."""
        if self.project_id is None:
            raise ValueError("this report is about a project")
        return session.get_one(Project, self.project_id)
