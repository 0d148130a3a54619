"""The entries of a contract as an auditor's list shows them: whole entries with what they did to the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger.balances import PostingRow, Selection, stream_postings
from app.ledger.chart import CHART, AccountCode, Kind
from app.ledger.entries import EntryKind
from app.ledger.headings import Heading


@dataclass(frozen=True)
class PostedEntry:
    """One entry of the grantee's book with its lines on the contract. Amounts debit-positive unless they say otherwise.

    `currency` is the contract's.
    """

    lines: tuple[PostingRow, ...]
    currency: Currency

    @property
    def entry_id(self) -> int:
        """The entry's number in the ledger."""
        return self.lines[0].entry_id

    @property
    def effective_on(self) -> date:
        """The business date of the entry: the day of the cost."""
        return self.lines[0].effective_on

    @property
    def kind(self) -> EntryKind:
        """Why the entry exists."""
        return self.lines[0].kind

    @property
    def reason(self) -> str:
        """What was typed as its reason."""
        return self.lines[0].reason

    @property
    def reverses_id(self) -> int | None:
        """The entry that this one reverses."""
        return self.lines[0].reverses_id

    @property
    def actor_id(self) -> UUID:
        """Who posted it."""
        return self.lines[0].actor_id

    @property
    def approval_id(self) -> UUID | None:
        """The record whose approval posted it, a journal for one."""
        return self.lines[0].approval_id

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of cost it books, each once."""
        return tuple(dict.fromkeys(each.heading for each in self.lines if each.heading is not None))

    @cached_property
    def cost(self) -> Money:
        """What it adds to the contract's cost."""
        booked = (each.amount for each in self.lines if each.heading is not None)
        return total((each for each in booked if each.currency is self.currency), self.currency)

    @cached_property
    def disallowed(self) -> Money:
        """What it takes onto the institution's own cost."""
        own = (each.amount for each in self.lines if each.code is AccountCode.OWN_COST)
        return total((each for each in own if each.currency is self.currency), self.currency)

    @cached_property
    def size(self) -> Money:
        """Its cost where it books cost, else its income (credit positive), else its largest line, in its currency."""
        if self.headings:
            return self.cost
        income = [each.amount for each in self.lines if CHART[each.code].kind is Kind.INCOME]
        if income:
            return -total(income, income[0].currency)
        own = [each.amount for each in self.lines if each.amount.currency is self.currency]
        return max((abs(each) for each in own or [line.amount for line in self.lines]), key=lambda money: money.minor)


def entries_of_contract(session: Session, contract: Contract, first_day: date, last_day: date) -> list[PostedEntry]:
    """The entries of the grantee's book that touch the contract between two days inclusive, by date and number."""
    if first_day > last_day:
        return []
    chosen = Selection(book_id=contract.grantee_id, contract_id=contract.id, first_day=first_day, last_day=last_day)
    rows = stream_postings(session, chosen)
    currency = Currency(contract.currency)
    return [PostedEntry(tuple(lines), currency) for _entry, lines in groupby(rows, lambda each: each.entry_id)]
