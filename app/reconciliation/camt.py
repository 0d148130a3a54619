"""Reads camt.053, the bank's statement of ISO 20022, versions 001.02 and later: booked entries only, exact or refused.

Source: ISO 20022 message definition camt.053.001 (BankToCustomerStatement).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.kernel.money import Money
from app.reconciliation.camt_entries import text_of
from app.reconciliation.camt_reading import EntryReader, account_of, breach, day_at, tree_of
from app.reconciliation.statements import AccountNamed, StatementRead, pieces_of

SOURCE = "ISO 20022 camt.053.001"
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_STATEMENTS = "./BkToCstmrStmt/Stmt"


def accounts(content: bytes) -> tuple[AccountNamed, ...]:
    """The accounts the document has statements of, each once. Raises InputRefused for what is no such document."""
    return tuple(dict.fromkeys(account_of(each) for each in _tree(content).iterfind(_STATEMENTS)))


def read(content: bytes, currency: Currency, number: str = "") -> tuple[StatementRead, ...]:
    """Every statement of the document, oldest first; with `number`, those of that account where there are any.

    The pages of one statement are joined. Raises InputRefused, naming the element; nothing is guessed.
    """
    every = list(_tree(content).iterfind(_STATEMENTS))
    statements: dict[tuple[str, ...], list[ET.Element]] = {}
    for place, each in enumerate(pieces_of(every, account_of, AccountNamed(number, currency.value))):
        statements.setdefault(_pages_of(each) or (str(place),), []).append(each)
    found = [_Reader(sorted(pages, key=_page_number), currency).statement() for pages in statements.values()]
    if not found:
        raise InputRefused(breach(SOURCE, "no-statement", _("The document holds no statement (Stmt)."), "Stmt"))
    return tuple(sorted(found, key=lambda each: (each.first_day, each.last_day)))


def _pages_of(statement: ET.Element) -> tuple[str, ...]:
    """What the pages of one statement have in common; empty for a statement that has none."""
    if not _page_number(statement):
        return ()
    said = (text_of(statement, name) for name in ("Id", "ElctrncSeqNb", "LglSeqNb"))
    return (account_of(statement).number, *said)


def _page_number(statement: ET.Element) -> int:
    written = text_of(statement, "StmtPgntn/PgNb")
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _tree(content: bytes) -> ET.Element:
    message = _("The document is not a bank statement camt.053.001.02 or later.")
    return tree_of(content, "camt.053.001", breach(SOURCE, "not-camt", message, "Document"))


class _Reader(EntryReader):
    """Reads the pages of one statement and collects what is wrong with it."""

    def __init__(self, pages: Sequence[ET.Element], currency: Currency) -> None:
        super().__init__(currency, SOURCE)
        self.pages = pages

    def statement(self) -> StatementRead:
        """The statement. Raises InputRefused with everything that is wrong with it.

        It ends on the day of its closing balance; without a first day of its own it begins with its first line, since
        banks date the opening balance on that day or on the day before.
        """
        first_page = self.pages[0]
        opening, opened = self._balance(first_page, _OPENING)
        closing, closed = self._balance(self.pages[-1], _CLOSING)
        entries = (entry for page in self.pages for entry in page.iterfind("Ntry"))
        lines = tuple(self.lines(entries, (opened, closed)))
        if self.breaches or opening is None or closing is None or closed is None:
            raise InputRefused(*self.breaches)
        first = day_at(first_page, "FrToDt/FrDtTm") or min((line.booked_on for line in lines), default=closed)
        account, number = account_of(first_page).number, text_of(first_page, "Id")[:60]
        return StatementRead(first, closed, opening, closing, lines, account, number, self._sequence())

    def _sequence(self) -> int | None:
        written = text_of(self.pages[0], "ElctrncSeqNb") or text_of(self.pages[0], "LglSeqNb")
        return int(written) if written.isdecimal() and len(written) < 10 else None

    def _balance(self, page: ET.Element, codes: Sequence[str]) -> tuple[Money | None, date | None]:
        """The first balance of one of the codes, in their order; the opening one may stand under an earlier day."""
        balances = list(page.iterfind("Bal"))
        for code in codes:
            for each in balances:
                if text_of(each, "Tp/CdOrPrtry/Cd") == code:
                    return self.signed(each, f"Bal[{code}]"), self.day(each, "Dt", f"Bal[{code}]/Dt")
        self.refuse("no-balance", _("The statement has no balance of the kind %(element)s."), f"Bal[{codes[0]}]")
        return None, None
