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
from app.reconciliation.statements import LineRead, StatementRead

MAX_ELEMENTS = 1_000_000
"""A month of 10,000 lines has about 400,000 elements."""

SOURCE = "ISO 20022 camt.053.001"
_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-9])\}Document")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_NO_MARKS = frozenset({"NOTPROVIDED", "NONREF", "NONE"})


def read(content: bytes, currency: Currency) -> tuple[StatementRead, ...]:
    """Every statement of the document, oldest first. Raises InputRefused, naming the element; nothing is guessed."""
    root = _tree(content)
    found = tuple(_Reader(each, currency).statement() for each in root.iterfind("./BkToCstmrStmt/Stmt"))
    if not found:
        raise InputRefused(_breach("no-statement", _("The document holds no statement (Stmt)."), "Stmt"))
    return tuple(sorted(found, key=lambda each: each.first_day))


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
    """Reads one Stmt and collects what is wrong with it."""

    def __init__(self, statement: ET.Element, currency: Currency) -> None:
        self.stmt, self.currency = statement, currency
        self.breaches: list[Breach] = []

    def statement(self) -> StatementRead:
        """The statement. Raises InputRefused with everything that is wrong with it.

        It ends on the day of its closing balance; without a first day of its own it begins with its first line, since
        banks date the opening balance on that day or on the day before.
        """
        opening, _opened = self._balance(_OPENING)
        closing, closed = self._balance(_CLOSING)
        lines = tuple(self._lines())
        if self.breaches or opening is None or closing is None or closed is None:
            raise InputRefused(*self.breaches)
        first = self._day_at("FrToDt/FrDtTm") or min((line.booked_on for line in lines), default=closed)
        return StatementRead(first, closed, opening, closing, lines, self._account(), self._text(self.stmt, "Id")[:60])

    def _account(self) -> str:
        account = self._text(self.stmt, "Acct/Id/IBAN") or self._text(self.stmt, "Acct/Id/Othr/Id")
        return re.sub(r"[\s-]", "", account).upper()

    def _balance(self, codes: Sequence[str]) -> tuple[Money | None, date | None]:
        """The first balance of one of the codes, in their order; the opening one may stand under an earlier day."""
        balances = list(self.stmt.iterfind("Bal"))
        for code in codes:
            for each in balances:
                if self._text(each, "Tp/CdOrPrtry/Cd") == code:
                    return self._signed(each, f"Bal[{code}]"), self._day(each, "Dt", f"Bal[{code}]/Dt")
        message = _("The statement has no balance of the kind %(element)s.")
        self.breaches.append(_breach("no-balance", message, f"Bal[{codes[0]}]"))
        return None, None

    def _lines(self) -> Iterator[LineRead]:
        for number, entry in enumerate(self.stmt.iterfind("Ntry"), 1):
            path = f"Ntry[{number}]"
            status = self._text(entry, "Sts/Cd") or self._text(entry, "Sts")
            if status and status != "BOOK":
                continue
            amount = self._signed(entry, path)
            booked = self._day(entry, "BookgDt", f"{path}/BookgDt")
            value = self._day(entry, "ValDt", f"{path}/ValDt", needed=False) or booked
            if amount is None or booked is None or value is None or not amount:
                continue
            yield LineRead(
                booked,
                value,
                amount,
                self._reference(entry),
                self._joined(entry, "NtryDtls/TxDtls/Refs/EndToEndId", 200),
                self._particulars(entry),
            )

    def _signed(self, parent: ET.Element, path: str) -> Money | None:
        element, sign = parent.find("Amt"), self._text(parent, "CdtDbtInd")
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
        written = self._text(parent, f"{name}/Dt") or self._text(parent, f"{name}/DtTm")
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
            return date.fromisoformat(self._text(self.stmt, path)[:10])
        except ValueError:
            return None

    def _reference(self, entry: ET.Element) -> str:
        own = self._text(entry, "AcctSvcrRef") or self._text(entry, "NtryDtls/TxDtls/Refs/AcctSvcrRef")
        return (own or self._text(entry, "NtryRef"))[:200]

    def _particulars(self, entry: ET.Element) -> str:
        """Everything people wrote on it, and the references that are not its end-to-end one."""
        parts = [self._text(entry, "AddtlNtryInf")]
        for detail in entry.iterfind("NtryDtls/TxDtls"):
            parts += [self._text(each, ".") for each in detail.iterfind("RmtInf/Ustrd")]
            parts += [self._text(detail, "RmtInf/Strd/CdtrRefInf/Ref"), self._text(detail, "AddtlTxInf")]
            parts += [self._text(detail, f"Refs/{name}") for name in ("UETR", "InstrId", "TxId")]
            parts += [self._text(detail, f"RltdPties/{role}/Nm") for role in ("Dbtr", "Cdtr")]
            parts += [self._text(detail, f"RltdPties/{role}/Pty/Nm") for role in ("Dbtr", "Cdtr")]
        kept = dict.fromkeys(part for part in parts if part and part.upper() not in _NO_MARKS)
        return " · ".join(kept)[:500]

    def _joined(self, entry: ET.Element, path: str, longest: int) -> str:
        found = dict.fromkeys(self._text(each, ".") for each in entry.iterfind(path))
        return " ".join(each for each in found if each and each.upper() not in _NO_MARKS)[:longest]

    @staticmethod
    def _text(parent: ET.Element, path: str) -> str:
        found = parent if path == "." else parent.find(path)
        return " ".join((found.text or "").split()) if found is not None else ""
