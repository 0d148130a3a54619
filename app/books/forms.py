"""What comes in for books: the filters of the entries, the blocks of a proof, and what a bundle shall hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.books.queries import EntryFilters
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.ledger.chart import CHART, AccountCode
from app.ledger.entries import EntryKind
from app.web.field_base import Input, refused
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    DateField,
    DayRange,
    LineField,
    ReferenceField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery

KIND_LABELS = {
    EntryKind.ACTUAL: _("Ordinary entry"),
    EntryKind.REVERSAL: _("Reversal"),
    EntryKind.RED_INK: _("Red ink"),
    EntryKind.REVALUATION: _("Revaluation"),
    EntryKind.OPENING: _("Opening balance"),
    EntryKind.CLOSING: _("Closing entry"),
}
ACCOUNT_LABELS = {row.code: row.name for row in CHART.values()}
LARGEST_NUMBER = 2**53


class MonthField(Input):
    """A calendar month, `yyyy-mm`, from 2000 to 2060, as its first day."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])$"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        written = re.fullmatch(r"(20[0-5][0-9]|2060)-(0[1-9]|1[0-2])", str(value).strip(), re.ASCII)
        if written is None:
            raise refused("not-a-month", _("%(label)s is not a month."), _("Write year and month, as in 2026-03."))
        return date(int(written[1]), int(written[2]), 1)


class EntryListForm(PageQuery):
    """The list of entries. An amount is found in either currency: both have two decimals."""

    command = EntryFilters
    day_ranges = (DayRange("first_day", "last_day"),)

    month = MonthField(label=_("Voucher month"), required=False)
    voucher = WholeNumberField(low=1, high=2**31 - 1, label=_("Voucher number"), required=False)
    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("To"), required=False)
    account = ChoiceField(AccountCode, ACCOUNT_LABELS, label=_("Account"), required=False)
    contract = ReferenceField(label=_("Contract"), load_default="")
    amount = AmountField(currency=Currency.CNY, label=_("Amount"), required=False)
    text = LineField(max_length=100, label=_("Search"), load_default="")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The block a proof leads to; None: the newest."""

    block: int | None = None


class AsOfForm(Form):
    """As of which block."""

    command = AsOf

    block = WholeNumberField(low=1, high=LARGEST_NUMBER, label=_("Block"), required=False)


@dataclass(frozen=True, slots=True)
class Growth:
    """Two blocks of a book; without the later one, the newest."""

    earlier: int
    later: int | None = None


class GrowthForm(Form):
    """Between which blocks the book only grew."""

    command = Growth

    earlier = WholeNumberField(low=1, high=LARGEST_NUMBER, label=_("Earlier block"))
    later = WholeNumberField(low=1, high=LARGEST_NUMBER, label=_("Later block"), required=False)


@dataclass(frozen=True, slots=True)
class Contents:
    """Whether a bundle holds the words of the entries' reasons."""

    reasons: bool = False


class ContentsForm(Form):
    """What a bundle shall hold."""

    command = Contents

    reasons = BooleanField(label=_("With the words of the reasons"))
