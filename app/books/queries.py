"""Questions about books: who may read which, how far they are sealed, and an entry with all it is linked to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.access.scope import within
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.disbursements import queries as disbursements
from app.disbursements.models import Disbursement
from app.institutions import book_scope
from app.institutions.models import Institution
from app.journals.models import Journal
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances, journal
from app.ledger.balances import PostingRow, Selection
from app.ledger.chart import AccountCode
from app.ledger.journal import EntryRow, EntrySelection, Linked
from app.ledger.sealing import keys, status
from app.ledger.sealing.keys import KnownKey
from app.ledger.sealing.status import Lag, SealedBlock
from app.web.paging import DEFAULT_LIMIT, Page


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """What the list of entries is narrowed to, and which page of it."""

    month: date | None = None
    voucher: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    account: AccountCode | None = None
    contract: str = ""
    amount: Money | None = None
    text: str = ""
    cursor: str | None = None
    limit: int = DEFAULT_LIMIT

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        dated = (self.month, self.first_day, self.last_day)
        return any((*dated, self.voucher, self.account, self.contract, self.amount, self.text))


@dataclass(frozen=True, slots=True)
class BookState:
    """A book and how far it is sealed. `alarm`: what waits has waited too long."""

    code: str
    institution: Institution
    functional_currency: str
    last: SealedBlock | None
    lag: Lag
    alarm: bool

    @property
    def sealed_entries(self) -> int:
        """Entries sealed so far."""
        return self.last.entries if self.last else 0


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry of the list with what it moved on its debit side, by currency."""

    row: EntryRow
    debits: dict[Currency, Money]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of an entry with its account's number; references are empty where the reader may not see the record."""

    posting: PostingRow
    account_id: int
    contract: str
    disbursement: str


@dataclass(frozen=True, slots=True)
class EntryRead:
    """An entry with its lines and links. `journal` is the reference of the journal that made it, if one did."""

    book: Institution
    row: EntryRow
    lines: tuple[EntryLine, ...]
    same_event: tuple[Linked, ...]
    reverses: int | None
    reversed_by: int | None
    journal: str


def books(session: Session, actor: Actor, now: datetime) -> list[BookState]:
    """The books the actor may read, by code, with how far each is sealed."""
    found = readable(session, actor)
    lags, last, limit = status.lags(session, now), status.last_blocks(session), alarm_limit(session, now)
    return [
        BookState(
            place.code,
            place,
            place.functional_currency,
            last.get(place.id),
            lags.get(place.id, Lag()),
            lags.get(place.id, Lag()).age > limit,
        )
        for place in found
    ]


def readable(session: Session, actor: Actor) -> list[Institution]:
    """Institutions with a book that the actor may read, by code."""
    return book_scope.readable(session, actor, Permission.LEDGER_READ)


def book(session: Session, actor: Actor, code: str) -> Institution:
    """The institution whose book has that code. Raises NotFound outside the scope, NotPermitted without the right."""
    return book_scope.keeper(session, actor, code, Permission.LEDGER_READ)


def alarm_limit(session: Session, now: datetime) -> timedelta:
    """How long an entry may wait to be sealed."""
    return timedelta(minutes=policies.days(session, PolicyName.SEALING_ALARM_MINUTES, business_date(now)))


def alarm(session: Session, actor: Actor, now: datetime) -> Lag | None:
    """What waits too long in any book, for those who look after the system; None where all is well."""
    if not may(actor, Permission.SETTINGS_PROPOSE):
        return None
    waiting = status.lag(session, None, now)
    return waiting if waiting.age > alarm_limit(session, now) else None


def entries(session: Session, actor: Actor, book_id: UUID, wanted: EntryFilters) -> Page[ListedEntry]:
    """The entries of a book the actor may read, the last recorded first."""
    contract_id = None
    if wanted.contract:
        query = select(Contract.id).where(Contract.reference == wanted.contract, contracts.in_scope(actor))
        contract_id = session.scalar(query)
        if contract_id is None:
            return Page([])
    selection = EntrySelection(
        wanted.month,
        wanted.voucher,
        wanted.first_day,
        wanted.last_day,
        wanted.account,
        contract_id,
        wanted.amount.minor if wanted.amount else None,
        wanted.text,
    )
    found = journal.entries(session, book_id, selection, cursor=wanted.cursor, limit=wanted.limit)
    moved = journal.debits(session, found.items)
    return found.map(lambda row: ListedEntry(row, moved.get(row.entry_id, {})))


def entry(session: Session, actor: Actor, code: str, entry_id: int) -> EntryRead:
    """One entry of a book the actor may read. Raises NotFound."""
    place = book(session, actor, code)
    row = journal.entry(session, place.id, entry_id)
    if row is None:
        raise NotFound(Breach("entry.not-found", _("There is no such entry in this book.")))
    may_read = {each.id for each in readable(session, actor)}
    made_by = session.scalar(
        select(Journal.reference).where(Journal.entry_id == entry_id, within(actor, Journal.institution_id))
    )
    return EntryRead(
        place,
        row,
        _lines(session, actor, row),
        tuple(each for each in journal.of_event(session, row) if each.book_id in may_read),
        row.reverses_id,
        journal.reversed_by(session, entry_id),
        made_by or "",
    )


def _lines(session: Session, actor: Actor, row: EntryRow) -> tuple[EntryLine, ...]:
    chosen = Selection(entry_id=row.entry_id, first_day=row.effective_on, last_day=row.effective_on)
    postings = list(balances.stream_postings(session, chosen))
    accounts = journal.account_ids(session, row)
    agreed = _references(
        session,
        select(Contract.id, Contract.reference).where(
            Contract.id.in_(_known(each.contract_id for each in postings)), contracts.in_scope(actor)
        ),
    )
    paid = _references(
        session,
        select(Disbursement.id, Disbursement.reference)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .where(Disbursement.id.in_(_known(each.disbursement_id for each in postings)), disbursements.in_scope(actor)),
    )
    return tuple(
        EntryLine(
            each,
            accounts[each.line_no],
            agreed.get(each.contract_id, "") if each.contract_id else "",
            paid.get(each.disbursement_id, "") if each.disbursement_id else "",
        )
        for each in postings
    )


def _known(ids: Iterable[UUID | None]) -> set[UUID]:
    return {key for key in ids if key is not None}


def _references(session: Session, query: Select[UUID, str]) -> dict[UUID, str]:
    return dict(session.execute(query).all())


def entry_books(session: Session, actor: Actor, entry_ids: Iterable[int]) -> dict[int, str]:
    """The code of the book of each entry, for links, where the actor may read that book."""
    wanted = [key for key in entry_ids if 0 < key <= journal.LARGEST_ID]
    if not wanted or not may(actor, Permission.LEDGER_READ):
        return {}
    codes = {place.code for place in readable(session, actor)}
    return {key: code for key, code in journal.books_of_entries(session, wanted).items() if code in codes}


def blocks(session: Session, book_id: UUID, cursor: str | None, limit: int) -> Page[SealedBlock]:
    """The blocks of a book, the newest first."""
    return status.blocks(session, book_id, cursor=cursor, limit=limit)


def block(session: Session, book_id: UUID, number: int) -> SealedBlock:
    """One block of a book. Raises NotFound."""
    found = status.block(session, book_id, number)
    if found is None:
        raise NotFound(Breach("block.not-found", _("This book has no such block.")))
    return found


def public_keys(session: Session) -> Sequence[KnownKey]:
    """Every key the books were sealed with, the newest first."""
    return list(reversed(keys.known(session)))


def key_facts(key: KnownKey) -> dict[str, str]:
    """A public key as it is published, bytes in hex; the first key introduced itself."""
    return {
        "key_id": key.key_id,
        "public_key": key.public_key.hex(),
        "introduced_at": key.introduced_at.isoformat(),
        "introduced_by": key.previous_id or key.key_id,
        "introduction": key.introduction.hex(),
    }
