"""What comes in for known parties."""

from __future__ import annotations

from app.kernel.messages import _
from app.parties.queries import Filters
from app.parties.service import AddParty
from app.parties.states import KIND_LABELS, PartyKind
from app.web.fields import ChoiceField, IdField, LineField
from app.web.schemas import Form, PageQuery


class AddForm(Form):
    """A party to be known."""

    command = AddParty

    institution_id = IdField(label=_("Institution"))
    kind = ChoiceField(PartyKind, KIND_LABELS, label=_("What they are"))
    name = LineField(max_length=200, min_length=1, label=_("Name"))
    number = LineField(max_length=40, label=_("Tax or registration number"), load_default="")
    account = LineField(max_length=40, label=_("Bank account"), load_default="")
    address = LineField(max_length=300, label=_("Address"), load_default="")
    phone = LineField(max_length=40, label=_("Telephone"), load_default="")
    contract_id = IdField(label=_("Contract"), required=False)


class RemoveForm(Form):
    """A button without fields."""


class FilterForm(PageQuery):
    """What the list is narrowed to."""

    command = Filters

    kind = ChoiceField(PartyKind, KIND_LABELS, label=_("What they are"), required=False)
    text = LineField(label=_("Search"), load_default="")
