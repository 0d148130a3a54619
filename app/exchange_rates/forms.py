"""What comes in for rates: one rate by hand, or a file of them; and the filters of the list."""

from __future__ import annotations

from app.exchange_rates.models import RateKind, RateStatus
from app.exchange_rates.queries import RateFilters
from app.exchange_rates.service import EnterRate
from app.kernel.currencies import Market
from app.kernel.messages import _
from app.web.fields import (
    ChoiceField,
    CurrencyField,
    DateField,
    FileField,
    IdField,
    LineField,
    RateField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery
from app.web.uploads import TEXT

KIND_LABELS = {
    RateKind.BUDGET: _("Budget (contract)"),
    RateKind.BOOKING: _("Booking (day of cost)"),
    RateKind.DEALT: _("Dealt (bank's actual)"),
    RateKind.PERIOD_END: _("Period end (translation only)"),
}
MARKET_LABELS = {Market.ONSHORE: _("Onshore"), Market.OFFSHORE: _("Offshore (traded as CNH)")}
STATUS_LABELS = {
    RateStatus.ENTERED: _("Waiting for a second person"),
    RateStatus.CONFIRMED: _("Confirmed"),
    RateStatus.REFUSED: _("Refused"),
}


class RateForm(Form):
    """A rate as its source prints it."""

    command = EnterRate

    kind = ChoiceField(RateKind, KIND_LABELS, label=_("Kind of rate"))
    base = CurrencyField(label=_("Currency quoted"))
    quote = CurrencyField(label=_("Paid in"))
    market = ChoiceField(Market, MARKET_LABELS, label=_("Market"), load_default=Market.ONSHORE)
    unit = WholeNumberField(low=1, high=100, label=_("Units quoted, 1 or 100"))
    rate = RateField(label=_("Rate"))
    rate_date = DateField(label=_("Date of the rate"))
    source = LineField(min_length=3, label=_("Source"))
    institution_id = IdField(label=_("Counts for"), load_default=None)
    note = LineField(label=_("Note"), load_default="")


class RateFileForm(Form):
    """A CSV file with the columns base, quote, unit, rate, date; kind, market and source may stand in it too."""

    file = FileField(types=frozenset({TEXT}), max_bytes=2 * 1024 * 1024, label=_("File of rates"))
    source = LineField(min_length=3, label=_("Source"))


class RateFilterForm(PageQuery):
    """Filters of the list of rates, and the page of it."""

    command = RateFilters

    kind = ChoiceField(RateKind, KIND_LABELS, label=_("Kind of rate"), required=False)
    market = ChoiceField(Market, MARKET_LABELS, label=_("Market"), required=False)
    status = ChoiceField(RateStatus, STATUS_LABELS, label=_("Status"), required=False)
    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("To"), required=False)


class DecideForm(Form):
    """A decision that needs nothing typed."""
