"""Questions about journals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting, within
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.journals.facts import MovedEntry
from app.journals.models import Journal, JournalLine, JournalWorking
from app.journals.states import JournalKind, JournalStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.balances import Selection, contract_activity, stream_postings
from app.ledger.chart import CHART, AccountCode, heading_of
from app.ledger.entries import FIRST_DAY, LAST_DAY
from app.ledger.headings import Heading
from app.ledger.journal import reversed_by
from app.web.paging import Order, Page, paginate


@dataclass(frozen=True, slots=True)
class JournalFilters:
    """What the list of journals is narrowed to, and which page of it."""

    status: JournalStatus | None = None
    kind: JournalKind | None = None
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""
    cursor: str | None = None
    limit: int = 50


def listed(session: Session, actor: Actor, filters: JournalFilters) -> Page[Journal]:
    """Journals of the books in the actor's scope, newest first."""
    query = select(Journal).where(within(actor, Journal.institution_id)).options(selectinload(Journal.lines))
    if filters.status is not None:
        query = query.where(Journal.status == filters.status)
    if filters.kind is not None:
        query = query.where(Journal.kind == filters.kind)
    if filters.first_day is not None:
        query = query.where(Journal.effective_on >= filters.first_day)
    if filters.last_day is not None:
        query = query.where(Journal.effective_on <= filters.last_day)
    if filters.text:
        query = query.where(
            or_(
                Journal.reference.icontains(filters.text, autoescape=True),
                Journal.reason.icontains(filters.text, autoescape=True),
                Journal.counterparty.icontains(filters.text, autoescape=True),
            )
        )
    newest_first = [Order(Journal.made_at, descending=True), Order(Journal.id, descending=True)]
    return paginate(session, query, newest_first, cursor=filters.cursor, limit=filters.limit)


def own_contracts(session: Session, institution_id: UUID) -> list[Contract]:
    """Contracts whose grantee keeps this book and which may still be booked on, by reference."""
    query = select(Contract).where(
        Contract.grantee_id == institution_id,
        Contract.status.not_in((ContractStatus.DRAFT, ContractStatus.CLOSED)),
    )
    return list(session.scalars(query.order_by(Contract.reference)))


def visible_journal(session: Session, actor: Actor, reference: str) -> Journal:
    """The journal of that reference, if its book lies in the actor's scope. Raises NotFound otherwise."""
    query = select(Journal).where(Journal.reference == reference, within(actor, Journal.institution_id))
    found = session.scalars(query.options(selectinload(Journal.lines))).first()
    if found is None or not may(actor, Permission.JOURNALS_READ):
        raise NotFound(Breach("journal.not-found", _("There is no such journal.")))
    return found


def awaiting_approval_by(session: Session, actor: Actor) -> list[Journal]:
    """Submitted journals the actor may approve: of books where they hold the right, and not their own."""
    return list(session.scalars(awaiting_approval(actor).options(selectinload(Journal.lines))))


def awaiting_approval(actor: Actor) -> Select[Journal]:
    """The statement of `awaiting_approval_by`."""
    places = institutions_granting(actor, Permission.JOURNALS_APPROVE)
    return (
        select(Journal)
        .where(
            Journal.status == JournalStatus.SUBMITTED,
            within(actor, Journal.institution_id),
            Journal.institution_id.in_(places),
            Journal.made_by_id != actor.person_id,
        )
        .order_by(Journal.made_at)
    )


def outstanding(session: Session, contract_id: UUID, book_id: UUID, code: AccountCode, currency: Currency) -> Money:
    """What stands on one of a contract's accounts: claims owed, advances given, or cost of a heading."""
    sign = 1 if CHART[code].normal_side == "D" else -1
    left = Money.zero(currency)
    for row in contract_activity(session, contract_id, FIRST_DAY, LAST_DAY):
        if row.book_id == book_id and row.code is code and row.currency is currency:
            left = left + (row.closing if sign > 0 else -row.closing)
    return left


def is_reversed(session: Session, institution_id: UUID, entry_id: int) -> bool:
    """Whether an approved journal of this book has reversed the entry."""
    query = select(Journal.id).where(
        Journal.institution_id == institution_id,
        Journal.kind == JournalKind.REVERSAL,
        Journal.status == JournalStatus.APPROVED,
        Journal.reverses_entry_id == entry_id,
    )
    return session.scalars(query).first() is not None


def journal_of_entry(session: Session, institution_id: UUID, entry_id: int | None) -> Journal | None:
    """The journal of this book that posted the entry, if one did."""
    query = select(Journal).where(Journal.institution_id == institution_id, Journal.entry_id == entry_id)
    return session.scalars(query).first() if entry_id is not None else None


def lock_entry(session: Session, entry_id: int) -> None:
    """Let one transfer or reversal of an entry be entered or decided at a time, until this unit of work ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("journal.moves"), func.hashtext(str(entry_id)))))


def moved_entry(
    session: Session, institution_id: UUID, entry_id: int | None, *, without: UUID | None = None
) -> MovedEntry | None:
    """The entry of this book with what is left of its cost to be transferred, in each contract's currency.

    Transfers that wait count as made, the journal `without` apart. None where the book has no such entry.
    """
    if entry_id is None:
        return None
    rows = list(stream_postings(session, Selection(book_id=institution_id, entry_id=entry_id)))
    if not rows:
        return None
    remaining: dict[tuple[UUID, Heading], Money] = {}
    rate_id: UUID | None = None
    for row in rows:
        heading = heading_of(row.code)
        if heading is None or row.contract_id is None:
            continue
        key = (row.contract_id, heading)
        remaining[key] = remaining.get(key, Money.zero(row.amount.currency)) + row.amount
        rate_id = rate_id or row.rate_id
    if reversed_by(session, entry_id) is not None:
        remaining = {}
    for line in moved_lines(session, institution_id, entry_id, without=without):
        if line.heading is None:
            continue
        key = (line.contract_id, Heading(line.heading))
        if key in remaining:
            remaining[key] = remaining[key] - Money(line.amount_minor, Currency(line.currency))
    return MovedEntry(entry_id, rows[0].effective_on, remaining, rate_id)


def moved_lines(
    session: Session, institution_id: UUID, entry_id: int, *, without: UUID | None = None
) -> list[JournalLine]:
    """Lines of cost transfers, posted or waiting, that move cost of the entry."""
    query = (
        select(JournalLine)
        .join(Journal, Journal.id == JournalLine.journal_id)
        .where(
            Journal.institution_id == institution_id,
            Journal.kind == JournalKind.COST_TRANSFER,
            Journal.moves_entry_id == entry_id,
            Journal.status.in_((JournalStatus.SUBMITTED, JournalStatus.APPROVED)),
        )
    )
    return list(session.scalars(query.where(Journal.id != without) if without is not None else query))


def working_of(session: Session, journal_id: UUID) -> JournalWorking | None:
    """What stands behind a computed journal; None for one that was typed."""
    return session.scalars(select(JournalWorking).where(JournalWorking.journal_id == journal_id)).first()


def interest_apportioned(
    session: Session, bank_account_id: UUID, first_day: date, last_day: date, *, without: UUID | None = None
) -> list[Journal]:
    """Journals that apportion interest of the account for any of these days, waiting or posted and not reversed."""
    query = (
        select(Journal)
        .join(JournalWorking, JournalWorking.journal_id == Journal.id)
        .where(
            Journal.kind == JournalKind.INTEREST,
            Journal.bank_account_id == bank_account_id,
            Journal.status.in_((JournalStatus.SUBMITTED, JournalStatus.APPROVED)),
            JournalWorking.first_day <= last_day,
            JournalWorking.last_day >= first_day,
        )
        .order_by(Journal.reference)
    )
    found = session.scalars(query.where(Journal.id != without) if without is not None else query)
    return [
        each for each in found if each.entry_id is None or not is_reversed(session, each.institution_id, each.entry_id)
    ]
