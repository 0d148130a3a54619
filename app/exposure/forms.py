"""What comes in for exposure: a note of forward cover."""

from __future__ import annotations

from typing import Any

from app.exposure.service import EnterCover
from app.kernel.messages import _
from app.web.fields import AmountField, CurrencyField, DateField, IdField, LineField, RateField, TextField
from app.web.schemas import Form


def _cover(*, currency: Any, **fields: Any) -> EnterCover:
    """The currency stands in the amount already."""
    return EnterCover(**{name: value for name, value in fields.items() if value is not None})


class CoverForm(Form):
    """A bank's promise to deliver the other currency, as its confirmation states it."""

    command = staticmethod(_cover)

    pocket_id = IdField(label=_("Pocket"))
    bank = LineField(min_length=2, label=_("Name of the bank"))
    bank_reference = LineField(min_length=1, max_length=100, label=_("Bank's reference"))
    currency = CurrencyField(label=_("Currency bought"))
    amount = AmountField(label=_("Amount bought"))
    rate = RateField(label=_("Rate"))
    rate_base = CurrencyField(label=_("Currency the rate prices"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    note = TextField(max_length=1000, required=False, label=_("Note"))


class DecideForm(Form):
    """A decision that needs nothing typed."""
