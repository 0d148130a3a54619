"""What comes in for rails and bank days: a version, a day, a decision, and which month the calendar shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, ClassVar

from app.institutions.states import SIDE_NAMES, Side
from app.kernel.messages import _
from app.rails.commands import ProposeDay, ProposeRail
from app.rails.days import CALENDAR_SIDES, FIRST_YEAR, LAST_YEAR
from app.rails.states import PARTY_KIND_NAMES, PartyKind
from app.web.field_base import Input, refused
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    LineField,
    ManyField,
    TextField,
    VersionField,
)
from app.web.schemas import Form

_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")


class HourField(Input):
    """A time of day in hours and minutes, local time (UTC+8)."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^\d\d:\d\d$"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> time:
        found = _HOUR.fullmatch(self._text(value))
        if found is None:
            raise refused("not-an-hour", _("%(label)s is not a time of day."), _("Write hours and minutes: 17:15."))
        return time(int(found[1]), int(found[2]))

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return value.strftime("%H:%M") if isinstance(value, time) else value


class MonthField(Input):
    """A month as its first day, within the years the ledger keeps."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^\d{4}-\d\d$"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        found = _MONTH.fullmatch(self._text(value))
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise refused("not-a-month", _("%(label)s is not a month."), _("Write year and month: 2026-02."))
        return date(int(found[1]), int(found[2]), 1)


class RailCodeField(LineField):
    """A code of capitals, digits and hyphens."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if not CODE.fullmatch(code) or len(code) > 40:
            raise refused(
                "not-a-rail-code",
                _("%(label)s is not a code of a rail."),
                _("Write capital letters, digits and hyphens, at most 40: CHATS-HKD."),
            )
        return code


class RailForm(Form):
    """A version of a rail."""

    command = ProposeRail

    code = RailCodeField(label=_("Code"))
    name = LineField(min_length=3, label=_("Name"))
    currencies = ManyField(CurrencyField(), label=_("Currencies"))
    from_sides = ManyField(ChoiceField(Side, SIDE_NAMES), label=_("From"))
    to_sides = ManyField(ChoiceField(Side, SIDE_NAMES), label=_("To"))
    crossing = BooleanField(label=_("Only between two different sides"))
    payer_kinds = ManyField(ChoiceField(PartyKind, PARTY_KIND_NAMES), label=_("Payers"))
    payee_kinds = ManyField(ChoiceField(PartyKind, PARTY_KIND_NAMES), label=_("Payees"))
    opens_at = HourField(label=_("Opens at"), required=False)
    closes_at = HourField(label=_("Closes at"), required=False)
    cut_off = HourField(label=_("Cut-off"), required=False)
    days_of = ManyField(
        ChoiceField(Side, SIDE_NAMES, only=CALENDAR_SIDES), label=_("Runs on the banking days of"), required=False
    )
    makeup_days = BooleanField(label=_("Runs on the Mainland's working weekends too"))
    largest_currency = CurrencyField(label=_("Currency of the limit"), required=False)
    largest = AmountField(currency_from="largest_currency", label=_("Largest payment"), required=False)
    note = TextField(max_length=600, label=_("Note"), required=False)
    source = TextField(max_length=400, label=_("Source"))
    verified = BooleanField(label=_("The source was looked up and says this"))
    first_day = DateField(label=_("In force from"))
    last_day = DateField(label=_("Last day"), required=False)


class DayForm(Form):
    """A day on which banks are open or closed, other than the calendar says."""

    command = ProposeDay

    side = ChoiceField(Side, SIDE_NAMES, only=CALENDAR_SIDES, label=_("Side"))
    day = DateField(label=_("Day"))
    open = BooleanField(label=_("Banks are open (on a weekend: a make-up working day)"))
    reason = LineField(min_length=3, label=_("Reason"))
    source = TextField(max_length=400, label=_("Source"))


class DecideForm(Form):
    """A decision on a proposal as the page showed it."""

    version = VersionField()


class RailQuery(Form):
    """Which rails the list shows: those whose code or name holds the text."""

    text = LineField(label=_("Code or name"), required=False)


class MonthQuery(Form):
    """Which month the calendar shows; this one when none is asked for."""

    month = MonthField(label=_("Month"), required=False)
