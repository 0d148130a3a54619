"""Forms of the whitelist."""

from __future__ import annotations

from app.kernel.messages import _
from app.web.fields import ChoiceField, DateField, DayRange, IdField, LineField, VersionField
from app.web.schemas import Form, PageQuery
from app.whitelist.service import ApplyCommand, ListCommand, MoveCommand
from app.whitelist.states import KIND_NAMES, SUBJECT_NAMES, SubjectKind, WhitelistKind


class ApplyForm(Form):
    """An application for a listing."""

    command = ApplyCommand
    day_ranges = (DayRange("valid_from", "valid_to"),)
    kind = ChoiceField(WhitelistKind, KIND_NAMES, label=_("List"))
    subject_kind = ChoiceField(SubjectKind, SUBJECT_NAMES, label=_("Who is to be listed"))
    applied_for_id = IdField(label=_("Applying institution"))
    institution_id = IdField(label=_("Institution"), load_default=None)
    person_id = IdField(label=_("Person"), load_default=None)
    subject_name = LineField(label=_("Name"), max_length=160, load_default="")
    subject_identifier = LineField(label=_("Registration number"), max_length=40, load_default="")
    source = LineField(label=_("Source"), max_length=300)
    valid_from = DateField(label=_("Valid from"), load_default=None)
    valid_to = DateField(label=_("Valid to"), load_default=None)
    reason = LineField(label=_("Reason"), max_length=300, load_default="")


class ListForm(Form):
    """The decision to list."""

    command = ListCommand
    day_ranges = (DayRange("valid_from", "valid_to"),)
    version = VersionField()
    valid_from = DateField(label=_("Valid from"))
    valid_to = DateField(label=_("Valid to"), load_default=None)
    source = LineField(label=_("Source"), max_length=300)


class MoveForm(Form):
    """A status move with its reason."""

    command = MoveCommand
    version = VersionField()
    reason = LineField(label=_("Reason"), max_length=300)


class WhitelistFilterForm(PageQuery):
    """What the list is narrowed to."""

    command = None

    text = LineField(load_default="", max_length=100)
    kind = LineField(load_default="", max_length=40)
    subject_kind = LineField(load_default="", max_length=20)
    status = LineField(load_default="", max_length=20)
    sort = LineField(load_default="name", max_length=20)
