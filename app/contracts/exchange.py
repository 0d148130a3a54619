"""Closing out a contract's exchange position: what is left on its pair in each book becomes a realised difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.contracts.postings import ExchangePosition, exchange_closed_out
from app.exchange_rates import queries as rates
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger import balances, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import LAST_DAY, Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Left:
    """A position left in one book; None for `position` where no rate values the foreign money that is left."""

    book_id: UUID
    foreign: Currency
    position: ExchangePosition | None
    rate_id: UUID | None


@dataclass(frozen=True, slots=True)
class ClosedOut:
    """An entry that closed a position out; `difference` in the contract's currency, a gain positive."""

    book_id: UUID
    book_code: str
    entry_id: int
    on: date
    difference: Money


def left(session: Session, contract: Contract, today: date) -> list[Left]:
    """What stands on the contract's pair in the books of its two parties, at the newest rate up to `today`."""
    found = (_left(session, contract, book_id, today) for book_id in (contract.funder_id, contract.grantee_id))
    return [each for each in found if each is not None]


def _left(session: Session, contract: Contract, book_id: UUID, today: date) -> Left | None:
    own = Currency(contract.currency)
    other = own.other
    legs = balances.pair_positions(session, contract.id, book_id, LAST_DAY)
    kept, foreign = legs.get(own, Money.zero(own)), legs.get(other, Money.zero(other))
    if not foreign:
        position = ExchangePosition(kept, foreign, Money.zero(own))
        return Left(book_id, other, position, None) if position else None
    rate = rates.valuing_rate(session, other, own, today, book_id)
    if rate is None:
        return Left(book_id, other, None, None)
    return Left(book_id, other, ExchangePosition(kept, foreign, rate.convert(foreign)), rate.rate_id)


def close_out(session: Session, actor: Actor, contract: Contract, today: date) -> list[Money]:
    """Post out what is left, one entry a book, dated `today`; the differences, debit-positive. Again posts nothing.

    Raises RuleBreached for a month that is closed in a book.
    """
    done = []
    books = institutions.by_ids(session, [contract.funder_id, contract.grantee_id])
    for each in left(session, contract, today):
        if each.position is None:
            continue
        functional = Currency(books[each.book_id].functional_currency)
        lines = exchange_closed_out(contract.id, each.position, functional, each.rate_id)
        reason = f"{contract.reference} closed: its exchange position is closed out"
        entry = Entry(each.book_id, today, EntryKind.ACTUAL, _event(contract), reason, lines)
        key = posting.key_for("contract.close-exchange", contract.id, each.book_id)
        posting.post(session, entry, actor_id=actor.person_id, idempotency_key=key)
        done.append(each.position.difference)
    return done


def closed_out(session: Session, contract: Contract) -> list[ClosedOut]:
    """The entries that closed the contract's position out when it was closed."""
    selection = balances.Selection(contract_id=contract.id, event_id=_event(contract))
    entries: dict[int, ClosedOut] = {}
    nil = Money.zero(Currency(contract.currency))
    for row in balances.postings(session, selection):
        realised = -row.amount if row.code is AccountCode.EXCHANGE_REALISED else nil
        before = entries.get(row.entry_id)
        difference = before.difference + realised if before else realised
        entries[row.entry_id] = ClosedOut(row.book_id, row.book_code, row.entry_id, row.effective_on, difference)
    return list(entries.values())


def _event(contract: Contract) -> UUID:
    return uuid5(contract.id, "exchange-close-out")
