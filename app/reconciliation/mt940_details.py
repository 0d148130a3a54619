"""What a line of MT940 says besides its amount and days: fields 61 and 86 into the parts of a line.

Field 86 is free text; many banks structure it, with `?20` subfields as in Germany, `/EREF/` words as in the
Netherlands, or `EREF+` words within. What is not understood stays in the text. Source: SWIFT MT940, field 86.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NO_MARKS = frozenset({"NOTPROVIDED", "NONREF", "NONE", "NOTAVAILABLE"})
_SLASHED = re.compile(r"/([A-Z]{4})/")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_RETURN_CODE = re.compile(
    r"\b(?:RETURN|RTRN|RETOURE?|REJECT)\W{1,3}(?:REASON\W{1,2})?([A-Z]{2}[0-9]{2})\b", re.IGNORECASE
)
_LIBRARY_TEXTS = ("transaction_details", "posting_text", "purpose", "additional_purpose", "extra_details")


def particulars(said: Mapping[str, Any], incoming: bool) -> dict[str, Any]:
    """Everything of a line that is kept besides amount and days, by the names of `LineRead`."""
    text = _text(said)
    words = _words(text)
    uetr = words.get("UETR", "") or next(iter(_UUID.findall(text)), "")
    return {
        "bank_reference": (_mark(said, "bank_reference") or _mark(said, "customer_reference"))[:200],
        "end_to_end": _end_to_end(said, words),
        "text": text[:500],
        "uetr": uetr.lower(),
        "mandate_reference": (words.get("MARF", "") or _mark(said, "additional_position_reference"))[:200],
        "counterparty": _counterparty(said, words, incoming)[:200],
        "counterparty_account": _counterparty_account(said, words)[:40],
        "return_reason": _return_reason(words, text)[:200],
        "reversal": str(said.get("status") or "").upper().startswith("R"),
    }


def _text(said: Mapping[str, Any]) -> str:
    parts = (" ".join(str(said.get(name) or "").split()) for name in _LIBRARY_TEXTS)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _words(text: str) -> dict[str, str]:
    """What stands behind each slashed word; the slashes of `/CNTP/account/bic/name/` stay for `_counterparty`."""
    found = list(_SLASHED.finditer(text))
    ends = [*(each.start() for each in found[1:]), len(text)]
    return {each[1]: text[each.end() : end].strip(" /·") for each, end in zip(found, ends, strict=False)}


def _mark(said: Mapping[str, Any], name: str) -> str:
    written = " ".join(str(said.get(name) or "").split())
    return "" if written.upper() in _NO_MARKS else written


def _end_to_end(said: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """The end-to-end reference; a customer reference of field 61 stands for it where the bank has its own beside it."""
    for found in (words.get("EREF", ""), _mark(said, "end_to_end_reference")):
        if found and found.upper() not in _NO_MARKS:
            return found.replace(" ", "")[:200]
    return _mark(said, "customer_reference")[:200] if _mark(said, "bank_reference") else ""


def _counterparty(said: Mapping[str, Any], words: Mapping[str, str], incoming: bool) -> str:
    nested = words.get("CNTP", "").split("/")
    own = words.get("ORDP" if incoming else "BENM", "") or words.get("NAME", "")
    return next(iter(_first(nested[2] if len(nested) > 2 else "", own, _mark(said, "applicant_name"))), "")


def _counterparty_account(said: Mapping[str, Any], words: Mapping[str, str]) -> str:
    nested = words.get("CNTP", "").split("/")
    found = _first(nested[0], words.get("IBAN", ""), _mark(said, "applicant_iban"), _mark(said, "gvc_applicant_iban"))
    return next(iter(found), "")


def _return_reason(words: Mapping[str, str], text: str) -> str:
    code = _RETURN_CODE.search(text)
    return next(iter(_first(words.get("RTRN", ""), code[1].upper() if code else "")), "")


def _first(*found: str) -> Iterator[str]:
    return (each for each in found if each)
