"""Forms of institutions, bank accounts and the cooling period."""

from __future__ import annotations

from app.institutions.account_service import (
    AccountCommand,
    CoolingCommand,
    RefuseCommand,
    RevealCommand,
    VerifyCommand,
)
from app.institutions.service import ChangeCommand, InstitutionCommand, MoveCommand
from app.institutions.states import KIND_NAMES, SIDE_NAMES, InstitutionKind, Side
from app.kernel.messages import _
from app.web.fields import ChoiceField, CurrencyField, IdField, LineField, VersionField, WholeNumberField
from app.web.schemas import Form, PageQuery


class InstitutionForm(Form):
    """An institution to be opened."""

    command = InstitutionCommand
    code = LineField(label=_("Code"), max_length=12)
    side = ChoiceField(Side, SIDE_NAMES, label=_("Side"))
    kind = ChoiceField(InstitutionKind, KIND_NAMES, label=_("Kind of institution"))
    name_en = LineField(label=_("Name in English"), max_length=200)
    name_zh_hant = LineField(label=_("Name in Traditional Chinese"), max_length=100, load_default="")
    name_zh_hans = LineField(label=_("Name in Simplified Chinese"), max_length=100, load_default="")
    functional_currency = CurrencyField(label=_("Functional currency"))
    industry = LineField(label=_("Industry"), max_length=100, load_default="")
    uscc = LineField(label=_("Unified social credit code"), max_length=40, load_default="")
    br_number = LineField(label=_("Business registration number"), max_length=40, load_default="")
    lei = LineField(label=_("Legal entity identifier"), max_length=40, load_default="")
    address = LineField(label=_("Address"), max_length=300, load_default="")
    year_end_month = WholeNumberField(label=_("Month of the year end"), low=1, high=12)
    data_residency = ChoiceField(Side, SIDE_NAMES, label=_("Where its data belongs"), load_default=None)


class ChangeForm(Form):
    """New particulars of an institution."""

    command = ChangeCommand
    version = VersionField()
    kind = ChoiceField(InstitutionKind, KIND_NAMES, label=_("Kind of institution"))
    name_en = LineField(label=_("Name in English"), max_length=200)
    name_zh_hant = LineField(label=_("Name in Traditional Chinese"), max_length=100, load_default="")
    name_zh_hans = LineField(label=_("Name in Simplified Chinese"), max_length=100, load_default="")
    industry = LineField(label=_("Industry"), max_length=100, load_default="")
    uscc = LineField(label=_("Unified social credit code"), max_length=40, load_default="")
    br_number = LineField(label=_("Business registration number"), max_length=40, load_default="")
    lei = LineField(label=_("Legal entity identifier"), max_length=40, load_default="")
    address = LineField(label=_("Address"), max_length=300, load_default="")
    year_end_month = WholeNumberField(label=_("Month of the year end"), low=1, high=12)
    data_residency = ChoiceField(Side, SIDE_NAMES, label=_("Where its data belongs"), load_default=None)


class MoveForm(Form):
    """A status move with its reason."""

    command = MoveCommand
    version = VersionField()
    reason = LineField(label=_("Reason"), max_length=300)


class AccountForm(Form):
    """A bank account to be entered."""

    command = AccountCommand
    currency = CurrencyField(label=_("Currency"))
    bank_side = ChoiceField(Side, SIDE_NAMES, label=_("Side of the bank"))
    bank_name = LineField(label=_("Bank"), max_length=120)
    holder_name = LineField(label=_("Account holder, as the bank writes it"), max_length=140)
    number = LineField(label=_("Account number"), max_length=40)
    hk_bank_code = LineField(label=_("Hong Kong bank code"), max_length=10, load_default="")
    cnaps = LineField(label=_("CNAPS code"), max_length=20, load_default="")
    bic = LineField(label=_("BIC"), max_length=15, load_default="")
    label = LineField(label=_("What it is used for"), max_length=80, load_default="")
    replaces_id = IdField(label=_("Replaces"), load_default=None)
    change_reason = LineField(label=_("Reason of the change"), max_length=300, load_default="")


class VerifyForm(Form):
    """The call-back that verifies an account."""

    command = VerifyCommand
    version = VersionField()
    call_back_note = LineField(label=_("Call-back"), max_length=900, min_length=10)


class RefuseForm(Form):
    """Why an entered account is not accepted."""

    command = RefuseCommand
    version = VersionField()
    reason = LineField(label=_("Reason"), max_length=300)


class RevealForm(Form):
    """Why the full number has to be seen."""

    command = RevealCommand
    reason = LineField(label=_("Reason"), max_length=300, min_length=5)


class CoolingForm(Form):
    """How many days a newly verified account waits."""

    command = CoolingCommand
    days = WholeNumberField(label=_("Days"), low=0, high=90)
    source = LineField(label=_("Source"), max_length=400)


class VersionForm(Form):
    """A step on the version the page showed."""

    version = VersionField()


class InstitutionFilterForm(PageQuery):
    """What the list of institutions is narrowed to."""

    command = None

    text = LineField(load_default="", max_length=100)
    side = LineField(load_default="", max_length=10)
    kind = LineField(load_default="", max_length=40)
    status = LineField(load_default="", max_length=20)
    sort = LineField(load_default="code", max_length=20)
