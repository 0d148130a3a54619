"""Statements about one document's fields, from several places of it, joined without ever choosing between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.evidence.fields import READ_FIELDS, DocumentFields, Source
from app.kernel.currencies import Currency
from app.kernel.money import InvalidAmount, Money

Said = dict[str, Any]
"""Values by the names of `READ_FIELDS`; a value that could not be read exactly is left out."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a PDF says: the text of its first pages, and of the right half and the lower part of the first."""

    whole: str
    right: str
    lower: str


_DATE = re.compile(r"(\d{4})\s*[年/.-]?\s*(\d{1,2})\s*[月/.-]?\s*(\d{1,2})(?!\d)")
_LONGEST = 200


def money(text: str | None) -> Money | None:
    """An amount in CNY as an invoice writes it, exact to the fen; None for anything else."""
    cleaned = re.sub(r"[¥￥,，\s元]", "", unicodedata.normalize("NFKC", text or ""))
    try:
        return Money.parse(cleaned, Currency.CNY)
    except InvalidAmount:
        return None


def day(text: str | None) -> date | None:
    """`2026年03月05日`, `20260305`, `2026-03-05 10:11:12` as a date; None for anything else."""
    found = _DATE.match((text or "").strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def number(text: str | None, *lengths: int) -> str | None:
    """Digits of one of these lengths, spaces left out; None for anything else."""
    digits = re.sub(r"\s", "", text or "")
    return digits if digits.isascii() and digits.isdecimal() and len(digits) in lengths else None


def identity(text: str | None) -> str | None:
    """A tax or registration number in capitals without spaces; None when it cannot be one."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).upper()
    return plain if re.fullmatch(r"[0-9A-Z]{8,20}", plain) else None


def name(text: str | None) -> str | None:
    """One line of text without control characters; None when empty."""
    plain = " ".join("".join(c for c in text or "" if unicodedata.category(c)[0] != "C" or c in "\t\n").split())
    return plain[:_LONGEST] or None


def joined(statements: Iterable[tuple[Source, Mapping[str, Any]]]) -> DocumentFields:
    """One set of fields; the first place that states a field is its source, and a contradiction empties it."""
    values: Said = {}
    sources: dict[str, Source] = {}
    disputed: set[str] = set()
    for source, said in statements:
        for field in READ_FIELDS:
            value = said.get(field)
            if value is None:
                continue
            if field not in values:
                values[field], sources[field] = value, source
            elif values[field] != value:
                disputed.add(field)
    for field in disputed:
        del values[field], sources[field]
    if "amount" in values and "currency" not in values:
        values["currency"], sources["currency"] = values["amount"].currency, sources["amount"]
    elif "tax" in values and "currency" not in values:
        values["currency"], sources["currency"] = values["tax"].currency, sources["tax"]
    return DocumentFields(**values, sources=sources, disputed=tuple(sorted(disputed)))
