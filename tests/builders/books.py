"""Builders of books: a book with a bank and a pocket, and the entries that move money between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Dimensions, Entry, EntryKind, Line, credit, debit
from app.ledger.posting import Consumption, Posted

DAY = date(2026, 3, 2)
ACTOR = UUID("00000000-0000-7000-8000-0000000000aa")


def hkd(text: str) -> Money:
    """Hong Kong dollars from decimal text."""
    return Money.parse(text, Currency.HKD)


def cny(text: str) -> Money:
    """Yuan from decimal text."""
    return Money.parse(text, Currency.CNY)


@dataclass(frozen=True, slots=True)
class Book:
    """A book with one bank account and one pocket of its functional currency."""

    book_id: UUID
    code: str
    currency: Currency
    bank: AccountKey
    pocket: AccountKey

    def money(self, text: str) -> Money:
        """An amount in the functional currency."""
        return Money.parse(text, self.currency)

    def plain(self, code: AccountCode) -> AccountKey:
        """An account without a subject, in the functional currency."""
        return AccountKey(code, self.currency)

    def entry(
        self, *lines: Line, day: date = DAY, reason: str = "A test entry", kind: EntryKind = EntryKind.ACTUAL
    ) -> Entry:
        """An entry of these lines."""
        return Entry(self.book_id, day, kind, new_id(), reason, lines)

    def contribution(self, amount: str, day: date = DAY) -> Entry:
        """Dr bank · Cr pocket."""
        return self.entry(debit(self.bank, self.money(amount)), credit(self.pocket, self.money(amount)), day=day)

    def spending(self, amount: str, contract_id: UUID | None = None, day: date = DAY) -> Entry:
        """A release: Dr grants paid · Cr payments in transit; Dr pocket · Cr funds applied."""
        tags = Dimensions(contract_id=contract_id)
        return self.entry(
            debit(self.plain(AccountCode.GRANTS_PAID), self.money(amount), tags),
            credit(self.plain(AccountCode.PAYMENTS_IN_TRANSIT), self.money(amount), tags),
            debit(self.pocket, self.money(amount), tags),
            credit(self.plain(AccountCode.FUNDS_APPLIED), self.money(amount), tags),
            day=day,
        )


def open_book(session: Session, currency: Currency = Currency.HKD) -> Book:
    """A fresh book, open."""
    book_id = new_id()
    code = f"BOOK-{book_id.hex[-8:].upper()}"
    posting.open_book(session, book_id, code, currency)
    bank = AccountKey(AccountCode.BANK, currency, new_id())
    return Book(book_id, code, currency, bank, AccountKey(AccountCode.POCKET, currency, new_id()))


def post(session: Session, entry: Entry, key: UUID | None = None, consumes: Sequence[Consumption] = ()) -> Posted:
    """Post one entry as the test's actor, under a fresh key unless one is given."""
    return posting.post(session, entry, actor_id=ACTOR, idempotency_key=key or new_id(), consumes=consumes)


def reverse(session: Session, entry_id: int, day: date = DAY, key: UUID | None = None) -> Posted:
    """Reverse one entry as the test's actor."""
    return posting.reverse(
        session,
        entry_id,
        effective_on=day,
        event_id=new_id(),
        reason="Entered in error",
        actor_id=ACTOR,
        idempotency_key=key or new_id(),
    )
