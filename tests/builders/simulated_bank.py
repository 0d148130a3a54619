"""A bank for tests: takes payment files (pain.001), answers (pain.002), notifies (camt.054), states (camt.053).

What becomes of each payment is drawn from a seed: paid, rejected, returned after it was debited, slow, lost on the way,
short by a charge, credited twice, or debited with a charge. Some lines of its statements are bare: only the day's
notification says which payment they are. One currency; the payer's and the payee's account are both with it.
Nothing in here knows the application: it reads and writes messages only.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

CHARGE = Decimal("20.00")
REFUSED_WHOLE = 0.06
"""How many files it rejects as they are."""
BARE = 0.3
"""How many of a statement's lines say nothing but amount, days and the bank's own reference."""


class Fate(StrEnum):
    """What the bank makes of a payment."""

    PAID = "PAID"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"
    SLOW = "SLOW"
    LOST = "LOST"
    SHORT = "SHORT"
    TWICE = "TWICE"
    CHARGED = "CHARGED"


ODDS: dict[Fate, int] = {
    Fate.PAID: 50,
    Fate.REJECTED: 8,
    Fate.RETURNED: 8,
    Fate.SLOW: 8,
    Fate.LOST: 6,
    Fate.SHORT: 8,
    Fate.TWICE: 6,
    Fate.CHARGED: 6,
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """A payment as the bank took it in."""

    end_to_end: str
    uetr: str
    amount: Decimal
    fate: Fate


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of one of the two accounts: negative is money out."""

    day: date
    amount: Decimal
    reference: str
    transfer: Transfer
    charge: Decimal = Decimal(0)
    reason: str = ""
    bare: bool = False


class SimulatedBank:
    """Both accounts and everything that happens to them."""

    def __init__(self, seed: int, payer_number: str, payee_number: str, currency: str) -> None:
        """The same seed and the same files give the same month."""
        self.random = Random(seed)
        self.numbers = {"payer": payer_number, "payee": payee_number}
        self.currency = currency
        self.transfers: dict[str, Transfer] = {}
        self.bookings: dict[str, list[Booking]] = {"payer": [], "payee": []}

    def take(self, content: bytes, day: date) -> bytes:
        """Read a payment file, decide what becomes of each payment, book what is ahead, and answer (pain.002)."""
        root = ET.fromstring(content)
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        whole = self.random.random() < REFUSED_WHOLE
        taken = [self._transfer(each, Fate.REJECTED if whole else None) for each in root.iter("CdtTrfTxInf")]
        for each in taken:
            self._book_ahead(each, day)
        message = root.findtext(".//GrpHdr/MsgId") or ""
        if whole:
            return self._refusal(message, day)
        return self._answer(message, root.findtext(".//PmtInfId") or "", taken, day)

    def statement(self, side: str, day: date) -> bytes:
        """The account's statement of one day (camt.053)."""
        booked = [each for each in self.bookings[side] if each.day == day]
        opening = sum((each.amount for each in self.bookings[side] if each.day < day), Decimal(0))
        closing = opening + sum((each.amount for each in booked), Decimal(0))
        return (
            "<?xml version='1.0' encoding='UTF-8'?>"
            "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt>"
            f"<GrpHdr><MsgId>{side}-{day}</MsgId><CreDtTm>{day}T20:00:00+08:00</CreDtTm></GrpHdr>"
            f"<Stmt><Id>{side}-{day}</Id><CreDtTm>{day}T20:00:00+08:00</CreDtTm>"
            f"<FrToDt><FrDtTm>{day}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm></FrToDt>"
            f"<Acct><Id><Othr><Id>{self.numbers[side]}</Id></Othr></Id><Ccy>{self.currency}</Ccy></Acct>"
            f"{self._balance('OPBD', opening, day)}{self._balance('CLBD', closing, day)}"
            f"{''.join(self._entry(each) for each in booked)}</Stmt></BkToCstmrStmt></Document>"
        ).encode()

    def notice(self, side: str, day: date) -> bytes:
        """What the bank notifies of one day (camt.054): every entry with all its details, and no balances."""
        booked = [replace(each, bare=False) for each in self.bookings[side] if each.day == day]
        total = sum((abs(each.amount) for each in booked), Decimal(0))
        return (
            "<?xml version='1.0' encoding='UTF-8'?>"
            "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.08'><BkToCstmrDbtCdtNtfctn>"
            f"<GrpHdr><MsgId>N-{side}-{day}</MsgId><CreDtTm>{day}T18:00:00+08:00</CreDtTm></GrpHdr>"
            f"<Ntfctn><Id>N-{side}-{day}</Id><CreDtTm>{day}T18:00:00+08:00</CreDtTm>"
            f"<Acct><Id><Othr><Id>{self.numbers[side]}</Id></Othr></Id><Ccy>{self.currency}</Ccy></Acct>"
            f"<TxsSummry><TtlNtries><NbOfNtries>{len(booked)}</NbOfNtries><Sum>{total:.2f}</Sum></TtlNtries></TxsSummry>"
            f"{''.join(self._entry(each) for each in booked)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
        ).encode()

    def moved(self, side: str, day: date) -> bool:
        """Whether anything was booked on the account that day."""
        return any(each.day == day for each in self.bookings[side])

    def balance(self, side: str, day: date) -> Decimal:
        """What stands on the account at the end of a day."""
        return sum((each.amount for each in self.bookings[side] if each.day <= day), Decimal(0))

    def with_fate(self, *fates: Fate) -> set[str]:
        """The payments to which that happened, by their end-to-end identifier."""
        return {each.end_to_end for each in self.transfers.values() if each.fate in fates}

    def _transfer(self, element: ET.Element, fate: Fate | None) -> Transfer:
        end_to_end = element.findtext("PmtId/EndToEndId") or ""
        if end_to_end in self.transfers:
            raise AssertionError(f"{end_to_end} reached the bank twice")
        fate = fate or self.random.choices(list(ODDS), list(ODDS.values()))[0]
        amount = Decimal(element.findtext("Amt/InstdAmt") or "")
        found = Transfer(end_to_end, element.findtext("PmtId/UETR") or "", amount, fate)
        self.transfers[end_to_end] = found
        return found

    def _book_ahead(self, paid: Transfer, day: date) -> None:
        if paid.fate is Fate.REJECTED:
            return
        charge = CHARGE if paid.fate is Fate.CHARGED else Decimal(0)
        self._book("payer", Booking(day, -paid.amount - charge, f"D{len(self.transfers)}", paid, charge))
        if paid.fate is Fate.LOST:
            return
        later = day + timedelta(days=self.random.randint(1, 3))
        if paid.fate is Fate.RETURNED:
            self._book("payer", Booking(later, paid.amount, f"R{len(self.transfers)}", paid, reason="AC04"))
            return
        if paid.fate is Fate.SLOW:
            later = day + timedelta(days=self.random.randint(9, 12))
        short = CHARGE if paid.fate is Fate.SHORT else Decimal(0)
        self._book("payee", Booking(later, paid.amount - short, f"C{len(self.transfers)}", paid, short))
        if paid.fate is Fate.TWICE:
            again = later + timedelta(days=1)
            self._book("payee", Booking(again, paid.amount, f"C{len(self.transfers)}-2", paid))

    def _book(self, side: str, booking: Booking) -> None:
        self.bookings[side].append(replace(booking, bare=self.random.random() < BARE))

    def _refusal(self, message: str, day: date) -> bytes:
        """Nothing of the file is carried out, said in the oldest version of the message that banks still send."""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
            f"<GrpHdr><MsgId>A-{message}</MsgId><CreDtTm>{day}T17:00:00</CreDtTm></GrpHdr>"
            f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
            "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>"
            "</CstmrPmtStsRpt></Document>"
        ).encode()

    def _answer(self, message: str, block: str, taken: Iterable[Transfer], day: date) -> bytes:
        said = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{each.end_to_end}</OrgnlEndToEndId><OrgnlUETR>{each.uetr}</OrgnlUETR>"
            + (
                "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>"
                if each.fate is Fate.REJECTED
                else ""
            )
            + ("<TxSts>ACSP</TxSts>" if each.fate is not Fate.REJECTED else "")
            + "</TxInfAndSts>"
            for each in taken
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"><CstmrPmtStsRpt>'
            f"<GrpHdr><MsgId>A-{message}</MsgId><CreDtTm>{day}T17:00:00</CreDtTm></GrpHdr>"
            f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
            f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{block}</OrgnlPmtInfId>{said}</OrgnlPmtInfAndSts>"
            "</CstmrPmtStsRpt></Document>"
        ).encode()

    def _balance(self, code: str, amount: Decimal, day: date) -> str:
        side = "DBIT" if amount < 0 else "CRDT"
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{self.currency}'>{abs(amount):.2f}</Amt>"
            f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    def _entry(self, each: Booking) -> str:
        side = "DBIT" if each.amount < 0 else "CRDT"
        currency = self.currency
        charge = (
            f"<Chrgs><TtlChrgsAndTaxAmt Ccy='{currency}'>{each.charge:.2f}</TtlChrgsAndTaxAmt></Chrgs>"
            if each.charge
            else ""
        )
        returned = f"<RtrInf><Rsn><Cd>{each.reason}</Cd></Rsn></RtrInf>" if each.reason else ""
        line = (
            f"<Ntry><Amt Ccy='{currency}'>{abs(each.amount):.2f}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
            f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{each.day}</Dt></BookgDt><ValDt><Dt>{each.day}</Dt></ValDt>"
            f"<AcctSvcrRef>{each.reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>"
        )
        if each.bare:
            return f"{line}</Ntry>"
        return (
            f"{line}{charge}<NtryDtls><TxDtls><Refs><EndToEndId>{each.transfer.end_to_end}</EndToEndId>"
            f"<UETR>{each.transfer.uetr}</UETR></Refs>{returned}</TxDtls></NtryDtls></Ntry>"
        )
