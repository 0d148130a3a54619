"""What comes in for the manpower schedule: engagements, months, clearances, confirmations and the filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from app.kernel.messages import _
from app.ledger.headings import Heading
from app.manpower.queries import EngagementFilters
from app.manpower.service import ChangeEngagement, KeepEngagement, MonthCommand
from app.manpower.states import PAY_HEADINGS, ContributionKind
from app.web.field_base import Input, refused
from app.web.fields import (
    FIRST_DAY,
    LAST_DAY,
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    LineField,
    PercentField,
    ReferenceField,
    TextField,
    VersionField,
)
from app.web.row_files import RowFileField
from app.web.schemas import Form, PageQuery, RowsField

HEADING_LABELS = {heading: heading.label for heading in PAY_HEADINGS}
CONTRIBUTION_LABELS = {
    ContributionKind.NONE: _("None"),
    ContributionKind.MPF: _("MPF (Hong Kong)"),
    ContributionKind.SOCIAL_INSURANCE: _("Social insurance (Mainland)"),
}
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?")


class MonthField(Input):
    """A month as `yyyy-mm`, or any day of it as `yyyy-mm-dd`; gives its first day."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        found = _MONTH.fullmatch(self._text(value))
        if found is None or not 1 <= int(found[2]) <= 12:
            raise refused("not-a-month", _("%(label)s is not a month."), _("Write year-month: 2026-03."))
        if not FIRST_DAY.year <= int(found[1]) <= LAST_DAY.year:
            raise refused(
                "date-out-of-range",
                _("%(label)s lies outside the years the ledger keeps."),
                _("Enter a day from %(low)s to %(high)s."),
                low=FIRST_DAY,
                high=LAST_DAY,
            )
        return date(int(found[1]), int(found[2]), 1)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value:%Y-%m}"


def _engagement(*, currency: Any, **values: Any) -> KeepEngagement:
    """The currency stands in the amounts already."""
    return KeepEngagement(**values)


def _changed(*, version: int, **values: Any) -> ChangeEngagement:
    return ChangeEngagement(version, _engagement(**values))


def _month(*, currency: Any, **values: Any) -> MonthCommand:
    return MonthCommand(**values)


class EngagementForm(Form):
    """One engagement. A file of engagements names these fields in its first line."""

    command: ClassVar[Callable[..., Any] | None] = staticmethod(_engagement)

    contract = ReferenceField(label=_("Contract"))
    staff_code = LineField(max_length=60, label=_("Staff code"))
    person_name = LineField(label=_("Person's name"))
    orcid = LineField(max_length=40, label=_("ORCID iD"), load_default="")
    post = LineField(label=_("Post"))
    heading = ChoiceField(Heading, HEADING_LABELS, only=PAY_HEADINGS, label=_("Heading"), load_default=Heading.SALARY)
    first_month = MonthField(label=_("First month"))
    last_month = MonthField(label=_("Last month"))
    percent = PercentField(label=_("Share of time in percent"))
    currency = CurrencyField(label=_("Currency"))
    monthly_rate = AmountField(zero=True, label=_("Monthly rate, full time"))
    contribution_kind = ChoiceField(
        ContributionKind, CONTRIBUTION_LABELS, label=_("Kind of contribution"), load_default=ContributionKind.NONE
    )
    contribution = AmountField(zero=True, label=_("Monthly contribution of the employer, full time"), required=False)


class ChangeForm(EngagementForm):
    """An engagement as it shall stand."""

    command = staticmethod(_changed)

    version = VersionField()


class MonthForm(Form):
    """One month as it was, in the contract's currency."""

    command = staticmethod(_month)

    month = MonthField(label=_("Month"))
    percent = PercentField(label=_("Share of time in percent"))
    currency = CurrencyField(label=_("Currency"))
    pay = AmountField(zero=True, label=_("Pay charged"))
    contribution = AmountField(zero=True, label=_("Contribution charged"))


class MonthsForm(Form):
    """Months of one engagement."""

    version = VersionField()
    rows = RowsField(MonthForm, label=_("Months"))


class ConvertForm(Form):
    """The months that are over, converted at their rates, over the version the page showed."""

    version = VersionField()


class ImportForm(Form):
    """A file of engagements."""

    file = RowFileField(EngagementForm, source=_("Columns of a manpower schedule"), label=_("File"))


class ClearForm(Form):
    """Time above 100 % in one month, cleared with a reason."""

    month = MonthField(label=_("Month"))
    reason = TextField(max_length=400, label=_("Reason"))


class ConfirmForm(Form):
    """One month of a contract; a difference to the ledger needs a reason."""

    month = MonthField(label=_("Month"))
    reason = TextField(max_length=400, label=_("Reason"), load_default="")


class ReopenForm(Form):
    """A confirmed month is opened again, with a reason."""

    month = MonthField(label=_("Month"))
    reason = TextField(max_length=400, label=_("Reason"))


class EngagementListForm(PageQuery):
    """Filters of the schedule."""

    command = EngagementFilters

    text = LineField(label=_("Search"), load_default="")
    contract = LineField(label=_("Contract"), load_default="")
    month = MonthField(label=_("Month"), required=False)
    flagged = BooleanField(label=_("More than full time"))
