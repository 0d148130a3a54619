"""What comes in for crossings: whose, which way, between which days."""

from __future__ import annotations

from app.crossings.figures import Route
from app.crossings.queries import Wanted
from app.kernel.messages import _
from app.web.fields import ChoiceField, CurrencyField, DateField, DayRange, IdField
from app.web.schemas import PageQuery

ROUTE_LABELS: dict[str, str] = {
    Route.SZ_HK: _("Shenzhen to Hong Kong"),
    Route.HK_SZ: _("Hong Kong to Shenzhen"),
}


class FiguresForm(PageQuery):
    """The figures wanted: releases between two days, of one route, currency and institution; what waits, in pages."""

    command = Wanted
    day_ranges = (DayRange("first_day", "last_day"),)

    first_day = DateField(required=False, label=_("From"))
    last_day = DateField(required=False, label=_("To"))
    route = ChoiceField(Route, ROUTE_LABELS, required=False, label=_("Route"))
    currency = CurrencyField(required=False, label=_("Currency"))
    institution_id = IdField(required=False, label=_("Institution"))
