"""Reads camt.053, the bank's statement of ISO 20022, versions 001.02 and later: booked entries only, exact or refused.

A document with a doctype, an entity or a style sheet is refused before it is read. What is refused is named by the
entry's number and the element's path. Source: ISO 20022 message definition camt.053.001 (BankToCustomerStatement).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from datetime import date

from app.evidence.examination.markup import root_of
from app.evidence.examination.refused import Refused
from app.evidence.refusals import breach_of
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.kernel.money import InvalidAmount, Money
from app.reconciliation.camt_entries import particulars, text_of
from app.reconciliation.statements import AccountNamed, LineRead, StatementRead, pieces_of, plain_number

MAX_ELEMENTS = 1_000_000
"""A month of 10,000 lines has about 400,000 elements."""

SOURCE = "ISO 20022 camt.053.001"
_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-9])\}Document")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_STATEMENTS = "./BkToCstmrStmt/Stmt"


def accounts(content: bytes) -> tuple[AccountNamed, ...]:
    """The accounts the document has statements of, each once. Raises InputRefused for what is no such document."""
    return tuple(dict.fromkeys(_account_of(each) for each in _tree(content).iterfind(_STATEMENTS)))


def read(content: bytes, currency: Currency, number: str = "") -> tuple[StatementRead, ...]:
    """Every statement of the document, oldest first; with `number`, those of that account where there are any.

    The pages of one statement are joined. Raises InputRefused, naming the element; nothing is guessed.
    """
    every = list(_tree(content).iterfind(_STATEMENTS))
    statements: dict[tuple[str, ...], list[ET.Element]] = {}
    for place, each in enumerate(pieces_of(every, _account_of, AccountNamed(number, currency.value))):
        statements.setdefault(_pages_of(each) or (str(place),), []).append(each)
    found = [_Reader(sorted(pages, key=_page_number), currency).statement() for pages in statements.values()]
    if not found:
        raise InputRefused(_breach("no-statement", _("The document holds no statement (Stmt)."), "Stmt"))
    return tuple(sorted(found, key=lambda each: (each.first_day, each.last_day)))


def _account_of(statement: ET.Element) -> AccountNamed:
    number = text_of(statement, "Acct/Id/IBAN") or text_of(statement, "Acct/Id/Othr/Id")
    balance = statement.find("Bal/Amt")
    currency = text_of(statement, "Acct/Ccy") or (balance.get("Ccy", "") if balance is not None else "")
    return AccountNamed(plain_number(number), currency)


def _pages_of(statement: ET.Element) -> tuple[str, ...]:
    """What the pages of one statement have in common; empty for a statement that has none."""
    if not _page_number(statement):
        return ()
    said = (text_of(statement, name) for name in ("Id", "ElctrncSeqNb", "LglSeqNb"))
    return (_account_of(statement).number, *said)


def _page_number(statement: ET.Element) -> int:
    written = text_of(statement, "StmtPgntn/PgNb")
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _tree(content: bytes) -> ET.Element:
    try:
        root_of(content, MAX_ELEMENTS)
    except Refused as refusal:
        raise InputRefused(breach_of(refusal.code, "file")) from None
    root = ET.fromstring(content)  # noqa: S314 - read once above without doctype or entities
    if not _ROOT.fullmatch(root.tag):
        message = _("The document is not a bank statement camt.053.001.02 or later.")
        raise InputRefused(_breach("not-camt", message, "Document"))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _breach(code: str, message: str, element: str, **params: object) -> Breach:
    cure = _("Ask the bank for a correct file: nothing was taken.")
    return Breach(f"bank-file.{code}", message, cure, SOURCE, {"element": element, **params}, field="file")


class _Reader:
    """Reads the pages of one statement and collects what is wrong with it."""

    def __init__(self, pages: Sequence[ET.Element], currency: Currency) -> None:
        self.pages, self.currency = pages, currency
        self.breaches: list[Breach] = []

    def statement(self) -> StatementRead:
        """The statement. Raises InputRefused with everything that is wrong with it.

        It ends on the day of its closing balance; without a first day of its own it begins with its first line, since
        banks date the opening balance on that day or on the day before.
        """
        first_page = self.pages[0]
        opening, opened = self._balance(first_page, _OPENING)
        closing, closed = self._balance(self.pages[-1], _CLOSING)
        lines = tuple(self._lines(opened, closed))
        if self.breaches or opening is None or closing is None or closed is None:
            raise InputRefused(*self.breaches)
        first = self._day_at("FrToDt/FrDtTm") or min((line.booked_on for line in lines), default=closed)
        account, number = _account_of(first_page).number, text_of(first_page, "Id")[:60]
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
                    return self._signed(each, f"Bal[{code}]"), self._day(each, "Dt", f"Bal[{code}]/Dt")
        message = _("The statement has no balance of the kind %(element)s.")
        self.breaches.append(_breach("no-balance", message, f"Bal[{codes[0]}]"))
        return None, None

    def _lines(self, opened: date | None, closed: date | None) -> Iterator[LineRead]:
        entries = (entry for page in self.pages for entry in page.iterfind("Ntry"))
        for number, entry in enumerate(entries, 1):
            path = f"Ntry[{number}]"
            status = text_of(entry, "Sts/Cd") or text_of(entry, "Sts/Prtry") or text_of(entry, "Sts")
            if status and status != "BOOK":
                continue
            amount = self._signed(entry, path)
            value = self._day(entry, "ValDt", f"{path}/ValDt", needed=False)
            booked = self._booked(entry, value, (opened, closed), path)
            if amount and booked is not None:
                yield LineRead(booked, value or booked, amount, **particulars(entry, self.currency))

    def _booked(
        self, entry: ET.Element, value: date | None, days: tuple[date | None, date | None], path: str
    ) -> date | None:
        """The booking date; a bank that leaves it out books on the value date, or else on the closing day."""
        opened, closed = days
        if entry.find("BookgDt") is None and closed is not None:
            return value if value is not None and (opened or closed) <= value <= closed else closed
        return self._day(entry, "BookgDt", f"{path}/BookgDt")

    def _signed(self, parent: ET.Element, path: str) -> Money | None:
        element, sign = parent.find("Amt"), text_of(parent, "CdtDbtInd")
        written = (element.text or "").strip() if element is not None else ""
        if element is None or element.get("Ccy") != self.currency.value:
            message = _("%(element)s is in %(given)s; the account is kept in %(currency)s.")
            given = element.get("Ccy", "–") if element is not None else "–"
            where = f"{path}/Amt/@Ccy"
            self.breaches.append(_breach("currency", message, where, given=given[:10], currency=self.currency))
            return None
        try:
            amount = Money.parse(written, self.currency)
        except InvalidAmount:
            amount = None
        if amount is None or amount.minor < 0:
            message = _("%(element)s is “%(value)s”, which is not an amount with at most two decimals.")
            self.breaches.append(_breach("amount", message, f"{path}/Amt", value=written[:40]))
            return None
        if sign not in ("CRDT", "DBIT"):
            message = _("%(element)s is “%(value)s”; it must be CRDT or DBIT.")
            self.breaches.append(_breach("sign", message, f"{path}/CdtDbtInd", value=sign[:20]))
            return None
        return amount if sign == "CRDT" else -amount

    def _day(self, parent: ET.Element, name: str, path: str, *, needed: bool = True) -> date | None:
        written = text_of(parent, f"{name}/Dt") or text_of(parent, f"{name}/DtTm")
        if not written and not needed:
            return None
        try:
            return date.fromisoformat(written[:10])
        except ValueError:
            message = _("%(element)s is “%(value)s”, which is not a day.")
            self.breaches.append(_breach("day", message, path, value=written[:40]))
            return None

    def _day_at(self, path: str) -> date | None:
        try:
            return date.fromisoformat(text_of(self.pages[0], path)[:10])
        except ValueError:
            return None
