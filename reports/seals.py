"""How far the books behind a report are sealed: the checkpoint that is printed beside its figures."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.institutions import queries as institutions
from app.ledger.sealing import status
from reports.model import BookSeal
from reports.parameters import Parameters


def of_books(session: Session, parameters: Parameters) -> tuple[BookSeal, ...]:
    """The report's books: the one asked for, or the funders' and the grantees' of its contracts."""
    return tuple(_seal(session, book_id, parameters) for book_id in _books(session, parameters))


def _books(session: Session, parameters: Parameters) -> tuple[UUID, ...]:
    if parameters.book_id is not None:
        return (parameters.book(session).id,)
    wanted = parameters.contract_ids if parameters.contract_id is None else (parameters.contract_id,)
    found = [contracts.by_id(session, contract_id) for contract_id in wanted]
    return tuple(dict.fromkeys(key for each in found for key in (each.funder_id, each.grantee_id)))


def _seal(session: Session, book_id: UUID, parameters: Parameters) -> BookSeal:
    code = institutions.by_id(session, book_id).code
    waiting = status.lag(session, book_id, parameters.prepared_at).entries
    last = status.last_block(session, book_id)
    return BookSeal(code, last.number if last else None, last.block_hash if last else "", waiting)
