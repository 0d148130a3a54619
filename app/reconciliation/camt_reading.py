"""What statements (camt.053) and notifications (camt.054) of ISO 20022 have in common: the document and its entries.

A document with a doctype, an entity or a style sheet is refused before it is read. What is refused is named by the
entry's number and the element's path. Booked entries only; what is not exact is refused.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
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
from app.reconciliation.statements import AccountNamed, LineRead, plain_number

MAX_ELEMENTS = 1_000_000
"""A month of 10,000 lines has about 400,000 elements."""

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:{message}"
_VERSIONS = r"\.(0[2-9]|1[0-9])"


def tree_of(content: bytes, message: str, otherwise: Breach) -> ET.Element:
    """The document of a message ("camt.053.001") in version 02 or later, its elements by their local names.

    Raises InputRefused for what is hostile or damaged, and with `otherwise` for any other document.
    """
    try:
        root_of(content, MAX_ELEMENTS)
    except Refused as refusal:
        raise InputRefused(breach_of(refusal.code, "file")) from None
    root = ET.fromstring(content)  # noqa: S314 - read once above without doctype or entities
    wanted = re.escape("{" + NAMESPACE.format(message=message)) + _VERSIONS + re.escape("}Document")
    if not re.fullmatch(wanted, root.tag):
        raise InputRefused(otherwise)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def account_of(report: ET.Element) -> AccountNamed:
    """The account that a statement or notification names; its currency may stand on a balance or an entry."""
    number = text_of(report, "Acct/Id/IBAN") or text_of(report, "Acct/Id/Othr/Id")
    amounts = (report.find("Bal/Amt"), report.find("Ntry/Amt"))
    given = next((each.get("Ccy", "") for each in amounts if each is not None), "")
    return AccountNamed(plain_number(number), text_of(report, "Acct/Ccy") or given)


def breach(source: str, code: str, message: str, element: str, **params: object) -> Breach:
    """What is wrong with a bank's file: the element is named."""
    cure = _("Ask the bank for a correct file: nothing was taken.")
    return Breach(f"bank-file.{code}", message, cure, source, {"element": element, **params}, field="file")


class EntryReader:
    """Reads entries in one currency and collects what is wrong with them."""

    def __init__(self, currency: Currency, source: str) -> None:
        """`source` is the message definition that breaches cite."""
        self.currency, self.source = currency, source
        self.breaches: list[Breach] = []

    def lines(self, entries: Iterable[ET.Element], days: tuple[date | None, date | None]) -> Iterator[LineRead]:
        """The booked entries; `days` are the first and the last day that one without days of its own may have."""
        for number, entry in enumerate(entries, 1):
            path = f"Ntry[{number}]"
            if not is_booked(entry):
                continue
            amount = self.signed(entry, path)
            value = self.day(entry, "ValDt", f"{path}/ValDt", needed=False)
            booked = self._booked(entry, value, days, path)
            if amount and booked is not None:
                yield LineRead(booked, value or booked, amount, **particulars(entry, self.currency))

    def _booked(
        self, entry: ET.Element, value: date | None, days: tuple[date | None, date | None], path: str
    ) -> date | None:
        """The booking date; a bank that leaves it out books on the value date, or else on the closing day."""
        opened, closed = days
        if entry.find("BookgDt") is None and closed is not None:
            return value if value is not None and (opened or closed) <= value <= closed else closed
        return self.day(entry, "BookgDt", f"{path}/BookgDt")

    def signed(self, parent: ET.Element, path: str) -> Money | None:
        """The amount at an element with its sign; None, and a breach, for one that is not exact or not ours."""
        element, sign = parent.find("Amt"), text_of(parent, "CdtDbtInd")
        written = (element.text or "").strip() if element is not None else ""
        if element is None or element.get("Ccy") != self.currency.value:
            message = _("%(element)s is in %(given)s; the account is kept in %(currency)s.")
            given = element.get("Ccy", "–") if element is not None else "–"
            self.refuse("currency", message, f"{path}/Amt/@Ccy", given=given[:10], currency=self.currency)
            return None
        amount = self.amount(written, f"{path}/Amt")
        if amount is None:
            return None
        if sign not in ("CRDT", "DBIT"):
            message = _("%(element)s is “%(value)s”; it must be CRDT or DBIT.")
            self.refuse("sign", message, f"{path}/CdtDbtInd", value=sign[:20])
            return None
        return amount if sign == "CRDT" else -amount

    def amount(self, written: str, path: str) -> Money | None:
        """An amount as it is written, not negative; None, and a breach, for anything else."""
        try:
            amount = Money.parse(written, self.currency)
        except InvalidAmount:
            amount = None
        if amount is None or amount.minor < 0:
            message = _("%(element)s is “%(value)s”, which is not an amount with at most two decimals.")
            self.refuse("amount", message, path, value=written[:40])
            return None
        return amount

    def day(self, parent: ET.Element, name: str, path: str, *, needed: bool = True) -> date | None:
        """The day at an element; None, and a breach where it is needed or written wrongly."""
        written = text_of(parent, f"{name}/Dt") or text_of(parent, f"{name}/DtTm")
        if not written and not needed:
            return None
        try:
            return date.fromisoformat(written[:10])
        except ValueError:
            message = _("%(element)s is “%(value)s”, which is not a day.")
            self.refuse("day", message, path, value=written[:40])
            return None

    def refuse(self, code: str, message: str, element: str, **params: object) -> None:
        """Note what is wrong."""
        self.breaches.append(breach(self.source, code, message, element, **params))


def is_booked(entry: ET.Element) -> bool:
    """Whether an entry is booked; one that says nothing of it is."""
    status = text_of(entry, "Sts/Cd") or text_of(entry, "Sts/Prtry") or text_of(entry, "Sts")
    return not status or status == "BOOK"


def day_at(report: ET.Element, path: str) -> date | None:
    """The day of a moment at a path; None where there is none."""
    try:
        return date.fromisoformat(text_of(report, path)[:10])
    except ValueError:
        return None
