"""The form that searches the audit trail."""

from __future__ import annotations

from app.kernel.messages import _
from app.web.fields import DateField, DayRange, LineField
from app.web.schemas import PageQuery


class TrailFilterForm(PageQuery):
    """What the trail is narrowed to; days are business dates."""

    command = None

    day_ranges = (DayRange(),)
    text = LineField(load_default="", max_length=100)
    outcome = LineField(load_default="", max_length=20)
    kind = LineField(load_default="", max_length=40)
    first_day = DateField(label=_("From"), load_default=None)
    last_day = DateField(label=_("To"), load_default=None)
