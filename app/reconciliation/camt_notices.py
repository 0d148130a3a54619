"""Reads camt.054, the bank's notification of debits and credits of ISO 20022, versions 001.02 and later.

It has no balances. Booked entries only, exact or refused; the totals it states of itself must agree with its entries.
Source: ISO 20022 message definition camt.054.001 (BankToCustomerDebitCreditNotification).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.kernel.money import Money
from app.reconciliation.camt_entries import text_of
from app.reconciliation.camt_reading import NAMESPACE, EntryReader, account_of, breach, day_at, tree_of
from app.reconciliation.statements import AccountNamed, NoticeRead, pieces_of

SOURCE = "ISO 20022 camt.054.001"
MESSAGE = "camt.054.001"
_NOTICES = "./BkToCstmrDbtCdtNtfctn/Ntfctn"
_HEAD = 4096
_TOTALS = (("TtlNtries", ("CRDT", "DBIT")), ("TtlCdtNtries", ("CRDT",)), ("TtlDbtNtries", ("DBIT",)))


def is_notice(content: bytes) -> bool:
    """Whether a document says at its beginning that it is such a notification; reading it decides."""
    return NAMESPACE.format(message=MESSAGE).encode() in content[:_HEAD]


def accounts(content: bytes) -> tuple[AccountNamed, ...]:
    """The accounts the document has notifications of, each once. Raises InputRefused for what is no such document."""
    return tuple(dict.fromkeys(account_of(each) for each in _tree(content).iterfind(_NOTICES)))


def read(content: bytes, currency: Currency, number: str = "") -> tuple[NoticeRead, ...]:
    """Every notification of the document in its order; with `number`, those of that account where there are any.

    Raises InputRefused, naming the notification's entry or total; nothing is guessed.
    """
    every = list(_tree(content).iterfind(_NOTICES))
    pieces = pieces_of(every, account_of, AccountNamed(number, currency.value))
    found = [_Reader(each, currency) for each in pieces]
    read = tuple(each.notice() for each in found)
    breaches = [each for reader in found for each in reader.breaches]
    if breaches:
        raise InputRefused(*breaches)
    if not read:
        raise InputRefused(breach(SOURCE, "no-notice", _("The document holds no notification (Ntfctn)."), "Ntfctn"))
    return read


def _tree(content: bytes) -> ET.Element:
    message = _("The document is not a notification camt.054.001.02 or later.")
    return tree_of(content, MESSAGE, breach(SOURCE, "not-camt", message, "Document"))


class _Reader(EntryReader):
    """Reads one notification and collects what is wrong with it."""

    def __init__(self, notice: ET.Element, currency: Currency) -> None:
        super().__init__(currency, SOURCE)
        self.element = notice

    def notice(self) -> NoticeRead:
        """What it says; an entry without days of its own was booked on the day of the notification."""
        said = day_at(self.element, "CreDtTm")
        lines = tuple(self.lines(self.element.iterfind("Ntry"), (None, said)))
        if not self._is_page():
            self._totals()
        return NoticeRead(account_of(self.element).number, text_of(self.element, "Id")[:60], lines, self.currency)

    def _is_page(self) -> bool:
        """Whether it is one page of several: its totals are then of all of them."""
        page, last = text_of(self.element, "NtfctnPgntn/PgNb"), text_of(self.element, "NtfctnPgntn/LastPgInd")
        return bool(page) and (page != "1" or last.lower() in ("false", "0"))

    def _totals(self) -> None:
        for name, signs in _TOTALS:
            stated = self.element.find(f"TxsSummry/{name}")
            if stated is not None:
                entries = [each for each in self.element.iterfind("Ntry") if text_of(each, "CdtDbtInd") in signs]
                self._total(stated, entries, f"TxsSummry/{name}")

    def _total(self, stated: ET.Element, entries: Sequence[ET.Element], path: str) -> None:
        count, written = text_of(stated, "NbOfNtries"), text_of(stated, "Sum")
        if count and count != str(len(entries)):
            message = _("%(element)s counts %(value)s entries; the notification has %(found)s.")
            self.refuse("total", message, f"{path}/NbOfNtries", value=count[:20], found=len(entries))
        if not written or self.breaches:
            return
        stated_sum, found = self.amount(written, f"{path}/Sum"), Money.zero(self.currency)
        for each in entries:
            amount = self.amount(text_of(each, "Amt"), "Ntry/Amt")
            found = found + amount if amount is not None else found
        if stated_sum is not None and stated_sum != found:
            message = _("%(element)s is %(value)s; the entries come to %(found)s.")
            self.refuse("total", message, f"{path}/Sum", value=stated_sum, found=found)
