"""What comes in for funds: a fund, and a movement of money into it or within its tree."""

from __future__ import annotations

from typing import Any

from app.funds.service import EnterMovement, OpenFund
from app.funds.states import MovementKind
from app.kernel.messages import _
from app.web.fields import (
    AmountField,
    ChoiceField,
    CurrencyField,
    DateField,
    IdField,
    LineField,
    TextField,
    VersionField,
)
from app.web.schemas import Form

KIND_LABELS = {
    MovementKind.CONTRIBUTION: _("Contribution"),
    MovementKind.ALLOCATION: _("Allocation to a sub-fund"),
    MovementKind.RETURN_TO_PARENT: _("Return to the parent fund"),
}


class FundForm(Form):
    """A fund, or a sub-fund when a parent is chosen."""

    command = OpenFund

    institution_id = IdField(label=_("Institution"))
    parent_id = IdField(label=_("Parent fund"), required=False)
    name_en = LineField(min_length=3, label=_("Name in English"))
    name_zh_hant = LineField(label=_("Name in Traditional Chinese"), load_default="")
    name_zh_hans = LineField(label=_("Name in Simplified Chinese"), load_default="")
    purpose = TextField(label=_("Purpose"))
    opened_on = DateField(label=_("Opened on"))


def _movement(*, currency: Any, **fields: Any) -> EnterMovement:
    """The currency stands in the amount already."""
    return EnterMovement(**fields)


class MovementForm(Form):
    """A contribution or an allocation, in one currency."""

    command = staticmethod(_movement)

    kind = ChoiceField(MovementKind, KIND_LABELS, label=_("Kind of movement"))
    from_pocket_id = IdField(label=_("From pocket"), required=False)
    to_pocket_id = IdField(label=_("To pocket"))
    bank_account_id = IdField(label=_("Bank account"), required=False)
    contributor = LineField(label=_("Contributor"), load_default="")
    currency = CurrencyField(label=_("Currency"))
    amount = AmountField(label=_("Amount"))
    value_date = DateField(label=_("Value date"))
    reason = TextField(max_length=400, label=_("Reason"))


class DecideMovementForm(Form):
    """A decision on a movement as the page showed it."""

    version = VersionField()
