"""The file of a remittance: every piece the corridor asks for, where each stands, and for whom it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.corridor.models import TaxFiling
from app.corridor.rules import Asked
from app.corridor.states import AskKind
from app.disbursements import gathering, queries
from app.disbursements.gathering import Surroundings
from app.disbursements.models import Disbursement, RouteDocument
from app.disbursements.states import DisbursementStatus as Status
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.kernel.messages import _
from app.kernel.money import Money
from app.web.paging import Page

CLOSED = (Status.REFUSED, Status.CANCELLED, Status.BOUNCED)
"""A payment that does not happen waits for nothing."""


PAGES_READ = 20
"""How many pages of payments one answer reads to find a file that fits the filter."""


class PieceState(StrEnum):
    """Where a piece of the file stands."""

    MISSING = "MISSING"
    UNCONFIRMED = "UNCONFIRMED"
    EXPIRED = "EXPIRED"
    COMPLETE = "COMPLETE"
    NOT_YET = "NOT_YET"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


class Waiting(StrEnum):
    """For whom a piece waits."""

    MAKER = "MAKER"
    SECOND_PERSON = "SECOND_PERSON"
    GRANTEE = "GRANTEE"


PIECE_STATES: dict[str, str] = {
    PieceState.MISSING: _("Missing"),
    PieceState.UNCONFIRMED: _("Waits for a second person"),
    PieceState.EXPIRED: _("Expired"),
    PieceState.COMPLETE: _("Complete"),
    PieceState.NOT_YET: _("Not due yet"),
    PieceState.DUE: _("Due"),
    PieceState.OVERDUE: _("Overdue"),
}
WAITING_FOR: dict[str, str] = {
    Waiting.MAKER: _("The maker"),
    Waiting.SECOND_PERSON: _("A second person of the payer"),
    Waiting.GRANTEE: _("The payee's finance officer"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What one rule asks of one payment, what answers it, and until when."""

    asked: Asked
    listed: RouteDocument | None
    filing: TaxFiling | None
    state: PieceState
    waits_for: Waiting | None
    due_on: date | None = None

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.asked.rule.code


@dataclass(frozen=True, slots=True)
class RemittanceFile:
    """One payment across the boundary with its file."""

    row: Disbursement
    contract: str
    payee: Institution
    from_side: str
    to_side: str
    pieces: tuple[Piece, ...]

    @property
    def amount(self) -> Money:
        """The payment, in the contract's currency."""
        return self.row.amount

    @property
    def open(self) -> tuple[Piece, ...]:
        """Pieces that wait for somebody."""
        return tuple(piece for piece in self.pieces if piece.waits_for is not None)

    @property
    def waits_for(self) -> tuple[Waiting, ...]:
        """For whom the file waits, each once."""
        return tuple(dict.fromkeys(piece.waits_for for piece in self.open if piece.waits_for is not None))


def pieces(row: Disbursement, around: Surroundings) -> list[Piece]:
    """Every piece of the file of a row, by code; none where the money stays on one side."""
    listed = {each.code: each for each in row.documents}
    filing = around.filings.get(row.contract_id)
    return [_piece(row, each, listed.get(each.rule.code), filing, around) for each in gathering.asked_of(row, around)]


def _piece(
    row: Disbursement, asked: Asked, listed: RouteDocument | None, filing: TaxFiling | None, around: Surroundings
) -> Piece:
    if asked.rule.kind is AskKind.DECLARATION:
        return _declaration(row, asked, listed, around)
    if asked.rule.kind is AskKind.FILING and filing is not None:
        return Piece(asked, None, filing, PieceState.COMPLETE, None)
    still = None if row.status in CLOSED else Waiting.MAKER
    if listed is None:
        return Piece(asked, None, None, PieceState.MISSING, still)
    if listed.expires_on is not None and listed.expires_on < around.today and row.released_at is None:
        return Piece(asked, listed, None, PieceState.EXPIRED, still)
    if listed.confirmed_by_id is None:
        waits_for = None if still is None else Waiting.SECOND_PERSON
        return Piece(asked, listed, None, PieceState.UNCONFIRMED, waits_for)
    return Piece(asked, listed, None, PieceState.COMPLETE, None)


def _declaration(row: Disbursement, asked: Asked, listed: RouteDocument | None, around: Surroundings) -> Piece:
    """A declaration runs from the day the money arrived, in working days of the receiving side's banks."""
    if listed is not None:
        return Piece(asked, listed, None, PieceState.COMPLETE, None)
    if row.receipt is None:
        return Piece(asked, None, None, PieceState.NOT_YET, None)
    due_on = around.bank_days.plus(asked.rule.to_side, row.receipt.value_date, asked.rule.due_days or 0)
    state = PieceState.OVERDUE if due_on < around.today else PieceState.DUE
    return Piece(asked, None, None, state, Waiting.GRANTEE, due_on)


@dataclass(frozen=True, slots=True)
class FileFilter:
    """What the list of files is narrowed to: `route` as `SZ-HK`, the code of an open piece, for whom it waits."""

    route: str = ""
    missing: str = ""
    waits_for: str = ""


def files(
    session: Session, actor: Actor, wanted: FileFilter, *, now: datetime, cursor: str | None = None, limit: int = 50
) -> Page[RemittanceFile]:
    """One page of the payments in scope that cross the boundary, newest first, with their files.

    The filter looks at what the engine asks, so a page holds those of the payments read that fit it and may be shorter
    than `limit`; where none of them fits, the next are read, at most PAGES_READ pages in all.
    """
    first = found = queries.crossing(session, actor, wanted.route, cursor, limit)
    kept = _fitting(session, found, wanted, now)
    for _page in range(1, PAGES_READ):
        if kept or found.next is None:
            break
        found = queries.crossing(session, actor, wanted.route, found.next, limit)
        kept = _fitting(session, found, wanted, now)
    return Page(kept, found.next, first.previous)


def _fitting(session: Session, found: Page[Disbursement], wanted: FileFilter, now: datetime) -> list[RemittanceFile]:
    return [
        each
        for each in of_rows(session, list(found.items), now=now)
        if (not wanted.missing or any(piece.code == wanted.missing for piece in each.open))
        and (not wanted.waits_for or wanted.waits_for in each.waits_for)
    ]


def of_rows(session: Session, rows: Sequence[Disbursement], *, now: datetime) -> list[RemittanceFile]:
    """The files of disbursements, in a fixed number of queries."""
    if not rows:
        return []
    around = Surroundings(session, rows, now=now, actor=None)
    return [
        RemittanceFile(
            row,
            around.contracts[row.contract_id].reference,
            around.institutions[row.grantee_id],
            around.accounts[row.payer_account_id].bank_side,
            around.accounts[row.payee_account_id].bank_side,
            tuple(pieces(row, around)),
        )
        for row in rows
    ]


def to_declare(session: Session, actor: Actor, *, now: datetime) -> list[Disbursement]:
    """Payments that arrived at the actor's institutions and whose receipt they have still to declare, by reference."""
    arrived = list(session.scalars(queries.receipts_to_look_at(actor, business_date(now))))
    return [
        file.row
        for file in of_rows(session, arrived, now=now)
        if any(piece.asked.rule.kind is AskKind.DECLARATION for piece in file.open)
    ]


def to_complete(session: Session, actor: Actor, *, now: datetime) -> list[RemittanceFile]:
    """Files of the actor's own payments on their way that still lack what the maker lists, by reference."""
    made = list(session.scalars(queries.crossing_made_by(actor)))
    return [file for file in of_rows(session, made, now=now) if Waiting.MAKER in file.waits_for]


def one(session: Session, actor: Actor, reference: str, *, now: datetime) -> RemittanceFile:
    """The file of one disbursement, if in scope. Raises NotFound."""
    return of_rows(session, [queries.get_visible(session, actor, reference)], now=now)[0]
