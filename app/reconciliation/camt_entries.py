"""What a booked entry of camt.053 says besides its amount and days: references, the other party, charge, return.

Every part is optional in the message; what is missing stays empty. Elements are looked up by their local names, so
versions 001.02 and 001.08, which place some of them differently, are read alike. Source: ISO 20022 camt.053.001.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Any

from app.kernel.currencies import Currency
from app.kernel.money import InvalidAmount, Money

DETAILS = "NtryDtls/TxDtls"
_NO_MARKS = frozenset({"NOTPROVIDED", "NONREF", "NONE", "NOTAVAILABLE"})
_CHARGES = ("Chrgs/TtlChrgsAndTaxAmt", "Chrgs/Rcrd/Amt", "Chrgs/Amt")


def text_of(parent: ET.Element, path: str) -> str:
    """The text at a path with single spaces; empty where there is none."""
    found = parent if path == "." else parent.find(path)
    return " ".join((found.text or "").split()) if found is not None else ""


def particulars(entry: ET.Element, currency: Currency) -> dict[str, Any]:
    """Everything of an entry that a line keeps besides amount and days, by the names of `LineRead`."""
    return {
        "bank_reference": _reference(entry),
        "end_to_end": _all(entry, f"{DETAILS}/Refs/EndToEndId"),
        "text": _text(entry),
        "uetr": _all(entry, f"{DETAILS}/Refs/UETR"),
        "mandate_reference": _only(entry, f"{DETAILS}/Refs/MndtId", 200),
        "clearing_reference": _only(entry, f"{DETAILS}/Refs/ClrSysRef", 200),
        "counterparty": _counterparty(entry)[:200],
        "counterparty_account": _counterparty_account(entry)[:40],
        "charge": _charge(entry, currency),
        "return_reason": _return_reason(entry)[:200],
        "reversal": text_of(entry, "RvslInd").lower() in ("true", "1"),
    }


def _reference(entry: ET.Element) -> str:
    own = text_of(entry, "AcctSvcrRef") or text_of(entry, f"{DETAILS}/Refs/AcctSvcrRef")
    return (own or text_of(entry, "NtryRef"))[:200]


def _text(entry: ET.Element) -> str:
    """Everything people wrote on it, and the references that have no place of their own."""
    parts = [text_of(entry, "AddtlNtryInf")]
    for detail in entry.iterfind(DETAILS):
        parts += [text_of(each, ".") for each in detail.iterfind("RmtInf/Ustrd")]
        parts += [text_of(each, ".") for each in detail.iterfind("RmtInf/Strd/CdtrRefInf/Ref")]
        parts += [text_of(detail, "AddtlTxInf")]
        parts += [text_of(detail, f"Refs/{name}") for name in ("InstrId", "TxId", "PmtInfId")]
    return " · ".join(_marks(parts))[:500]


def _counterparty(entry: ET.Element) -> str:
    """Who paid money in, or whom money out was paid to; empty for a batch of several."""
    names = {_first(detail, _party_paths(entry)) for detail in entry.iterfind(DETAILS)}
    return names.pop() if len(names) == 1 else ""


def _party_paths(entry: ET.Element) -> list[str]:
    side = _side(entry)
    roles = (side, f"Ultmt{side}")
    return [f"RltdPties/{role}/{place}" for role in roles for place in ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")]


def _side(entry: ET.Element) -> str:
    """The role of the other party: money that comes back names the parties of the payment it takes back."""
    returned = text_of(entry, "RvslInd").lower() in ("true", "1") or entry.find(f"{DETAILS}/RtrInf") is not None
    return "Dbtr" if (text_of(entry, "CdtDbtInd") == "CRDT") != returned else "Cdtr"


def _counterparty_account(entry: ET.Element) -> str:
    places = [f"RltdPties/{_side(entry)}Acct/Id/{place}" for place in ("IBAN", "Othr/Id")]
    found = {_first(detail, places) for detail in entry.iterfind(DETAILS)}
    return found.pop() if len(found) == 1 else ""


def _charge(entry: ET.Element, currency: Currency) -> Money | None:
    """What the bank took with the entry; of several ways to state it, the first one used, on the entry or its parts."""
    for path in _CHARGES:
        for start in ("", f"{DETAILS}/"):
            found = [each for each in entry.iterfind(start + path) if each.get("Ccy") == currency.value]
            if found:
                return _sum(found, currency)
    return None


def _sum(amounts: Iterable[ET.Element], currency: Currency) -> Money | None:
    whole = Money.zero(currency)
    for each in amounts:
        try:
            whole = whole + Money.parse((each.text or "").strip(), currency)
        except InvalidAmount:
            return None
    return whole or None


def _return_reason(entry: ET.Element) -> str:
    """The bank's reason for sending money back: its code, and what it wrote beside it."""
    reasons = [
        " ".join(_marks([_first(each, ["Rsn/Cd", "Rsn/Prtry"]), text_of(each, "AddtlInf")]))
        for each in entry.iterfind(f"{DETAILS}/RtrInf")
    ]
    return " · ".join(_marks(reasons))


def _first(parent: ET.Element, paths: Iterable[str]) -> str:
    return next((found for path in paths if (found := text_of(parent, path))), "")


def _all(entry: ET.Element, path: str) -> str:
    return " ".join(_marks(text_of(each, ".").replace(" ", "") for each in entry.iterfind(path)))


def _only(entry: ET.Element, path: str, longest: int) -> str:
    found = list(_marks(text_of(each, ".") for each in entry.iterfind(path)))
    return found[0][:longest] if len(found) == 1 else ""


def _marks(parts: Iterable[str]) -> Iterator[str]:
    """Each part once, without those that say that there is none."""
    yield from dict.fromkeys(part for part in parts if part and part.upper() not in _NO_MARKS)
